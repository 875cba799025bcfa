"""nbgrader, configured as the course is, over any folder: its converters, and what its gradebook says."""

from __future__ import annotations

import logging
import os
import shutil
import sysconfig
import time
import warnings
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets.config import Config, PyFileConfigLoader

from autograder import ROOT, course
from autograder.results import Result

LOCK_SECONDS = 60

# nbgrader builds its rows in an order that SQLAlchemy 2 warns of; the rows are right.
warnings.filterwarnings("ignore", category=SAWarning, message="Object of type")


class NbgraderError(RuntimeError):
    """nbgrader itself failed; the message holds the end of its log."""


def nbgrader_at(root: Path, database: Path) -> NbGraderAPI:
    """nbgrader with the course's settings, working in `root` and recording in `database`."""
    # nbgrader calls alembic by its name, which is found only in an activated environment.
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.merge(Config({"CourseDirectory": {"root": str(root), "db_url": f"sqlite:///{database}"}}))
    api = NbGraderAPI(config=config)
    # Its log comes back from each call; on the screen it would bury the table of marks.
    api.log.handlers = [logging.NullHandler()]
    api.log.propagate = False
    return api


def generate_assignment(api: NbGraderAPI, unit: str) -> Path:
    """Copy a unit's source into nbgrader's root, generate the release there and record its cells.

    Returns:
        The folder with the released notebook and its figures.

    Raises:
        NbgraderError: nbgrader refused, for instance since graded cells came or went after submissions were graded.
    """
    root = Path(api.coursedir.root)
    source = root / api.coursedir.source_directory / unit
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(course.SOLUTIONS / unit, source, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    demand(api.generate_assignment(unit), f"nbgrader could not generate the release of {unit}")
    return root / api.coursedir.release_directory / unit


def demand(result: dict, what: str) -> None:
    """Raise `NbgraderError` unless a call of nbgrader's API succeeded."""
    if not result["success"]:
        log = "\n".join((result.get("log") or result.get("error") or "").strip().splitlines()[-15:])
        raise NbgraderError(f"{what}:\n{log}")


def record(database: Path, results: list[Result]) -> None:
    """Write the automatic marks of these submissions in one transaction. Marks given by a person stay.

    A submission that could not be graded scores nothing and waits for nobody; a missing one leaves the gradebook alone,
    since an earlier one may stand there.

    Raises:
        NbgraderError: the gradebook stays locked for a minute, or cannot be written.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            with Gradebook(f"sqlite:///{database}") as gradebook, gradebook.engine.begin() as connection:
                # nbgrader commits each new row; joined to this transaction, its commits write and do not end it.
                gradebook.db.remove()
                gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
                for result in results:
                    if result.status != "missing":
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
    with Gradebook(f"sqlite:///{database}") as gradebook:
        for result in results:
            result.max_score = gradebook.find_assignment(result.unit).max_score
            try:
                submission = gradebook.find_submission_notebook(result.unit, result.unit, result.student)
            except MissingEntry:
                continue
            if result.status == "missing":
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
