"""The course that the grading benchmark grades: one small torch notebook with five graded cells."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder import nbgrader_bridge
from autograder.bank import sample_class
from autograder.course import units
from autograder.course.exercises import exercises_of

UNIT = "00-small"

# exercise: (answer, {graded cell: source})
EXERCISES = {
    "linear": (
        "def linear(x, weight, bias):\n    return x @ weight.T + bias",
        {
            "plain": "x, w, b = torch.randn(5, 3), torch.randn(4, 3), torch.ones(4)\n"
            "check_close(linear(x, w, b), torch.nn.functional.linear(x, w, b), 'linear')",
            "one": "x, w, b = torch.randn(1, 3), torch.randn(2, 3), torch.ones(2)\n"
            "check_close(linear(x, w, b), torch.nn.functional.linear(x, w, b), 'linear of one row')",
        },
    ),
    "softmax": (
        "def softmax(x):\n    e = (x - x.amax(1, keepdim=True)).exp()\n    return e / e.sum(1, keepdim=True)",
        {
            "plain": "x = torch.randn(4, 6)\ncheck_close(softmax(x), x.softmax(1), 'softmax')",
            "large": "x = 1000 * torch.randn(4, 6)\ncheck_close(softmax(x), x.softmax(1), 'softmax of large numbers')",
        },
    ),
    "train": (
        "def train(model, x, y, steps):\n"
        "    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "    for _ in range(steps):\n"
        "        optimizer.zero_grad()\n"
        "        loss = torch.nn.functional.cross_entropy(model(x), y)\n"
        "        loss.backward()\n"
        "        optimizer.step()\n"
        "    return loss.item()",
        {
            "learns": "torch.manual_seed(0)\n"
            "model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(144, 2))\n"
            "x = torch.randn(16, 1, 8, 8)\n"
            "assert train(model, x, (x.sum((1, 2, 3)) > 0).long(), 20) < 0.5"
        },
    ),
}


def write_course(root: Path) -> None:
    """A course of one small torch notebook with five graded cells."""
    cells = [new_code_cell("import torch\nfrom course_utils.checks import check_close", id="imports")]
    for name, (answer, tests) in EXERCISES.items():
        head, _, body = answer.partition("\n")
        task = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(_cell(name, task, solution=True))
        for what, test in tests.items():
            cells.append(_cell(f"{name}-{what}", test, grade=True, locked=True, points=1))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    folder = root / "solutions" / UNIT
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / f"{UNIT}.ipynb")


def _cell(name: str, source: str, **mark) -> NotebookNode:
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | mark
    return new_code_cell(source, id=name, metadata={"nbgrader": nbgrader | {"grade_id": name}})


@contextlib.contextmanager
def course_at(root: Path) -> Iterator[None]:
    """Another course in place of the real one."""
    kept, units.SOLUTIONS = units.SOLUTIONS, root / "solutions"
    try:
        yield
    finally:
        units.SOLUTIONS = kept


def hand_in(root: Path, unit: str, students: int, chunk: int) -> Path:
    """Write copies of a unit's solution as ``root/chunks/<turn>/<student>/``; record the unit in root's gradebook."""
    root.mkdir(parents=True)
    released = nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(root, root / "gradebook.db"), unit)
    notebook = nbformat.read(released / f"{unit}.ipynb", as_version=4)
    source = units.source_notebook(unit)
    solved = sample_class.answer(notebook, {e.name: source.cells[e.task].source for e in exercises_of(source)})
    for number in range(students):
        turn = number // chunk
        folder = root / "chunks" / str(turn) / f"s{turn}_{number:03}" / unit
        shutil.copytree(released, folder)
        nbformat.write(solved, folder / f"{unit}.ipynb")
    return root / "chunks"
