"""A student's notebook with today's release around what the student wrote."""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field
from functools import partial

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course_utils.corrections.matching import Matching, match, text_of
from course_utils.corrections.placing import in_order_of_release, put_together
from course_utils.exercises import is_autograded, is_task, nbgrader_tag

YOURS_ABOVE = (
    "**This cell was corrected.** You had changed it: above stands yours, below the course's. "
    "Delete the one that you do not need."
)
NEW_STUB = (
    "**This exercise was corrected.** Your answer stays, below. The cell starts like this now:\n\n```python\n{}\n```"
)
# What the course decides of its cells, whatever the student did to it.
OURS = ("nbgrader", "deletable", "editable", "course")


@dataclass
class Changes:
    """What became of a student's notebook; the numbers are indices into the cells of the release.

    Attributes:
        texts: given cells with another text, or that are new.
        tests: graded cells with another text, or that are new or were deleted.
        exercises: TODO cells and written answers that are new, or new again.
        stubs: those that the student had answered and whose stub is another now.
        kept_beside: given cells that the student had changed, now beside the student's.
        orphans: first lines of answers whose exercise is no longer in the release.
        removed: how many untouched cells are no longer in the release, and were taken out.
        moved: whether cells stand in another order.
    """

    texts: list[int] = field(default_factory=list)
    tests: list[int] = field(default_factory=list)
    exercises: list[int] = field(default_factory=list)
    stubs: list[int] = field(default_factory=list)
    kept_beside: list[int] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    removed: int = 0
    moved: bool = False

    def note(self, index: int, cell: NotebookNode) -> None:
        """This cell of the release has another text for the student."""
        if is_autograded(cell):
            self.tests.append(index)
        elif nbgrader_tag(cell).get("solution"):
            self.exercises.append(index)
        else:
            self.texts.append(index)


class Doubtful(ValueError):
    """Which of a notebook's cells are the course's cannot be told."""


@dataclass(frozen=True)
class _Known:
    """What is known of the release that the student began from; nothing if it was not kept.

    `cells`: for an index of today's release, its cell in that release. `places`: for a place in the student's notebook,
    the cell of that release that stands there, also one that is gone today. `untouched`: whether a notebook of which
    nothing was kept is plainly one that nobody began.
    """

    kept: bool
    cells: dict[int, NotebookNode]
    places: dict[int, NotebookNode]
    untouched: bool = False


def merge(theirs: NotebookNode, new: NotebookNode, base: NotebookNode | None = None) -> tuple[NotebookNode, Changes]:
    """The student's notebook with today's release around what the student wrote.

    Given cells that the student left as they were get today's text, tests always do. Answers, changed given cells and
    cells of the student's own stay. The released cells stand in the order of the release.

    Args:
        theirs: the student's notebook; it stays as it is.
        new: today's release.
        base: the release that the student began from. Without it nbgrader's checksums say what the student changed;
            where they do not either, both the student's cell and ours are kept.

    Raises:
        Doubtful: a tool took the marks of the cells, and without a base some answer was not found.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> from course_utils.corrections.merging import merge
    >>> base = new_notebook(cells=[new_markdown_cell("A kernal.", id="idea")])
    >>> theirs = new_notebook(cells=[*base.cells, new_markdown_cell("My notes.", id="mine")])
    >>> merged, changes = merge(theirs, new_notebook(cells=[new_markdown_cell("A kernel.", id="idea")]), base)
    >>> [cell.source for cell in merged.cells], changes.texts
    (['A kernel.', 'My notes.'], [0])
    """
    merged = copy.deepcopy(theirs)
    matching, known = _compare(merged, new, base)
    places = in_order_of_release(matching)
    changes = Changes(moved=places != sorted(places))
    if changes.moved:
        merged.cells = [merged.cells[place] for place in places]
        matching, known = _moved(matching, known, merged.cells, places)
    index_at = {place: index for index, place in matching.places.items()}
    standing = [_standing(matching, known, changes, place, index_at.get(place)) for place in range(len(merged.cells))]
    missing, fresh = _missing(matching, known, changes)
    ours = [standing[place][-1] for place in index_at] + list(missing.values())
    merged.cells = put_together(matching, standing, missing, fresh)
    _name_apart(ours, merged.cells)
    _set_metadata(merged, new, base)
    return merged, changes


def is_same(one: NotebookNode, other: NotebookNode) -> bool:
    """Whether two cells say the same; blanks at the ends of lines, outputs and metadata are no difference.

    >>> from nbformat.v4 import new_code_cell
    >>> from course_utils.corrections.merging import is_same
    >>> is_same(new_code_cell("x = 1"), new_code_cell("x = 1\\n", execution_count=3))
    True
    """
    return text_of(one) == text_of(other) and one.get("attachments", {}) == other.get("attachments", {})


