"""What each student has in each unit, by the gradebook."""

from __future__ import annotations

from dataclasses import dataclass

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
        assignments = {assignment.name: assignment for assignment in gradebook.assignments}
        if unknown := [unit for unit in asked if unit not in assignments]:
            raise ValueError(f"{unknown[0]!r} is not in the gradebook; it has {', '.join(assignments) or 'no unit'}")
        students = sorted({student.id for student in gradebook.students} | roster.keys())
        grades = []
        for unit in asked or sorted(assignments):
            submissions = {submission.student_id: submission for submission in assignments[unit].submissions}
            maximum = assignments[unit].max_score
            for student in students:
                submission = submissions.get(student)
                if submission is None:
                    grades.append(Grade(student, unit, 0.0, maximum, handed_in=False))
                    continue
                penalty = submission.late_submission_penalty or 0.0
                score = max(0.0, submission.score - penalty)
                time = submission.timestamp.isoformat(" ", "seconds") if submission.timestamp else ""
                late = submission.total_seconds_late
                waits = bool(submission.needs_manual_grade)
                grades.append(Grade(student, unit, score, maximum, penalty, waits, time=time, late=late))
    return grades
