"""The bank without the demonstrations that grading leaves out, and with them."""

import math
import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.bank.answers import _judge_unit, judge_bank
from autograder.course import units
from autograder.course.skipping import TAG
from tests.autograder.demo_course import UNIT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the answer bank needs os.fork, which Windows lacks")
USES_IT = "def double(x):\n    return shown * x"
LOOKS_FOR_IT = "import math\ndef double(x):\n    return 2 * x if math.__doc__ == 'demo' else 0"


@pytest.fixture
def verdicts(demo, monkeypatch):
    """Judge the demo course's bank with a demonstration in the unit: which answers are judged as they should be."""
    monkeypatch.chdir(os.getcwd())  # the bank goes elsewhere
    monkeypatch.setattr(math, "__doc__", math.__doc__)
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    demonstration = "shown = 2\nmath.__doc__ = 'demo'"
    notebook.cells.insert(2, new_code_cell(demonstration, metadata={"tags": [TAG]}))
    nbformat.write(notebook, path)
    (units.ANSWERS / UNIT / "double" / "right-uses-it.py").write_text(USES_IT)
    (units.ANSWERS / UNIT / "double" / "right-looks-for-it.py").write_text(LOOKS_FOR_IT)

    def judge(**options) -> dict[str, bool]:
        judged = _judge_unit(UNIT, units.ANSWERS / UNIT, **options)
        return {verdict.answer: verdict.ok for verdict in judged if verdict.exercise == "double"}

    return judge


def test_an_answer_is_judged_without_what_it_does_not_need(verdicts):
    """`right-looks-for-it` needs what no name tells: the bank shows that this tag breaks its promise."""
    alike = {"right-plain.py": True, "wrong-identity.py": True, "right-uses-it.py": True}
    assert verdicts() == alike | {"right-looks-for-it.py": False}
    assert verdicts(every_cell=True) == alike | {"right-looks-for-it.py": True}


@pytest.mark.slow
@pytest.mark.parametrize("unit", units.unit_names())
def test_every_answer_loses_the_same_with_and_without(unit):
    """The promise of all tags: no mark of the bank hangs on a demonstration."""

    def told(every_cell: bool) -> dict[tuple[str, str], tuple]:
        judged = judge_bank(only_unit=unit, every_cell=every_cell)
        # Not what the visible check says of a wrong answer: where that hangs on luck in training, no mark does.
        return {(v.exercise, v.answer): (v.kind, v.ok, v.lost) for v in judged}

    assert told(every_cell=False) == told(every_cell=True)
