"""Which cell of a student's notebook is which released cell, also where a tool took nbgrader's metadata or ids away.

The student's notebook is called the submission, which it is or will be.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nbformat import NotebookNode

from course_utils.exercises import is_task, nbgrader_tag


@dataclass
class Matching:
    """Released cells and the cells of a submission that are theirs, by index.

    Attributes:
        released: the released notebook's cells.
        submitted: the submission's cells.
        places: for a released cell's index, the index of its cell in the submission.
        means: for a released cell's index, how it was found: known before, or by its mark (grade_id), id,
            text or place.
        lost: whether a tool took marks away: some cells were found by other means, or none has its mark though there
            are cells of the student's own.
    """

    released: list[NotebookNode]
    submitted: list[NotebookNode]
    places: dict[int, int] = field(default_factory=dict)
    means: dict[int, str] = field(default_factory=dict)
    lost: bool = False
    _frame: list[tuple[int, int]] | None = None

    def add(self, released: int, submitted: int, means: str) -> None:
        """This released cell is that cell of the submission."""
        self.places[released], self.means[released] = submitted, means
        self._frame = None

    def remove(self, released: int) -> None:
        """That cell of the submission is not this released cell's after all."""
        del self.places[released], self.means[released]
        self._frame = None

    def free(self) -> list[int]:
        """Cells of the submission that are no released cell's; those without any text say nothing and are left out."""
        taken = set(self.places.values())
        return [i for i, cell in enumerate(self.submitted) if i not in taken and cell.source.strip()]

    def gap(self, released: int) -> tuple[int, int]:
        """Where a released cell belongs: behind the first of these places and before the second.

        They are its nearest neighbours' among the cells that stand in the order of the release.
        """
        if self._frame is None:
            self._frame = longest_in_order(self.places.items())
        before = max((place for index, place in self._frame if index < released), default=-1)
        behind = min((place for index, place in self._frame if index > released), default=len(self.submitted))
        return before, behind

    def near(self, released: int) -> list[int]:
        """The free cells of this released cell's type where it belongs."""
        before, behind = self.gap(released)
        kind = self.released[released].cell_type
        return [i for i in self.free() if before < i < behind and self.submitted[i].cell_type == kind]

    def definers(self, released: int) -> list[int]:
        """The free code cells anywhere that define what a TODO cell asks for."""
        name = nbgrader_tag(self.released[released])["grade_id"]
        code = [i for i in self.free() if self.submitted[i].cell_type == "code"]
        return [i for i in code if _defines(self.submitted[i].source, name)]

    def is_answered(self, released: int) -> bool:
        """Whether a TODO cell that was not found needs no stub: one behind the student's answer would replace it."""
        if not is_task(self.released[released]):
            return False
        return bool(self.definers(released)) or (self.lost and bool(self.near(released)))


def match(notebook: NotebookNode, released: NotebookNode, known: Mapping[int, int] = MappingProxyType({})) -> Matching:
    """Find the released cells in a submission: by grade_id, by id, by equal text, and answers by their place.

    What is `known` already, as `Matching.places`, stays.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> from course_utils.corrections.matching import match
    >>> released = new_notebook(cells=[new_markdown_cell("An idea.", id="idea")])
    >>> notebook = new_notebook(cells=[new_markdown_cell("My notes."), new_markdown_cell("An idea.", id="other")])
    >>> found = match(notebook, released)
    >>> found.places, found.means
    ({0: 1}, {0: 'text'})
    """
    matching = Matching(released.cells, notebook.cells)
    for index, place in known.items():
        matching.add(index, place, "known")
    _by_key(matching, "mark", lambda cell: nbgrader_tag(cell).get("grade_id"))
    _by_key(matching, "id", lambda cell: cell.get("id"))
    # What is there once first: it shows which of several equal cells is meant.
    for several in (False, True):
        while pairs := list(_equal_texts(matching, several)):
            for index, place in pairs:
                matching.add(index, place, "text")
    found = {means for index, means in matching.means.items() if nbgrader_tag(matching.released[index])}
    matching.lost = not found.isdisjoint({"id", "text"}) or (
        found.isdisjoint({"mark", "known"}) and bool(matching.free())
    )
    _by_place(matching)
    return matching


