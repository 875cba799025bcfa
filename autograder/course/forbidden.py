"""What graded cells forbid: the names that they give to `forbid` of `course_utils.checks`."""

from __future__ import annotations

import ast

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.course.exercises import exercises_of
from autograder.course.parsing import parse


def forbidden_in(source: NotebookNode) -> dict[str, list[str]]:
    """For each graded cell of a source notebook that forbids anything, what it forbids.

    Raises:
        ValueError: a cell forbids names that do not stand in it as text.
    """
    found = {}
    for exercise in exercises_of(source):
        for name, index in exercise.graded.items():
            if names := _forbidden(name, parse(TransformerManager().transform_cell(source.cells[index].source))):
                found[name] = names
    return found


def _forbidden(cell: str, tree: ast.Module) -> list[str]:
    given = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    imported = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    forbid = {"forbid", *(alias.asname for alias in imported if alias.name == "forbid")}
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in forbid:
            for argument in node.args:
                value = argument.value if isinstance(argument, ast.Starred) else ast.Tuple([argument])
                value = given.get(value.id, value) if isinstance(value, ast.Name) else value
                try:
                    names += ast.literal_eval(value)
                except ValueError:
                    raise ValueError(f"graded cell {cell!r} forbids {ast.unparse(argument)}: name it as text") from None
    return list(dict.fromkeys(names))
