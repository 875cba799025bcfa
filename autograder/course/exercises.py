"""The exercises of a notebook: each a TODO cell and the cells that grade it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.course.cells import is_autograded, is_task, nbgrader_tag

WRITTEN = "written"


@dataclass(frozen=True)
class Exercise:
    """One TODO cell and the cells that look at it, as indices into the notebook's cells.

    `sight` are the code cells behind the TODO cell up to the visible check, whose id ends in ``-check``; none if there
    is no check.
    """

    name: str
    task: int
    sight: list[int]
    graded: dict[str, int]


def exercises_of(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a source notebook, in order.

    A code cell with a solution is a TODO cell; the graded cells named ``<its grade_id>-<what>`` are its own.

    Raises:
        ValueError: a graded cell belongs to no exercise.
    """
    tasks = {nbgrader_tag(cell)["grade_id"]: i for i, cell in enumerate(notebook.cells) if is_task(cell)}
    graded: dict[str, dict[str, int]] = {name: {} for name in tasks}
    for i, cell in enumerate(notebook.cells):
        if is_autograded(cell):
            name = nbgrader_tag(cell)["grade_id"]
            if (owner := owner_of(name, tasks)) is None:
                raise ValueError(f"graded cell {name!r} belongs to no exercise; name it <its TODO cell>-<what>")
            graded[owner][name] = i
    return [Exercise(name, index, _sight(notebook, index, graded[name]), graded[name]) for name, index in tasks.items()]


def _sight(notebook: NotebookNode, task: int, graded: dict[str, int]) -> list[int]:
    codes = [i for i in range(task + 1, min(graded.values(), default=0)) if notebook.cells[i].cell_type == "code"]
    last = next((i for i in codes if notebook.cells[i].id.endswith("-check")), -1)
    return [i for i in codes if i <= last]


def owner_of(graded: str, tasks: Iterable[str]) -> str | None:
    """The TODO cell that a graded cell of this name grades, if any does.

    The longest match: conv2d_backward-plain belongs to conv2d_backward, not to conv2d.
    """
    return max((task for task in tasks if graded.startswith(f"{task}-")), key=len, default=None)
