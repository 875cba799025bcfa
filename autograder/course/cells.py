"""What a cell is to the course: nbgrader's tag, a TODO cell, a visible check, a graded cell.

Students' side knows most of it too, so it stands there.
"""

from __future__ import annotations

from nbformat import NotebookNode

from course_utils.exercises import is_autograded, is_check, is_task, nbgrader_tag

__all__ = ["is_autograded", "is_check", "is_long_check", "is_task", "nbgrader_tag"]

LONG_CHECK = 12  # lines; a longer visible check stands between the reader and the next text


def is_long_check(cell: NotebookNode) -> bool:
    """Whether this is a visible check that is better opened by who wants to read it."""
    return is_check(cell) and len(cell.source.splitlines()) > LONG_CHECK
