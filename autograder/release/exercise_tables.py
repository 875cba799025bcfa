"""The tables from which a notebook's session knows its exercises: ``course_utils/session/tables/<unit>.json``."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.course import units
from autograder.course.exercises import Exercise
from autograder.files import write_bytes
from course_utils.exercises import STUB, all_exercises
from course_utils.session.blame import made
from course_utils.session.table import CHECK, FOLDER, GRADED, TASK

NUMBERED = re.compile(r"Exercise (\d+) · (.+)")
HINT = re.compile(r"<summary>Hint \d+: (?:the )?(.+?)</summary>")


def write_tables(released: Path, target: Path = FOLDER) -> None:
    """Write the table of each unit whose release lies in a folder of `released`.

    Raises:
        ValueError: an exercise's heading has no number, or its hints do not stand above its check.
    """
    for unit in units.unit_names():
        notebook = nbformat.read(released / unit / f"{unit}.ipynb", as_version=4)
        table = json.dumps(table_of(units.source_notebook(unit), notebook), indent=1, ensure_ascii=False)
        write_bytes(target / f"{unit}.json", (table + "\n").encode())


def table_of(source: NotebookNode, released: NotebookNode) -> dict:
    """The table of a unit, from its source and what is released of it."""
    exercises = all_exercises(released)
    solved = {exercise.name: source.cells[exercise.task].source for exercise in all_exercises(source)}
    return {
        "exercises": [_row(e, released.cells, solved[e.name]) for e in exercises if not e.written],
        "written": {exercise.name: exercise.title for exercise in exercises if exercise.written},
    }


def _row(exercise: Exercise, cells: list[NotebookNode], solution: str) -> dict:
    heading = NUMBERED.fullmatch(exercise.title)
    if heading is None:
        raise ValueError(f"the heading of {exercise.name!r} is {exercise.title!r}; expected 'Exercise N · Title'")
    if exercise.hints is None or exercise.hints > exercise.check:
        raise ValueError(f"the hints of {exercise.name!r} do not stand between its TODO cell and its check")
    task = cells[exercise.task]
    roles = {exercise.task: TASK, exercise.check: CHECK} | dict.fromkeys(exercise.graded.values(), GRADED)
    values = _values(task.source, solution)
    definitions = [s.name for s in _statements(solution) if isinstance(s, ast.FunctionDef | ast.ClassDef)]
    return {
        "name": exercise.name,
        "number": int(heading[1]),
        "title": heading[2],
        "names": [name for name in made(solution) if name in (exercise.name, *definitions, *values)],
        "values": values,
        "stubs": task.source.count(STUB),
        "cells": {cells[index].id: role for index, role in roles.items()},
        "starts": {_start(index, cells): role for index, role in roles.items()},
        "hints": HINT.findall(cells[exercise.hints].source),
    }


def _start(index: int, cells: list[NotebookNode]) -> str:
    """The first lines of a cell, as many as no other code cell starts with."""
    others = [cell.source for i, cell in enumerate(cells) if cell.cell_type == "code" and i != index]
    lines = cells[index].source.splitlines()
    starts = ("\n".join(lines[:count]) for count in range(1, len(lines) + 1))
    return next(start for start in starts if not any(other.startswith(start) for other in others))


def _values(released: str, solution: str) -> list[str]:
    """The names that a released TODO cell mentions, and that the solution makes as values, not as given there."""
    statements = _statements(solution)
    given = {ast.unparse(statement) for statement in _statements(released)}
    values = [
        name
        for statement in statements
        if isinstance(statement, ast.Assign | ast.AnnAssign) and ast.unparse(statement) not in given
        for name in made(ast.unparse(statement))
    ]
    return [name for name in dict.fromkeys(values) if re.search(rf"\b{name}\b", released)]


def _statements(source: str) -> list[ast.stmt]:
    return ast.parse(TransformerManager().transform_cell(source)).body
