"""The answer bank: right and wrong answers on which the graded cells must prove themselves.

``tests/answers/<unit>/<exercise>/right-<name>.py`` and ``wrong-<name>.py``; each file replaces the exercise's
whole TODO cell. A right answer loses no graded cell. A wrong one loses at least one of its exercise's, or exactly
those of its line ``# loses: id, id``.

To be fast, the solution's cells up to the exercise run once; then each answer is a fork of that state that runs its
own cell and the exercise's graded cells.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from autograder import course

ANSWER_SECONDS = 30  # an answer that takes longer has lost the cells that it did not reach


@dataclass
class Verdict:
    """What became of one answer. `messages` holds what the student would be told, by lost cell."""

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


def judge_bank(folder: Path = course.ANSWERS, only_unit: str | None = None) -> Iterator[Verdict]:
    """Judge every answer under `folder`, units side by side; verdicts come as they are ready.

    Raises:
        ValueError: the folder holds no answers, or answers for a unit or exercise that does not exist.
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
        jobs = [pool.submit(_judge_unit, unit, folder / unit) for unit in names]
        for job in jobs:
            yield from job.result()


def _judge_unit(unit: str, folder: Path) -> list[Verdict]:
    from IPython.core.interactiveshell import InteractiveShell

    import course_utils.checks  # noqa: F401 - once here, not in every fork

    notebook = course.source_notebook(unit)
    exercises = {exercise.task: exercise for exercise in course.exercises(notebook)}
    names = {exercise.name for exercise in exercises.values()}
    for path in folder.iterdir():
        if path.is_dir() and path.name not in names:
            raise ValueError(f"{path}: unit {unit} has no exercise {path.name!r}; it has {', '.join(sorted(names))}")
    shell = InteractiveShell.instance()
    shell.reset()  # this process may have judged another unit before
    os.chdir(course.SOLUTIONS / unit)
    verdicts = []
    for index, cell in enumerate(notebook.cells):
        if index in exercises:
            exercise = exercises[index]
            for path in sorted((folder / exercise.name).glob("*.py")):
                verdicts.append(_judge_answer(shell, notebook, unit, exercise, path))
        # Graded cells change nothing that later cells may use.
        if cell.cell_type == "code" and not course.is_autograded(cell):
            error = _run(shell, cell.source)
            if error and "raises-exception" not in cell.metadata.get("tags", []):
                raise RuntimeError(f"the solution of {unit} fails in cell {cell.id}: {error}")
    return verdicts


def _judge_answer(shell, notebook, unit: str, exercise: course.Exercise, path: Path) -> Verdict:
    kind = path.name.split("-")[0]
    if kind not in ("right", "wrong"):
        raise ValueError(f"{path}: an answer's file is named right-<name>.py or wrong-<name>.py")
    source = path.read_text(encoding="utf-8")
    names = list(exercise.graded)

    def work(report: Callable[[str, str], None]) -> None:
        _run(shell, source)
        for name in names:
            report(name, _run(shell, notebook.cells[exercise.graded[name]].source))

    results = _in_fork(work, ANSWER_SECONDS)
    messages = {name: results.get(name, "no result: crashed, or out of time") for name in names}
    messages = {name: message for name, message in messages.items() if message}
    declared = course.declared_losses(source)
    if kind == "right":
        ok = not messages
    elif declared:
        ok = set(messages) == set(declared)
    else:
        ok = bool(messages)
    return Verdict(unit, exercise.name, path.name, kind, list(messages), ok, messages)


def _run(shell, source: str) -> str:
    """Run a cell; return why it would lose its marks, or nothing."""
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        return f"{type(error).__name__}: {error}"
    # nbgrader gives no marks to a graded cell that wrote to stderr.
    return f"wrote to stderr: {errors.getvalue()[:500]}" if errors.getvalue() else ""


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


def print_report(verdicts: list[Verdict], with_messages: bool) -> None:
    """Print what each wrong answer is told (on request), what fell short, and a line for each exercise."""
    counts: dict[tuple[str, str], list[int]] = {}
    for verdict in verdicts:
        right_ok, right, wrong_ok, wrong = counts.get((verdict.unit, verdict.exercise), [0, 0, 0, 0])
        if verdict.kind == "right":
            right_ok, right = right_ok + verdict.ok, right + 1
        else:
            wrong_ok, wrong = wrong_ok + verdict.ok, wrong + 1
        counts[verdict.unit, verdict.exercise] = [right_ok, right, wrong_ok, wrong]
        if with_messages or not verdict.ok:
            print(f"{'' if verdict.ok else 'FELL SHORT '}{verdict.unit}/{verdict.exercise}/{verdict.answer}")
            print(f"  lost: {', '.join(verdict.lost) or 'nothing'}")
            for name, message in verdict.messages.items():
                print(f"  {name}: " + message.replace("\n", "\n      "))
    print(f"{'unit':<22}{'exercise':<24}{'right accepted':>16}{'wrong caught':>14}")
    for (unit, exercise), (right_ok, right, wrong_ok, wrong) in counts.items():
        print(f"{unit:<22}{exercise:<24}{f'{right_ok} of {right}':>16}{f'{wrong_ok} of {wrong}':>14}")
    sys.stdout.flush()
