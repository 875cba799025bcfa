"""Files of our own: a line for each student and unit, and a line for each student in Gradescope's columns."""

from __future__ import annotations

import csv
import io

from autograder.grading.roster import Roster
from autograder.reports.grades import Grade

COLUMNS = ("id", "first_name", "last_name", "email", "lms_id", "unit", "score", "maximum", "penalty", "waits", "time")


def plain(grades: list[Grade], roster: Roster) -> str:
    """A line for each student and unit, with the names in `COLUMNS` first."""
    lines = []
    for grade in grades:
        facts = roster.get(grade.student, {})
        who = [facts.get(name, "") for name in ("first_name", "last_name", "email", "lms_user_id")]
        numbers = [f"{number:g}" for number in (grade.score, grade.maximum, grade.penalty)]
        lines.append([grade.student, *who, grade.unit, *numbers, "yes" if grade.waits else "", grade.time])
    return _written([list(COLUMNS), *lines])


def gradescope(grades: list[Grade], roster: Roster) -> str:
    """A line for each student, as Gradescope's "Download Grades" of a course has it: points, time and lateness."""
    units = list(dict.fromkeys(grade.unit for grade in grades))
    header = ["First Name", "Last Name", "SID", "Email"]
    for unit in units:
        header += [unit, f"{unit} - Max Points", f"{unit} - Submission Time", f"{unit} - Lateness (H:M:S)"]
    lines: dict[str, list[str]] = {}
    for grade in sorted(grades, key=lambda grade: (grade.student, units.index(grade.unit))):
        facts = roster.get(grade.student, {})
        who = [facts.get("first_name", ""), facts.get("last_name", ""), grade.student, facts.get("email", "")]
        minutes, seconds = divmod(round(grade.late), 60)
        late = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        score = f"{grade.score:g}" if grade.handed_in else ""
        lines.setdefault(grade.student, who).extend([score, f"{grade.maximum:g}", grade.time, late])
    return _written([header, *lines.values()])


def _written(rows: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
