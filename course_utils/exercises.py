"""The exercises of a notebook: which cells belong to each, how many points they give, and under which heading.

A notebook is a dictionary as JSON gives it, or nbformat's: both hold cells in ``notebook["cells"]``. The text of a cell
is one string, so that of a file in which it is a list of lines has to be joined first.

nbgrader's metadata says what a cell is:

- a TODO cell has ``solution``; its ``grade_id`` is the exercise's name
- a graded cell has ``grade`` and is named ``<exercise>-<what>``
- the visible check is the first cell behind the TODO cell whose id ends in ``-check``
- hints are a text cell whose id ends in ``-hints``
- a question in words is a text cell with both ``solution`` and ``grade``
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "NO_TEXT",
    "STUB",
    "Exercise",
    "all_exercises",
    "heading_above",
    "is_autograded",
    "is_check",
    "is_task",
    "nbgrader_tag",
    "owner_of",
    "titles",
]

STUB = "this answer is not written yet"  # the message of the error that stands in a released TODO cell
NO_TEXT = "YOUR ANSWER HERE"  # what stands in a released cell for an answer in words
DIFFICULTY = re.compile(r"difficulty \d of 5")


def nbgrader_tag(cell: Mapping) -> dict:
    """nbgrader's metadata of a cell; empty if it has none.

    >>> from course_utils.exercises import nbgrader_tag
    >>> nbgrader_tag({"metadata": {"nbgrader": {"grade_id": "pool2d"}}})
    {'grade_id': 'pool2d'}
    """
    return cell["metadata"].get("nbgrader", {})


def is_task(cell: Mapping) -> bool:
    """Whether the student writes code into this cell.

    >>> from course_utils.exercises import is_task
    >>> is_task({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "pool2d", "solution": True}}})
    True
    """
    return cell["cell_type"] == "code" and bool(nbgrader_tag(cell).get("solution"))


def is_autograded(cell: Mapping) -> bool:
    """Whether running this cell gives a mark.

    >>> from course_utils.exercises import is_autograded
    >>> is_autograded({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "pool2d-max", "grade": True}}})
    True
    """
    tag = nbgrader_tag(cell)
    return cell["cell_type"] == "code" and bool(tag.get("grade")) and not tag.get("solution")


def is_check(cell: Mapping) -> bool:
    """Whether this is the visible check of an exercise.

    >>> from course_utils.exercises import is_check
    >>> is_check({"cell_type": "code", "id": "pool-check"})
    True
    """
    return cell["cell_type"] == "code" and cell.get("id", "").endswith("-check")


@dataclass(frozen=True)
class Exercise:
    """The cells of one exercise, as indices into the notebook's cells.

    >>> from course_utils.exercises import Exercise
    >>> graded = {"pool2d-max": 5, "pool2d-mean": 6}
    >>> Exercise("pool2d", 0, "Exercise 6 · Pooling", 1, False, 2, [3, 4], graded, 2.5).check
    4

    Attributes:
        name: the TODO cell's ``grade_id``.
        heading: the text cell with the heading under which it stands, or None.
        title: what that heading calls it, as ``Exercise 6 · Pooling``; without a heading the name.
        task: the TODO cell, or the text cell for an answer in words.
        written: whether it is a question in words; it has no check and no other graded cell.
        hints: the hints in three steps, or None.
        sight: the code cells behind the TODO cell up to the visible check; none if there is no check.
        graded: the cells that give its points, by ``grade_id``.
        points: their sum.
    """

    name: str
    heading: int | None
    title: str
    task: int
    written: bool
    hints: int | None
    sight: list[int]
    graded: dict[str, int]
    points: float

    @property
    def check(self) -> int | None:
        """The visible check."""
        return self.sight[-1] if self.sight else None


def all_exercises(notebook: Mapping) -> list[Exercise]:
    """The exercises of a notebook, questions in words too, in order.

    A graded cell that belongs to none, as one whose TODO cell was deleted, is left out.

    >>> from course_utils.exercises import all_exercises
    >>> heading = {"cell_type": "markdown", "metadata": {}, "source": "## In words · difficulty 3 of 5"}
    >>> tag = {"grade_id": "written", "solution": True, "grade": True, "points": 6}
    >>> answer = {"cell_type": "markdown", "metadata": {"nbgrader": tag}, "source": "YOUR ANSWER HERE"}
    >>> [exercise] = all_exercises({"cells": [heading, answer]})
    >>> exercise.title, exercise.task, exercise.points
    ('In words', 1, 6)
    """
    cells = notebook["cells"]
    tasks = {nbgrader_tag(cell)["grade_id"]: i for i, cell in enumerate(cells) if nbgrader_tag(cell).get("solution")}
    graded: dict[str, dict[str, int]] = {name: {} for name in tasks}
    for i, cell in enumerate(cells):
        if nbgrader_tag(cell).get("grade"):
            name = nbgrader_tag(cell)["grade_id"]
            owner = name if name in tasks else owner_of(name, tasks)
            if owner is not None:
                graded[owner][name] = i
    return [_exercise(cells, name, task, graded[name]) for name, task in tasks.items()]


def _exercise(cells: list, name: str, task: int, graded: dict[str, int]) -> Exercise:
    heading, text = heading_above(cells, task)
    written = cells[task]["cell_type"] != "code"
    between = range(task + 1, min((i for i in graded.values() if i > task), default=0))
    last = next((i for i in between if is_check(cells[i])), -1)
    sight = [i for i in between if i <= last and cells[i]["cell_type"] == "code"]
    hints = next((i for i in between if cells[i].get("id", "").endswith("-hints")), None)
    points = sum(nbgrader_tag(cells[i]).get("points", 0) for i in graded.values())
    return Exercise(name, heading, titles(text or name)[0], task, written, hints, sight, graded, points)


def owner_of(graded: str, tasks: Iterable[str]) -> str | None:
    """The TODO cell that a graded cell of this name grades, if any does.

    The longest match: conv2d_backward-plain belongs to conv2d_backward, not to conv2d.

    >>> from course_utils.exercises import owner_of
    >>> owner_of("conv2d_backward-plain", ["conv2d", "conv2d_backward"])
    'conv2d_backward'
    """
    return max((task for task in tasks if graded.startswith(f"{task}-")), key=len, default=None)


def heading_above(cells: list, index: int) -> tuple[int | None, str]:
    """The nearest heading before a cell: the index of its text cell and what it says; (None, "") if there is none.

    >>> from course_utils.exercises import heading_above
    >>> cells = [{"cell_type": "markdown", "source": "## Exercise 1 · `quiz`"}, {"cell_type": "code", "source": ""}]
    >>> heading_above(cells, 1)
    (0, 'Exercise 1 · quiz')
    """
    for i in range(index - 1, -1, -1):
        if cells[i]["cell_type"] == "markdown":
            found = re.findall(r"^#{1,3} (.+)$", cells[i]["source"], flags=re.MULTILINE)
            if found:
                return i, found[-1].replace("`", "")
    return None, ""


def titles(heading: str) -> tuple[str, str]:
    """A heading without difficulty, minutes and points, and its first part alone.

    >>> from course_utils.exercises import titles
    >>> titles("Exercise 2 · Pooling · difficulty 2 of 5 · 4 points")
    ('Exercise 2 · Pooling', 'Exercise 2')
    """
    parts = [part for part in heading.split(" · ")[:2] if not DIFFICULTY.fullmatch(part)]
    return " · ".join(parts), parts[0]
