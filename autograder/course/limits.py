"""Limits of computing time that a source notebook gives to single cells, as to those that train.

A limit stands in the cell's metadata: ``{"course": {"seconds": 120}}``, beside `nbgrader`, which drops what it does not
know. It counts as the source has it: what a submission says is never read.
"""

from __future__ import annotations

from nbformat import NotebookNode

from autograder.course.cells import nbgrader_tag

Place = tuple[str, str]


def place_of(cell: NotebookNode) -> Place:
    """What a cell has in common with itself in another version of the notebook: its grade_id, or else its id."""
    name = nbgrader_tag(cell).get("grade_id")
    return ("id", cell.get("id", "")) if name is None else ("grade_id", name)


def own_seconds(source: NotebookNode) -> dict[Place, float]:
    """The limits of those cells that have one of their own.

    Raises:
        ValueError: a limit is no number above 0.
    """
    limits = {}
    for cell in source.cells:
        if "seconds" in cell.metadata.get("course", {}):
            seconds = cell.metadata["course"]["seconds"]
            if type(seconds) not in (int, float) or seconds <= 0:
                raise ValueError(
                    f"cell {place_of(cell)[1]!r}: course.seconds in its metadata is {seconds!r}; "
                    "it has to be a number above 0"
                )
            limits[place_of(cell)] = seconds
    return limits
