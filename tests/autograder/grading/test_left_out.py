"""Demonstrations that no answer needs, from the tag in the source to what the student reads."""

import os

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell

from autograder.course import units
from autograder.course.skipping import NOTE, TAG
from autograder.grading.classes import grade_class
from autograder.reports import feedback
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]
USES_IT = {"double": "def double(x):\n    return shown // 21 * x"}


def by_id(notebook, name: str):
    return next(cell for cell in notebook.cells if cell.id == name)


@pytest.fixture
def tagged(demo):
    """The demo course with a demonstration that prints, behind its imports."""
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    source = nbformat.read(path, as_version=4)
    source.cells.insert(2, new_code_cell("shown = 42\nprint('shown:', shown)", id="show", metadata={"tags": [TAG]}))
    nbformat.write(source, path)


def test_it_runs_for_those_who_need_it_and_the_page_says_where_it_did_not(tagged, handed_in, tmp_path):
    def changed(notebook):
        by_id(notebook, "show").source = "print('shown: by me')"

    def marked(notebook):
        by_id(notebook, "show").metadata.tags = []
        by_id(notebook, "imports").metadata.tags = [TAG]

    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | USES_IT)
    handed_in("cyd", RIGHT, changed)
    handed_in("dee", RIGHT, marked)
    results = grade_class(handed_in.submitted, tmp_path / "out", [], OPTIONS, feedback).results
    assert {result.student: (result.status, result.score) for result in results} == dict.fromkeys(
        ("ada", "bob", "cyd", "dee"), ("graded", 4)
    )
    said = {"ada": NOTE.strip(), "bob": "shown: 42", "cyd": "shown: by me", "dee": NOTE.strip()}
    for student, line in said.items():
        executed = nbformat.read(tmp_path / "out" / "autograded" / student / UNIT / f"{UNIT}.ipynb", as_version=4)
        show = by_id(executed, "show")
        assert [output.text.strip() for output in show.outputs] == [line]
        assert (show.execution_count is None) == (line == NOTE.strip())
        page = (tmp_path / "out" / "feedback" / student / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
        shown = [output.get_text().strip() for output in BeautifulSoup(page, "html.parser").select(".output_stdout")]
        assert shown == [line]
