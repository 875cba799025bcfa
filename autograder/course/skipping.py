"""The demonstrations that grading leaves out: no answer needs them, and they take most of a notebook's time.

A given cell of a source notebook may have the tag ``skip-when-grading``. By it the instructor promises that the cell
does nothing for an answer or a graded cell but to give names: it changes no object that cells without the tag use, no
setting, no file that they read, and no mark hangs on the random numbers that it draws. `python -m autograder answers`
judges the answer bank without such cells, and with ``--every-cell`` with them.

A submission's cell is left out if its text is that of a tagged cell, and nothing that will run takes a name which it
gives. What only the student's own code does is not promised: from what it takes beyond the source's cells, all cells
that use it run too. So does everything where that code may come to names that are not written out in it. The tags in a
submission are never read.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.names_passed import Passed, names_passed
from autograder.course.parsing import parse
from course_utils.corrections.matching import text_of

__all__ = ["NOTE", "TAG", "cells_to_skip", "is_tagged"]

TAG = "skip-when-grading"
NOTE = "Not run when grading: a demonstration as it was released. No answer needs it, and no mark depends on it.\n"
MOST = 300_000  # characters of a notebook's code; a longer one is run as it is
# By these, code comes to names that are not written out in it.
_UNWRITTEN = frozenset({"__builtins__", "__globals__", "__import__", "__main__", "_getframe", "builtins", "exec"})
_UNWRITTEN |= {"f_builtins", "f_globals", "f_locals", "get_ipython", "globals", "locals", "user_ns"}
# As attributes these are something else: ``model.eval()``, ``type(error).__name__``.
_UNWRITTEN_ALONE = frozenset({"__name__", "eval", "vars", "In", "Out"})
_LAST_VALUES = re.compile(r"_{1,3}|_i?\d+|_i{1,3}|_[ido]h")  # IPython's ``_``, ``_5``, ``_i5``, ``_oh``
_MAGIC = re.compile(r"^[ \t]*[%!?,;/]|=[ \t]*[%!]|\?[ \t]*$", re.MULTILINE)

# Magics that come to no name, as in the cell that installs the course: without ``{name}`` and ``$name``.
_HARMLESS_MAGIC = re.compile(
    r"^([ \t]*)%(?:(?:pip|matplotlib)\b[^{$\n]*|config InlineBackend\.\w+[ \t]*=[ \t]*['\"]\w+['\"][ \t]*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _Cell:
    """What a cell passes to others, and whether it may come to more than that."""

    passed: Passed
    unwritten: bool = False


def is_tagged(cell: NotebookNode) -> bool:
    """Whether a source notebook's cell is a demonstration that no answer needs.

    >>> from nbformat.v4 import new_code_cell
    >>> from autograder.course.skipping import is_tagged
    >>> is_tagged(new_code_cell("plot()", metadata={"tags": ["skip-when-grading"]}))
    True
    """
    return cell.cell_type == "code" and TAG in cell.metadata.get("tags", [])


def cells_to_skip(notebook: NotebookNode, source: NotebookNode, answers: Mapping[str, list[str]]) -> frozenset[int]:
    """The indices of the cells of a submission that need not run.

    Args:
        notebook: the submission, repaired.
        source: the unit's source notebook.
        answers: for each graded cell the names that its judge asks for.
    """
    code = {i: cell for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and not is_autograded(cell)}
    given = [cell for cell in source.cells if cell.cell_type == "code" and not is_autograded(cell)]
    untagged = {text_of(cell) for cell in given if not is_tagged(cell)}
    tagged = {text_of(cell) for cell in given if is_tagged(cell)} - untagged
    skipped = {i for i, cell in code.items() if text_of(cell) in tagged and not nbgrader_tag(cell)}
    if not skipped or sum(len(cell.source) for cell in code.values()) > MOST:
        return frozenset()
    theirs = {i for i, cell in code.items() if i not in skipped and text_of(cell) not in untagged}
    read = {i: _read(cell.source) for i, cell in code.items()}
    promised = [_read(cell.source) for cell in given if not is_tagged(cell)]
    if None in [*read.values(), *promised] or any(read[i].unwritten for i in theirs):
        return frozenset()
    asked = {name for names in answers.values() for name in names}
    return _fixpoint(
        {i: cell.passed for i, cell in read.items()}, skipped, theirs, asked, _taken(cell.passed for cell in promised)
    )


def _fixpoint(
    passed: dict[int, Passed], skipped: set[int], theirs: set[int], asked: set[str], promised: set[str]
) -> frozenset[int]:
    """Of the cells that may be skipped, those of which nothing that runs needs anything.

    Args:
        passed: what each cell gives and takes.
        skipped: the cells that may be.
        theirs: the student's own cells.
        asked: the names for which judges ask.
        promised: the names of which no tagged cell changes the object.
    """
    values = set().union(*(cell.values for cell in passed.values()))
    on_call = set().union(*(cell.on_call for cell in passed.values()))
    tagged, skipped = skipped, set(skipped)
    while True:
        running = passed.keys() - skipped
        needed = asked | _taken(passed[i] for i in running)
        if needed & on_call:  # any cell may call what gives it
            return frozenset()
        # A tagged cell that runs after all may need what another one changed.
        changed = (_taken(passed[i] for i in running & (theirs | tagged)) - promised) & values
        back = {i for i in skipped if passed[i].stars or passed[i].gives & needed or passed[i].takes & changed}
        if not back:
            return frozenset(skipped)
        skipped -= back


def _taken(cells: Iterable[Passed]) -> set[str]:
    return set().union(*(cell.takes for cell in cells))


@functools.lru_cache(maxsize=4096)  # most cells of a class are the same
def _read(source: str) -> _Cell | None:
    """What is known of a cell; None if it cannot be read."""
    try:
        tree = _tree(source)
        if tree is None:
            return None
        passed = names_passed(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    unwritten = (
        not _UNWRITTEN.isdisjoint(_words(tree))
        or not _UNWRITTEN_ALONE.isdisjoint(passed.takes)
        or any(map(_LAST_VALUES.fullmatch, passed.takes))
        or any("__main__" in text for text in texts)
    )
    if unwritten:  # in a cell of ours, the names that it takes so stand in it as texts
        passed.takes |= texts
        passed.stars = True
    return _Cell(passed, unwritten)


def _tree(source: str) -> ast.Module | None:
    """The syntax tree of what IPython runs; None for its magics. What is no Python never runs, and has an empty one."""
    try:
        return parse(source)
    except SyntaxError:
        source = _HARMLESS_MAGIC.sub(r"\1pass", source)
        if _MAGIC.search(source):
            return None
    try:
        return parse(TransformerManager().transform_cell(source))  # without prompts and indents
    except SyntaxError:
        return ast.Module([], [])


def _words(tree: ast.Module) -> set[str]:
    """All names and attributes in the code, and what is imported."""
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            words.add(node.id)
        elif isinstance(node, ast.Attribute):
            words.add(node.attr)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            words.update(part for alias in node.names for part in alias.name.split("."))
            words.update((getattr(node, "module", None) or "").split("."))
    return words
