"""Make of a submission one notebook that nbgrader can grade, whatever became of the cells that grade it."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.course.cells import is_autograded, is_task, nbgrader_tag
from course_utils.corrections.matching import Matching, match
from course_utils.corrections.placing import put_together

UNCLEAR = "cells lost their marks and their places are not certain: a person has to look"


@dataclass(frozen=True)
class Repair:
    """What had to be done to a submission.

    Attributes:
        restored: grade_ids of the cells that were put back.
        found: how many cells that had lost their mark were found, by what: id, text or place.
        undecided: grade_ids of graded cells that wait for a person if they earned nothing, since that may come from
            where they were put.
    """

    restored: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    undecided: frozenset[str] = frozenset()

    @property
    def notes(self) -> list[str]:
        """What a person should know of it, in a few words each."""
        said = [
            f"{number} cells had lost their marks and were found by their {means}"
            if number > 1
            else f"1 cell had lost its mark and was found by its {means}"
            for means, number in self.found.items()
        ]
        return said + [f"restored missing cells: {', '.join(self.restored)}"] * bool(self.restored)


def repair(notebook: NotebookNode, released: NotebookNode, source: NotebookNode) -> Repair:
    """Make a submission ready to be graded, whatever its author or a tool did to the cells that grade it.

    Deleted cells come back, second copies lose their mark, every cell of ours gets its metadata as released, and locked
    cells their text as in the source, hidden tests included. What the student wrote stays.
    """
    matching = match(notebook, released)
    undecided = _undecided(matching)
    tagged = {i: nbgrader_tag(cell)["grade_id"] for i, cell in enumerate(released.cells) if nbgrader_tag(cell)}
    originals = {nbgrader_tag(cell)["grade_id"]: cell for cell in source.cells if nbgrader_tag(cell)}

    def ours(index: int, text: str) -> NotebookNode:
        cell = copy.deepcopy(released.cells[index])
        cell.source = originals[tagged[index]].source if nbgrader_tag(cell).get("locked") else text
        return cell

    missing = [i for i in tagged if i not in matching.places and not matching.is_answered(i)]
    theirs = {place: index for index, place in matching.places.items() if index in tagged}
    for place, cell in enumerate(notebook.cells):
        cell.metadata.pop("nbgrader", None)
        if place in theirs:
            notebook.cells[place] = ours(theirs[place], cell.source)
    put_back = {index: ours(index, released.cells[index].source) for index in missing}
    notebook.cells = put_together(matching, [[cell] for cell in notebook.cells], put_back)
    notebook.metadata["kernelspec"] = copy.deepcopy(released.metadata.get("kernelspec", {}))
    found = Counter(matching.means[i] for i in tagged if matching.means.get(i, "mark") != "mark")
    return Repair([tagged[i] for i in missing], found, undecided)


def _undecided(matching: Matching) -> frozenset[str]:
    """The graded cells of which it is not certain that a lost mark is the student's fault.

    In a notebook that lost no marks, a cell that is not there was deleted. In one that did, it may have been changed
    too, and then the automatic marks depend on where it was put.
    """
    graded = [nbgrader_tag(cell)["grade_id"] for cell in matching.released if is_autograded(cell)]
    undecided: set[str] = set()
    for index, cell in enumerate(matching.released):
        if index in matching.places or not nbgrader_tag(cell):
            continue
        if cell.cell_type == "markdown" and (matching.lost or len(matching.near(index)) > 1):
            undecided.add(nbgrader_tag(cell)["grade_id"])
        elif cell.cell_type == "code" and matching.lost and not (is_task(cell) and matching.near(index)):
            undecided.update(graded)
    return frozenset(undecided)
