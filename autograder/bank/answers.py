"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

``tests/answers/<unit>/<exercise>/right-<name>.py`` and ``wrong-<name>.py``; each file replaces the exercise's
whole TODO cell. A right answer passes the visible check and loses no graded cell. A wrong one loses at least one
graded cell of its exercise, or exactly those of its line ``# loses: id, id``. Its lines ``# cause: words`` are words by
which a message names its mistake; a message that gives a cause has to have some of them.

To be fast, the solution's cells up to the exercise run once; then each answer is a fork of that state that runs its
own cell and the exercise's graded cells. Demonstrations that the grader leaves out do not run here either. On request,
mutants and erasers of the solution (`autograder.bank.mutants`, `autograder.bank.erasers`) are judged the same way.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from nbformat import NotebookNode

from autograder.bank import erasers, mutants
from autograder.bank.declared import declared_causes, declared_losses
from autograder.bank.left_out import answers_by_cells_left_out, answers_to
from autograder.bank.verdicts import Verdict
from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded
from autograder.course.exercises import Exercise, exercises_of
from autograder.sandbox.inside import huge_pages
from autograder.sandbox.inside.answering import answer_questions
from autograder.sandbox.inside.main_module import new_main, seed_from
from autograder.sandbox.inside.proxies import answers
from autograder.sandbox.inside.wire import Link

SIGHT = "the visible check"
# Of computing time, so that other work on the machine costs no answer its cells; ten times as long if it only waits.
ANSWER_SECONDS = 30  # an answer that takes longer has lost the cells that it did not reach
MUTANT_SECONDS = 3  # or thrice as long as the solution takes
WAITING = 10


def judge_bank(
    folder: Path = units.ANSWERS, only_unit: str | None = None, one_in: int = 0, every_cell: bool = False
) -> Iterator[Verdict]:
    """Judge every answer under `folder`, units side by side; verdicts come as they are ready.

    `one_in`: also judge erasers, and one in so many mutants of each solution; 0 for none of either.
    `every_cell`: the cells run too that the grader leaves out.

    Raises:
        ValueError: the folder holds no answers, or answers for a unit or exercise that does not exist; or a mutant
            that is listed as equivalent is caught, or is none; or a cell that is listed as harmless catches erasers.
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
        # The later units train networks and take longest: they start first, so that no core waits for them at the end.
        jobs = {unit: pool.submit(_judge_unit, unit, folder / unit, one_in, every_cell) for unit in reversed(names)}
        for unit in names:
            yield from jobs[unit].result()


@dataclass(frozen=True)
class _Unit:
    """What the answers of a unit are judged with: its notebook, and what its judges import and ask for."""

    name: str
    notebook: NotebookNode
    imports: str
    asked: dict[str, list[str]]


def _judge_unit(name: str, folder: Path, one_in: int = 0, every_cell: bool = False) -> list[Verdict]:
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
    groups = answers_by_cells_left_out(notebook, unit.asked, exercises.values(), folder)
    if every_cell:
        groups = {frozenset(): set().union(*groups.values())}
    verdicts = []
    for number, (left_out, paths) in enumerate(groups.items()):
        # Mutants and erasers are made of the solution, whose group is the first.
        verdicts += _judge_group(unit, exercises, folder, left_out, paths, one_in if number == 0 else 0)
    order = [exercise.name for exercise in exercises.values()]
    return sorted(verdicts, key=lambda verdict: order.index(verdict.exercise))


def _judge_group(
    unit: _Unit, exercises: dict[int, Exercise], folder: Path, left_out: frozenset[int], paths: set[Path], one_in: int
) -> list[Verdict]:
    """Judge those answers of a unit before which the same cells do not run."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.reset()  # this process may have judged other answers before
    shell.showtraceback = lambda *_, **__: None  # nobody sees it, and drawing it takes longer than most answers
    listed, harmless = mutants.equivalents(folder), erasers.harmless(folder)
    os.chdir(units.SOLUTIONS / unit.name)
    verdicts = []
    for index, cell in enumerate(unit.notebook.cells):
        if index in exercises:
            exercise = exercises[index]
            # Every answer is two or three forks of this process: these make them cheaper by a fifth.
            gc.collect()
            gc.freeze()
            huge_pages.collapse()
            for path in answers_to(exercise, folder):
                if path in paths:
                    verdicts.append(_judge_answer(shell, unit, exercise, path))
            if one_in:
                verdicts += _judge_mutants(shell, unit, exercise, listed.pop(exercise.name, {}), one_in)
                verdicts += _judge_erasers(shell, unit, exercise, harmless)
        # Graded cells change nothing that later cells may use.
        if cell.cell_type == "code" and not is_autograded(cell) and index not in left_out:
            error = _run(shell, cell.source)
            if error and "raises-exception" not in cell.metadata.get("tags", []):
                raise RuntimeError(f"the solution of {unit.name} fails in cell {cell.id}: {error}")
    if one_in and listed:
        raise ValueError(f"{folder / mutants.EQUIVALENT}: unit {unit.name} has no exercise {', '.join(sorted(listed))}")
    if one_in and harmless:
        raise ValueError(f"{folder / erasers.HARMLESS}: no eraser passes {', '.join(sorted(harmless))}: take it out")
    return verdicts


def _judge_answer(shell, unit: _Unit, exercise: Exercise, path: Path) -> Verdict:
    kind = path.name.split("-")[0]
    if kind not in ("right", "wrong"):
        raise ValueError(f"{path}: an answer's file is named right-<name>.py or wrong-<name>.py")
    source = path.read_text(encoding="utf-8")
    sight = [unit.notebook.cells[index].source for index in exercise.sight]
    messages = _lost(shell, unit, exercise, source, ANSWER_SECONDS, sight=sight)
    seen = messages.pop(SIGHT, "")
    declared = declared_losses(source)
    if kind == "right":
        ok = not messages and not seen
    elif declared:
        ok = set(messages) == set(declared)
    else:
        ok = bool(messages)
    causes = declared_causes(source)
    return Verdict(unit.name, exercise.name, path.name, kind, list(messages), ok, messages, seen, causes)


