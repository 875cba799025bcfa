"""What graded cells ask of a notebook: the names that its TODO cells define."""

from __future__ import annotations

import ast

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.course.cells import is_task
from autograder.course.exercises import exercises_of
from autograder.course.parsing import parse


def answers_asked(source: NotebookNode) -> dict[str, list[str]]:
    """For each graded cell of a source notebook the answers' names in it.

    Such a cell uses nothing else of the notebook but its imports.
    """
    tasks = [cell for cell in source.cells if is_task(cell)]
    defined = {name for cell in tasks for name in _top_level_names(_parse(cell))}
    asked = {}
    for exercise in exercises_of(source):
        for name, index in exercise.graded.items():
            used = {node.id for node in ast.walk(_parse(source.cells[index])) if isinstance(node, ast.Name)}
            asked[name] = sorted(used & defined)
    return asked


def _parse(cell: NotebookNode) -> ast.Module:
    return parse(TransformerManager().transform_cell(cell.source))


def _top_level_names(tree: ast.Module) -> set[str]:
    """What the statements of a cell bind."""
    names = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
        else:
            nodes = ast.walk(statement)
            names |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names
