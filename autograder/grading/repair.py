"""Make of a submission one notebook that nbgrader can grade, whatever its author did to the cells that grade it."""

from __future__ import annotations

import copy

from nbformat import NotebookNode

from autograder.course.cells import nbgrader_tag


def repair(notebook: NotebookNode, released: NotebookNode, source: NotebookNode) -> list[str]:
    """Make a submission ready to be graded, whatever its author did to the cells that grade it.

    Deleted cells come back, second copies lose their mark, every cell of ours gets its metadata as released, and locked
    cells their text as in the source, hidden tests included. What the student wrote stays.

    Returns:
        The grade_ids of the cells that had been deleted.
    """
    restored = restore_cells(notebook, released)
    notebook.metadata["kernelspec"] = copy.deepcopy(released.metadata.get("kernelspec", {}))
    ours = {nbgrader_tag(cell)["grade_id"]: cell for cell in released.cells if nbgrader_tag(cell).get("grade_id")}
    originals = {nbgrader_tag(cell)["grade_id"]: cell for cell in source.cells if nbgrader_tag(cell).get("grade_id")}
    seen: set[str] = set()
    # Backwards, as nbgrader does it: of two cells with one name, the later one counts.
    for index in reversed(range(len(notebook.cells))):
        cell = notebook.cells[index]
        name = nbgrader_tag(cell).get("grade_id")
        if name not in ours or name in seen:
            cell.metadata.pop("nbgrader", None)
            continue
        seen.add(name)
        notebook.cells[index] = copy.deepcopy(ours[name])
        notebook.cells[index].source = originals[name].source if nbgrader_tag(ours[name]).get("locked") else cell.source
    return restored


def restore_cells(notebook: NotebookNode, released: NotebookNode) -> list[str]:
    """Put graded and TODO cells that the student deleted back in, where the released notebook has them.

    nbgrader by itself would leave such a submission waiting for a person for ever.

    Returns:
        The grade_ids of the restored cells.
    """
    present = {nbgrader_tag(cell).get("grade_id") for cell in notebook.cells}
    restored, before = [], 0
    for cell in released.cells:
        name = nbgrader_tag(cell).get("grade_id")
        place = _find(notebook, cell)
        if place is not None:
            before = place + 1
        elif name is not None and name not in present:
            notebook.cells.insert(before, copy.deepcopy(cell))
            before += 1
            restored.append(name)
    return restored


def _find(notebook: NotebookNode, cell: NotebookNode) -> int | None:
    """Where a released cell stands in a submission: by grade_id, or for plain cells by their id."""
    name = nbgrader_tag(cell).get("grade_id")
    for index, other in enumerate(notebook.cells):
        if name is not None and nbgrader_tag(other).get("grade_id") == name:
            return index
        if name is None and cell.get("id") is not None and other.get("id") == cell.id:
            return index
    return None
