"""What gradebook and kept results know of each unit of a class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from nbformat.v4 import new_notebook

from autograder.course import units
from autograder.course.addresses import Database
from autograder.course.answers import answers_asked
from autograder.grading import finished, gradebook
from autograder.grading.gradebook import Entry, Mark
from autograder.grading.results import Result
from autograder.grading.roster import Roster
from autograder.nbgrader_bridge import open_gradebook
from autograder.reports.grades import Grade, read_grades
from course_utils.exercises import all_exercises


@dataclass(frozen=True)
class Task:
    """An exercise of a unit, with a title that no other has.

    `cells` are the points of its graded cells by grade_id, as the gradebook has them.
    """

    name: str
    title: str
    cells: dict[str, float]
    written: bool = False
    answers: frozenset[str] = frozenset()  # the names that its graded cells ask for

    @property
    def points(self) -> float:
        """What the exercise gives at most."""
        return sum(self.cells.values())


@dataclass(frozen=True)
class Submission:
    """What a student handed in: the mark, the graded cells as the gradebook has them, and the kept result, if any.

    A kept result without cells is of a file that was no notebook.
    """

    student: str
    grade: Grade
    entry: Entry
    kept: Result | None

    @property
    def ran(self) -> bool:
        """Whether a notebook was graded; where no result is kept, another grader has done it."""
        return self.kept is None or bool(self.kept.cells)


@dataclass(frozen=True)
class Unit:
    """A unit of a class: its exercises, what was handed in, and who has handed in nothing.

    `not_graded` have handed in, and the gradebook does not know of it.
    """

    name: str
    tasks: list[Task]
    submissions: list[Submission]
    missing: list[str]
    not_graded: list[str]

    @property
    def graded(self) -> list[Submission]:
        """The submissions that figures and shares are about: those that are notebooks."""
        return [submission for submission in self.submissions if submission.ran]

    def marks(self) -> pd.DataFrame:
        """The points of each graded submission (rows, by student) in each exercise (columns, by name).

        A person's mark stands for the grader's; extra credit is left out. NaN while a part waits for a person.
        """
        rows = {
            submission.student: {task.name: _points(task, submission.entry) for task in self.tasks}
            for submission in self.graded
        }
        columns = [task.name for task in self.tasks]
        return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)


def read_class(root: Path, roster: Roster, asked: list[str], database: Database | None = None) -> list[Unit]:
    """The units asked for (default: all in the gradebook), each with everybody in gradebook or roster.

    Args:
        root: holds ``autograded/`` and perhaps ``submitted/``.
        roster: the class, as `read_roster` gives it.
        asked: names of units.
        database: the gradebook; None for ``gradebook.db`` in `root`.

    Raises:
        ValueError: there is no gradebook, or it has no such unit.
    """
    database = database or root / "gradebook.db"
    grades: dict[str, list[Grade]] = {}
    for grade in read_grades(database, roster, asked):
        grades.setdefault(grade.unit, []).append(grade)
    cells = gradebook.maxima(database)
    with open_gradebook(database) as opened:
        entries = gradebook.entries(opened, cells)
    found = []
    for unit in asked or sorted(cells):
        of_unit = grades.get(unit, [])
        submissions = [
            Submission(g.student, g, entries[unit, g.student], finished.last_kept(root, unit, g.student))
            for g in of_unit
            if g.handed_in
        ]
        waiting = _handed_in(root / "submitted", unit) - {submission.student for submission in submissions}
        missing = [g.student for g in of_unit if not g.handed_in and g.student not in waiting]
        found.append(Unit(unit, _tasks(unit, cells[unit]), submissions, missing, sorted(waiting)))
    return found


def _handed_in(submitted: Path, unit: str) -> set[str]:
    """Who has a file in the folder of this unit."""
    return {path.parent.parent.name for path in submitted.glob(f"[!.]*/{unit}/*.ipynb")}


def _tasks(unit: str, cells: dict[str, float]) -> list[Task]:
    """The exercises of a unit by its source notebook; a graded cell that the source lacks stands for itself."""
    source = units.source_notebook(unit) if unit in units.unit_names() else new_notebook()
    known, asked = all_exercises(source), answers_asked(source)
    titles = [exercise.title for exercise in known]
    tasks = []
    for exercise in known:
        own = {name: cells[name] for name in exercise.graded if name in cells}
        title = exercise.title if titles.count(exercise.title) == 1 else f"{exercise.title} ({exercise.name})"
        if own:
            answers = frozenset(name for cell in own for name in asked.get(cell, ()))
            tasks.append(Task(exercise.name, title, own, exercise.written, answers))
    owned = {name for task in tasks for name in task.cells}
    return tasks + [Task(name, name, {name: most}) for name, most in cells.items() if name not in owned]


def _points(task: Task, entry: Entry) -> float:
    return sum(_given(entry.marks.get(name)) for name in task.cells)


def _given(mark: Mark | None) -> float:
    if mark is None:  # a cell that came into the unit after this was graded
        return math.nan
    given = mark.auto if mark.manual is None else mark.manual
    return math.nan if mark.waits or given is None else given
