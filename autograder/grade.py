"""Grade a class: from ``submitted/`` to the gradebook, feedback pages and a table of marks.

Every submission ends with a status, whatever the student did, and none stops the rest. Notebooks are executed side by
side, each in a box; the gradebook has one writer.
"""

from __future__ import annotations

import contextlib
import copy
import queue
import re
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade
from tqdm import tqdm

from autograder import feedback, gradebook, nbgrader_bridge, store
from autograder.bank import known_wrong
from autograder.collect import collect, find_students, find_units, prepare
from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.exercises import exercises_of
from autograder.results import Result
from autograder.sandbox import sandbox
from autograder.sandbox.sandbox import CELL_SECONDS, NOTEBOOK_SECONDS, Execution, Sandbox

BATCH = 10  # results that go into the gradebook in one transaction


@dataclass(frozen=True)
class Unit:
    """What all submissions of a unit are graded with."""

    name: str
    key: str
    source: NotebookNode
    released: NotebookNode
    controls: dict[str, list[str]]


@dataclass(frozen=True)
class Options:
    """How a class is graded: `jobs` notebooks at a time, boxed or not, kept results used or not, limits of time."""

    jobs: int = 1
    sandbox: bool = True
    force: bool = False
    cell_seconds: float = CELL_SECONDS
    seconds: float = NOTEBOOK_SECONDS


def grade_class(submitted: Path, output: Path, asked: list[str], options: Options) -> list[Result]:
    """Grade every submission of the units asked for (default: of every unit handed in).

    Args:
        submitted: holds ``<student>/<unit>/<unit>.ipynb``.
        output: gets ``gradebook.db``, ``autograded/`` and ``feedback/``; a ``roster.csv`` there names the class.
        asked: names of units.
        options: see `Options`.

    Returns:
        A result for each student and unit.

    Raises:
        ValueError: nothing was handed in, or a unit does not exist.
        BoxError: there is no sandbox on this machine.
        NbgraderError: a unit's source cannot be recorded in the gradebook, or the gradebook cannot be written.
    """
    names = find_units(submitted, asked)
    students = find_students(submitted, output / "roster.csv")
    if not names or not students:
        raise ValueError(f"nothing to grade: {submitted} holds no <student>/<unit>/<unit>.ipynb")
    output.mkdir(parents=True, exist_ok=True)
    database = output / "gradebook.db"
    modules = set().union(*(units.imports_of(units.source_notebook(name)) for name in names))
    with contextlib.ExitStack() as at_end, ThreadPoolExecutor(options.jobs + 1) as pool:
        starts = [pool.submit(Sandbox, modules, options.sandbox) for _ in range(options.jobs)]
        # While the workers import, nbgrader makes the release.
        grading_units = [_record_unit(name, database) for name in names]
        feedback.get_ready()
        workers: queue.SimpleQueue = queue.SimpleQueue()
        for start in starts:
            workers.put(start.result())
            at_end.callback(start.result().close)
        # The thread that has no worker reads the next submission, or writes the last one.
        tasks = [
            pool.submit(_grade_one, submitted, output, student, unit, workers, options)
            for unit in grading_units
            for student in students
        ]
        try:
            results = _record_as_they_come(tasks, output, database)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [results[unit.name, student] for unit in grading_units for student in students]


def _record_as_they_come(tasks: list[Future], output: Path, database: Path) -> dict[tuple[str, str], Result]:
    """Write gradebook and feedback in batches, while the workers go on; show the progress."""
    results: dict[tuple[str, str], Result] = {}
    batch: list[Result] = []
    with tqdm(total=len(tasks), unit="notebook", file=sys.stderr, dynamic_ncols=True) as bar:
        for task in as_completed(tasks):
            result = task.result()
            results[result.unit, result.student] = result
            batch.append(result)
            if len(batch) == BATCH or len(results) == len(tasks):
                gradebook.record(database, batch)
                gradebook.read_marks(database, batch)
                feedback.write_pages(output, batch)
                batch = []
            score, most = sum(r.score for r in results.values()), sum(r.max_score for r in results.values())
            bar.set_postfix_str(f"{score:g} of {most:g} marks so far")
            bar.update()
    return results


def _record_unit(name: str, database: Path) -> Unit:
    """Have nbgrader generate the unit's release and record its cells in the gradebook."""
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        folder = nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(Path(scratch), database), name)
        released = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    source = units.source_notebook(name)
    return Unit(name, store.unit_key(name), source, released, known_wrong.controls(source, name))


def _grade_one(
    submitted: Path, output: Path, student: str, unit: Unit, workers: queue.SimpleQueue, options: Options
) -> Result:
    start = time.monotonic()
    if not re.fullmatch(r"\w[\w.@+-]*", student):
        problem = (
            f"the folder's name {student!r} is not a letter or digit, then letters, digits and . _ - + @: rename it"
        )
        return Result(student, unit.name, "invalid", note=problem)
    submission = collect(submitted, student, unit.name)
    if submission.notebook is None:
        return Result(student, unit.name, submission.status, note=submission.problem)
    key = store.key_of(submission.notebook, unit.key)
    if not options.force and (kept := store.load(output, unit.name, student, key)):
        return kept
    notebook = copy.deepcopy(submission.notebook)
    restored = prepare(notebook, unit.released, unit.source)
    worker = workers.get()
    try:
        execution = worker.run(notebook, unit.controls, options.cell_seconds, options.seconds)
    finally:
        workers.put(worker)
    _fail_tampered(unit, notebook, execution)
    result = _judge(student, unit, notebook, execution, restored)
    result.seconds = round(time.monotonic() - start, 2)
    store.save(output, result, notebook, key)
    return result


def _fail_tampered(unit: Unit, executed: NotebookNode, execution: Execution) -> None:
    """Where a check was disabled, the marks of its whole exercise wait for a person."""
    suspect = {
        name
        for exercise in exercises_of(unit.source)
        if not exercise.graded.keys().isdisjoint(execution.tampered)
        for name in exercise.graded
    }
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade_id") in suspect:
            sandbox.fail(cell, "Tampered", "a check of this exercise passes with wrong answers too; a person will look")


def _judge(student: str, unit: Unit, executed: NotebookNode, execution: Execution, restored: list[str]) -> Result:
    """Read the marks off an executed notebook, by nbgrader's own rule."""
    cells = []
    for cell in executed.cells:
        if nbgrader_tag(cell).get("grade"):
            hidden = feedback.hidden_lines(cell)
            message = feedback.failure_message(cell, hidden) if is_autograded(cell) else ""
            score, most = determine_grade(cell)
            message = message if score is not None else "waits for a person"
            cells.append({"id": nbgrader_tag(cell)["grade_id"], "score": score, "max_score": most, "message": message})
    notes = [f"restored deleted cells: {', '.join(restored)}"] * bool(restored) + [execution.reason] * bool(
        execution.reason
    )
    score = sum(cell["score"] or 0 for cell in cells)
    most = sum(cell["max_score"] for cell in cells)
    return Result(student, unit.name, execution.status, score, most, cells, note="; ".join(notes))
