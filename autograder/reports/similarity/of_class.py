"""The answers of a class that are alike, for each unit and exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from autograder.course.exercises import exercises_of
from autograder.grading.handed_in import find_units
from autograder.reports.similarity.alike import SHARED, Exercise, groups_of, pieces_of
from autograder.reports.similarity.normal_form import parse, words_of
from autograder.reports.similarity.written import Answer, Given, Written, bank_of, given_by, read_class


@dataclass(frozen=True)
class Side:
    """One of two answers that are alike: whose, its cells by number, and which of their lines hold what is shared."""

    students: tuple[str, ...]
    cells: list[tuple[int, str]]
    lines: frozenset[int]


@dataclass(frozen=True)
class Found:
    """Two answers that are alike, and by how much: the part of the smaller one's counted pieces that they share."""

    left: Side
    right: Side
    alike: float


@dataclass(frozen=True)
class Group:
    """Answers to one exercise that hang together: by whom, and the pairs that connect them, the most alike first."""

    unit: str
    exercise: str
    title: str
    pairs: list[Found]

    @property
    def students(self) -> list[str]:
        """Everybody in it, sorted."""
        return sorted({name for pair in self.pairs for side in (pair.left, pair.right) for name in side.students})


@dataclass
class UnitFound:
    """What was found in a unit.

    Attributes:
        unit: its name.
        notebooks: how many were read.
        groups: the answers that are alike, the most alike first.
        same_files: students whose files are the same, byte for byte, and have an answer.
        compared: for each exercise the number of answers that could be compared, and of all.
        not_compared: exercises that are left out as a whole, with the reason.
        left_out: (student, exercise or nothing for all, reason) of what could not be read.
    """

    unit: str
    notebooks: int
    groups: list[Group] = field(default_factory=list)
    same_files: list[tuple[str, ...]] = field(default_factory=list)
    compared: dict[str, tuple[int, int]] = field(default_factory=dict)
    not_compared: dict[str, str] = field(default_factory=dict)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)


def find_alike(submitted: Path, asked: list[str]) -> list[UnitFound]:
    """Compare the answers of a class, in the units asked for or else in all that were handed in.

    Raises:
        ValueError: there is no such folder or unit, or nothing was handed in.
    """
    if not submitted.is_dir():
        raise ValueError(f"there is no folder {submitted}: take submissions in first, by `python -m autograder intake`")
    names = find_units(submitted, asked)
    if not names:
        raise ValueError(f"{submitted} has no notebook of any unit: there is nothing to compare")
    return [_find(unit, read_class(submitted, unit)) for unit in names]


def together(found: Iterable[UnitFound]) -> Counter[tuple[str, str]]:
    """In how many exercises two students are in one group."""
    return Counter(
        (one, two)
        for unit in found
        for group in unit.groups
        for number, one in enumerate(group.students)
        for two in group.students[number + 1 :]
    )


def _find(unit: str, written: Written) -> UnitFound:
    given = given_by(unit)
    bank = bank_of(unit)
    titles = {exercise.name: exercise.title for exercise in exercises_of(given.released)}
    found = UnitFound(unit, written.notebooks, same_files=written.same_files, left_out=written.left_out)
    for name, answers in written.answers.items():
        background = [_bank_pieces(source, given) for source in bank.get(name, {}).values()]
        exercise = Exercise([answer.pieces for answer in answers], background)
        comparable = sum(telling >= SHARED for telling in exercise.telling())
        found.compared[name] = comparable, len(answers)
        if comparable < 2:
            found.not_compared[name] = _reason(answers)
            continue
        for pairs in groups_of(exercise.pairs()):
            shown = [_show(answers[p.first], answers[p.second], p.alike, exercise) for p in pairs]
            found.groups.append(Group(unit, name, titles[name], shown))
    found.groups.sort(key=lambda group: -group.pairs[0].alike)
    return found


def _bank_pieces(source: str, given: Given) -> set[tuple[str, ...]]:
    return set(pieces_of(words_of(parse(source), given.imported))) - given.pieces


def _reason(answers: list[Answer]) -> str:
    """Why the answers of an exercise are not compared."""
    if len(answers) < 2:
        return f"answered by {len(answers)} alone" if answers else "nobody answered it"
    usual = median(len(answer.pieces) for answer in answers)
    if usual < SHARED:
        return f"too short: a usual answer has {usual:g} pieces of its own, and {SHARED} are needed"
    return "nearly everybody writes the same: what is left has too few pieces"


def _show(one: Answer, two: Answer, alike: float, exercise: Exercise) -> Found:
    shared = [piece for piece in one.pieces if piece in two.pieces and exercise.counts(piece)]
    left, right = (
        Side(answer.students, answer.cells, frozenset(line for piece in shared for line in answer.pieces[piece]))
        for answer in (one, two)
    )
    return Found(left, right, alike)
