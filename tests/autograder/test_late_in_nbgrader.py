"""nbgrader's own `autograde`, configured as the course is, counts late work as `grade` does."""

import os

import nbformat
import pytest

from autograder.bank.sample_class import answer
from autograder.grading.classes import grade_class
from autograder.grading.late_rule import Orders
from autograder.nbgrader_bridge import open_gradebook
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT
from tests.autograder.test_nbgrader_commands import nbgrader, released_in

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]
TIMES = {
    "ada": "2026-11-20 12:00:00 UTC",
    "bob": "2026-11-21 14:00:00 UTC",
    "cyd": "2026-11-21 14:00:00 UTC",  # has an extension
    "dee": "2026-11-20 13:10:00 +0100",  # within the grace; nbgrader takes the offset for 100 seconds
    "eve": "2026-11-29 12:00:00 UTC",  # later than her marks are worth
    "fay": "2026-11-29 12:00:00 PDT",  # a zone that nobody knows
}
EXTENSIONS = f"student,unit,until\ncyd,{UNIT},1d\n"


@pytest.fixture
def course(demo):
    released = released_in(demo)
    for student, time in TIMES.items():
        folder = demo / "submitted" / student / UNIT
        folder.mkdir(parents=True)
        nbformat.write(answer(released, RIGHT), folder / f"{UNIT}.ipynb")
        (folder / "timestamp.txt").write_text(time)
    return demo


def penalties(database):
    with open_gradebook(database) as book:
        return {
            submission.student.id: (submission.late_submission_penalty, submission.score, submission.duedate)
            for submission in book.assignment_submissions(UNIT)
        }


def test_autograde_gives_the_penalties_of_grade(course, tmp_path):
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "extensions.csv").write_text(EXTENSIONS)
    orders = Orders((f"{UNIT}=2026-11-20T12:00Z",), "10%/day", "15m")
    results = grade_class(course / "submitted", ours, [UNIT], OPTIONS, orders=orders).results
    assert [result.penalty for result in results] == [0, 1.2, 0.6, 0, 4, 0]
    # nbgrader is told nothing but what lies in the course's folder: the rule, and a date that is still to be recorded.
    (course / "extensions.csv").write_text(EXTENSIONS)
    (course / "late.json").write_text(
        '{"late": "10%/day", "grace": "15m", "due": {"00-demo": "2026-11-20T12:00:00+00:00"}}'
    )
    boxed = [] if OPTIONS.sandbox else ["--BoxedExecute.sandbox=False"]
    code, said = nbgrader(course, "autograde", UNIT, *boxed)
    assert code == 0, said[-3000:]
    assert penalties(course / "gradebook.db") == penalties(ours / "gradebook.db")
