"""What was found of a class's answers: a table on the screen, and a page with the answers side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jinja2

from autograder.grading.messages import printable
from autograder.reports.similarity.alike import COMMON, MOST_OTHERS, SHARED
from autograder.reports.similarity.of_class import Found, Group, Side, UnitFound, together

MOST_LINES = 40  # of groups, on the screen
MOST_PAIRS = 200  # on the page; more no person reads
MOST_NAMES = 8  # of a group, on the screen
NO_PROOF = (
    "Two answers that are alike are a reason to talk, and no proof of anything: people learn together, follow the same "
    "hint, lecture or page on the web, use the same assistant, or find the one natural way."
)
HERE = Path(__file__).parent  # the template and the style lie beside this file

Names = Callable[[str], str]


def names_of(hidden: bool) -> Names:
    """How a student is called: by id, or, where these are hidden, by a number in the order of being named."""
    numbers: dict[str, int] = {}

    def called(student: str) -> str:
        return f"student {numbers.setdefault(student, len(numbers) + 1)}" if hidden else printable(student)

    return called


def print_found(found: list[UnitFound], called: Names) -> None:
    """Print what is alike, the most alike first, and what could not be compared, with the reason."""
    print(NO_PROOF)
    also = together(found)
    for unit in found:
        print(f"\n{unit.unit}: {unit.notebooks} notebooks")
        for students in unit.same_files:
            print(f"  the same file, byte for byte: {', '.join(map(called, students))}")
        if unit.groups:
            print(f"  {'exercise':<26}{'alike':>6}{'also in':>9}  students")
        for group in unit.groups[:MOST_LINES]:
            numbers = f"{group.pairs[0].alike:>6.0%}{_also(group, also):>9}"
            print(f"  {group.exercise:<26}{numbers}  {_some(group.students, called)}")
        if len(unit.groups) > MOST_LINES:
            print(f"  and {len(unit.groups) - MOST_LINES} more groups: --html shows them")
        if not unit.groups:
            print("  no two answers are alike")
        for exercise, reason in unit.not_compared.items():
            print(f"  not compared: {exercise}: {reason}")
        if partly := _partly(unit):
            print(f"  answers with too little of their own to be compared: {partly}")
        for student, exercise, reason in unit.left_out:
            print(f"  left out: {called(student)}{f', {exercise}' if exercise else ''}: {printable(reason)}")


def page_of(found: list[UnitFound], called: Names, hidden: bool) -> str:
    """The page: what is alike in each unit, and the pairs side by side; it needs no other file."""
    also = together(found)
    left = MOST_PAIRS
    shown = []
    for unit in found:
        groups = []
        for group in unit.groups:
            pairs = group.pairs[:left]
            left -= len(pairs)
            groups.append(_group(group, pairs, also, called, hidden))
        shown.append({"found": unit, "groups": groups, "partly": _partly(unit)})
    constants = {"common": f"{COMMON:.0%}", "most_others": MOST_OTHERS, "shared": SHARED, "most_pairs": MOST_PAIRS}
    return _template().render(units=shown, called=called, no_proof=NO_PROOF, hidden=hidden, cut=left == 0, **constants)


def _group(group: Group, pairs: list[Found], also: Counter[tuple[str, str]], called: Names, hidden: bool) -> dict:
    """A group as the template shows it, with these of its pairs side by side."""
    return {
        "title": group.title,
        "alike": f"{group.pairs[0].alike:.0%}",
        "also": _also(group, also),
        "names": ", ".join(map(called, group.students)),
        "pairs": [
            {"alike": f"{pair.alike:.0%}", "sides": [_side(side, called, hidden) for side in (pair.left, pair.right)]}
            for pair in pairs
        ],
    }


def _also(group: Group, also: Counter[tuple[str, str]]) -> int:
    """In how many other exercises two of the group are alike too: the two for whom it is most."""
    names = group.students
    return max(also[one, two] for i, one in enumerate(names) for two in names[i + 1 :]) - 1


def _some(students: list[str], called: Names) -> str:
    more = len(students) - MOST_NAMES
    return ", ".join(map(called, students[:MOST_NAMES])) + (f" and {more} more" if more > 0 else "")


def _partly(unit: UnitFound) -> str:
    """The exercises of which only some answers are compared, with how many are not."""
    parts = [
        f"{exercise} {whole - compared} of {whole}"
        for exercise, (compared, whole) in unit.compared.items()
        if exercise not in unit.not_compared and compared < whole
    ]
    return ", ".join(parts)


def _side(side: Side, called: Names, hidden: bool) -> dict:
    """An answer as the template shows it: the names, and each cell's lines, marked where they hold what is shared."""
    cells, before = [], 0
    for number, source in side.cells:
        lines = [_without_ids(line, side, called) if hidden else line for line in source.splitlines()]
        cells.append((number, [(line, before + place in side.lines) for place, line in enumerate(lines, 1)]))
        before += len(lines)
    return {"names": ", ".join(map(called, side.students)), "cells": cells}


def _without_ids(line: str, side: Side, called: Names) -> str:
    for student in side.students:
        line = re.sub(rf"\b{re.escape(student)}\b", called(student), line)
    return line


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(HERE)
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("page.html.j2")
