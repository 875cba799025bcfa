"""The contest of unit 08, on the demo course: marks first, then what the graded cell printed."""

import os

import nbformat
import pytest

from autograder.bank import sample_class
from autograder.course import answers as course_answers
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
    # Its graded cells print only what the answers print in their own process.
    monkeypatch.setattr(course_answers, "IN_ONE_PROCESS", {"double"})


def answer(line: str, right: bool = True) -> dict[str, str]:
    """An answer whose graded cells print a line, as those of unit 08 do."""
    return RIGHT | {"double": f"def double(x):\n    print({line!r})\n    return {'2 * x' if right else '2'}"}


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
