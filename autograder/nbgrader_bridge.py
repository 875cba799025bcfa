"""nbgrader, configured as the course is, over any folder: its gradebook and its converters."""

from __future__ import annotations

import logging
import os
import shutil
import sysconfig
import warnings
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from autograder import ROOT
from autograder.course import units

# nbgrader builds its rows in an order that SQLAlchemy 2 warns of; the rows are right.
warnings.filterwarnings("ignore", category=SAWarning, message="Object of type")


class NbgraderError(RuntimeError):
    """nbgrader itself failed; the message holds the end of its log."""


def open_gradebook(database: Path) -> Gradebook:
    """The gradebook in this file, which is made if it is not there; close it, or use it in a `with`."""
    find_alembic()
    return Gradebook(f"sqlite:///{database}")


def find_alembic() -> None:
    """nbgrader calls alembic by its name, which is found only in an activated environment."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]


def nbgrader_at(root: Path, database: Path) -> NbGraderAPI:
    """nbgrader with the course's settings, working in `root` and recording in `database`."""
    find_alembic()
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
    shutil.copytree(units.SOLUTIONS / unit, source, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    demand(api.generate_assignment(unit), f"nbgrader could not generate the release of {unit}")
    return root / api.coursedir.release_directory / unit


def demand(result: dict, what: str) -> None:
    """Raise `NbgraderError` unless a call of nbgrader's API succeeded."""
    if not result["success"]:
        log = "\n".join((result.get("log") or result.get("error") or "").strip().splitlines()[-15:])
        raise NbgraderError(f"{what}:\n{log}")