def longest_in_order(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs of indices, as many as can stay if both indices are to rise."""
    ends, chains = [], []  # for each length: the lowest end of a chain, and that chain, the last pair first
    for pair in sorted(pairs):
        length = bisect_left(ends, pair[1])
        ends[length : length + 1] = [pair[1]]
        chains[length : length + 1] = [(pair, chains[length - 1] if length else None)]
    found, chain = [], chains[-1] if chains else None
    while chain:
        pair, chain = chain
        found.append(pair)
    return found[::-1]


def _by_key(matching: Matching, means: str, key_of: Callable[[NotebookNode], str | None]) -> None:
    """Pair cells that have the same key. Of two in the submission with one key the later counts, as for nbgrader."""
    taken = set(matching.places.values())
    theirs = {key_of(cell): i for i, cell in enumerate(matching.submitted) if i not in taken}
    for index, cell in enumerate(matching.released):
        key = key_of(cell)
        if index not in matching.places and key is not None and key in theirs:
            matching.add(index, theirs[key], means)


def _equal_texts(matching: Matching, several: bool) -> list[tuple[int, int]]:
    """New pairs of cells with equal text, in the order of the release, between the same neighbours.

    Args:
        matching: what is known so far.
        several: also where the text is there several times in the submission; the later ones count then.
    """
    groups: dict[tuple, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    missing = [index for index in range(len(matching.released)) if index not in matching.places]
    gaps = {index: matching.gap(index) for index in missing}
    free = {place: text_of(matching.submitted[place]) for place in matching.free()} if missing else {}
    for index, gap in gaps.items():
        groups[gap, text_of(matching.released[index])][0].append(index)
    for before, behind in set(gaps.values()):
        for place, text in free.items():
            if before < place < behind:
                groups[(before, behind), text][1].append(place)
    pairs = []
    for ours, theirs in groups.values():
        if len(ours) == len(theirs) == 1 or (several and 0 < len(ours) <= len(theirs)):
            pairs += zip(ours, theirs[-len(ours) :], strict=True)
    return longest_in_order(pairs)


def text_of(cell: NotebookNode) -> tuple[str, str]:
    """What has to be equal; line ends and blanks at the ends are no difference."""
    return cell.cell_type, "\n".join(line.rstrip() for line in cell.source.strip().splitlines())


def _by_place(matching: Matching) -> None:
    """Find TODO cells and written answers, whose text the student changed, where only one cell can be meant."""
    for index, cell in enumerate(matching.released):
        if index in matching.places or not nbgrader_tag(cell).get("solution"):
            continue
        found = matching.near(index)
        if is_task(cell):
            # A cell that defines something else may be the student's own, unless its mark was lost.
            alone = matching.lost and _tasks_beside(matching, index) == [index]
            found = [i for i in found if i in matching.definers(index)] or found * alone
        if len(found) == 1:
            matching.add(index, found[0], "place")


def _tasks_beside(matching: Matching, released: int) -> list[int]:
    """The TODO cells not found that belong to the same place as this one, itself among them."""
    gap = matching.gap(released)
    tasks = [index for index, cell in enumerate(matching.released) if is_task(cell) and index not in matching.places]
    return [index for index in tasks if matching.gap(index) == gap]


def _defines(source: str, name: str) -> bool:
    """Whether a cell's code gives this name a value: a function, a class, or by an assignment.

    By its text and not by its syntax tree, since an answer with a syntax error is one too.
    """
    word = re.escape(name)
    return re.search(rf"^(?:(?:async +)?def|class) +{word}\b|^{word}\b[^=\n(]*=(?!=)", source, re.MULTILINE) is not None
