"""Where the parts of the course lie, and its units."""

from __future__ import annotations

import ast

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder import ROOT
from autograder.course.cells import is_autograded, is_task
from autograder.course.parsing import parse
from autograder.course.skipping import is_tagged

SOLUTIONS = ROOT / "solutions"
RELEASE = ROOT / "notebooks"
ANSWERS = ROOT / "tests" / "answers"
# Parts of torch that come with it, and import as much again at their first use; by the attribute that tells of it.
_LOADED_AT_FIRST_USE = {"autograd": "torch.autograd", "backward": "torch.autograd", "optim": "torch.optim"}


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
    """The import statements of a source notebook's given cells, as code: the names that its graded cells count on.

    On those of a demonstration that grading leaves out, no graded cell counts.
    """
    given = [cell for cell in _cells_that_run(notebook) if not is_task(cell) and not is_autograded(cell)]
    trees = [parse(TransformerManager().transform_cell(cell.source)) for cell in given]
    lines = [ast.unparse(node) for tree in trees for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(dict.fromkeys(lines))


def modules_to_load(notebook: NotebookNode) -> set[str]:
    """The modules that a source notebook needs when grading; of ``from a import b`` also ``a.b``, perhaps none.

    `torch.optim` and `torch.autograd` are among them where the code uses them.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> from autograder.course.units import modules_to_load
    >>> sorted(modules_to_load(new_notebook(cells=[new_code_cell("import torch; torch.optim.SGD(parameters)")])))
    ['torch', 'torch.optim']
    """
    found = set()
    for cell in _cells_that_run(notebook):
        for node in ast.walk(parse(TransformerManager().transform_cell(cell.source))):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
            elif isinstance(node, ast.Attribute) and node.attr in _LOADED_AT_FIRST_USE:
                found.add(_LOADED_AT_FIRST_USE[node.attr])
    return found


def _cells_that_run(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and not is_tagged(cell)]