def _compare(theirs: NotebookNode, new: NotebookNode, base: NotebookNode | None) -> tuple[Matching, _Known]:
    """Which of the student's cells are today's, by way of the release that the student began from if it is known."""
    if base is None:
        matching = match(theirs, new)
        known = _Known(False, {}, {}, _is_not_begun(theirs, new))
    else:
        old, sure = match(theirs, base), match(base, new)
        same = {index: at for index, at in sure.places.items() if sure.means[index] != "place"}
        todays = _found(match(theirs, new))
        for index in [i for i, means in old.means.items() if means == "place" and old.places[i] in todays]:
            old.remove(index)
        matching = match(theirs, new, {index: old.places[at] for index, at in same.items() if at in old.places})
        cells = {index: base.cells[at] for index, at in same.items()}
        known = _Known(True, cells, {place: base.cells[at] for at, place in old.places.items()})
    answers = [index for index, cell in enumerate(new.cells) if nbgrader_tag(cell).get("solution")]
    if base is None and matching.lost and not matching.places.keys() >= {*answers}:
        raise Doubtful("the cells have no marks, and not every answer was found")
    # An answer to an exercise that is gone is none to another one that stands in its place.
    today = {nbgrader_tag(cell).get("grade_id") for cell in new.cells}
    for index, place in [(i, p) for i, p in matching.places.items() if matching.means[i] == "place"]:
        if place in known.places or nbgrader_tag(theirs.cells[place]).get("grade_id", None) not in today | {None}:
            matching.remove(index)
    return matching, known


def _found(matching: Matching) -> set[int]:
    """The student's cells that are today's by more than their place."""
    return {place for index, place in matching.places.items() if matching.means[index] != "place"}


def _moved(matching: Matching, known: _Known, cells: list[NotebookNode], places: list[int]) -> tuple[Matching, _Known]:
    """The same where the student's cells stand in another order."""
    now = {place: i for i, place in enumerate(places)}
    moved = Matching(matching.released, cells, means=matching.means, lost=matching.lost)
    moved.places = {index: now[place] for index, place in matching.places.items()}
    return moved, _Known(known.kept, known.cells, {now[p]: c for p, c in known.places.items()}, known.untouched)


def _standing(matching: Matching, known: _Known, changes: Changes, place: int, index: int | None) -> list[NotebookNode]:
    """What stands today where this cell of the student's stood."""
    theirs = matching.submitted[place]
    if index is None:
        return _own(matching, known, changes, place)
    ours, was = matching.released[index], known.cells.get(index)
    as_released = partial(_as_released, ours, theirs, was)
    tag = nbgrader_tag(ours)
    if is_same(theirs, ours):
        return [as_released(keep=True)]
    if tag.get("locked") or _is_untouched(theirs, was, known, is_answer=bool(tag.get("solution"))):
        changes.note(index, ours)
        return [as_released(keep=False)]
    if tag.get("solution"):
        note = new_markdown_cell(NEW_STUB.format(ours.source), id=_id(f"{ours.id}-stub"))
        if not _is_new_stub(theirs, ours, was, known):
            return [as_released(keep=True)]
        changes.stubs.append(index)
        told = ours.cell_type != "code" or any(is_same(cell, note) for cell in matching.submitted)
        return [note] * (not told) + [as_released(keep=True)]
    if was is not None and is_same(was, ours):
        return [as_released(keep=True)]
    changes.kept_beside.append(index)
    kept = _without_mark(theirs)
    kept["id"] = _id(f"{ours.id}-yours")
    return [kept, new_markdown_cell(YOURS_ABOVE, id=_id(f"{ours.id}-corrected")), copy.deepcopy(ours)]


def _own(matching: Matching, known: _Known, changes: Changes, place: int) -> list[NotebookNode]:
    """A cell of the student's that is none of today's: it stays, but for a cell of ours that nobody touched."""
    theirs = matching.submitted[place]
    was, tag = known.places.get(place), nbgrader_tag(theirs)
    today = {nbgrader_tag(cell).get("grade_id") for cell in matching.released}
    if was is not None or (tag and not known.kept and tag.get("grade_id") not in today):
        if tag.get("locked") or _is_untouched(theirs, was, known, is_answer=bool(tag.get("solution"))):
            changes.removed += 1
            return []
        if tag.get("solution"):
            changes.orphans.append(next(iter(theirs.source.strip().splitlines()), ""))
    return [_without_mark(theirs)]


def _missing(matching: Matching, known: _Known, changes: Changes) -> tuple[dict[int, NotebookNode], set[int]]:
    """The cells of the release to put in, by index, and which of them the student never had.

    What the student deleted stays deleted, but for what nbgrader needs.
    """
    missing, fresh = {}, set()
    for index, cell in enumerate(matching.released):
        if index in matching.places:
            continue
        is_new = known.kept and index not in known.cells
        is_deleted = known.kept and not is_new and not nbgrader_tag(cell)
        if is_deleted or (not is_new and _is_there(matching, index, known)):
            continue
        missing[index] = copy.deepcopy(cell)
        changes.note(index, cell)
        # Where it is not known, a cell is taken for new if the one before it is not there either.
        guessed = not known.kept and index - 1 in missing
        if is_new or guessed or not nbgrader_tag(cell):
            fresh.add(index)
    return missing, fresh


