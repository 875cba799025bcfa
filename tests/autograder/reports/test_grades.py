"""Grades in a few queries, against nbgrader's own numbers."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from autograder.nbgrader_bridge import open_gradebook
from autograder.reports.grades import Grade, read_grades

UNITS, CELLS = ("01-convolution", "02-shapes"), ("plain", "hard", "written")
DUE = datetime(2026, 11, 20, 12)
HALVES = st.one_of(st.none(), st.integers(0, 8).map(lambda number: number / 2))
UNKNOWN = {"hours": None, "extension": None, "penalty": None}
MARK = st.tuples(HALVES, HALVES, HALVES, st.booleans())  # by the grader, by a person, extra, waits
SUBMISSION = st.fixed_dictionaries(
    {
        "marks": st.lists(MARK, min_size=len(CELLS), max_size=len(CELLS)),
        "hours": st.one_of(st.none(), st.integers(-30, 30)),
        "extension": st.one_of(st.none(), st.integers(0, 30)),
        "penalty": HALVES,
    }
)


def write(book, unit, student, submission):
    hours, extension = submission["hours"], submission["extension"]
    timestamp = None if hours is None else DUE + timedelta(hours=hours)
    row = book.add_submission(unit, student, timestamp=timestamp)
    row.extension = None if extension is None else timedelta(hours=extension)
    row.notebooks[0].late_submission_penalty = submission["penalty"]
    for name, (auto, manual, extra, waits) in zip(CELLS, submission["marks"], strict=True):
        grade = book.find_grade(name, unit, unit, student)
        grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade = auto, manual, extra, waits


def course(book):
    for unit in UNITS:
        book.add_assignment(unit, duedate=DUE)
        book.add_notebook(unit, unit)
        for points, name in enumerate(CELLS, 2):
            book.add_grade_cell(name, unit, unit, max_score=points, cell_type="code")


def by_nbgrader(book):
    """What nbgrader's own properties say, a row at a time."""
    for submission in (row for unit in UNITS for row in book.find_assignment(unit).submissions):
        yield Grade(
            submission.student_id,
            submission.assignment.name,
            max(0.0, submission.score - submission.late_submission_penalty),
            submission.max_score,
            submission.late_submission_penalty,
            submission.needs_manual_grade,
            time=submission.timestamp.isoformat(" ", "seconds") if submission.timestamp else "",
            late=submission.total_seconds_late,
        )


def test_one_grade_on_paper(tmp_path):
    # Of 2 + 3 + 4 points: 1 by the grader; 2.5 by a person and 0.5 extra over the grader's 0; nothing yet. 0.5 less,
    # an hour late: two hours after the due date, with an hour more.
    marks = [(1, None, None, False), (0, 2.5, 0.5, False), (None, None, 1, True)]
    with open_gradebook(tmp_path / "gradebook.db") as book:
        course(book)
        book.add_student("ada")
        write(book, UNITS[1], "ada", {"marks": marks, "hours": 2, "extension": 1, "penalty": 0.5})
        book.db.commit()
    roster = {"bob": {}}
    assert read_grades(tmp_path / "gradebook.db", roster, [UNITS[1]]) == [
        Grade("ada", UNITS[1], 3.5, 9, 0.5, waits=True, time="2026-11-20 14:00:00", late=3600),
        Grade("bob", UNITS[1], 0, 9, handed_in=False),
    ]


@pytest.mark.real_path  # each example is a gradebook of its own
@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.tuples(st.sampled_from(UNITS), st.sampled_from(["ada", "bob", "cyd"])), SUBMISSION))
def test_grades_are_those_of_nbgrader(submissions):
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch) / "gradebook.db"
        with open_gradebook(database) as book:
            course(book)
            for student in ("ada", "bob", "cyd"):
                book.add_student(student)
            for (unit, student), submission in submissions.items():
                write(book, unit, student, submission)
            book.db.commit()
            expected = {(grade.unit, grade.student): grade for grade in by_nbgrader(book)}
        grades = read_grades(database, {}, [])
        assert [(grade.unit, grade.student) for grade in grades] == [
            (unit, student) for unit in UNITS for student in ("ada", "bob", "cyd")
        ]
        assert {(grade.unit, grade.student): grade for grade in grades if grade.handed_in} == expected


def test_the_number_of_queries_does_not_grow_with_the_class(tmp_path):
    asked, counted = [], []

    def listen(*about):
        asked.append(about[2])

    event.listen(Engine, "before_cursor_execute", listen)
    with open_gradebook(tmp_path / "gradebook.db") as book:
        course(book)
        for number in range(8):
            book.add_student(f"s{number}")
            write(book, UNITS[0], f"s{number}", {"marks": [(1, None, None, False)] * 3} | UNKNOWN)
            book.db.commit()
            if number in (0, 7):
                asked.clear()
                assert sum(grade.handed_in for grade in read_grades(tmp_path / "gradebook.db", {}, [])) == number + 1
                counted.append(len(asked))
    event.remove(Engine, "before_cursor_execute", listen)
    assert counted[0] == counted[1] > 0
