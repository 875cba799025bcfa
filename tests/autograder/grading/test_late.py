"""Due dates, extensions and penalties in nbgrader's gradebook."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.grading import late
from autograder.grading.changes import Change
from autograder.grading.extensions import Extension
from autograder.grading.gradebook import settle_late_work
from autograder.grading.late_rule import LateWork, Rule
from autograder.nbgrader_bridge import open_gradebook
from tests.autograder.demo_course import UNIT

OTHER = "01-other"
DUE = datetime(2026, 11, 20, 12)
TEN = Rule(10, grace=900)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """Ada handed in on time, bob 26 hours late, cyd 10 minutes late, of dee no time is known; each has 4 of 6."""
    path = tmp_path_factory.mktemp("late") / "gradebook.db"
    with open_gradebook(path) as book:
        for unit in (UNIT, OTHER):
            book.add_assignment(unit)
            book.add_notebook(unit, unit)
            book.add_grade_cell("a", unit, unit, max_score=6, cell_type="code")
        times = {"ada": 0, "bob": 26 * 60, "cyd": 10, "dee": None}
        for student, minutes in times.items():
            time = {} if minutes is None else {"timestamp": DUE + timedelta(minutes=minutes)}
            book.add_student(student)
            book.add_submission(UNIT, student, **time)
            book.find_grade("a", UNIT, UNIT, student).auto_score = 4
        book.db.commit()
    return path


@pytest.fixture
def database(made_once, tmp_path):
    return Path(shutil.copy(made_once, tmp_path))


def settle(database, **settled) -> list[Change]:
    found: list[Change] = []
    settle_late_work(database, LateWork(**settled), found.extend)
    return found


def penalties(database) -> dict[str, float]:
    with open_gradebook(database) as book:
        return {s.student.id: s.late_submission_penalty for s in book.assignment_submissions(UNIT)}


def said(database, rule) -> dict[str, str]:
    with open_gradebook(database) as book:
        return {student: entry.said(rule) for (_, student), entry in late.settle(book, LateWork(rule)).items()}


@pytest.mark.real_path
def test_from_a_due_date_to_its_change_and_back(database):
    changes = settle(database, rule=TEN, due={UNIT: DUE}, is_new=True)
    assert changes == [Change("bob", UNIT, "late work", 0.0, -1.2, "the due date changed")]  # 2 started days, 10 % of 6
    assert penalties(database) == {"ada": 0, "bob": 1.2, "cyd": 0, "dee": 0}
    with open_gradebook(database) as book:  # where nbgrader keeps it
        assert book.find_assignment(UNIT).duedate == DUE
        assert book.find_submission(UNIT, "bob").total_seconds_late == 26 * 3600
    assert said(database, TEN) == {
        "ada": "",
        "bob": "handed in 1 day 2 h late (due 2026-11-20 12:00:00 UTC): 1.2 points less "
        "(10 % of 6 points for each of 2 started days)",
        "cyd": "handed in 10 min late (due 2026-11-20 12:00:00 UTC), within the grace of 15 min",
        "dee": "it is not known when it was handed in, so it does not count as late",
    }
    assert settle(database, rule=TEN) == []
    assert settle(database, rule=Rule(20, 0), is_new=True) == [
        Change("bob", UNIT, "late work", -1.2, -2.4, "the rule of late work changed"),
        Change("cyd", UNIT, "late work", 0.0, -1.2, "the rule of late work changed"),
    ]
    later = DUE + timedelta(days=3)
    assert [(c.student, c.old, c.new) for c in settle(database, rule=Rule(20, 0), due={UNIT: later})] == [
        ("bob", -2.4, 0.0),
        ("cyd", -1.2, 0.0),
    ]
    assert penalties(database) == dict.fromkeys(["ada", "bob", "cyd", "dee"], 0)


@pytest.mark.real_path
def test_a_penalty_follows_the_marks_that_a_person_gives(database):
    settle(database, rule=Rule(50), due={UNIT: DUE})
    assert penalties(database)["bob"] == 4  # 6 points for two days, but only 4 were earned
    assert (
        "4 points less (50 % of 6 points for each of 2 started days, but no more than was earned)"
        in (said(database, Rule(50))["bob"])
    )
    with open_gradebook(database) as book:
        book.find_grade("a", UNIT, UNIT, "bob").extra_credit = 1.5
        book.db.commit()
    assert settle(database, rule=Rule(50)) == [
        Change("bob", UNIT, "late work", -4.0, -5.5, "its marks, its time or the due date changed")
    ]
    with open_gradebook(database) as book:
        book.find_grade("a", UNIT, UNIT, "bob").manual_score = 0
        book.db.commit()
    settle(database, rule=Rule(50))
    assert penalties(database)["bob"] == 1.5


@pytest.mark.real_path
def test_extensions_come_stay_and_go(database):
    granted = {(UNIT, "bob"): Extension(2, timedelta(days=1)), (UNIT, "eve"): Extension(3, timedelta(days=1))}
    assert settle(database, rule=TEN, extensions=granted) == []  # without a due date it is nothing yet
    settle(database, rule=TEN, due={UNIT: DUE}, extensions=granted)
    assert penalties(database)["bob"] == 0.6  # handed in 2 hours after it
    with open_gradebook(database) as book:
        assert book.find_submission(UNIT, "bob").duedate == DUE + timedelta(days=1)
    assert settle(database, rule=TEN) == []  # the file is not there
    longer = {(UNIT, "bob"): Extension(2, DUE + timedelta(days=2))}
    [change] = settle(database, rule=TEN, extensions=longer)
    assert (change.new, change.cause) == (0.0, "the extension changed")
    [change] = settle(database, rule=TEN, extensions={})  # the file is there, the row is gone
    assert (change.new, change.cause) == (-1.2, "the extension changed")


@pytest.mark.real_path
def test_without_a_rule_no_penalty_is_touched(database):
    settle(database, due={UNIT: DUE})
    with open_gradebook(database) as book:
        book.find_submission(UNIT, "bob").notebooks[0].late_submission_penalty = 1
        book.db.commit()
    assert settle(database, due={UNIT: DUE + timedelta(days=9)}) == []
    assert penalties(database)["bob"] == 1
    settle(database, due={UNIT: DUE})
    assert said(database, None)["bob"] == "handed in 1 day 2 h late (due 2026-11-20 12:00:00 UTC): 1 point less"
    assert said(database, None)["cyd"] == "handed in 10 min late (due 2026-11-20 12:00:00 UTC)"


@pytest.mark.real_path
def test_a_due_date_that_was_taken_away_takes_the_penalty_with_it(database):
    settle(database, rule=TEN, due={UNIT: DUE}, extensions={(UNIT, "bob"): Extension(2, timedelta(hours=1))})
    with open_gradebook(database) as book:
        book.find_assignment(UNIT).duedate = None
        book.db.commit()
    settle(database, rule=TEN)
    assert penalties(database)["bob"] == 0
    with open_gradebook(database) as book:
        assert book.find_submission(UNIT, "bob").total_seconds_late == 0  # nbgrader can count again
