"""nbgrader, configured as the course is, over any folder: its gradebook and its converters."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import shutil
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from alembic.script import ScriptDirectory
from nbgrader.api import Assignment, Base, Course, Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Connection, NullPool, create_engine, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, SAWarning
from traitlets.config import Config, PyFileConfigLoader

from autograder import ROOT
from autograder.course import units
from autograder.course.addresses import DEFAULT, Database, database_at, final_address, shown, url_of
from autograder.files import exclusive

# nbgrader builds its rows in an order that SQLAlchemy 2 warns of; the rows are right.
warnings.filterwarnings("ignore", category=SAWarning, message="Object of type")

COURSE = "default_course"  # nbgrader's name for the one course of a gradebook
# Names of PostgreSQL's advisory locks: while a gradebook is made, and while a grader writes to it.
MAKING, WRITING = 0x6E626D6B, 0x6E627772
CONNECT_SECONDS = 10


class NbgraderError(RuntimeError):
    """nbgrader itself failed; the message holds the end of its log."""


class UnreachableError(NbgraderError):
    """The gradebook's server, or its driver, is not there; the message is a sentence."""


def course_database(root: Path) -> Database:
    """The gradebook of the course in this folder: by NBGRADER_DB_URL, else nbgrader_config.py, else its gradebook.db.

    Raises:
        ValueError: the address is none.
    """
    configured = DEFAULT
    if (root / "nbgrader_config.py").is_file():
        configured = _config(root).CourseDirectory.get("db_url", DEFAULT)
    return database_at(final_address(configured, root), root)


def find_alembic() -> None:
    """nbgrader's own commands call alembic by its name, which is found only in an activated environment."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ["PATH"]


def open_gradebook(database: Database) -> Gradebook:
    """The gradebook, which is made if it is not there; close it, or use it in a `with`.

    Raises:
        UnreachableError: its server, or the driver for it, is not there, or does not let us in.
    """
    with _said(database):
        _make_whole(database)
        return Gradebook(url_of(database))


def is_there(database: Database) -> bool:
    """Whether there is a gradebook; nothing is made.

    Raises:
        UnreachableError: as `open_gradebook`.
    """
    if isinstance(database, Path) and not database.is_file():
        return False
    with _connection(database) as connection:
        return inspect(connection).has_table(Assignment.__tablename__)


@contextlib.contextmanager
def only_writer(database: Database) -> Iterator[None]:
    """Within, no other grader writes to this gradebook, from whichever folder; one that does is waited for."""
    if isinstance(database, Path):
        with exclusive(database.with_name(f".{database.name}.lock"), lambda: None):
            yield
    else:
        with _connection(database) as connection:
            connection.execute(select(func.pg_advisory_lock(WRITING)))
            yield  # the lock ends with the connection


@contextlib.contextmanager
def one_transaction(database: Database) -> Iterator[Gradebook]:
    """The gradebook in one transaction: all that is written within stands in the end, or nothing of it.

    Only one program at a time is in there; nbgrader's commands and the formgrader go on reading, and wait to write.
    """
    with open_gradebook(database) as gradebook, gradebook.engine.begin() as connection:
        begin_to_write(connection)
        # nbgrader commits each new row; joined to this transaction, its commits write and do not end it.
        gradebook.db.remove()
        gradebook.db.configure(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        yield gradebook
        gradebook.db.commit()


def begin_to_write(connection: Connection) -> None:
    """Take the right to write at the transaction's start, so that what it reads is not stale when it writes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        tables = ", ".join(sorted(Base.metadata.tables))
        connection.exec_driver_sql(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _make_whole(database: Database) -> None:
    """Make a gradebook in one transaction: nbgrader itself, killed on the way, leaves one that it cannot upgrade.

    One that was left so is finished.
    """
    with _connection(database) as connection:
        if _is_whole(connection):
            return
    version = _newest_version()
    with _connection(database) as connection, connection.begin():
        if isinstance(database, Path):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
        if _is_whole(connection):  # made by somebody else, while we waited
            return
        tables = inspect(connection).get_table_names()
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        # An old gradebook, from before nbgrader knew courses, keeps its version for `nbgrader db upgrade`.
        is_new = not tables or Course.__tablename__ in tables
        if is_new and not connection.scalar(text("SELECT count(*) FROM alembic_version")):
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
        connection.execute(insert(Course).values(id=COURSE))


def _is_whole(connection: Connection) -> bool:
    """The course's row is the last that is written to a new gradebook."""
    found = select(Course.id).where(Course.id == COURSE)
    return inspect(connection).has_table(Course.__tablename__) and connection.scalar(found) is not None


@contextlib.contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    with _said(database):
        limit = {} if isinstance(database, Path) else {"connect_timeout": CONNECT_SECONDS}
        engine = create_engine(url_of(database), poolclass=NullPool, connect_args=limit)
        connection = engine.connect()
    with connection:
        yield connection


@contextlib.contextmanager
def _said(database: Database) -> Iterator[None]:
    """A driver or a server that is not there is one sentence. What SQLite says is for the caller."""
    try:
        yield
    except ImportError as error:
        raise UnreachableError(
            f"the gradebook is {shown(database)}, and its driver cannot be imported ({error}): run "
            "`python -m pip install -r requirements.txt`"
        ) from error
    except DBAPIError as error:
        if isinstance(database, Path):
            raise
        reason = " ".join(str(error.orig).split())
        raise UnreachableError(
            f"the gradebook {shown(database)} cannot be opened ({reason}): see that the server runs, that the "
            "database is there and that the address is right, and run the same command again; what was executed is kept"
        ) from error


@functools.cache
def _newest_version() -> str:
    """The version of nbgrader's tables; nbgrader itself starts a program for the question, which takes seconds."""
    return ScriptDirectory(ALEMBIC_DIR).get_current_head()


def _config(root: Path) -> Config:
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def nbgrader_at(root: Path, database: Database) -> NbGraderAPI:
    """nbgrader with the course's settings, working in `root` and recording in `database`."""
    open_gradebook(database).close()  # from here on it is there, and whole
    config = _config(ROOT)
    address = url_of(database).render_as_string(hide_password=False)
    config.merge(Config({"CourseDirectory": {"root": str(root), "db_url": address}}))
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
