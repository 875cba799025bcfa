"""The file of a begun notebook, corrected."""

from __future__ import annotations

import nbformat

from course_utils.corrections.merging import Doubtful, merge
from course_utils.corrections.reading import read_notebook, read_or_none
from course_utils.corrections.sentences import told

UNREADABLE = "is not a notebook that can be read and stays as it is; rename it, and it comes as new"
LOST = (
    "stays as it is: a program took the marks by which its cells are known; rename it, open the course once more, and "
    "copy your answers into the fresh one"
)


class LeftAsItIs(ValueError):
    """Why a notebook was not corrected, in words that follow its name."""


def corrected(theirs: bytes, base: bytes | None, new: bytes) -> tuple[bytes, list[str]]:
    """A student's notebook with today's release around what the student wrote, and what changed, as sentences.

    Where there is nothing to change, it is the student's file as it came.

    Args:
        theirs: the student's file.
        base: the release that the student began from, if it was kept.
        new: today's release.

    Raises:
        LeftAsItIs: the student's file cannot be corrected.
        ValueError: today's release is no notebook.

    >>> from course_utils.corrections.begun import corrected
    >>> import nbformat
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> base, new = (new_notebook(cells=[new_markdown_cell(text, id="idea")]) for text in ("# kernal", "# kernel"))
    >>> theirs = new_notebook(cells=[*base.cells, new_markdown_cell("Mine.", id="mine")])
    >>> content, told = corrected(*(nbformat.writes(notebook).encode() for notebook in (theirs, base, new)))
    >>> [cell.source for cell in nbformat.reads(content, as_version=4).cells], told
    (['# kernel', 'Mine.'], ['corrected text in: kernel'])
    """
    released, mine = read_notebook(new), read_or_none(theirs)
    if mine is None:
        raise LeftAsItIs(UNREADABLE)
    try:
        merged, changes = merge(mine, released, None if base is None else read_or_none(base))
    except Doubtful:
        raise LeftAsItIs(LOST) from None
    if merged == mine:
        return theirs, []
    return (nbformat.writes(merged).rstrip("\n") + "\n").encode(), told(changes, released)
