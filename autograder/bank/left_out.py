"""Which of a unit's cells do not run before an answer is judged: those that the grader leaves out with that answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.exercises import Exercise
from autograder.course.skipping import cells_to_skip


def answers_by_cells_left_out(
    notebook: NotebookNode, asked: Mapping[str, list[str]], exercises: Iterable[Exercise], folder: Path
) -> dict[frozenset[int], set[Path]]:
    """For each set of cells that are left out, the answers in `folder` with which they are.

    The first set is the solution's, also where no answer has it: an answer may take a name that the solution does not.
    """
    groups: dict[frozenset[int], set[Path]] = {cells_to_skip(notebook, notebook, asked): set()}
    for exercise in exercises:
        for path in answers_to(exercise, folder):
            cells = list(notebook.cells)
            cells[exercise.task] = NotebookNode(cells[exercise.task] | {"source": path.read_text(encoding="utf-8")})
            left_out = cells_to_skip(NotebookNode(notebook | {"cells": cells}), notebook, asked)
            groups.setdefault(left_out, set()).add(path)
    return groups


def answers_to(exercise: Exercise, folder: Path) -> list[Path]:
    """The files of a unit's bank that answer an exercise."""
    return sorted((folder / exercise.name).glob("*.py"))
