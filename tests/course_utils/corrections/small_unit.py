"""A unit of a few cells, as students get it, and the changes of a student and of a release to it."""

import copy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.utils import compute_checksum

STUB = "def {}(x):\n    raise NotImplementedError"
ANSWER = "def {}(x):\n    return 2 * x  # mine"


def cell(new_cell, name: str, source: str, **mark) -> nbformat.NotebookNode:
    """A cell of the course; `mark` is what nbgrader knows of it besides its id."""
    if not mark:
        return new_cell(source, id=name)
    tag = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False} | mark
    name_of_task = name.removesuffix("-task")
    found = new_cell(source, id=name, metadata={"nbgrader": tag | {"grade_id": name_of_task, "cell_type": ""}})
    found.metadata.nbgrader["cell_type"] = found.cell_type
    return marked_as_released(found)


def marked_as_released(found: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """With the checksum that nbgrader gives at the release."""
    if "nbgrader" in found.metadata:
        found.metadata.nbgrader["checksum"] = compute_checksum(found)
    return found


def exercise(name: str) -> list[nbformat.NotebookNode]:
    """Idea, TODO cell, visible check and two graded cells."""
    return [
        cell(new_markdown_cell, f"{name}-idea", f"## Exercise · {name}"),
        cell(new_code_cell, f"{name}-task", STUB.format(name), solution=True),
        cell(new_code_cell, f"{name}-check", f"print({name}(3))"),
        cell(new_code_cell, f"{name}-plain", f"assert {name}(1) == 2", grade=True, locked=True, points=1),
        cell(new_code_cell, f"{name}-hard", f"assert {name}(0) == 0", grade=True, locked=True, points=1),
    ]


def unit(*names: str) -> nbformat.NotebookNode:
    """A released notebook with these exercises and a written question."""
    cells = [cell(new_markdown_cell, "title", "# A unit"), cell(new_code_cell, "imports", "import math")]
    cells += [found for name in names for found in exercise(name)]
    cells.append(cell(new_markdown_cell, "written", "YOUR ANSWER HERE", grade=True, solution=True, points=2))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    return new_notebook(cells=cells, metadata=kernel)


def changed(notebook: nbformat.NotebookNode, **sources: str) -> nbformat.NotebookNode:
    """A copy in which cells have another text, by id with _ for -; checksums stay."""
    found = copy.deepcopy(notebook)
    for name, source in sources.items():
        at(found, name).source = source
    return found


def released_again(notebook: nbformat.NotebookNode, **sources: str) -> nbformat.NotebookNode:
    """As `changed`, by the course: with new checksums."""
    found = changed(notebook, **sources)
    for one in found.cells:
        marked_as_released(one)
    return found


def at(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """The cell with this id, with _ for -."""
    [found] = [one for one in notebook.cells if one.get("id") in (name, name.replace("_", "-"))]
    return found


def run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy in which every code cell has an output."""
    found = copy.deepcopy(notebook)
    for number, one in enumerate([one for one in found.cells if one.cell_type == "code"], start=1):
        one.execution_count = number
        one.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"out {one.get('id')}\n")]
    return found


def without_marks(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy from which a tool took nbgrader's metadata and the ids."""
    found = copy.deepcopy(notebook)
    for one in found.cells:
        one.metadata.pop("nbgrader", None)
        one.pop("id", None)
    return found


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    return [one.source for one in notebook.cells]
