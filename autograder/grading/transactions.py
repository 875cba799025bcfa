"""Writing to the gradebook: all of it or nothing, and again while somebody else has it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from nbgrader.api import Gradebook
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from autograder.course.addresses import Database, shown
from autograder.nbgrader_bridge import NbgraderError, UnreachableError, one_transaction, only_writer, open_gradebook

LOCK_SECONDS = 60
Written = TypeVar("Written")


def write(database: Database, work: Callable[[Gradebook], Written]) -> Written:
    """Write in one transaction; while somebody else has the gradebook, or its server is away, try for a minute.

    Args:
        database: the gradebook.
        work: writes; it may be called again from the start.

    Returns:
        What `work` returned.

    Raises:
        NbgraderError: the gradebook stays locked, or its server away, for a minute, or cannot be written.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            with only_writer(database), one_transaction(database) as gradebook:
                written = work(gradebook)
            return written
        except (DBAPIError, UnreachableError) as error:
            if not _may_pass(error) or time.monotonic() > deadline:
                raise _unwritable(database, error) from error
            time.sleep(0.5)


def _may_pass(error: DBAPIError | UnreachableError) -> bool:
    """Whether the same may succeed soon: a lock is given free, a server starts again."""
    if isinstance(error, UnreachableError):
        return isinstance(error.__cause__, OperationalError)
    is_sqlite = isinstance(error.orig, sqlite3.Error)
    return isinstance(error, OperationalError) and (not is_sqlite or "locked" in str(error))


def _unwritable(database: Database, error: DBAPIError | UnreachableError) -> NbgraderError:
    if isinstance(error, UnreachableError):
        return error
    reason = " ".join(str(error.orig).split())
    return NbgraderError(
        f"{shown(database)} cannot be written ({reason}): close other programs that use it, or make it writable, and "
        "run the same command again; what was executed is kept and will not run again"
    )


def demand_writable(database: Database) -> None:
    """See that the gradebook can be written before anything is executed; it is made if it is not there.

    Raises:
        NbgraderError: as `write`.
    """
    if isinstance(database, URL):
        open_gradebook(database).close()  # a server that is not there is said at once
    write(database, lambda gradebook: None)
