"""One submission, from what was handed in to its result."""

from __future__ import annotations

import copy
import dataclasses
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from autograder.course.skipping import cells_to_skip
from autograder.grading import finished
from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission, read_submission
from autograder.grading.judged import result_of
from autograder.grading.repair import repair
from autograder.grading.results import Result
from autograder.grading.reuse import result_of_same_code
from autograder.sandbox.sandbox import Limits, Sandbox, SandboxError, SandboxStopped

if TYPE_CHECKING:
    from autograder.grading.boxes import Boxes


@dataclass(frozen=True)
class Options:
    """How a class is graded: `jobs` notebooks at a time, boxed or not, kept results used or not, limits of time.

    With `preview` nothing is written: neither results nor gradebook nor pages.
    """

    jobs: int = 1
    sandbox: bool = True
    force: bool = False
    preview: bool = False
    limits: Limits = Limits()  # noqa: RUF009 - it cannot change


def grade_submission(
    submitted: Path,
    output: Path,
    student: str,
    unit: GradingUnit,
    boxes: Boxes,
    options: Options,
    last_try: bool = False,
) -> Result | None:
    """Collect, repair, run and judge one submission where there is a place for it, and keep the result.

    One of which only texts are new does not run again.

    Returns:
        The result, or None where a busy machine or a lost worker can have been the cause of it: nothing is kept then,
        and the submission is to run once more, alone, as its `last_try`.
    """
    with boxes.turn():
        submission = read_submission(submitted, student, unit.name)
        if submission.notebook is None:
            result = Result(student, unit.name, submission.status, note=submission.problem)
            executed = None
        else:
            judged = None if options.force else result_of_same_code(output, submission, unit)
            judged = judged or boxes.run(submission, unit, options.limits, last_try)
            if judged is None:
                return None
            result, executed = judged
            if executed is None:
                return result
        result.key = finished.key_of(submission.digest, unit.key)
        if submission.digest and not options.preview:
            finished.save(output, result, executed)
        return result


def judge(
    submission: Submission,
    unit: GradingUnit,
    sandbox: AbstractContextManager[Sandbox],
    limits: Limits,
    last_try: bool = False,
) -> tuple[Result, NotebookNode | None] | None:
    """Repair and run a submission in the sandbox that is entered for it, and read its marks off.

    Returns:
        The result, and the executed notebook; no notebook where the grader itself failed on it, and None where it has
        to run once more, see `grade_submission`.
    """
    try:
        return _run(submission, unit, sandbox, limits, last_try)
    except (OSError, MemoryError, SandboxError, SandboxStopped):
        raise  # the host's trouble, not this submission's
    except Exception as error:  # a stranger's notebook has found a fault of ours
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        note = f"the grader failed on it ({reason}): a person has to look"
        return Result(submission.student, unit.name, "unclear", note=note), None


def _run(
    submission: Submission,
    unit: GradingUnit,
    free: AbstractContextManager[Sandbox],
    limits: Limits,
    last_try: bool,
) -> tuple[Result, NotebookNode] | None:
    notebook = copy.deepcopy(submission.notebook)
    repaired = repair(notebook, unit.released, unit.source)
    skipped = cells_to_skip(notebook, unit.source, unit.answers)
    with free as sandbox:
        start = time.monotonic()
        limits = dataclasses.replace(limits, own=unit.own_seconds)
        execution = sandbox.run(notebook, unit.imports, unit.answers, limits, last_try, skipped)
        seconds = round(time.monotonic() - start, 2)
    if execution.doubtful and not last_try:
        return None
    result = result_of(submission.student, unit, notebook, execution, repaired)
    result.seconds = seconds
    return result, notebook
