"""What became of one exercise, as its saved cells tell."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from course_utils.exercises import NO_TEXT, STUB, nbgrader_tag

DONE, TRIED, UNTOUCHED = "done", "tried", "untouched"


@dataclass(frozen=True)
class ExerciseState:
    """One exercise and what became of it.

    >>> from course_utils.progress import ExerciseState
    >>> exercise = ExerciseState("pool2d", "Exercise 6 · Pooling", 4, "tried", "the check showed an error", "ex6-title")
    >>> exercise.waiting
    4

    Attributes:
        name: the TODO cell's ``grade_id``.
        title: its heading.
        points: what it gives.
        state: ``"done"``, ``"tried"`` or ``"untouched"``.
        reason: how that is known.
        cell: id of the cell with its heading, or of its TODO cell; "" if the notebook has neither.
    """

    name: str
    title: str
    points: float
    state: str
    reason: str
    cell: str

    @property
    def waiting(self) -> float:
        """The points that it does not give yet."""
        return 0 if self.state == DONE else self.points


def state_of(task: Mapping | None, check: Mapping | None, graded: list[Mapping], released: Mapping) -> tuple[str, str]:
    """``"done"``, ``"tried"`` or ``"untouched"``, and how that is known.

    Counts of runs tell the order in which cells ran. After a restart they begin at 1 again: a check that is older than
    the restart may then seem to be newer than the answer.

    >>> from course_utils.progress.states import state_of
    >>> task = {"cell_type": "code", "metadata": {}, "source": "x = 2", "execution_count": 7, "outputs": []}
    >>> state_of(task, task | {"execution_count": 8}, [], task | {"source": "x = ..."})
    ('done', 'solved when last run')
    >>> state_of(task, task | {"execution_count": None}, [], task | {"source": "x = ..."})
    ('tried', 'the check has not been run')

    Args:
        task: the student's TODO cell, None if it is not there.
        check: their visible check, None if it is not there.
        graded: their graded cells, those that are there.
        released: the TODO cell as released, or the student's own where there is no release.
    """
    if task is None:
        return UNTOUCHED, "its cell is not in your notebook"
    if as_released(task, released):
        return UNTOUCHED, ""
    if released["cell_type"] != "code":
        return DONE, "written"
    if STUB in task["source"]:
        return TRIED, "the line with raise still stands in it"
    if task["execution_count"] is None:
        return TRIED, "the answer has not been run"
    if _shows_error(task):
        return TRIED, "the answer showed an error"
    if check is None:
        return TRIED, "its check is not in your notebook"
    if check["execution_count"] is None:
        return TRIED, "the check has not been run"
    if _shows_error(check):
        return TRIED, "the check showed an error"
    if check["execution_count"] < task["execution_count"]:
        return TRIED, "the check has not been run since the answer was"
    if any(_shows_error(cell) and _ran_after(cell, task) for cell in graded):
        return TRIED, "a graded cell showed an error"
    return DONE, "solved when last run"


def as_released(cell: Mapping, released: Mapping) -> bool:
    """Whether a TODO cell holds what was released: by nbgrader's checksum in it, or by the text of the release.

    The checksum is that of the release from which the student's notebook came, which may be older than today's.

    >>> from course_utils.progress.states import as_released
    >>> cell = {"cell_type": "code", "metadata": {}, "source": "x = ..."}
    >>> as_released(cell, cell | {"source": "x = ...  "}), as_released(cell, cell | {"source": "x = 2"})
    (True, False)
    """
    known = nbgrader_tag(cell).get("checksum")
    if known is not None and known == checksum(cell):
        return True
    if cell is not released:
        return cell["source"].strip() == released["source"].strip()
    return known is None and any(text in cell["source"] for text in (STUB, NO_TEXT))


def checksum(cell: Mapping) -> str:
    """nbgrader's checksum of a TODO cell (``nbgrader.utils.compute_checksum``), without the seconds of importing it.

    >>> from course_utils.progress.states import checksum
    >>> tag = {"grade_id": "x", "solution": True, "grade": False}
    >>> checksum({"cell_type": "code", "source": "x = ...", "metadata": {"nbgrader": tag}})[:8]
    'be8a07d8'
    """
    tag = nbgrader_tag(cell)
    grade = bool(tag.get("grade"))
    parts = [cell["source"], cell["cell_type"], str(grade), "True", "False", tag["grade_id"]]
    if grade:
        parts.append(str(float(tag.get("points", 0))))
    return hashlib.md5("".join(parts).encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()


def _shows_error(cell: Mapping) -> bool:
    return any(output.get("output_type") == "error" for output in cell["outputs"])


def _ran_after(cell: Mapping, task: Mapping) -> bool:
    return cell["execution_count"] is not None and cell["execution_count"] > task["execution_count"]
