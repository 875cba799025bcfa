"""What each student has in each unit, by the gradebook."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from nbgrader.api import Assignment, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Grade as OfCell
from sqlalchemy import case, func, select

from autograder.course.addresses import Database, shown
from autograder.grading.roster import Roster
from autograder.nbgrader_bridge import is_there, open_gradebook


@dataclass(frozen=True)
class Grade:
    """A student's marks in a unit, as nbgrader counts them: with a person's marks, extra credit and penalties.

    Args:
        waits: a person has still to read an answer, so the score may rise.
        handed_in: whether anything was handed in; who handed in nothing has 0.
    """

    student: str
    unit: str
    score: float
    maximum: float
    penalty: float = 0.0
    waits: bool = False
    handed_in: bool = True
    time: str = ""
    late: float = 0.0

    def out_of(self, maximum: float) -> float:
        """The score on another scale, to two decimals."""
        return round(self.score * maximum / self.maximum, 2) if self.maximum else 0.0


def read_grades(database: Database, roster: Roster, asked: list[str]) -> list[Grade]:
    """The grades of these units (default: of all in the gradebook), of everybody in gradebook or roster.

    Raises:
        ValueError: there is no gradebook, or it has no such unit.
        NbgraderError: the gradebook's server is not there.
    """
    if not is_there(database):
        raise ValueError(f"there is no {shown(database)}: grade first")
    with open_gradebook(database) as gradebook:
        points = select(Assignment.name, Assignment.max_score).order_by(Assignment.name)
        maxima: dict[str, float] = dict(gradebook.db.execute(points).all())
        if unknown := [unit for unit in asked if unit not in maxima]:
            raise ValueError(f"{unknown[0]!r} is not in the gradebook; it has {', '.join(maxima) or 'no unit'}")
        students = sorted(set(gradebook.db.scalars(select(Student.id))) | roster.keys())
        places = [(unit, student) for unit in asked or maxima for student in students]
        handed_in = _handed_in(gradebook, asked or maxima, maxima)
    return [
        handed_in.get((unit, student)) or Grade(student, unit, 0.0, maxima[unit], handed_in=False)
        for unit, student in places
    ]


def _handed_in(gradebook: Gradebook, names: Collection[str], maxima: dict[str, float]) -> dict[tuple[str, str], Grade]:
    """The grade of each submission of these units, by unit and student.

    In two queries, however many there are: nbgrader's own properties, such as `SubmittedAssignment.score`, look
    through all graded cells of the gradebook for each submission.
    """
    waits = func.sum(case((OfCell.needs_manual_grade, 1), else_=0))
    of_cells = (
        select(SubmittedNotebook.assignment_id, func.sum(OfCell.score), waits)
        .join(OfCell, OfCell.notebook_id == SubmittedNotebook.id)
        .group_by(SubmittedNotebook.assignment_id)
    )
    sums = {submission: (score, waits) for submission, score, waits in gradebook.db.execute(of_cells)}
    submissions = (
        select(
            SubmittedAssignment.id,
            SubmittedAssignment.student_id.label("student"),
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.name.label("unit"),
            Assignment.duedate,
            func.sum(SubmittedNotebook.late_submission_penalty).label("penalty"),
        )
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(Assignment.name.in_(names))
        .group_by(SubmittedAssignment.id, Assignment.name, Assignment.duedate)
    )
    found = {}
    for row in gradebook.db.execute(submissions):
        score, waits = sums.get(row.id, (0.0, 0))
        penalty = row.penalty or 0.0
        known = row.timestamp is not None and row.duedate is not None
        late = (row.timestamp - row.duedate - (row.extension or timedelta(0))).total_seconds() if known else 0.0
        found[row.unit, row.student] = Grade(
            row.student,
            row.unit,
            max(0.0, score - penalty),
            maxima[row.unit],
            penalty,
            bool(waits),
            time=row.timestamp.isoformat(" ", "seconds") if row.timestamp else "",
            late=max(0.0, late),
        )
    return found
