"""What became of an exercise: what a student may do to it, one by one, with and without the release; the checksum."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.utils import compute_checksum

from autograder.course import units
from course_utils.exercises import nbgrader_tag
from course_utils.progress import DONE, TRIED, UNTOUCHED, saved_progress
from course_utils.progress.states import checksum
from tests.course_utils.progress.conftest import STUB, ran


@pytest.fixture(params=["beside the release", "alone"])
def anywhere(request, student):
    if request.param != "alone":
        request.getfixturevalue("released")
    return student


def doubling(student) -> tuple[str, str]:
    """State of the exercise, and how it is known, after the notebook was saved."""
    student.save()
    exercise, _ = saved_progress(student.folder).chapters[0].exercises
    return exercise.state, exercise.reason


def test_as_released(anywhere):
    assert doubling(anywhere) == (UNTOUCHED, "")


def test_as_released_and_all_cells_run(anywhere):
    ran(anywhere["double-task"], 3)
    ran(anywhere["double-check"], 4, "NotImplementedError")
    assert doubling(anywhere) == (UNTOUCHED, "")


def test_solved(anywhere):
    anywhere.solve()
    assert doubling(anywhere) == (DONE, "solved when last run")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda student: ran(student["double-task"], None), "the answer has not been run"),
        (lambda student: ran(student["double-task"], 3, "SyntaxError"), "the answer showed an error"),
        (lambda student: ran(student["double-check"], None), "the check has not been run"),
        (lambda student: ran(student["double-check"], 4, "CheckError"), "the check showed an error"),
        (lambda student: ran(student["double-task"], 5), "the check has not been run since the answer was"),
        (lambda student: ran(student["double-plain"], 5, "CheckError"), "a graded cell showed an error"),
        (lambda student: student.remove("double-check"), "its check is not in your notebook"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_tried(student, released, change, reason):
    student.solve()
    change(student)
    assert doubling(student) == (TRIED, reason)


def test_an_answer_begun_around_the_stubs_line_is_tried(anywhere):
    anywhere["double-task"]["source"] = STUB.replace("    raise", "    y = 2 * x\n    raise")
    ran(anywhere["double-task"], 3)
    assert doubling(anywhere) == (TRIED, "the line with raise still stands in it")


def test_outputs_cleared(anywhere):
    """Nothing is known of the checks, but the answer is there."""
    anywhere.solve()
    ran(anywhere["double-task"], None)
    ran(anywhere["double-check"], None)
    assert doubling(anywhere)[0] == TRIED


def test_an_error_from_before_the_answer_does_not_count(student, released):
    student.solve()
    ran(student["double-plain"], 2, "CheckError")
    assert doubling(student)[0] == DONE


def test_a_deleted_answer_is_untouched(student, released):
    student.solve()
    student.remove("double-task")
    assert doubling(student) == (UNTOUCHED, "its cell is not in your notebook")


def test_a_notebook_of_an_older_release_is_untouched(student, released):
    """The text differs from today's release, and the checksum in it says that it was released so."""
    notebook = json.loads(released.read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = STUB.replace("(x)", "(number)")
    released.write_text(json.dumps(notebook), encoding="utf-8")
    assert doubling(student) == (UNTOUCHED, "")


def test_without_metadata_cells_are_known_by_their_ids(student, released):
    student.solve()
    for cell in student.notebook["cells"]:
        cell["metadata"] = {}
    assert doubling(student)[0] == DONE


def test_without_checksum_and_release_the_stubs_line_tells(student):
    del student["double-task"]["metadata"]["nbgrader"]["checksum"]
    assert doubling(student)[0] == UNTOUCHED
    student.solve()
    assert doubling(student)[0] == DONE


def test_spaces_around_the_stub_are_no_answer(student, released):
    student["double-task"]["source"] += "\n"
    assert doubling(student) == (UNTOUCHED, "")


def test_a_question_in_words_is_done_when_its_text_differs(anywhere):
    states = []
    for text in ("YOUR ANSWER HERE", "It doubles."):
        anywhere["written"]["source"] = text
        anywhere.save()
        written = saved_progress(anywhere.folder).chapters[0].exercises[1]
        states.append((written.state, written.reason, written.waiting))
    assert states == [(UNTOUCHED, "", 4), (DONE, "written", 0)]


@given(st.text(), st.sampled_from(["code", "markdown"]), st.text(min_size=1), st.booleans(), st.integers(0, 20))
def test_the_checksum_is_nbgraders(source, kind, name, grade, halves):
    points = {"points": halves / 2} if grade else {}
    tag = {"grade_id": name, "solution": True, "grade": grade, "locked": False} | points
    cell = {"cell_type": kind, "source": source, "metadata": {"nbgrader": tag}}
    assert checksum(cell) == compute_checksum(nbformat.from_dict(cell))


@pytest.mark.parametrize("unit", units.unit_names())
def test_every_released_answer_carries_its_checksum(unit):
    cells = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4).cells
    answers = [cell for cell in cells if nbgrader_tag(cell).get("solution")]
    assert answers
    assert [nbgrader_tag(cell)["checksum"] for cell in answers] == [checksum(cell) for cell in answers]
