"""The gradebook's only writer, and what a person has written there."""

from __future__ import annotations

import time
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import OperationalError

from autograder.grading.handed_in import is_student_name
from autograder.grading.results import Result
from autograder.nbgrader_bridge import NbgraderError, open_gradebook

LOCK_SECONDS = 60


def record(database: Path, results: list[Result]) -> None:
    """Write the automatic marks of these submissions in one transaction. Marks given by a person stay.

    A submission that could not be graded scores nothing and waits for nobody; a missing one leaves the gradebook alone,
    since an earlier one may stand there, and so does a folder that cannot be a student's.

    Raises:
        NbgraderError: the gradebook stays locked for a minute, or cannot be written.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            with open_gradebook(database) as gradebook, gradebook.engine.begin() as connection:
                # nbgrader commits each new row; joined to this transaction, its commits write and do not end it.
                gradebook.db.remove()
                gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
                for result in results:
                    if result.status != "missing" and is_student_name(result.student):
                        _record_one(gradebook, result)
                gradebook.db.commit()
            return
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                reason = str(error.orig)
                raise NbgraderError(
                    f"{database.name} cannot be written ({reason}): close other programs that use it, or make it "
                    "writable, and run the same command again; what was executed is kept and will not run again"
                ) from error
            time.sleep(0.5)


def read_marks(database: Path, results: list[Result]) -> None:
    """Bring each result in line with the gradebook: its maximum, and the marks that a person gave."""
    with open_gradebook(database) as gradebook:
        for result in results:
            result.max_score = gradebook.find_assignment(result.unit).max_score
            if result.status == "missing" or not is_student_name(result.student):
                continue
            try:
                submission = gradebook.find_submission_notebook(result.unit, result.unit, result.student)
            except MissingEntry:
                continue
            by_name = {grade.name: grade for grade in submission.grades}
            for cell in result.cells:
                if by_name[cell["id"]].manual_score is not None:
                    cell["score"] = by_name[cell["id"]].manual_score
            result.score = submission.score


def _record_one(gradebook: Gradebook, result: Result) -> None:
    gradebook.update_or_create_student(result.student)
    gradebook.update_or_create_submission(result.unit, result.student)
    submission = gradebook.find_submission_notebook(result.unit, result.unit, result.student)
    scores = {cell["id"]: cell["score"] for cell in result.cells}
    for grade in submission.grades:
        grade.auto_score = scores.get(grade.name, 0)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
