"""What a student is told of a corrected notebook."""

from __future__ import annotations

from nbformat import NotebookNode

from course_utils.corrections.merging import Changes
from course_utils.exercises import heading_above, nbgrader_tag, owner_of, titles


def told(changes: Changes, new: NotebookNode) -> list[str]:
    """A sentence for each kind of change, with the exercises and the headings that it is about.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> from course_utils.corrections.merging import Changes
    >>> from course_utils.corrections.sentences import told
    >>> told(Changes(texts=[0]), new_notebook(cells=[new_markdown_cell("## Padding")]))
    ['corrected text in: Padding']
    """
    tasks = [nbgrader_tag(cell)["grade_id"] for cell in new.cells if nbgrader_tag(cell).get("solution")]

    def exercises(indices: list[int]) -> str:
        names = [nbgrader_tag(new.cells[index])["grade_id"] for index in sorted(indices)]
        return ", ".join(dict.fromkeys(owner_of(name, tasks) or name for name in names))

    said = []
    if changes.texts:
        where = "; ".join(dict.fromkeys(_heading(new, index) for index in sorted(changes.texts)))
        said.append(f"corrected text in: {where}")
    if changes.exercises:
        said.append(f"an exercise, or the cell for its answer, is new: {exercises(changes.exercises)}")
    if changes.tests:
        said.append(f"tests as they are now: {exercises(changes.tests)}")
    for index in changes.stubs:
        name = nbgrader_tag(new.cells[index])["grade_id"]
        said.append(f"{name}: your answer stays; its cell starts differently now, see the note above it")
    for index in changes.kept_beside:
        first = _first_line(new.cells[index].source)
        said.append(f"a cell that you changed, or perhaps changed, stays, and ours stands below it: {first}")
    said += [f"no longer in the chapter; your answer stays: {_first_line(text)}" for text in changes.orphans]
    if changes.removed:
        cells = "1 cell" if changes.removed == 1 else f"{changes.removed} cells"
        said.append(f"no longer in the chapter, and taken out: {cells} that you had not changed")
    if changes.moved:
        said.append("cells stand in another order; your own stayed behind the ones that they followed")
    return said or ["only settings of cells changed"]


def _heading(new: NotebookNode, index: int) -> str:
    """Under which heading a cell stands; one that brings a heading, under its own."""
    text = heading_above(new.cells, index + 1)[1]
    return titles(text)[0] if text else "the beginning"


def _first_line(text: str) -> str:
    line = next(iter(text.strip().splitlines()), "")
    return line if len(line) <= 60 else f"{line[:57]}..."
