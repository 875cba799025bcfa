"""Where only texts changed, what was executed counts again; where any code did, the notebook runs."""

import dataclasses
import os

import nbformat
import pytest

from autograder.grading.classes import grade_class
from autograder.reports import feedback
from autograder.sandbox.sandbox import Sandbox
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]
HALF = RIGHT | {"double_all": "def double_all(x):\n    return x"}


def writes(text):
    """A student's change: the written answer, and a sentence in a text that came with the notebook."""

    def change(notebook):
        next(cell for cell in notebook.cells if cell.id == "written").source = text
        notebook.cells[0].source += "\n\nRead on Monday."

    return change


def runs_more(notebook):
    next(cell for cell in notebook.cells if cell.id == "imports").source += "\nx = 1"


@pytest.fixture
def grade(handed_in, tmp_path, monkeypatch):
    """Grade the class; also say how many notebooks ran."""
    ran = []
    run = Sandbox.run
    monkeypatch.setattr(Sandbox, "run", lambda *given, **named: ran.append(given[1]) or run(*given, **named))

    def grade(out="out", **options):
        ran.clear()
        choices = dataclasses.replace(OPTIONS, **options)
        graded = grade_class(handed_in.submitted, tmp_path / out, [], choices, feedback)
        return {result.student: result for result in graded.results}, len(ran)

    return grade


def same(one, other):
    """But for the seconds that it took."""
    return dataclasses.replace(one, seconds=0) == dataclasses.replace(other, seconds=0)


def test_a_new_text_is_read_and_nothing_runs(handed_in, grade, tmp_path):
    handed_in("ada", HALF)
    first, ran = grade()
    assert ran == 2  # the unit's solution too
    path = handed_in("ada", HALF, writes("Twice as much, since *x* is added to itself."))
    second, ran = grade()
    assert ran == 0
    assert (second["ada"].score, second["ada"].cells) == (first["ada"].score, first["ada"].cells)
    assert second["ada"].answers != first["ada"].answers
    assert "added to itself" in (tmp_path / "out/feedback/ada" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    anew, ran = grade("elsewhere")
    assert ran == 2
    assert same(anew["ada"], second["ada"])
    executed = [
        nbformat.read(tmp_path / out / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb", as_version=4)
        for out in ("out", "elsewhere")
    ]
    assert executed[0].cells == executed[1].cells
    path.touch()
    assert grade()[1] == 0


@pytest.mark.parametrize("change", ["an answer", "a given cell", "force", "lost"])
def test_all_else_runs(handed_in, grade, tmp_path, change):
    handed_in("ada", HALF)
    grade()
    if change == "an answer":
        handed_in("ada", RIGHT, writes("more"))
    else:
        handed_in("ada", HALF, runs_more if change == "a given cell" else writes("more"))
    if change == "lost":
        (tmp_path / "out" / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb").unlink()
    results, ran = grade(force=change == "force")
    assert ran == 1
    assert results["ada"].score == (4 if change == "an answer" else 2)


def test_a_run_that_was_stopped_somewhere_is_made_again(handed_in, grade):
    endless = RIGHT | {"double": "while True:\n    pass"}
    short = dataclasses.replace(OPTIONS.limits, cell_seconds=1)
    handed_in("ada", endless)
    first, _ = grade(limits=short)
    assert first["ada"].note
    handed_in("ada", endless, writes("more"))
    second, ran = grade(limits=short)
    assert ran >= 1
    assert (second["ada"].status, second["ada"].note) == (first["ada"].status, first["ada"].note)
    assert second["ada"].cells == first["ada"].cells
