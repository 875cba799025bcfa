"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

``tests/answers/<unit>/<exercise>/right-<name>.py`` and ``wrong-<name>.py``; each file replaces the exercise's
whole TODO cell. A right answer loses no graded cell. A wrong one loses at least one of its exercise's, or exactly
those of its line ``# loses: id, id``.

To be fast, the solution's cells up to the exercise run once; then each answer is a fork of that state that runs its
own cell and the exercise's graded cells. On request, mutants of the solution (`autograder.bank.mutants`) are judged
the same way.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from nbformat import NotebookNode

from autograder.bank import mutants
from autograder.bank.losses import declared_losses
from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded
from autograder.course.exercises import Exercise, exercises_of
from autograder.sandbox.inside.answering import answer_questions
from autograder.sandbox.inside.main_module import new_main, seed_from
from autograder.sandbox.inside.proxies import answers
from autograder.sandbox.inside.wire import Link

ANSWER_SECONDS = 30  # an answer that takes longer has lost the cells that it did not reach
MUTANT_SECONDS = 3  # or thrice as long as the solution takes
MUTANTS_BAR = 0.95  # share of an exercise's mutants that its graded cells must catch
COLUMNS = {"right": "right accepted", "wrong": "wrong caught", "mutant": "mutants caught", "equivalent": "equivalent"}


@dataclass
class Verdict:
    """What became of one answer. `messages` holds what the student would be told, by lost cell.

    `kind` is right, wrong, mutant, or equivalent (a mutant that is listed as such and loses nothing).
    """

    unit: str
    exercise: str
    answer: str
    kind: str
    lost: list[str]
    ok: bool
    messages: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        """The verdict as a row of the JSON report."""
        return {key: value for key, value in asdict(self).items() if key != "messages"}


def judge_bank(
    folder: Path = units.ANSWERS, only_unit: str | None = None, with_mutants: bool = False
) -> Iterator[Verdict]:
    """Judge every answer under `folder`, units side by side; verdicts come as they are ready.

    Raises:
        ValueError: the folder holds no answers, or answers for a unit or exercise that does not exist; or a mutant
            that is listed as equivalent is caught, or is none.
        OSError: the machine cannot fork (Windows).
    """
    if not hasattr(os, "fork"):
        raise OSError("the answer bank forks its processes, which Windows cannot; run it on Linux, macOS or in WSL")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if only_unit is not None:
        names = [name for name in names if name == only_unit]
    if not names:
        raise ValueError(f"no answers in {folder}: expected <unit>/<exercise>/right-<name>.py and wrong-<name>.py")
    # One thread: a fork of a process with a thread pool hangs in its first parallel operation.
    os.environ.update(OMP_NUM_THREADS="1", MPLBACKEND="agg")
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_judge_unit, unit, folder / unit, with_mutants) for unit in names]
        for job in jobs:
            yield from job.result()


@dataclass(frozen=True)
class _Unit:
    """What the answers of a unit are judged with: its notebook, and what its judges import and ask for."""

    name: str
    notebook: NotebookNode
    imports: str
    asked: dict[str, list[str]]


def _judge_unit(name: str, folder: Path, with_mutants: bool = False) -> list[Verdict]:
    from IPython.core.interactiveshell import InteractiveShell
    from tqdm import tqdm

    import course_utils.checks  # noqa: F401 - once here, not in every fork

    tqdm.get_lock()  # made once here: a fork that is killed would leave its own behind

    notebook = units.source_notebook(name)
    unit = _Unit(name, notebook, units.import_lines(notebook), answers_asked(notebook))
    exercises = {exercise.task: exercise for exercise in exercises_of(notebook)}
    names = {exercise.name for exercise in exercises.values()}
    for path in folder.iterdir():
        if path.is_dir() and path.name not in names:
            raise ValueError(f"{path}: unit {name} has no exercise {path.name!r}; it has {', '.join(sorted(names))}")
    shell = InteractiveShell.instance()
    shell.reset()  # this process may have judged another unit before
    shell.showtraceback = lambda *_, **__: None  # nobody sees it, and drawing it takes longer than most answers
    listed = mutants.equivalents(folder)
    os.chdir(units.SOLUTIONS / name)
    verdicts = []
    for index, cell in enumerate(notebook.cells):
        if index in exercises:
            exercise = exercises[index]
            for path in sorted((folder / exercise.name).glob("*.py")):
                verdicts.append(_judge_answer(shell, unit, exercise, path))
            if with_mutants:
                verdicts += _judge_mutants(shell, unit, exercise, listed.pop(exercise.name, {}))
        # Graded cells change nothing that later cells may use.
        if cell.cell_type == "code" and not is_autograded(cell):
            error = _run(shell, cell.source)
            if error and "raises-exception" not in cell.metadata.get("tags", []):
                raise RuntimeError(f"the solution of {name} fails in cell {cell.id}: {error}")
    if with_mutants and listed:
        raise ValueError(f"{folder / mutants.EQUIVALENT}: unit {name} has no exercise {', '.join(sorted(listed))}")
    return verdicts


