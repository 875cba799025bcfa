"""The contest of unit 08, on the demo course: marks first, then what the graded cell printed."""

import os

import nbformat
import pytest

from autograder.bank import sample_class
from autograder.grading.classes import grade_class
from autograder.release.notebooks import generate
from autograder.reports import leaderboard
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]


@pytest.fixture
def contest(demo, monkeypatch):
    monkeypatch.setattr(leaderboard, "UNIT", UNIT)
    monkeypatch.setattr(leaderboard, "EXERCISE", "double")
    # A graded cell says what it measured, as that of unit 08 does; here the answer tells it.
    path = demo / "solutions" / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    task, test = (next(cell for cell in notebook.cells if cell.id == name) for name in ("double", "double-plain"))
    task.source += "\nline = ''"
    test.source = f"try:\n    print(line)\nexcept NameError:\n    pass\n{test.source}"
    nbformat.write(notebook, path)


def answer(line: str, right: bool = True) -> dict[str, str]:
    """An answer, right or wrong, and what a graded cell is to print of it."""
    return RIGHT | {"double": f"def double(x):\n    return {'2 * x' if right else '2'}\nline = {line!r}"}


def test_marks_come_first_then_accuracy_then_size(contest, tmp_path, capsys):
    generate(tmp_path / "released")
    released = nbformat.read(tmp_path / "released" / UNIT / f"{UNIT}.ipynb", as_version=4)
    class_ = {
        "ada": answer("budget: 88.5 % with 41,000 parameters"),
        "bob": answer("budget: 90.1 % with 49,999 parameters"),
        "cyd": answer("budget: 99.9 % with 10 parameters", right=False),  # prints more than it can do
        "dan": answer("budget: 88.5 % with 41,000 parameters"),
        "eve": RIGHT,  # prints nothing
        "fay": {},
    }
    for student, sources in class_.items():
        path = tmp_path / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(sample_class.answer(released, sources), path)
    grade_class(tmp_path / "submitted", tmp_path / "out", [], OPTIONS)
    leaderboard.print_leaderboard(leaderboard.entries(tmp_path / "out"))
    rows = [line.split()[:3] for line in capsys.readouterr().out.splitlines()[1:]]
    assert rows == [["1", "bob", "2"], ["2", "ada", "2"], ["2", "dan", "2"], ["4", "eve", "2"]]


def test_without_marks_it_says_what_to_do(contest, tmp_path):
    with pytest.raises(ValueError, match=r"no gradebook\.db here: run `make grade` first"):
        leaderboard.entries(tmp_path)
