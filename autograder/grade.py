"""Grade a class: from ``submitted/`` to the gradebook, feedback pages and a table of marks.

Every submission ends with a status, whatever the student did, and none stops the rest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
from nbgrader.apps import NbGraderAPI
from tqdm import tqdm

from autograder import course, feedback, gradebook
from autograder.collect import Submission, collect, find_students, find_units, restore_cells


@dataclass
class Result:
    """What became of one submission. A cell's score is None while it waits for a person."""

    student: str
    unit: str
    status: str
    score: float
    max_score: float
    cells: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""

    @property
    def waiting(self) -> float:
        """Points that a person has still to give."""
        return sum(cell["max_score"] for cell in self.cells if cell["score"] is None)

    def as_json(self) -> dict:
        """The result as an entry of the JSON report."""
        return {key: value for key, value in asdict(self).items() if key != "note"}


def grade_class(submitted: Path, output: Path, asked: list[str]) -> tuple[list[Result], list[str]]:
    """Grade every submission of the units asked for (default: of every unit handed in).

    Args:
        submitted: holds ``<student>/<unit>/<unit>.ipynb``.
        output: gets ``gradebook.db``, ``autograded/`` and ``feedback/``; a ``roster.csv`` there names the class.
        asked: names of units.

    Returns:
        A result for each student and unit, and a sentence for each failure of the grader itself.

    Raises:
        ValueError: nothing was handed in, or a unit does not exist.
        NbgraderError: a unit's source cannot be recorded in the gradebook.
    """
    units = find_units(submitted, asked)
    students = find_students(submitted, output / "roster.csv")
    if not units or not students:
        raise ValueError(f"nothing to grade: {submitted} holds no <student>/<unit>/<unit>.ipynb")
    output.mkdir(parents=True, exist_ok=True)
    # The students' kernels inherit this: the same numbers on every machine.
    os.environ["OMP_NUM_THREADS"] = "1"
    results, failures = [], []
    bar = tqdm(total=len(units) * len(students), unit="notebook", file=sys.stderr, dynamic_ncols=True)
    with bar, tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        api = gradebook.nbgrader_at(Path(scratch), output / "gradebook.db")
        for unit in units:
            released = nbformat.read(gradebook.generate_assignment(api, unit) / f"{unit}.ipynb", as_version=4)
            for student in students:
                bar.set_description(f"{student}, {unit}")
                start = time.monotonic()
                result = _grade_one(api, collect(submitted, student, unit), released, output, failures.append)
                result.seconds = round(time.monotonic() - start, 2)
                results.append(result)
                bar.set_postfix_str(f"{result.score:g} of {result.max_score:g} marks")
                bar.update()
    return results, failures


def _grade_one(
    api: NbGraderAPI,
    submission: Submission,
    released: nbformat.NotebookNode,
    output: Path,
    fail: Callable[[str], None],
) -> Result:
    unit, student, database = submission.unit, submission.student, output / "gradebook.db"
    if not re.fullmatch(r"[\w.@+-]+", student):
        problem = f"the folder's name {student!r} has other characters than letters, digits and . _ - + @: rename it"
        return Result(student, unit, "invalid", 0, gradebook.max_score(database, unit), note=problem)
    if submission.notebook is None:
        return _ungradable(submission, submission.status, submission.problem, database)
    restored = restore_cells(submission.notebook, released)
    root = Path(api.coursedir.root)
    path = root / "submitted" / student / unit / f"{unit}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(submission.notebook, path)
    try:
        gradebook.demand(api.autograde(unit, student), f"nbgrader could not grade {student}, {unit}")
        gradebook.demand(api.generate_feedback(unit, student), f"nbgrader wrote no feedback for {student}, {unit}")
    except gradebook.NbgraderError as error:
        if "DeadKernelError" not in str(error):
            fail(str(error))
        note = "the notebook's process died" if "DeadKernelError" in str(error) else "the grader failed; see above"
        return _ungradable(submission, "crashed", note, database)
    executed = nbformat.read(root / "autograded" / student / unit / f"{unit}.ipynb", as_version=4)
    for kind in ("autograded", "feedback"):
        _publish(root / kind / student / unit, output / kind / student / unit)
    cells, score, max_score = gradebook.marks(database, unit, student)
    messages = {
        course.mark(cell)["grade_id"]: feedback.failure_message(cell)
        for cell in executed.cells
        if course.is_autograded(cell)
    }
    for cell in cells:
        cell["message"] = messages.get(cell["id"], "") if cell["score"] is not None else "waits for a person"
    status = "timeout" if feedback.timed_out(executed) else "graded"
    note = f"restored deleted cells: {', '.join(restored)}" if restored else ""
    return Result(student, unit, status, score, max_score, cells, note=note)


def _ungradable(submission: Submission, status: str, note: str, database: Path) -> Result:
    unit, student = submission.unit, submission.student
    # A missing submission leaves the gradebook alone: an earlier one may stand there.
    if status != "missing":
        gradebook.record_zero(database, unit, student)
    return Result(student, unit, status, 0, gradebook.max_score(database, unit), note=note)


def _publish(finished: Path, target: Path) -> None:
    """Put a finished folder in the place of an older one; a reader finds the old or the new, never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.parent / f".{target.name}.new"
    shutil.rmtree(arriving, ignore_errors=True)
    shutil.copytree(finished, arriving)
    shutil.rmtree(target, ignore_errors=True)
    arriving.rename(target)


def print_table(results: list[Result]) -> None:
    """Print a line for each submission."""
    width = max(len(result.student) for result in results) + 2
    print(f"{'student':<{width}}{'unit':<18}{'status':<10}{'marks':>12}{'to read':>9}{'seconds':>9}")
    for result in results:
        mark = f"{result.score:g} of {result.max_score:g}"
        waiting = f"{result.waiting:g}" if result.waiting else ""
        print(
            f"{result.student:<{width}}{result.unit:<18}{result.status:<10}{mark:>12}{waiting:>9}{result.seconds:>9.1f}"
            + (f"  {result.note}" if result.note else "")
        )


def to_json(results: list[Result]) -> str:
    """The results in the form that other programs read."""
    return json.dumps({"submissions": [result.as_json() for result in results]}, indent=1)


def to_junit(results: list[Result]) -> str:
    """The results as JUnit XML: a suite for each unit, a case for each student, a failure for what was not graded."""
    root = ET.Element("testsuites")
    for unit in dict.fromkeys(result.unit for result in results):
        rows = [result for result in results if result.unit == unit]
        ungraded = [result for result in rows if result.status != "graded"]
        suite = ET.SubElement(root, "testsuite", name=unit, tests=str(len(rows)), failures=str(len(ungraded)))
        for result in rows:
            case = ET.SubElement(suite, "testcase", classname=unit, name=result.student, time=str(result.seconds))
            if result in ungraded:
                ET.SubElement(case, "failure", message=result.status).text = result.note
            ET.SubElement(case, "system-out").text = f"{result.score:g} of {result.max_score:g}"
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
