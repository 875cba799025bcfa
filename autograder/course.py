"""Where the parts of the course lie, and what a source notebook contains."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder import ROOT

SOLUTIONS = ROOT / "solutions"
RELEASE = ROOT / "notebooks"
ANSWERS = ROOT / "tests" / "answers"
WRITTEN = "written"


@dataclass(frozen=True)
class Exercise:
    """One TODO cell and the cells that grade it, as indices into the notebook's cells."""

    name: str
    task: int
    graded: dict[str, int]


def units() -> list[str]:
    """Names of all units, in the order of the course."""
    return sorted(path.parent.name for path in SOLUTIONS.glob("*/*.ipynb") if path.stem == path.parent.name)


def source_notebook(unit: str) -> NotebookNode:
    """The instructor's notebook of a unit.

    Raises:
        ValueError: there is no such unit.
    """
    path = SOLUTIONS / unit / f"{unit}.ipynb"
    if not path.is_file():
        raise ValueError(f"there is no unit {unit!r}; the units are {', '.join(units()) or 'none'}")
    return nbformat.read(path, as_version=4)


def exercises(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a source notebook, in order.

    A code cell with a solution is a TODO cell; the graded cells named ``<its grade_id>-<what>`` are its own.

    Raises:
        ValueError: a graded cell belongs to no exercise.
    """
    tasks = {mark(cell)["grade_id"]: i for i, cell in enumerate(notebook.cells) if is_task(cell)}
    graded: dict[str, dict[str, int]] = {name: {} for name in tasks}
    for i, cell in enumerate(notebook.cells):
        if is_autograded(cell):
            name = mark(cell)["grade_id"]
            # The longest match: conv2d_backward-plain belongs to conv2d_backward, not to conv2d.
            owner = max((task for task in tasks if name.startswith(f"{task}-")), key=len, default=None)
            if owner is None:
                raise ValueError(f"graded cell {name!r} belongs to no exercise; name it <its TODO cell>-<what>")
            graded[owner][name] = i
    return [Exercise(name, index, graded[name]) for name, index in tasks.items()]


def imports(notebook: NotebookNode) -> set[str]:
    """Names of the modules that a source notebook's code imports."""
    found = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(TransformerManager().transform_cell(cell.source))):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
    return found


def controls(notebook: NotebookNode, unit: str) -> dict[str, list[str]]:
    """For each graded cell, a TODO cell of the answer bank that is known to lose it, if there is one.

    Known are the cells in the answer's line ``# loses: id, id``; the bank's own test proves that line.
    """
    found: dict[str, list[str]] = {}
    for exercise in exercises(notebook):
        for path in sorted((ANSWERS / unit / exercise.name).glob("wrong-*.py")):
            source = path.read_text(encoding="utf-8")
            for name in declared_losses(source):
                if name in exercise.graded:
                    found.setdefault(name, [source])
    return found


def declared_losses(answer: str) -> list[str]:
    """The graded cells that an answer of the bank says it loses; none if it does not say."""
    declared = re.search(r"^# loses: (.+)$", answer, flags=re.MULTILINE)
    return [name.strip() for name in declared[1].split(",")] if declared else []


def mark(cell: NotebookNode) -> dict:
    """nbgrader's metadata of a cell; empty if it has none."""
    return cell.metadata.get("nbgrader", {})


def is_task(cell: NotebookNode) -> bool:
    """Whether the student writes code into this cell."""
    return cell.cell_type == "code" and bool(mark(cell).get("solution"))


def is_autograded(cell: NotebookNode) -> bool:
    """Whether running this cell gives a mark."""
    return cell.cell_type == "code" and bool(mark(cell).get("grade")) and not mark(cell).get("solution")
