"""Moodle: the grading worksheet of an assignment, and feedback pages as a zip.

Source: Moodle's documentation of the assignment activity, "Offline grading worksheet" and "Upload multiple feedback
files in a zip". The worksheet's columns are in the language of who downloads it; English is expected.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from io import BytesIO
from pathlib import Path

from autograder.grading.roster import Roster, letters_of, names_of
from autograder.reports.grades import Grade
from autograder.reports.worksheets import Worksheet


def fill(sheet: Worksheet, grades: list[Grade], roster: Roster) -> list[str]:
    """Write the marks of one unit into the column Grade; return a sentence for each row that stays as it is.

    Students are found by their email address, their ID number or their full name. Marks are given out of the
    worksheet's own maximum.

    Raises:
        ValueError: a column is not there, or a maximum is no number.
    """
    mark, most = sheet.demanded("Grade"), sheet.demanded("Maximum Grade", "Maximum grade")
    open_ = sheet.column("Grade can be changed")
    people = rows_of(sheet, roster)
    by_student = {grade.student: grade for grade in grades}
    left = []
    for number, row in enumerate(sheet.rows[1:], 2):
        student = people.get(number)
        if not any(row):
            continue
        shown = row[sheet.demanded("Full name")] if sheet.column("Full name") is not None else row[0]
        if student is None:
            left.append(f"line {number}, {shown}: nobody in roster.csv, or more than one")
        elif open_ is not None and row[open_].strip().casefold() == "no":
            left.append(f"line {number}, {shown}: the worksheet says that this grade cannot be changed")
        elif (grade := by_student.get(student)) is None:
            left.append(f"line {number}, {shown}: {student} is not in the gradebook")
        elif grade.waits:
            left.append(f"line {number}, {shown}: an answer of {student} waits to be read")
        else:
            row[mark] = _written(grade, row[most])
    return left


def feedback_zip(sheet: Worksheet, unit: str, feedback: Path, roster: Roster) -> bytes:
    """The students' pages of one unit, in the folders in which Moodle wants them back."""
    number, name = sheet.demanded("Identifier"), sheet.demanded("Full name")
    people, buffer = rows_of(sheet, roster), BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for k, row in enumerate(sheet.rows[1:], 2):
            page = feedback / people.get(k, "") / unit / f"{unit}.html"
            if k in people and page.is_file():
                participant = "".join(filter(str.isdigit, row[number]))
                archive.write(page, f"{row[name].strip()}_{participant}_assignsubmission_file_/{unit}.html")
    return buffer.getvalue()


def rows_of(sheet: Worksheet, roster: Roster) -> dict[int, str]:
    """Which student each line of the worksheet is about; a line that several or none fit is left out."""
    known: dict[str, set[str]] = defaultdict(set)
    for student, facts in roster.items():
        for key in (student, facts.get("email", ""), facts.get("lms_user_id", "")):
            known[key.casefold()].add(student)
        for name in names_of(facts):
            known[name].add(student)
    columns = [sheet.column(name) for name in ("Email address", "ID number", "Username", "Full name")]
    found = {}
    for number, row in enumerate(sheet.rows[1:], 2):
        for place in columns:
            text = row[place].strip() if place is not None and place < len(row) else ""
            candidates = known.get(text.casefold()) or known.get(letters_of(text)) if text else None
            if candidates:
                if len(candidates) == 1:
                    found[number] = next(iter(candidates))
                break
    return found


def _written(grade: Grade, maximum: str) -> str:
    """A mark as the worksheet writes its numbers: with a comma, where its maximum has one."""
    try:
        most = float(maximum.replace(",", "."))
    except ValueError:
        raise ValueError(f"the worksheet's maximum is {maximum!r}; expected a number of points") from None
    text = f"{grade.out_of(most):.2f}"
    return text.replace(".", ",") if "," in maximum else text
