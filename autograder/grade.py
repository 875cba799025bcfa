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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade
from tqdm import tqdm

from autograder import course, feedback, gradebook, store
from autograder.collect import collect, find_students, find_units, prepare
from autograder.execute import CELL_SECONDS, NOTEBOOK_SECONDS, Execution, Worker
from autograder.results import Result


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
    units = [_record_unit(name, database) for name in names]
    results = {}
    bar = tqdm(total=len(units) * len(students), unit="notebook", file=sys.stderr, dynamic_ncols=True)
    with bar, _workers(options) as workers, ThreadPoolExecutor(options.jobs) as pool:
        tasks = [
            pool.submit(_grade_one, submitted, output, student, unit, workers, options)
            for unit in units
            for student in students
        ]
        try:
            batch: list[Result] = []
            for number, task in enumerate(as_completed(tasks), start=1):
                result = task.result()
                results[result.unit, result.student] = result
                batch.append(result)
                if len(batch) == 50 or number == len(tasks):
                    gradebook.record(database, batch)
                    batch = []
                bar.set_postfix_str(f"{result.student}: {result.score:g} of {result.max_score:g} marks")
                bar.update()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    ordered = [results[unit.name, student] for unit in units for student in students]
    gradebook.read_marks(database, ordered)
    feedback.write_pages(output, ordered, options.jobs)
    return ordered


def _record_unit(name: str, database: Path) -> Unit:
    """Have nbgrader generate the unit's release and record its cells in the gradebook."""
    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        folder = gradebook.generate_assignment(gradebook.nbgrader_at(Path(scratch), database), name)
        released = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    source = course.source_notebook(name)
    return Unit(name, store.unit_key(name), source, released, course.controls(source, name))


@contextlib.contextmanager
def _workers(options: Options) -> Iterator[queue.SimpleQueue]:
    """A queue of warm workers; a task takes one and puts it back."""
    workers: queue.SimpleQueue = queue.SimpleQueue()
    started: list[Worker] = []
    try:
        for _ in range(options.jobs):
            started.append(Worker(options.sandbox))
            workers.put(started[-1])
        yield workers
    finally:
        for worker in started:
            worker.close()


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
    result = _judge(student, unit, notebook, execution, restored)
    result.seconds = round(time.monotonic() - start, 2)
    store.save(output, result, notebook, key)
    return result


def _judge(student: str, unit: Unit, executed: NotebookNode, execution: Execution, restored: list[str]) -> Result:
    """Read the marks off an executed notebook, by nbgrader's own rule."""
    cells = []
    for cell in executed.cells:
        if course.mark(cell).get("grade"):
            hidden = feedback.hidden_lines(cell)
            message = feedback.failure_message(cell, hidden) if course.is_autograded(cell) else ""
            score, most = determine_grade(cell)
            message = message if score is not None else "waits for a person"
            cells.append({"id": course.mark(cell)["grade_id"], "score": score, "max_score": most, "message": message})
    notes = [f"restored deleted cells: {', '.join(restored)}"] * bool(restored) + [execution.reason] * bool(
        execution.reason
    )
    score = sum(cell["score"] or 0 for cell in cells)
    most = sum(cell["max_score"] for cell in cells)
    return Result(student, unit.name, execution.status, score, most, cells, note="; ".join(notes))
