"""One submission, from what was handed in to its result."""

from __future__ import annotations

import copy
import dataclasses
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
from autograder.course.cells import nbgrader_tag
from autograder.course.exercises import exercises_of
from autograder.course.limits import Place, own_seconds
from autograder.grading import finished
from autograder.grading.handed_in import is_student_name, read_submission
from autograder.grading.messages import failure_messages
from autograder.grading.repair import repair
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
    own_seconds: dict[Place, float]


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
    return GradingUnit(name, finished.unit_key(name), source, released, wrong, imports, own_seconds(source))


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
    restored = repair(notebook, unit.released, unit.source)
    sandbox = sandboxes.get()
    try:
        limits = dataclasses.replace(options.limits, own=unit.own_seconds)
        execution = sandbox.run(notebook, unit.known_wrong, unit.imports, limits, last_try)
    finally:
        sandboxes.put(sandbox)
    if execution.doubtful and not last_try:
        return None
    _fail_tampered(unit, notebook, execution)
    result = _result_of(student, unit, notebook, execution, restored)
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
    student: str, unit: GradingUnit, executed: NotebookNode, execution: Execution, restored: list[str]
) -> Result:
    """Read the marks off an executed notebook, by nbgrader's own rule."""
    cells, messages = [], failure_messages(executed)
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade"):
            name = nbgrader_tag(cell)["grade_id"]
            score, most = determine_grade(cell)
            message = messages.get(name, "") if score is not None else "waits for a person"
            cells.append({"id": name, "score": score, "max_score": most, "message": message})
    notes = [f"restored deleted cells: {', '.join(restored)}"] * bool(restored) + list(execution.reasons)
    score = sum(cell["score"] or 0 for cell in cells)
    most = sum(cell["max_score"] for cell in cells)
    return Result(student, unit.name, execution.status, score, most, cells, note="; ".join(notes))
