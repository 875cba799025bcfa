"""What the Validate dialog lists, from a notebook and nbgrader's list."""

import nbformat
import pytest

from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag
from course_utils.exercises import all_exercises
from course_utils.validate.answer import in_words
from tests.autograder.demo_course import demo_notebook


def failures(notebook):
    """nbgrader's list where every graded cell fails."""
    graded = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade")]
    return [{"source": cell.source.strip(), "error": cell.id, "raw_error": cell.id} for cell in graded]


@pytest.mark.parametrize("unit", units.unit_names())
def test_an_untouched_notebook_is_told_in_one_entry(unit):
    notebook = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    titles = [exercise.title for exercise in all_exercises(notebook)]
    [entry] = in_words(notebook, failures(notebook))
    assert entry["source"] == f"{len(titles)} of {len(titles)} exercises are not written yet"
    assert entry["raw_error"].splitlines() == titles


@pytest.mark.parametrize("unit", units.unit_names())
def test_of_a_written_notebook_every_failure_is_listed_under_its_exercise(unit):
    notebook = units.source_notebook(unit)
    failed = failures(notebook)
    entries = in_words(notebook, failed)
    assert [entry["raw_error"] for entry in entries] == [entry["raw_error"] for entry in failed]
    titles = [exercise.title for exercise in all_exercises(notebook) if not exercise.written]
    named = [entry["source"].splitlines() for entry in entries[:-1]]
    assert list(dict.fromkeys(title for title, _ in named)) == titles
    looks = [cell.source.splitlines()[0].removeprefix("# ") for cell in notebook.cells if is_autograded(cell)]
    assert [look for _, look in named] == looks


def test_a_notebook_that_is_no_unit_keeps_nbgraders_list():
    notebook = demo_notebook()
    assert in_words(notebook, failures(notebook)) == failures(notebook)


def test_what_a_page_would_take_for_html_is_shown_as_it_is():
    notebook = nbformat.read(units.RELEASE / "02-shapes" / "02-shapes.ipynb", as_version=4)
    [entry] = in_words(notebook, [])
    assert "<" not in entry["error"].partition("</style>")[2]
