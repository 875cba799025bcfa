"""Canvas: the gradebook of a course, exported and imported again.

Source: Canvas's guides "How do I export grades in the Gradebook?" and "How do I import grades in the Gradebook?":
the columns Student, ID, SIS User ID, SIS Login ID and Section, then a column ``title (number)`` for each assignment; a
row "Points Possible" before the students.
"""

from __future__ import annotations

import re

from autograder.grading.roster import Roster
from autograder.reports.grades import Grade
from autograder.reports.worksheets import Worksheet

TITLE = re.compile(r"(?P<title>.*?)\s*(\(\d+\))?")


def fill(sheet: Worksheet, grades: list[Grade], roster: Roster) -> list[str]:
    """Write every unit's marks into the column of its name; return a sentence for each mark that has no place.

    Students are found by Canvas's user id (the roster's ``lms_id``), else by their login or SIS id. Marks are given out
    of the points possible.

    Raises:
        ValueError: a column is not there.
    """
    ids = sheet.demanded("ID")
    places = {title: k for k, name in enumerate(sheet.columns) if (title := TITLE.fullmatch(name)["title"])}
    units = list(dict.fromkeys(grade.unit for grade in grades))
    if not any(unit in places for unit in units):
        raise ValueError(
            f"{sheet.name} has no column of {', '.join(units)}: give the assignments in Canvas these names; "
            f"it has {', '.join(map(repr, sheet.columns))}"
        )
    possible = next((row for row in sheet.rows[1:] if row and row[0].strip() == "Points Possible"), None)
    first = sheet.rows.index(possible) + 1 if possible else 1
    rows = {_student(row, sheet, ids, roster): row for row in sheet.rows[first:] if any(row)}
    left = [f"{row[0]}: nobody in roster.csv" for student, row in rows.items() if not student and not _is_test(row)]
    for grade in grades:
        row, place = rows.get(grade.student), places.get(grade.unit)
        if place is None:
            continue
        if row is None:
            left.append(f"{grade.student}: not in {sheet.name}")
        elif grade.waits:
            left.append(f"{grade.student}, {grade.unit}: an answer waits to be read")
        else:
            row[place] = f"{grade.out_of(_points(possible, place, grade)):.2f}"
    without = [unit for unit in units if unit not in places]
    return list(dict.fromkeys(left)) + [f"{unit}: {sheet.name} has no column of this name" for unit in without]


def _student(row: list[str], sheet: Worksheet, ids: int, roster: Roster) -> str:
    by_number = {facts["lms_user_id"]: student for student, facts in roster.items() if facts.get("lms_user_id")}
    if row[ids].strip() in by_number:
        return by_number[row[ids].strip()]
    by_login = {student.casefold(): student for student in roster}
    by_login |= {facts["email"].casefold(): student for student, facts in roster.items() if facts.get("email")}
    columns = [sheet.column("SIS Login ID"), sheet.column("SIS User ID")]
    logins = [row[place].strip().casefold() for place in columns if place is not None]
    return next((by_login[login] for login in logins if login in by_login), "")


def _is_test(row: list[str]) -> bool:
    """Canvas's own student, for whom nobody hands anything in."""
    return row[0].strip().casefold() in ("student, test", "test student")


def _points(possible: list[str] | None, place: int, grade: Grade) -> float:
    try:
        return float(possible[place]) if possible else grade.maximum
    except ValueError:
        return grade.maximum
