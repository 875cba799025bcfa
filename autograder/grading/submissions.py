"""One submission, from what was handed in to its result."""

from __future__ import annotations

import copy
import queue
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder import nbgrader_bridge
from autograder.bank import known_wrong
from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.exercises import exercises_of
from autograder.grading import finished
from autograder.grading.handed_in import is_student_name, read_submission
from autograder.grading.messages import failure_message, hidden_lines
from autograder.grading.repair import UNCLEAR, Repair, repair
from autograder.grading.results import Result
from autograder.sandbox.sandbox import Execution, Limits, fail_cell


@dataclass(frozen=True)
class GradingUnit:
    """What all submissions of a unit are graded with."""

    name: str
    key: str
    source: NotebookNode
    released: NotebookNode
    known_wrong: dict[str, list[str]]
    imports: str


@dataclass(frozen=True)
class Options:
    """How a class is graded: `jobs` notebooks at a time, boxed or not, kept results used or not, limits of time."""

    jobs: int = 1
    sandbox: bool = True
    force: bool = False
    limits: Limits = Limits()  # noqa: RUF009 - it cannot change


def record_unit(name: str, database: Path) -> GradingUnit:
    """Have nbgrader generate the unit's release and record its cells in the gradebook."""
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        folder = nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(Path(scratch), database), name)
        released = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    source = units.source_notebook(name)
    wrong, imports = known_wrong.answers_that_lose(source, name), units.import_lines(source)
    return GradingUnit(name, finished.unit_key(name), source, released, wrong, imports)


def grade_submission(
    submitted: Path,
    output: Path,
    student: str,
    unit: GradingUnit,
    sandboxes: queue.SimpleQueue,
    options: Options,
    last_try: bool = False,
) -> Result | None:
    """Collect, repair, run and judge one submission in the next free sandbox; what is kept is not run again.

    Returns:
        The result, or None where a busy machine or a lost worker can have been the cause of it: nothing is kept then,
        and the submission is to run once more, alone, as its `last_try`.
    """
    start = time.monotonic()
    if not is_student_name(student):
        problem = (
            f"the folder's name {student!r} is not a letter or digit, then letters, digits and . _ - + @: rename it"
        )
        return Result(student, unit.name, "invalid", note=problem)
    submission = read_submission(submitted, student, unit.name)
    if submission.notebook is None:
        return Result(student, unit.name, submission.status, note=submission.problem)
    key = finished.key_of(submission.notebook, unit.key)
    if not options.force and (kept := finished.load(output, unit.name, student, key)):
        return kept
    notebook = copy.deepcopy(submission.notebook)
    repaired = repair(notebook, unit.released, unit.source)
    sandbox = sandboxes.get()
    try:
        execution = sandbox.run(notebook, unit.known_wrong, unit.imports, options.limits)
    finally:
        sandboxes.put(sandbox)
    if execution.doubtful and not last_try:
        return None
    _fail_tampered(unit, notebook, execution)
    result = _result_of(student, unit, notebook, execution, repaired)
    result.seconds = round(time.monotonic() - start, 2)
    finished.save(output, result, notebook, key)
    return result


def _fail_tampered(unit: GradingUnit, executed: NotebookNode, execution: Execution) -> None:
    """Where a check was disabled, the marks of its whole exercise wait for a person."""
    suspect = {
        name
        for exercise in exercises_of(unit.source)
        if not exercise.graded.keys().isdisjoint(execution.tampered)
        for name in exercise.graded
    }
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade_id") in suspect:
            fail_cell(cell, "Tampered", "a check of this exercise passes with wrong answers too; a person will look")


def _result_of(
    student: str, unit: GradingUnit, executed: NotebookNode, execution: Execution, repaired: Repair
) -> Result:
    """Read the marks off an executed notebook, by nbgrader's own rule."""
    cells, unclear = [], False
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade"):
            hidden = hidden_lines(cell)
            message = failure_message(cell, hidden) if is_autograded(cell) else ""
            name, (score, most) = nbgrader_tag(cell)["grade_id"], determine_grade(cell)
            if name in repaired.undecided and not score:
                score, unclear = None, True
            message = message if score is not None else "waits for a person"
            cells.append({"id": name, "score": score, "max_score": most, "message": message})
    status = "unclear" if unclear and execution.status == "graded" else execution.status
    notes = [*repaired.notes, *[UNCLEAR] * unclear, *filter(None, [execution.reason])]
    score = sum(cell["score"] or 0 for cell in cells)
    most = sum(cell["max_score"] for cell in cells)
    return Result(student, unit.name, status, score, most, cells, note="; ".join(notes))
