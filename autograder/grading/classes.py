"""Grade a class: from ``submitted/`` to the gradebook, and to what people read.

Every submission ends with a status, whatever the student did, and none stops the rest. Notebooks are executed side by
side, each in a box; the gradebook has one writer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tqdm import tqdm

from autograder.course import units
from autograder.course.addresses import Database
from autograder.grading import changes, exchange, finished, gradebook
from autograder.grading.boxes import Boxes, OwnBoxes
from autograder.grading.copies import copy_gradebook
from autograder.grading.extensions import demand_students
from autograder.grading.grading_units import GradingUnit, UnitRefused, demand_full_marks, load_unit
from autograder.grading.handed_in import digest_of, find_students, find_units, handed_in_at, read_submission
from autograder.grading.late_rule import LateWork, Orders, keep_late_work, ordered, read_late_work
from autograder.grading.results import Result
from autograder.grading.roster import read_roster
from autograder.grading.submissions import Options, grade_submission
from autograder.grading.transactions import demand_writable
from autograder.nbgrader_bridge import is_there
from autograder.sandbox.sandbox import Sandbox

BATCH = 10  # results that go into the gradebook in one transaction


class Pages(Protocol):
    """What writes the pages that students read; `autograder.reports.feedback` is one."""

    def get_ready(self) -> None:
        """Load what the first page would wait for."""

    def write_pages(self, output: Path, results: list[Result]) -> None:
        """Write a page for each of these results, whose marks are in the gradebook now."""


@dataclass
class Graded:
    """What became of a class: a result for each student and unit, the units that cannot be graded with the reason, and
    the marks that are others than before.
    """

    results: list[Result] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    changed: list[changes.Change] = field(default_factory=list)


def grade_class(
    submitted: Path,
    output: Path,
    asked: list[str],
    options: Options,
    pages: Pages | None = None,
    database: Database | None = None,
    orders: Orders = Orders(),  # noqa: B008 - it cannot change
    elsewhere: Callable[[], Boxes] | None = None,
    begun: Iterable[Sandbox] = (),
) -> Graded:
    """Grade every submission of the units asked for (default: of every unit handed in).

    What was graded before, and what stands in gradebook and pages already, is not done again.

    Args:
        submitted: holds ``<student>/<unit>/<unit>.ipynb``.
        output: gets ``autograded/``, ``history.jsonl`` and the pages; a ``roster.csv`` there names the class, an
            ``extensions.csv`` who has more time, ``late.json`` the rule of late work.
        asked: names of units.
        options: see `Options`.
        pages: writes the students' feedback; None for none.
        database: the gradebook; None for ``gradebook.db`` in `output`.
        orders: what is new about late work; it is remembered.
        elsewhere: makes the place where notebooks run, if any has to; None for sandboxes on this machine.
        begun: such sandboxes that begin already, see `early`.

    Raises:
        ValueError: nothing was handed in, a unit does not exist, or orders or extensions cannot be understood.
        SandboxError: there is no sandbox on this machine, or elsewhere.
        NbgraderError: the gradebook cannot be written; if that can be known before, nothing was executed.
    """
    names = find_units(submitted, asked)
    roster = read_roster(output / "roster.csv")
    students = find_students(submitted, roster)
    if not names or not students:
        raise ValueError(f"nothing to grade: {submitted} holds no <student>/<unit>/<unit>.ipynb")
    late_work = ordered(read_late_work(output), orders)
    demand_students(late_work.extensions, students)
    with contextlib.ExitStack() as at_end:
        database = database or output / "gradebook.db"
        if options.preview:
            scratch = Path(at_end.enter_context(tempfile.TemporaryDirectory(prefix="preview-")))
            real, database, kept, pages = database, scratch / "gradebook.db", scratch, None
            if is_there(real):
                copy_gradebook(real, database)
            if (output / finished.OWN_FOLDER).is_dir():
                shutil.copytree(output / finished.OWN_FOLDER, kept, dirs_exist_ok=True)
        else:
            kept = output / finished.OWN_FOLDER
            at_end.enter_context(finished.only_grader(output))
            demand_writable(database)
        class_ = _Class(
            submitted, output, database, kept, students, roster, late_work, options, pages, elsewhere, begun
        )
        return class_.grade(names)


@dataclass
class _Class:
    """A class while it is graded; `kept` is the grader's own folder, the rest as in `grade_class`."""

    submitted: Path
    output: Path
    database: Database
    kept: Path
    students: list[str]
    roster: dict[str, dict[str, str]]
    late_work: LateWork
    options: Options
    pages: Pages | None
    elsewhere: Callable[[], Boxes] | None
    begun: Iterable[Sandbox]

    def grade(self, names: list[str]) -> Graded:
        """Take what is known already, run the rest, and record both."""
        graded = Graded()
        known, open_ = self._sort(names)
        recorded = gradebook.maxima_in_use(self.database)
        to_load = [name for name in names if name in open_ or not self._is_recorded(recorded.get(name), known[name])]
        to_run = sum(map(len, open_.values()))
        count = sum(map(len, known.values())) + to_run
        bar = tqdm(total=count, unit="notebook", file=sys.stderr, dynamic_ncols=True)
        with contextlib.ExitStack() as at_end:
            at_end.enter_context(bar)
            boxes = self._boxes(open_, to_run) if to_run else None
            if boxes is not None:
                at_end.callback(boxes.close)
            pool = at_end.enter_context(ThreadPoolExecutor(boxes.threads if boxes is not None else 1))
            try:
                if boxes is not None:
                    boxes.get_ready()
                # While the workers import, nbgrader makes the releases.
                loaded = self._load(to_load, recorded, graded)
                self._settle_late_work(graded)
                kept = [result for name in names if name not in graded.refused for result in known[name]]
                self._record(kept, graded, bar)
                if boxes is not None:
                    if self.pages is not None:
                        self.pages.get_ready()
                    to_grade = [loaded[name] for name in open_ if name in loaded]
                    boxes.start(to_grade)
                    sound = self._sound(to_grade, pool, boxes, graded)
                    for batch in _batches(self._as_they_come(sound, open_, pool, boxes)):
                        self._record(batch, graded, bar)
            except BaseException:
                # An interrupt, most often: nobody waits for what still runs, and nothing of it is kept.
                if boxes is not None:
                    boxes.stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        place = {name: number for number, name in enumerate(names)}
        graded.results = [result for result in graded.results if result.unit not in graded.refused]
        graded.results.sort(key=lambda result: (place[result.unit], result.student))
        return graded

    def _boxes(self, open_: dict[str, list[str]], to_run: int) -> Boxes:
        if self.elsewhere is not None:
            return self.elsewhere()
        modules = set().union(*(units.modules_to_load(units.source_notebook(name)) for name in open_))
        return OwnBoxes(modules, min(self.options.jobs, to_run), self.options.sandbox, self.begun)

    def _sort(self, names: list[str]) -> tuple[dict[str, list[Result]], dict[str, list[str]]]:
        """By unit: the results that are known without running anything, and the students whose notebook is to run."""
        known: dict[str, list[Result]] = {name: [] for name in names}
        open_: dict[str, list[str]] = {}
        for name in names:
            unit_key = finished.unit_key(name)
            for student in self.students:
                digest = digest_of(self.submitted, student, name)
                key = finished.key_of(digest, unit_key)
                if not digest:
                    submission = read_submission(self.submitted, student, name)
                    known[name].append(Result(student, name, submission.status, note=submission.problem, key=key))
                    if gradebook.is_recorded(known[name][-1]) and not self.options.preview:
                        finished.save(self.output, known[name][-1], None)  # the class's report says why it is invalid
                elif not self.options.force and (result := finished.load(self.output, name, student, key)):
                    known[name].append(result)
                else:
                    open_.setdefault(name, []).append(student)
        return known, open_

    def _is_recorded(self, recorded: dict[str, float] | None, results: list[Result]) -> bool:
        """Whether the gradebook has a unit with all cells that these results have."""
        cells = {cell["id"] for result in results for cell in result.cells}
        return recorded is not None and cells <= recorded.keys()

    def _load(self, names: list[str], recorded: dict, graded: Graded) -> dict[str, GradingUnit]:
        loaded = {}
        for name in names:
            try:
                loaded[name] = load_unit(name, self.kept, self.database, recorded.get(name))
            except UnitRefused as refused:
                graded.refused[name] = str(refused)
        return loaded

    def _settle_late_work(self, graded: Graded) -> None:
        """Remember the orders, then bring the whole gradebook in line: a rule counts for every unit.

        The file is written first, and again without the due dates that the gradebook has then: whenever this is ended,
        the next run goes on from there.
        """
        if not self.options.preview:
            keep_late_work(self.output, self.late_work)
        if is_there(self.database):
            found: list[changes.Change] = []
            gradebook.settle_late_work(self.database, self.late_work, functools.partial(self._keep, found))
            graded.changed += found
            if self.late_work.due:
                known = gradebook.maxima(self.database)
                due = {unit: time for unit, time in self.late_work.due.items() if unit not in known}
                self.late_work = dataclasses.replace(self.late_work, due=due)
            if not self.options.preview:
                keep_late_work(self.output, self.late_work)

    def _sound(
        self, loaded: list[GradingUnit], pool: ThreadPoolExecutor, boxes: Boxes, graded: Graded
    ) -> list[GradingUnit]:
        """The units whose own solution earns all marks."""
        limits = self.options.limits
        checks = [(unit, pool.submit(demand_full_marks, unit, self.kept, boxes, limits)) for unit in loaded]
        sound = []
        for unit, check in checks:
            try:
                check.result()
                sound.append(unit)
            except UnitRefused as refused:
                graded.refused[unit.name] = str(refused)
        return sound

    def _as_they_come(
        self, sound: list[GradingUnit], open_: dict[str, list[str]], pool: ThreadPoolExecutor, boxes: Boxes
    ) -> Iterator[Result]:
        """All results; what a busy machine can have caused comes last, from a run of its own."""
        tasks: dict[Future, tuple[str, GradingUnit]] = {
            pool.submit(grade_submission, self.submitted, self.output, student, unit, boxes, self.options): (
                student,
                unit,
            )
            for unit in sound
            for student in open_[unit.name]
        }
        doubtful = []
        for task in as_completed(tasks):
            result = task.result()
            if result is None:
                doubtful.append(tasks[task])
            else:
                yield result
        for student, unit in doubtful:
            yield grade_submission(self.submitted, self.output, student, unit, boxes, self.options, last_try=True)

    def _record(self, results: list[Result], graded: Graded, bar: tqdm) -> None:
        """Write gradebook and pages, while the workers go on; show the progress."""
        before = {(result.unit, result.student): finished.recorded(self.output, result) for result in results}
        for result in results:
            result.handed_in_at = handed_in_at(self.submitted, result.student, result.unit)
        found: list[changes.Change] = []
        keep = functools.partial(self._keep, found)
        if results:
            gradebook.record(self.database, results, before, self.roster, keep, self.late_work)
        graded.changed += found
        for result in results:
            if gradebook.is_recorded(result) and not self.options.preview:
                finished.save_recorded(self.output, result)
        if self.pages is not None:
            self.pages.write_pages(self.output, results)
            exchange.copy_to_feedback(self.submitted, self.output, results)
        for result in results:
            if self.roster and result.student not in self.roster:
                result.note = "; ".join(filter(None, [result.note, "not in roster.csv"]))
        graded.results += results
        score, most = sum(r.score for r in graded.results), sum(r.max_score for r in graded.results)
        bar.set_postfix_str(f"{score:g} of {most:g} marks so far")
        bar.update(len(results))

    def _keep(self, found: list[changes.Change], changed: list[changes.Change]) -> None:
        found[:] = changed  # it is called again where the gradebook was locked
        if not self.options.preview:
            changes.keep(self.output, changed)


def _batches(results: Iterable[Result]) -> Iterator[list[Result]]:
    """Lists of `BATCH` results, the last one shorter."""
    batch: list[Result] = []
    for result in results:
        batch.append(result)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
