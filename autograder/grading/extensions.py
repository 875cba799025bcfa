"""``extensions.csv``: who may hand in later than the others."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder.course import units
from autograder.grading.moments import moment, span

COLUMNS = ("student", "unit", "until")


@dataclass(frozen=True)
class Extension:
    """A row of the file: a time (UTC, without a zone) or a span after the due date; `line` counts from 1."""

    line: int
    until: datetime | timedelta

    def after(self, due: datetime) -> timedelta:
        """How much later than `due` this is; never earlier, for a due date that moved past it."""
        return self.until if isinstance(self.until, timedelta) else max(timedelta(0), self.until - due)


Extensions = Mapping[tuple[str, str], Extension]  # by unit and student


def read_extensions(path: Path) -> Extensions | None:
    """The rows of the file; None if there is no file.

    The first line names the columns ``student``, ``unit`` and ``until``, which is a date as `moment` reads it, or a
    span such as ``3d`` after the unit's due date.

    Raises:
        ValueError: a row cannot be understood; the message has its line.
    """
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not text in UTF-8: save it as CSV (UTF-8)") from None
    found: dict[tuple[str, str], Extension] = {}
    for line, (student, unit, until) in _rows(path.name, text):
        where = f"{path.name}, line {line}"
        if unit not in units.unit_names():
            raise ValueError(f"{where}: there is no unit {unit!r}; the units are {', '.join(units.unit_names())}")
        if (unit, student) in found:
            raise ValueError(f"{where}: {student} has {unit} already in line {found[unit, student].line}")
        found[unit, student] = Extension(line, _until(where, until))
    return found


def demand_students(extensions: Extensions | None, students: Collection[str]) -> None:
    """See that each row is of one of these students.

    Raises:
        ValueError: it is not; a row with a slip in the name would cost its student marks without a word.
    """
    for (_, student), extension in (extensions or {}).items():
        if student not in students:
            raise ValueError(
                f"extensions.csv, line {extension.line}: nobody has the id {student!r}, neither in submitted/ nor in "
                "roster.csv: mend the id, or add the student to roster.csv"
            )


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """For each row its line and what stands in the three columns."""
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=";" if ";" in first and "," not in first else ",")
    header = [cell.strip().lower() for cell in next(reader, [])]
    if missing := [column for column in COLUMNS if column not in header]:
        raise ValueError(f"{name} has no column {missing[0]!r}: its first line must be {','.join(COLUMNS)}")
    places = [header.index(column) for column in COLUMNS]
    for row in reader:
        if any(cell.strip() for cell in row):
            cells = [row[place].strip() if place < len(row) else "" for place in places]
            if not all(cells):
                raise ValueError(f"{name}, line {reader.line_num}: expected {', '.join(COLUMNS)}; it has {row}")
            yield reader.line_num, cells


def _until(where: str, text: str) -> datetime | timedelta:
    try:
        return span(text)
    except ValueError:
        try:
            return moment(text)[0]
        except ValueError as error:
            raise ValueError(f"{where}: {error}, and no span such as 3d") from None