def _judge_answer(shell, unit: _Unit, exercise: Exercise, path: Path) -> Verdict:
    kind = path.name.split("-")[0]
    if kind not in ("right", "wrong"):
        raise ValueError(f"{path}: an answer's file is named right-<name>.py or wrong-<name>.py")
    source = path.read_text(encoding="utf-8")
    messages = _lost(shell, unit, exercise, source, ANSWER_SECONDS)
    declared = declared_losses(source)
    if kind == "right":
        ok = not messages
    elif declared:
        ok = set(messages) == set(declared)
    else:
        ok = bool(messages)
    return Verdict(unit.name, exercise.name, path.name, kind, list(messages), ok, messages)


def _judge_mutants(shell, unit: _Unit, exercise: Exercise, listed: dict[tuple[str, str], str]) -> list[Verdict]:
    """Judge each mutant of the exercise's solution; `listed` are those that no test can tell from it."""
    solution = unit.notebook.cells[exercise.task].source
    start = time.monotonic()
    if lost := _lost(shell, unit, exercise, solution, ANSWER_SECONDS):
        raise RuntimeError(f"the solution of {unit.name} loses its own cells: {lost}")
    seconds = max(MUTANT_SECONDS, 3 * (time.monotonic() - start))
    verdicts, stale = [], dict(listed)
    for mutant in mutants.mutate(solution):
        lost = _lost(shell, unit, exercise, mutant.source, seconds, only_first=True)
        kind = "mutant"
        if not lost and stale.pop(mutant.name, None):
            kind = "equivalent"
        ok = bool(lost) or kind == "equivalent"
        verdicts.append(Verdict(unit.name, exercise.name, ": ".join(mutant.name), kind, list(lost), ok, lost))
    if stale:
        names = "".join(f"\n  {line}: {change}" for line, change in stale)
        raise ValueError(
            f"{unit.name}/{mutants.EQUIVALENT}, {exercise.name}: these are caught, or are no mutants:{names}"
        )
    return verdicts


def _lost(
    shell, unit: _Unit, exercise: Exercise, source: str, seconds: float, only_first: bool = False
) -> dict[str, str]:
    """Run an answer in a fork, and its exercise's graded cells there or in a judge; the lost cells' messages."""
    tests = {name: unit.notebook.cells[index].source for name, index in exercise.graded.items()}

    def work(report: Callable[[str, str], None]) -> None:
        _run(shell, source)
        for name, test in tests.items():
            message = _run(shell, test)
            report(name, message)
            if message and only_first:
                break

    def answer(end: socket.socket) -> None:
        _run(shell, source)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer_questions(Link(end), shell.user_ns)

    def judge(report: Callable[[str, str], None]) -> None:
        with _another_fork(answer) as end:
            link = Link(end)
            for name, test in tests.items():
                names = new_main(unit.imports)
                seed_from(test)
                message = _run_plain(test, names, lambda name=name: answers(link, unit.asked[name]))
                report(name, message)
                if message and only_first:
                    break

    results = _in_fork(judge if tests.keys() <= unit.asked.keys() else work, seconds)
    lost = {name: results.get(name, "no result: crashed, or out of time") for name in exercise.graded}
    if only_first and any(results.values()):
        lost = results
    return {name: message for name, message in lost.items() if message}


def _run(shell, source: str) -> str:
    """Run a cell; return why it would lose its marks, or nothing."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    return "" if error is None else f"{type(error).__name__}: {error}"


def _run_plain(source: str, names: dict[str, object], answers: Callable[[], dict[str, object]]) -> str:
    """Run a graded cell in a judge; return why it would lose its marks, or nothing."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            names.update(answers())
            exec(compile(source, "<graded cell>", "exec", dont_inherit=True), names)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


