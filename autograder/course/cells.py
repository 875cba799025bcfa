"""What a cell is to the course: nbgrader's tag, a TODO cell, a graded cell."""

from __future__ import annotations

from nbformat import NotebookNode


def nbgrader_tag(cell: NotebookNode) -> dict:
    """nbgrader's metadata of a cell; empty if it has none."""
    return cell.metadata.get("nbgrader", {})


def is_task(cell: NotebookNode) -> bool:
    """Whether the student writes code into this cell."""
    return cell.cell_type == "code" and bool(nbgrader_tag(cell).get("solution"))


def is_autograded(cell: NotebookNode) -> bool:
    """Whether running this cell gives a mark."""
    return cell.cell_type == "code" and bool(nbgrader_tag(cell).get("grade")) and not nbgrader_tag(cell).get("solution")
