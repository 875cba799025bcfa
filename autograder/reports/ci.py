"""Notebooks graded for a push: no gradebook stays, and four files say what came of each (`ci_files`)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.course import units
from autograder.files import write_bytes, write_text
from autograder.grading.classes import grade_class
from autograder.grading.results import Result
from autograder.grading.submissions import Options
from autograder.reports import feedback
from autograder.reports.ci_files import is_enough, markdown, points_in_words, write_graded, write_unusable
from autograder.reports.ci_notebook import UnusableError, find_notebook

STUDENT = "student"
CLASS = "class.json"
AT_LEAST, BELOW, UNUSABLE, NO_SANDBOX, GRADER_FAILED = range(5)
STATES = {AT_LEAST: "enough", BELOW: "not enough", UNUSABLE: "unusable", GRADER_FAILED: "not graded"}


@dataclass(frozen=True)
class Verdict:
    """What came of a push: one of the exit codes, and a sentence."""

    code: int
    said: str


def grade_push(notebook: Path, out: Path, minimum: float, options: Options) -> int:
    """Grade one notebook in the sandbox and write the four files.

    Args:
        notebook: a notebook of any name, or a repository with one.
        out: folder of the files; it is made.
        minimum: part of the automatic points that is enough, 0 to 1.
        options: see `Options`.

    Returns:
        `AT_LEAST`, `BELOW` the minimum, or `UNUSABLE`; `GRADER_FAILED` where the fault is the grader's own, and there
        are no files then.

    Raises:
        SandboxError: there is no sandbox on this machine.
        ValueError: the unit's own solution does not earn its marks.
    """
    try:
        content, unit = find_notebook(notebook)
    except UnusableError as error:
        write_unusable(out, str(error))
        print(error)
        return UNUSABLE
    verdict = _grade({STUDENT: content}, unit, {STUDENT: out}, minimum, options)[STUDENT]
    print(f"{unit}: {verdict.said}")
    return verdict.code


def grade_pushes(clones: Path, unit: str, out: Path, minimum: float, options: Options) -> int:
    """Grade one unit in what `intake.repositories` fetched of a class, and write down what came of it.

    Args:
        clones: holds ``class.json``, and a folder with the notebooks of each student.
        unit: which unit.
        out: gets ``<student>/`` with the four files, ``summary.md`` with a line for each student, and ``class.json``,
            which `statuses` reads.
        minimum, options: as for `grade_push`.

    Returns:
        0, whatever the students earned.

    Raises:
        SandboxError: there is no sandbox on this machine.
        ValueError: there is no such unit, its own solution does not earn its marks, or `clones` has no ``class.json``.
    """
    units.source_notebook(unit)  # a name that is none is said before anything is read
    if not (clones / CLASS).is_file():
        raise ValueError(f"there is no {clones / CLASS}: run python -m autograder.intake.repositories first")
    fetched = json.loads((clones / CLASS).read_text(encoding="utf-8"))
    contents, verdicts = {}, {}
    for student, facts in fetched.items():
        try:
            if facts["problem"]:
                raise UnusableError(facts["problem"])
            contents[student] = find_notebook(clones / student, unit)[0]
        except UnusableError as error:
            write_unusable(out / student, str(error))
            verdicts[student] = Verdict(UNUSABLE, str(error))
    if contents:
        verdicts |= _grade(contents, unit, {student: out / student for student in contents}, minimum, options)
    lines = [f"## {unit}", "| student | what came of it | |", "|---|---|---|"]
    entries = {}
    for student, facts in fetched.items():
        verdict = verdicts[student]
        state = STATES[verdict.code]
        entries[student] = facts | asdict(verdict) | {"state": state, "unit": unit}
        lines.append(f"| {markdown(student)} | {state} | {markdown(verdict.said)} |")
        print(f"{student}: {state}: {verdict.said}")
    write_text(out / "summary.md", "\n".join(lines) + "\n")
    write_text(out / CLASS, json.dumps(entries, indent=1))
    return 0


def _grade(
    contents: Mapping[str, bytes], unit: str, outs: Mapping[str, Path], minimum: float, options: Options
) -> dict[str, Verdict]:
    """Grade a notebook of each student together, write the four files of each, and say what came of it."""
    with tempfile.TemporaryDirectory(prefix="ci-") as scratch:
        submitted, graded_in = Path(scratch, "submitted"), Path(scratch, "graded")
        graded_in.mkdir()
        for student, content in contents.items():
            write_bytes(submitted / student / unit / f"{unit}.ipynb", content)
        graded = grade_class(submitted, graded_in, [unit], options, feedback)
        if graded.refused:
            raise ValueError(graded.refused[unit])
        source = units.source_notebook(unit)
        verdicts = {}
        for result in graded.results:
            out = outs[result.student]
            verdicts[result.student] = verdict = _verdict(result, minimum)
            if verdict.code == UNUSABLE:
                write_unusable(out, verdict.said)
            elif verdict.code != GRADER_FAILED:
                page = graded_in / "feedback" / result.student / unit / f"{unit}.html"
                write_graded(out, result, source, page.read_text(encoding="utf-8"), minimum)
    return verdicts


def _verdict(result: Result, minimum: float) -> Verdict:
    if result.status == "invalid":
        return Verdict(UNUSABLE, result.note)
    if not result.cells:  # it is unclear, since the grader failed on it: nobody gets a mark by that
        return Verdict(GRADER_FAILED, result.note)
    code = AT_LEAST if is_enough(result, minimum) else BELOW
    return Verdict(code, points_in_words(result, minimum))
