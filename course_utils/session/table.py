"""The exercises of a unit: which cells belong to each, and what it is called.

The files are written by ``python -m autograder release``, from the same notebooks as the release.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"

TASK, CHECK, GRADED = "task", "check", "graded"


@dataclass(frozen=True)
class Exercise:
    """One TODO cell, and the cells that look at it.

    Args:
        name: the `grade_id` of the TODO cell.
        number: as in its heading, from 1.
        title: as in its heading.
        names: what the TODO cell asks for: functions, classes and values.
        values: those of them that are neither functions nor classes.
        stubs: how many stubs the released TODO cell has.
        cells: cell id -> `TASK`, `CHECK` or `GRADED`.
        starts: the first lines of a cell, by which it is known where there are no ids -> the same.
        hints: what each hint gives, in a word or two: "a nudge".
    """

    name: str
    number: int
    title: str
    names: list[str]
    values: list[str]
    stubs: int
    cells: dict[str, str]
    starts: dict[str, str]
    hints: list[str]

    @property
    def asked(self) -> list[str]:
        """What the stub outside of functions stands for."""
        return self.values or [self.name]


@dataclass(frozen=True)
class Table:
    """The exercises of a unit, in order, and the headings of its written answers, by the `grade_id` of each."""

    exercises: list[Exercise]
    written: dict[str, str]


def units() -> list[str]:
    """The units that have a table, in the order of the course.

    >>> from course_utils.session.table import units
    >>> units()[0]
    '01-convolution'
    """
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def table(unit: str) -> Table:
    """The table of a unit.

    >>> from course_utils.session.table import table
    >>> exercise = table("01-convolution").exercises[1]
    >>> exercise.number, exercise.title, exercise.names
    (2, 'Cross-correlation', ['corr2d'])

    Raises:
        ValueError: there is no such unit.
    """
    path = FOLDER / f"{unit}.json"
    if unit not in units():
        raise ValueError(f"the unit is {unit!r}; expected one of {', '.join(units())}")
    read = json.loads(path.read_text(encoding="utf-8"))
    return Table([Exercise(**exercise) for exercise in read["exercises"]], read["written"])


def table_for(names: Collection[str]) -> Table | None:
    """The table of the unit all of whose exercises are among `names`, the `grade_id` of a notebook's cells.

    >>> from course_utils.session.table import table_for
    >>> table_for(["some", "other", "notebook"]) is None
    True
    """
    return next((t for t in map(table, units()) if {exercise.name for exercise in t.exercises} <= set(names)), None)
