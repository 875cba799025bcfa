"""The result that an executed notebook holds: marks by nbgrader's own rule, messages, remarks."""

from __future__ import annotations

import hashlib

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.course.cells import nbgrader_tag
from autograder.grading.grading_units import GradingUnit
from autograder.grading.messages import failure_messages
from autograder.grading.repair import UNCLEAR, Repair
from autograder.grading.results import WAITS, Result
from autograder.grading.ways_round import notes_on
from autograder.sandbox.sandbox import Execution


def result_of(
    student: str, unit: GradingUnit, executed: NotebookNode, execution: Execution, repaired: Repair
) -> Result:
    """Read the marks off an executed notebook.

    Args:
        student: whose it is.
        unit: its unit.
        executed: with the outputs of all cells that ran.
        execution: how its run ended.
        repaired: what was done to it before.
    """
    cells, messages, unclear = [], failure_messages(executed), False
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade"):
            name, (score, most) = nbgrader_tag(cell)["grade_id"], determine_grade(cell)
            if name in repaired.undecided and not score:
                score, unclear = None, True
            message = messages.get(name, "") if score is not None else WAITS
            cause = execution.causes.get(name, "") if score is not None else ""
            cells.append({"id": name, "score": score, "max_score": most, "message": message, "cause": cause})
    status = "unclear" if unclear and execution.status == "graded" else execution.status
    notes = [*repaired.notes, *[UNCLEAR] * unclear, *execution.reasons]
    score = sum(cell["score"] or 0 for cell in cells)
    most = sum(cell["max_score"] for cell in cells)
    answers = {
        nbgrader_tag(cell)["grade_id"]: hashlib.sha256(cell.source.encode()).hexdigest()
        for cell in executed.cells
        if nbgrader_tag(cell).get("grade") and nbgrader_tag(cell).get("solution")
    }
    remarks = _remarks(executed, unit.source)
    return Result(
        student, unit.name, status, score, most, cells, note="; ".join(notes), answers=answers, remarks=remarks
    )


def _remarks(executed: NotebookNode, source: NotebookNode) -> list[str]:
    try:
        return notes_on(executed, source)
    except Exception as error:  # a fault of ours there costs nobody a mark
        return [f"its code could not be looked at ({type(error).__name__})"]
