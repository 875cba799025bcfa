"""The rooms: what each shows to the outside, and that notebooks take nothing else from them."""

import ast
import importlib
import pkgutil
from types import ModuleType

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

import autograder
import course_utils
from autograder.course import units

PACKAGES = [course_utils, autograder]
ROOMS = [name for p in PACKAGES for _, name, is_room in pkgutil.walk_packages(p.__path__, f"{p.__name__}.") if is_room]
NOTEBOOKS = sorted(path for root in (units.SOLUTIONS, units.RELEASE) for path in root.rglob("*.ipynb"))


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_shows_what_it_lists(name):
    room = importlib.import_module(name)
    shown = {key for key, value in vars(room).items() if not key.startswith("_") and not isinstance(value, ModuleType)}
    assert shown == set(getattr(room, "__all__", []))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_notebook_takes_only_what_rooms_show(path):
    """``from course_utils import shapes`` and then ``shapes.name``, or ``from course_utils.shapes import name``."""
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    trees = [ast.parse(TransformerManager().transform_cell(source)) for source in cells]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module.startswith("course_utils")]
    assert not [a for n in nodes if isinstance(n, ast.Import) for a in n.names if a.name.startswith("course_utils")]
    rooms = {
        a.asname or a.name: f"course_utils.{a.name}" for n in imports if n.module == "course_utils" for a in n.names
    }
    taken = {(node.module, a.name) for node in imports if node.module != "course_utils" for a in node.names}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rooms:
            taken.add((rooms[node.value.id], node.attr))
    assert not {pair for pair in taken if pair[1] not in importlib.import_module(pair[0]).__all__}