@contextlib.contextmanager
def _another_fork(work: Callable[[socket.socket], None]) -> Iterator[socket.socket]:
    """A fork that works with one end of a connection while the block has the other."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            ours.close()
            work(theirs)
        finally:
            os._exit(0)
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _in_fork(work: Callable, seconds: float) -> dict[str, str]:
    """Run ``work(report)`` in a fork; return what it reported until it ended or its time was up."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()

        def report(name: str, message: str) -> None:
            os.write(writer, (json.dumps([name, message[:4000]]) + "\n").encode())

        try:
            work(report)
        finally:
            os._exit(0)
    os.close(writer)
    received = b""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and select.select([reader], [], [], left)[0]:
        chunk = os.read(reader, 65536)
        if not chunk:
            break
        received += chunk
    os.close(reader)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return dict(json.loads(line) for line in received.decode().splitlines())


def falls_short(verdicts: list[Verdict]) -> bool:
    """Whether an answer of the bank was misjudged, or too many of an exercise's mutants survived."""
    if not all(verdict.ok for verdict in verdicts if verdict.kind != "mutant"):
        return True
    counts = [by_kind["mutant"] for by_kind in _counts(verdicts).values() if "mutant" in by_kind]
    return any(caught < MUTANTS_BAR * all_ for caught, all_ in counts)


def print_report(verdicts: list[Verdict], with_messages: bool) -> None:
    """Print what each answer is told (on request), what fell short, and a line for each exercise."""
    for verdict in verdicts:
        if with_messages or not verdict.ok:
            print(f"{'' if verdict.ok else 'FELL SHORT '}{verdict.unit}/{verdict.exercise}/{verdict.answer}")
            print(f"  lost: {', '.join(verdict.lost) or 'nothing'}")
            for name, message in verdict.messages.items():
                print(f"  {name}: " + message.replace("\n", "\n      "))
    heads, *rows = _table(verdicts)
    for unit, exercise, *shares in [heads, *rows]:
        print(f"{unit:<22}{exercise:<24}" + "".join(f"{share:>16}" for share in shares))
    sys.stdout.flush()


def markdown_table(verdicts: list[Verdict]) -> str:
    """The report as a page of docs/."""
    heads, *rows = _table(verdicts)
    lines = [heads, ["---"] * 2 + ["---:"] * (len(heads) - 2), *rows]
    return _PAGE + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


_PAGE = f"""# The answer bank, exercise by exercise

Written by `python -m autograder answers --mutants --table docs/answer-bank.md`.

- **Right accepted**: right answers in different styles that lose no graded cell.
- **Wrong caught**: mistakes that students make, which lose the cells they should.
- **Mutants caught**: copies of the solution with one mechanical change (an operator, a number, a bound, a dropped
  statement, swapped arguments) that lose a graded cell. At least {MUTANTS_BAR:.0%} must.
- **Equivalent**: mutants that no test can tell from the solution. Each stands with its reason in
  `tests/answers/<unit>/{mutants.EQUIVALENT}`, and is not among the mutants counted before.

"""


def _table(verdicts: list[Verdict]) -> list[list[str]]:
    """Heads and rows: unit, exercise, and for each kind of answer how many were judged as they should be."""
    counts = _counts(verdicts)
    kinds = [kind for kind in COLUMNS if any(kind in by_kind for by_kind in counts.values())]
    rows = [["unit", "exercise", *(COLUMNS[kind] for kind in kinds)]]
    for (unit, exercise), by_kind in counts.items():
        shares = ["{} of {}".format(*by_kind.get(kind, (0, 0))) for kind in kinds if kind != "equivalent"]
        if "equivalent" in kinds:
            shares.append(str(by_kind.get("equivalent", (0, 0))[0]))
        rows.append([unit, exercise, *shares])
    return rows


def _counts(verdicts: list[Verdict]) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """By exercise and kind: how many answers were judged as they should be, and how many there are."""
    counts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for verdict in verdicts:
        by_kind = counts.setdefault((verdict.unit, verdict.exercise), {})
        good, all_ = by_kind.get(verdict.kind, (0, 0))
        by_kind[verdict.kind] = (good + verdict.ok, all_ + 1)
    return counts
