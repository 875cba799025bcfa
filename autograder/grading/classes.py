"""Grade a class: from ``submitted/`` to the gradebook, and to what people read.

Every submission ends with a status, whatever the student did, and none stops the rest. Notebooks are executed side by
side, each in a box; the gradebook has one writer.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from autograder.course import units
from autograder.grading import gradebook
from autograder.grading.handed_in import find_students, find_units
from autograder.grading.results import Result
from autograder.grading.submissions import GradingUnit, Options, grade_submission, record_unit
from autograder.sandbox.sandbox import Sandbox

BATCH = 10  # results that go into the gradebook in one transaction


class Pages(Protocol):
    """What writes the pages that students read; `autograder.reports.feedback` is one."""

    def get_ready(self) -> None:
        """Load what the first page would wait for."""

    def write_pages(self, output: Path, results: list[Result]) -> None:
        """Write a page for each of these results, whose marks are in the gradebook now."""


def grade_class(
    submitted: Path, output: Path, asked: list[str], options: Options, pages: Pages | None = None
) -> list[Result]:
    """Grade every submission of the units asked for (default: of every unit handed in).

    Args:
        submitted: holds ``<student>/<unit>/<unit>.ipynb``.
        output: gets ``gradebook.db``, ``autograded/`` and the pages; a ``roster.csv`` there names the class.
        asked: names of units.
        options: see `Options`.
        pages: writes the students' feedback; None for none.

    Returns:
        A result for each student and unit.

    Raises:
        ValueError: nothing was handed in, or a unit does not exist.
        SandboxError: there is no sandbox on this machine.
        NbgraderError: a unit's source cannot be recorded in the gradebook, or the gradebook cannot be written.
    """
    names = find_units(submitted, asked)
    students = find_students(submitted, output / "roster.csv")
    if not names or not students:
        raise ValueError(f"nothing to grade: {submitted} holds no <student>/<unit>/<unit>.ipynb")
    output.mkdir(parents=True, exist_ok=True)
    database = output / "gradebook.db"
    modules = set().union(*(units.imports_of(units.source_notebook(name)) for name in names))
    sandboxes = [Sandbox(modules, options.sandbox) for _ in range(options.jobs)]
    with contextlib.ExitStack() as at_end, ThreadPoolExecutor(options.jobs + 1) as pool:
        try:
            starts = [pool.submit(sandbox.start) for sandbox in sandboxes]
            # While the workers import, nbgrader makes the release.
            grading_units = [record_unit(name, database) for name in names]
            if pages is not None:
                pages.get_ready()
            free: queue.SimpleQueue = queue.SimpleQueue()
            for start, sandbox in zip(starts, sandboxes, strict=True):
                start.result()
                at_end.callback(sandbox.close)
                free.put(sandbox)
            # The thread that has no sandbox reads the next submission, or writes the last one.
            tasks = {
                pool.submit(grade_submission, submitted, output, student, unit, free, options): (student, unit)
                for unit in grading_units
                for student in students
            }
            last_try = functools.partial(_grade_alone, submitted, output, free, options)
            results = _record_as_they_come(_as_they_come(tasks, last_try), len(tasks), output, database, pages)
        except BaseException:
            # An interrupt, most often: nobody waits for what still runs, and nothing of it is kept.
            for sandbox in sandboxes:
                sandbox.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [results[unit.name, student] for unit in grading_units for student in students]


def _as_they_come(
    tasks: dict[Future, tuple[str, GradingUnit]], last_try: Callable[[str, GradingUnit], Result]
) -> Iterator[Result]:
    """The results of all tasks; what a busy machine can have caused comes last, from a run of its own."""
    doubtful = []
    for task in as_completed(tasks):
        result = task.result()
        if result is None:
            doubtful.append(tasks[task])
        else:
            yield result
    for student, unit in doubtful:
        yield last_try(student, unit)


def _grade_alone(
    submitted: Path, output: Path, free: queue.SimpleQueue, options: Options, student: str, unit: GradingUnit
) -> Result:
    return grade_submission(submitted, output, student, unit, free, options, last_try=True)


def _record_as_they_come(
    as_they_come: Iterator[Result], count: int, output: Path, database: Path, pages: Pages | None
) -> dict[tuple[str, str], Result]:
    """Write gradebook and pages in batches, while the workers go on; show the progress."""
    results: dict[tuple[str, str], Result] = {}
    batch: list[Result] = []
    with tqdm(total=count, unit="notebook", file=sys.stderr, dynamic_ncols=True) as bar:
        for result in as_they_come:
            results[result.unit, result.student] = result
            batch.append(result)
            if len(batch) == BATCH or len(results) == count:
                gradebook.record(database, batch)
                gradebook.read_marks(database, batch)
                if pages is not None:
                    pages.write_pages(output, batch)
                batch = []
            score, most = sum(r.score for r in results.values()), sum(r.max_score for r in results.values())
            bar.set_postfix_str(f"{score:g} of {most:g} marks so far")
            bar.update()
    return results
