"""A submission of which only texts are others than before: its code gives what it gave, and does not run again.

That is certain only where all code is the same. A cell is tied to the others by more than names: by the files that
cells write and read, also when an answer is judged later, and by the random numbers that they draw.
"""

from __future__ import annotations

import copy
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.limits import place_of
from autograder.grading import finished
from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission
from autograder.grading.judged import result_of
from autograder.grading.repair import repair
from autograder.grading.results import Result
from autograder.sandbox.sandbox import Execution


def result_of_same_code(output: Path, submission: Submission, unit: GradingUnit) -> tuple[Result, NotebookNode] | None:
    """The result and the executed notebook, from those that are kept; None where the notebook has to run.

    Args:
        output: where results are kept.
        submission: one with a notebook.
        unit: its unit.
    """
    try:
        return _from_kept(output, submission, unit)
    except Exception:  # what is kept cannot be read, or a stranger's notebook not compared: it runs, and that tells
        return None


def _from_kept(output: Path, submission: Submission, unit: GradingUnit) -> tuple[Result, NotebookNode] | None:
    kept = finished.last_kept(output, unit.name, submission.student)
    if kept is None or kept.status != "graded" or kept.key != finished.key_of(kept.key["submission"], unit.key):
        return None
    executed = finished.last_executed(output, unit.name, submission.student)
    notebook = copy.deepcopy(submission.notebook)
    repaired = repair(notebook, unit.released, unit.source)
    # A note that no repair left is of the run: that a cell was stopped, say.
    if _code(notebook, unit) != _code(executed, unit) or kept.note != "; ".join(repaired.notes):
        return None
    for cell, before in zip(_code_cells(notebook), _code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    causes = {cell["id"]: cell["cause"] for cell in kept.cells if cell["cause"]}
    result = result_of(submission.student, unit, notebook, Execution("graded", causes=causes), repaired)
    result.seconds = kept.seconds
    return result, notebook


def _code(notebook: NotebookNode, unit: GradingUnit) -> list[tuple]:
    """All that the sandbox is told of the cells."""
    return [
        (cell.source, nbgrader_tag(cell).get("grade_id"), is_autograded(cell), unit.own_seconds.get(place_of(cell)))
        for cell in _code_cells(notebook)
    ]


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
