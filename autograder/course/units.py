"""Where the parts of the course lie, and its units."""

from __future__ import annotations

import ast

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder import ROOT
from autograder.course.cells import is_autograded, is_task

SOLUTIONS = ROOT / "solutions"
RELEASE = ROOT / "notebooks"
ANSWERS = ROOT / "tests" / "answers"


def unit_names() -> list[str]:
    """Names of all units, in the order of the course."""
    return sorted(path.parent.name for path in SOLUTIONS.glob("*/*.ipynb") if path.stem == path.parent.name)


def source_notebook(unit: str) -> NotebookNode:
    """The instructor's notebook of a unit.

    Raises:
        ValueError: there is no such unit.
    """
    path = SOLUTIONS / unit / f"{unit}.ipynb"
    if not path.is_file():
        raise ValueError(f"there is no unit {unit!r}; the units are {', '.join(unit_names()) or 'none'}")
    return nbformat.read(path, as_version=4)


def import_lines(notebook: NotebookNode) -> str:
    """The import statements of a source notebook's given cells, as code: the names that its graded cells count on."""
    given = [
        cell for cell in notebook.cells if cell.cell_type == "code" and not is_task(cell) and not is_autograded(cell)
    ]
    trees = [ast.parse(TransformerManager().transform_cell(cell.source)) for cell in given]
    lines = [ast.unparse(node) for tree in trees for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(dict.fromkeys(lines))


def imports_of(notebook: NotebookNode) -> set[str]:
    """Names of the modules that a source notebook's code imports; of ``from a import b`` also ``a.b``, perhaps none."""
    found = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(TransformerManager().transform_cell(cell.source))):
                if isinstance(node, ast.Import):
                    found.update(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return found
