"""The rows of the table at the top of a feedback page."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.grading.results import Result
from autograder.reports import feedback
from autograder.reports.exercise_rows import rows_of
from tests.autograder.demo_course import UNIT, cell


def graded(name, score, max_score, message=""):
    return {"id": name, "score": score, "max_score": max_score, "message": message}


SOURCE = new_notebook(
    cells=[
        new_markdown_cell("## Exercise 1 · `double` it · difficulty 1 of 5 · 5 minutes · 3 points"),
        cell(new_code_cell, "double", "", solution=True),
        cell(new_code_cell, "double-plain", "# Looks at: small numbers\ncheck()", grade=True, locked=True, points=1),
        cell(new_code_cell, "double-hard", "check()", grade=True, locked=True, points=2),
        new_markdown_cell("Some text.\n\n## In words · difficulty 2 of 5 · 4 points\n\nWhy?"),
        cell(new_markdown_cell, "written", "", grade=True, solution=True, points=4),
    ]
)


def rows(*cells, **result):
    return rows_of(Result("ada", UNIT, "graded", cells=list(cells), **result), SOURCE)


def test_marks_by_hand():
    # 1 of 1 and 0.5 of 2 are 1.5 of 3; a person has still to give 4.
    double, written = rows(
        graded("double-plain", 1, 1), graded("double-hard", 0.5, 2), graded("written", None, 4, "waits for a person")
    )
    assert (double.title, double.marks, double.full) == ("Exercise 1 · double it", "1.5 of 3", False)
    assert (written.title, written.marks, written.full) == ("In words", "4 to be given", False)
    assert [finding.marks for finding in double.findings] == ["0.5 of 2"]


def test_a_cell_is_called_by_its_exercise_and_what_it_looks_at():
    double, written = rows(
        graded("double-plain", 0, 1, "\ndouble(2) is not right.\n  came:     2"),
        graded("double-hard", 0, 2, "NotImplementedError: no"),
        graded("written", 3, 4),
    )
    plain, hard = double.findings
    assert (plain.name, plain.anchor, plain.first_line) == (
        "Exercise 1: small numbers",
        "double-plain",
        "double(2) is not right.",
    )
    assert hard.name == "Exercise 1: double-hard"  # its first line says nothing
    assert [(finding.name, finding.first_line) for finding in written.findings] == [("In words: your answer", "")]


def test_comments_stand_with_their_exercise():
    comments = {"double": "Well begun", "double-hard": "See page 3", "written": "Good"}
    double, written = rows(graded("double-plain", 1, 1), graded("double-hard", 2, 2), comments=comments)
    assert (double.comments, double.full) == (["Well begun", "See page 3"], True)
    assert (written.comments, written.marks) == (["Good"], "0 of 0")


def test_a_cell_that_the_source_lacks_has_a_row_of_its_own():
    (old,) = rows(graded("old one", 0, 1, "no"))
    assert (old.title, old.anchor, old.findings[0].anchor) == ("old one", "", "old%20one")


@pytest.mark.real_path
@pytest.mark.parametrize("unit", units.unit_names())
def test_every_row_and_every_failed_cell_of_the_course_is_linked_by_a_name(unit, tmp_path):
    """A page of the released notebook on which everything failed: each link leads somewhere and is called otherwise."""
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    path = tmp_path / "autograded" / "ada" / unit / f"{unit}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(released, path)
    names = [nbgrader_tag(cell)["grade_id"] for cell in released.cells if nbgrader_tag(cell).get("grade")]
    result = Result("ada", unit, "graded", 0, len(names), [graded(name, 0, 1, "wrong") for name in names])
    feedback.write_pages(tmp_path, [result])
    assert result.note == ""
    page = BeautifulSoup((tmp_path / "feedback" / "ada" / unit / f"{unit}.html").read_text(), "html.parser")
    places = {tag.get(key) for tag in page.find_all(True) for key in ("id", "name")}
    links = page.table("a")
    assert {link["href"].removeprefix("#") for link in links} <= places
    called = [link.get_text() for link in links]
    assert len(called) == len(set(called)) == len(page.table.tbody("tr")) + len(names)
    assert not [name for name in called if "○" in name or name.rpartition(": ")[2] in names]