def _judge_mutants(
    shell, unit: _Unit, exercise: Exercise, listed: dict[tuple[str, str], str], one_in: int
) -> list[Verdict]:
    """Judge one in so many mutants of the exercise's solution; `listed` are those that no test can tell from it."""
    solution = unit.notebook.cells[exercise.task].source
    start = time.monotonic()
    if lost := _lost(shell, unit, exercise, solution, ANSWER_SECONDS):
        raise RuntimeError(f"the solution of {unit.name} loses its own cells: {lost}")
    seconds = max(MUTANT_SECONDS, 3 * (time.monotonic() - start))
    made = mutants.mutate(solution)
    lines, chosen = {mutant.line for mutant in made}, {line for line, change in listed if change == mutants.ANY}
    stale = {name for name in listed if name[1] != mutants.ANY and mutants.is_drawn(name, one_in)}
    stale |= {(line, mutants.ANY) for line in chosen - lines}
    verdicts = []
    for mutant in (mutant for mutant in made if mutants.is_drawn(mutant.name, one_in)):
        if mutant.line in chosen:
            verdicts.append(Verdict(unit.name, exercise.name, ": ".join(mutant.name), "equivalent", [], True))
            continue
        lost = _lost(shell, unit, exercise, mutant.source, seconds, only_first=True)
        kind = "mutant"
        if not lost and mutant.name in stale:
            stale.remove(mutant.name)
            kind = "equivalent"
        ok = bool(lost) or kind == "equivalent"
        verdicts.append(Verdict(unit.name, exercise.name, ": ".join(mutant.name), kind, list(lost), ok, lost))
    if stale:
        names = "".join(f"\n  {line}: {change}" for line, change in sorted(stale))
        raise ValueError(
            f"{unit.name}/{mutants.EQUIVALENT}, {exercise.name}: these are caught, or are no mutants:{names}"
        )
    return verdicts


def _judge_erasers(shell, unit: _Unit, exercise: Exercise, harmless: dict[str, str]) -> list[Verdict]:
    """Judge the erasers of the exercise's solution; `harmless` loses the cells that one of them passes."""
    verdicts, passed_any = [], set()
    for name, source in erasers.erasers(unit.notebook.cells[exercise.task].source):
        lost = _lost(shell, unit, exercise, source, ANSWER_SECONDS, excuse=erasers.nothing_erased)
        passed = [cell for cell in exercise.graded if cell not in lost]
        believed = {cell: "believes an answer that erases what it is given" for cell in passed if cell not in harmless}
        verdicts.append(Verdict(unit.name, exercise.name, name, "eraser", list(lost), not believed, believed))
        passed_any.update(passed)
    for cell in passed_any:
        harmless.pop(cell, None)
    return verdicts


def _lost(
    shell,
    unit: _Unit,
    exercise: Exercise,
    source: str,
    seconds: float,
    only_first: bool = False,
    excuse: Callable[[], str] = str,
    sight: Sequence[str] = (),
) -> dict[str, str]:
    """Run an answer in a fork, and its exercise's graded cells in a judge; the lost cells' messages.

    `excuse` is asked after each cell; what it says counts as a message where the cell has none. `sight` are the cells
    of the visible check, which run in a fork of the answer; what they say stands under `SIGHT`.
    """
    tests = {name: unit.notebook.cells[index].source for name, index in exercise.graded.items()}

    def answer(end: socket.socket, report: Callable[[str, str], None]) -> None:
        seen = _run(shell, source)
        if sight:
            child = os.fork()  # the check may change what the answer has made
            if child == 0:
                with _always_exit():
                    report(SIGHT, seen or next(filter(None, (_run(shell, cell) for cell in sight)), ""))
            os.waitpid(child, 0)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            answer_questions(Link(end), shell.user_ns)

    def judge(report: Callable[[str, str], None]) -> None:
        with _another_fork(lambda end: answer(end, report)) as end:
            link = Link(end)
            for name, test in tests.items():
                names = new_main(unit.imports)
                seed_from(test)
                message = _run_plain(test, names, lambda name=name: answers(link, unit.asked[name]))
                excused = excuse()
                report(name, message or excused)
                if message and only_first:
                    break

    results = _in_fork(judge, seconds)
    names = [*exercise.graded, *([SIGHT] if sight else [])]
    lost = {name: results.get(name, "no result: crashed, or out of time") for name in names}
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
def _always_exit() -> Iterator[None]:
    """End this process behind the block, whatever happens in it."""
    try:
        yield
    finally:
        os._exit(0)


@contextlib.contextmanager
def _another_fork(work: Callable[[socket.socket], None]) -> Iterator[socket.socket]:
    """A fork that works with one end of a connection while the block has the other."""
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        with _always_exit():
            ours.close()
            work(theirs)
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _in_fork(work: Callable, seconds: float) -> dict[str, str]:
    """Run ``work(report)`` in a fork; return what it reported until it ended or its time was up.

    Each process that works on it, the fork and its own, may compute for so many seconds.
    """
    import resource  # Windows has none, and gets no further than `judge_bank`

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds)))  # of each process by itself

        def report(name: str, message: str) -> None:
            os.write(writer, (json.dumps([name, message[:4000]]) + "\n").encode())

        with _always_exit():
            work(report)
    os.close(writer)
    received = b""
    end = time.monotonic() + WAITING * seconds
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
