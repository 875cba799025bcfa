"""The contest of unit 08: who gets the best accuracy out of 50,000 parameters.

Marks come from the gradebook. Where they are equal, accuracy and size decide, as the graded cell printed them. That
line comes out of the student's process and could be forged: it never lifts anybody above better marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from autograder.course.addresses import Database, shown
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.nbgrader_bridge import is_there, open_gradebook

UNIT, EXERCISE = "08-capstone", "BudgetNet"
SAID = re.compile(r"^budget: (\d+(?:\.\d+)?) % with ([\d,]+) parameters$", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """What a student reached: marks; accuracy in percent and parameters, both 0 where nothing was printed."""

    student: str
    marks: float
    accuracy: float
    parameters: int

    @property
    def rank(self) -> tuple[float, float, int]:
        """Smaller is better: marks, then accuracy, then a smaller network."""
        return -self.marks, -self.accuracy, self.parameters


def entries(output: Path, database: Database | None = None) -> list[Entry]:
    """All graded submissions of the contest, the best first.

    Args:
        output: holds ``autograded/``, as `grade_class` wrote it.
        database: the gradebook; None for ``gradebook.db`` in `output`.

    Raises:
        ValueError: there is no gradebook, or the unit was not graded yet.
        NbgraderError: the gradebook's server is not there.
    """
    database = database or output / "gradebook.db"
    if not is_there(database):
        raise ValueError(f"there is no {shown(database)} here: run `make grade` first")
    found = []
    with open_gradebook(database) as gradebook:
        try:
            gradebook.find_assignment(UNIT)
        except MissingEntry:
            raise ValueError(f"{UNIT} is not in the gradebook: grade it first") from None
        for submission in gradebook.assignment_submissions(UNIT):
            student = submission.student.id
            grades = gradebook.find_submission_notebook(UNIT, UNIT, student).grades
            own = [grade for grade in grades if grade.name.startswith(f"{EXERCISE}-")]
            accuracy, parameters = _said(output / "autograded" / student / UNIT / f"{UNIT}.ipynb")
            found.append(Entry(student, sum(grade.score for grade in own), accuracy, parameters))
    return sorted(found, key=lambda entry: (entry.rank, entry.student))


def print_leaderboard(board: list[Entry]) -> None:
    """Print a line for each student who earned a mark; equal results share a place."""
    print(f"{'place':>5}  {'student':<24}{'marks':>6}{'accuracy':>10}{'parameters':>12}")
    placed = [entry for entry in board if entry.marks > 0]
    for entry in placed:
        place = 1 + sum(other.rank < entry.rank for other in placed)
        print(f"{place:>5}  {entry.student:<24}{entry.marks:>6g}{entry.accuracy:>8.1f} %{entry.parameters:>12,}")


def _said(path: Path) -> tuple[float, int]:
    """Accuracy in percent and number of parameters that the graded cells printed; (0, 0) if nothing."""
    if not path.is_file():
        return 0.0, 0
    printed = [
        output.text
        for cell in nbformat.read(path, as_version=4).cells
        if is_autograded(cell) and nbgrader_tag(cell)["grade_id"].startswith(f"{EXERCISE}-")
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    ]
    found = SAID.findall("\n".join(printed))
    return (float(found[-1][0]), int(found[-1][1].replace(",", ""))) if found else (0.0, 0)
