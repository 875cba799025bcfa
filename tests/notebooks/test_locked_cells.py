"""Locked code stands in the student's own notebook: it takes no name there, and says what it looks at."""

import symtable

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag


def defined_names(source):
    """What a cell's code binds in the notebook; what it binds inside a function or a comprehension is not in it."""
    module = symtable.symtable(TransformerManager().transform_cell(source), "<cell>", "exec")
    names = {symbol.get_name() for symbol in module.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    inner = list(module.get_children())
    while inner:
        table = inner.pop()
        inner += table.get_children()
        symbols = table.get_symbols()
        names |= {symbol.get_name() for symbol in symbols if symbol.is_declared_global() and symbol.is_assigned()}
    return names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a, (b, *c) = 1, (2, 3)\nd: int = 4", {"a", "b", "c", "d"}),
        ("import os.path\nimport torch as _torch\nfrom math import pi, e as euler", {"os", "_torch", "pi", "euler"}),
        ("def f(x):\n    y = x\n\n\nclass C:\n    z = 1", {"f", "C"}),
        ("for i in (1, 2):\n    j = i\nwith open('/dev/null') as file:\n    pass", {"i", "j", "file"}),
        ("k = [x for x in (1, 2)]\nall((last := z) for z in k)", {"k", "last"}),
        ("def f():\n    global g\n    g = 1\n\n\nf()", {"f", "g"}),
    ],
    ids=["tuples", "imports", "scopes", "blocks", "comprehensions", "global"],
)
def test_what_a_cell_defines_is_what_running_it_leaves_behind(source, names):
    left = {}
    exec(source, left)
    assert defined_names(source) == names == left.keys() - {"__builtins__", "__annotations__"}


def test_a_name_that_a_block_deletes_counts_too():
    assert defined_names("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    pass") == {"error"}
    assert defined_names("del a") == {"a"}
    assert defined_names("%matplotlib inline\nb = 1\nb += 1") == {"b"}


# Graded cells, and read-only code that gives no mark: nobody can rename a helper there. A given cell that is not locked
# defines what the student is to use.
LOCKED = [
    pytest.param(cell, id=f"{unit[:2]}-{nbgrader_tag(cell)['grade_id']}")
    for unit in units.unit_names()
    for cell in units.source_notebook(unit).cells
    if cell.cell_type == "code" and nbgrader_tag(cell).get("locked")
]


def test_all_graded_cells_are_locked():
    cells = [cell for unit in units.unit_names() for cell in units.source_notebook(unit).cells]
    assert [cell.id for cell in cells if is_autograded(cell) and not nbgrader_tag(cell)["locked"]] == []
    assert len(LOCKED) >= 200


@pytest.mark.parametrize("cell", LOCKED)
def test_locked_code_takes_no_name_of_the_students(cell):
    assert sorted(name for name in defined_names(cell.source) if not name.startswith("_")) == []


@pytest.mark.parametrize("cell", LOCKED)
def test_the_first_line_says_what_the_cell_looks_at(cell):
    """JupyterLab shows the first line of a collapsed cell, and the feedback page names the cell by it."""
    line = cell.source.splitlines()[0]
    assert line.startswith("# Looks at: ")
    assert len(line) <= 110
    assert not line.endswith(".")
