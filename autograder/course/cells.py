"""What a cell is to the course: nbgrader's tag, a TODO cell, a visible check, a graded cell."""

from __future__ import annotations

from nbformat import NotebookNode

LONG_CHECK = 12  # lines; a longer visible check stands between the reader and the next text


def nbgrader_tag(cell: NotebookNode) -> dict:
    """nbgrader's metadata of a cell; empty if it has none."""
    return cell.metadata.get("nbgrader", {})


def is_task(cell: NotebookNode) -> bool:
    """Whether the student writes code into this cell."""
    return cell.cell_type == "code" and bool(nbgrader_tag(cell).get("solution"))


def is_autograded(cell: NotebookNode) -> bool:
    """Whether running this cell gives a mark."""
    return cell.cell_type == "code" and bool(nbgrader_tag(cell).get("grade")) and not nbgrader_tag(cell).get("solution")


def is_check(cell: NotebookNode) -> bool:
    """Whether this is the visible check of an exercise."""
    return cell.cell_type == "code" and cell.id.endswith("-check")


def is_long_check(cell: NotebookNode) -> bool:
    """Whether this is a visible check that is better opened by who wants to read it."""
    return is_check(cell) and len(cell.source.splitlines()) > LONG_CHECK
