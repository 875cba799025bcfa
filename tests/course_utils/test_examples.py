"""Every public name has an example in its docstring, and the examples do what they say, pasted as they stand."""

import doctest
import importlib
import os
import pkgutil
from unittest.mock import patch

import pytest
from IPython.core.interactiveshell import InteractiveShell

import course_utils
from course_utils import (
    checks,
    data,
    exercises,
    explorers,
    files,
    lab,
    model_copies,
    plots,
    progress,
    questions,
    receptive_field,
    shapes,
    tables,
    training,
)
from course_utils.corrections import begun, delivery, matching, merging, placing, reading, sentences, untouched

ROOMS = [checks, data, exercises, explorers, plots, progress, questions, receptive_field, shapes, training]
SHARED = [
    lab.show_progress,
    model_copies.checked_shape,
    model_copies.demand_sizes,
    model_copies.working_copy,
    tables.Table,
]
SHARED += [
    begun.corrected,
    delivery.deliver,
    matching.match,
    merging.is_same,
    merging.merge,
    placing.in_order_of_release,
]
SHARED += [
    placing.put_together,
    reading.read_notebook,
    reading.read_or_none,
    untouched.is_untouched,
    untouched.went_back,
    sentences.told,
    files.exclusive,
    files.write_bytes,
]
IN_ROOMS = dict.fromkeys(getattr(room, name) for room in ROOMS for name in room.__all__)
PUBLIC = [*filter(callable, IN_ROOMS), *SHARED]


def examples(module):
    """The module's examples by the name that they stand at; what the module imports is not there for them."""
    return {test.name: test for test in doctest.DocTestFinder().find(module, globs={}) if test.examples}


FOUND = [found.name for found in pkgutil.walk_packages(course_utils.__path__, "course_utils.")]
EXAMPLES = {name: tests for name in FOUND if (tests := examples(importlib.import_module(name)))}


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_do_what_they_say(module, monkeypatch):
    # Where a notebook shows a picture, plain Python prints its text; another test may have started IPython.
    monkeypatch.setattr(InteractiveShell, "initialized", lambda: False)
    report = []
    with patch.dict(os.environ):
        for test in EXAMPLES[module].values():
            doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert not report, "".join(report)


@pytest.mark.parametrize("public", PUBLIC, ids=lambda public: public.__qualname__)
def test_every_public_name_has_an_example(public):
    assert ">>> " in public.__doc__
    assert f"{public.__module__}.{public.__qualname__}" in EXAMPLES[public.__module__]
