"""What graded cells ask for, and what of their own they may hand to an answer."""

import ast
import builtins

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded

NAMES = sorted(path.parent.name for path in units.SOLUTIONS.glob("*/*.ipynb"))


def graded_cells(unit: str) -> dict[str, ast.Module]:
    notebook = nbformat.read(units.SOLUTIONS / unit / f"{unit}.ipynb", as_version=4)
    cells = filter(is_autograded, notebook.cells)
    transform = TransformerManager().transform_cell
    return {cell.metadata.nbgrader.grade_id: ast.parse(transform(cell.source)) for cell in cells}


@pytest.mark.parametrize("unit", NAMES)
def test_every_graded_cell_is_judged_apart(unit):
    assert answers_asked(units.source_notebook(unit)).keys() == graded_cells(unit).keys()


@pytest.mark.parametrize("unit", NAMES)
def test_a_module_of_a_test_s_own_knows_nothing_of_what_is_expected(unit):
    """Its class is sent to the process of the answer, and with it every global name that it uses: imports alone."""
    for name, tree in graded_cells(unit).items():
        imported = {
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            if any(isinstance(base, ast.Attribute) and base.attr == "Module" for base in kind.bases):
                nodes = list(ast.walk(kind))
                own = {node.arg for node in nodes if isinstance(node, ast.arg)} | {kind.name, "super"}
                own |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
                used = {node.id for node in nodes if isinstance(node, ast.Name)} - own - set(dir(builtins))
                assert used <= imported, (name, kind.name, used - imported)