def _is_there(matching: Matching, index: int, known: _Known) -> bool:
    """Whether an answer that was not found is there, or may be: a person looks then, if no other cell has its mark."""
    cell = matching.released[index]
    if is_task(cell):
        return bool(matching.definers(index))
    own = [place for place in matching.near(index) if place not in known.places]
    return bool(nbgrader_tag(cell).get("solution")) and len(own) > 1


def _is_untouched(theirs: NotebookNode, was: NotebookNode | None, known: _Known, is_answer: bool) -> bool:
    """Whether a cell is as it was given; False where that is not known."""
    if was is not None:
        return is_same(theirs, was)
    return (known.untouched and not is_answer) or (not known.kept and _keeps_checksum(theirs))


def _keeps_checksum(cell: NotebookNode) -> bool:
    """Whether nbgrader's checksum says that a cell is as it was given."""
    from nbgrader.utils import compute_checksum  # takes seconds, and is seldom asked

    tag = nbgrader_tag(cell)
    try:
        return "checksum" in tag and tag["checksum"] == compute_checksum(cell)
    except (KeyError, TypeError, ValueError):  # a mark that a tool damaged
        return False


def _is_not_begun(notebook: NotebookNode, new: NotebookNode) -> bool:
    """Whether nothing was run in a notebook and nothing written into the cells for answers."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if any(cell.get("outputs") or cell.get("execution_count") is not None for cell in code):
        return False
    marked, expected = ([cell for cell in n.cells if nbgrader_tag(cell)] for n in (notebook, new))
    return bool(marked) == bool(expected) and all(_keeps_checksum(cell) for cell in marked)


def _is_new_stub(theirs: NotebookNode, ours: NotebookNode, was: NotebookNode | None, known: _Known) -> bool:
    """Whether the cell for an answer starts with another text today than the student was given."""
    if was is not None:
        return not is_same(was, ours)
    checksums = [nbgrader_tag(cell).get("checksum") for cell in (theirs, ours)]
    # That of a written answer covers its points too.
    return is_task(ours) and not known.kept and None not in checksums and checksums[0] != checksums[1]


def _as_released(ours: NotebookNode, theirs: NotebookNode, was: NotebookNode | None, keep: bool) -> NotebookNode:
    """Our cell; `keep` says that the text, its attachments and what it gave are the student's."""
    cell = copy.deepcopy(ours)
    cell.metadata = _metadata(theirs.metadata, None if was is None else was.metadata, ours.metadata)
    if keep:
        cell.source = theirs.source
        kept = {"code": ("outputs", "execution_count"), "markdown": ("attachments",)}.get(theirs.cell_type, ())
        if theirs.cell_type == cell.cell_type:
            cell.update({key: theirs[key] for key in kept if key in theirs})
    return cell


def _metadata(theirs: dict, was: dict | None, ours: dict) -> NotebookNode:
    """A cell's metadata: ours where the student did not set anything else, and always what nbgrader reads."""
    merged = copy.deepcopy(ours)
    for key in theirs.keys() | ours.keys():
        mine = key not in OURS and (key not in ours if was is None else theirs.get(key) != was.get(key))
        if key == "tags":
            added = [tag for tag in theirs.get(key, []) if tag not in (was or {}).get(key, [])]
            if added:
                merged[key] = list(dict.fromkeys([*ours.get(key, []), *added]))
        elif mine and key in theirs:
            merged[key] = copy.deepcopy(theirs[key])
        elif mine:
            merged.pop(key, None)
    return merged


def _set_metadata(merged: NotebookNode, new: NotebookNode, base: NotebookNode | None) -> None:
    """Of the notebook's own metadata, what changed in the release and the student left as it was."""
    for key, value in new.metadata.items():
        was = None if base is None else base.metadata.get(key)
        if value != was and merged.metadata.get(key) in (None, was):
            merged.metadata[key] = copy.deepcopy(value)
    merged.nbformat_minor = max(merged.nbformat_minor, new.nbformat_minor)


def _without_mark(cell: NotebookNode) -> NotebookNode:
    """A cell that is the student's: nbgrader does not know it, and it can be deleted."""
    if nbgrader_tag(cell):
        for key in ("nbgrader", "deletable", "editable"):
            cell.metadata.pop(key, None)
    return cell


def _id(name: str) -> str:
    return name[-64:]  # nbformat's longest


def _name_apart(ours: list[NotebookNode], cells: list[NotebookNode]) -> None:
    """Give each of these cells an id of its own; the released ones among them keep theirs."""
    released, taken = {id(cell) for cell in ours}, set()
    for cell in sorted(cells, key=lambda cell: id(cell) not in released):
        if cell.get("id") in taken | {None}:
            cell["id"] = uuid.uuid4().hex[:8]
        taken.add(cell["id"])
