"""The class: ``roster.csv``, which nbgrader reads too (``nbgrader db student import``)."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

IDS = ("id", "student", "student_id")
STORED = ("first_name", "last_name", "email", "lms_user_id")  # in the gradebook, by nbgrader's names, besides the id
FIELDS = (*STORED, "repository")
OTHER_NAMES = {"lms_id": "lms_user_id"}

Roster = dict[str, dict[str, str]]


def read_roster(path: Path) -> Roster:
    """What is known of each student in the roster, by id, in nbgrader's names; empty if there is no roster.

    The first line names the columns: ``id`` and, where known, ``first_name``, ``last_name``, ``email``,
    ``lms_user_id`` (or ``lms_id``) and ``repository``; others are passed over. A file without such a line has
    the ids in its first column.

    Raises:
        ValueError: the file is no text in UTF-8, or a student stands in it twice.
    """
    if not path.is_file():
        return {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8: save it as CSV (UTF-8)") from None
    delimiter = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(entry.strip() for entry in row)]
    header = [OTHER_NAMES.get(name, name) for name in (cell.strip().lower() for cell in rows[0])] if rows else []
    column = next((header.index(name) for name in IDS if name in header), None)
    entries = rows if column is None else rows[1:]
    roster: Roster = {}
    for row in entries:
        student = row[column or 0].strip() if len(row) > (column or 0) else ""
        if student in roster:
            raise ValueError(f"{path.name} has the student {student!r} twice: take one line out")
        known = {} if column is None else dict(zip(header, row, strict=False))
        if student:
            roster[student] = {name: known[name].strip() for name in FIELDS if known.get(name, "").strip()}
    return roster


def is_student_name(name: str) -> bool:
    """Whether a folder's name can be a student's: a letter or digit, then letters, digits and ``. _ - + @``."""
    return re.fullmatch(r"\w[\w.@+-]*", name) is not None


def names_of(facts: dict[str, str]) -> set[str]:
    """Both orders of a student's first and last name, as `letters_of` gives them; none without a name."""
    first, last = facts.get("first_name", ""), facts.get("last_name", "")
    return {letters_of(f"{first} {last}"), letters_of(f"{last} {first}")} if first or last else set()


def letters_of(name: str) -> str:
    """A name without what the systems change in it: case, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]", "", "".join(letter for letter in plain if not unicodedata.combining(letter)))
