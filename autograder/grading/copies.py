"""A gradebook's rows, copied to a file and brought back, whatever database they are in."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from nbgrader.api import Base
from sqlalchemy import Connection, Table, delete, insert, select, update

from autograder.course.addresses import Database
from autograder.nbgrader_bridge import open_gradebook


def copy_gradebook(database: Database, file: Path) -> None:
    """Copy a gradebook into a file of SQLite, which is new.

    Raises:
        UnreachableError: the gradebook's server is not there.
    """
    if isinstance(database, Path):
        # By SQLite itself, which also takes what another program has not yet written back.
        with contextlib.closing(sqlite3.connect(database)) as old, contextlib.closing(sqlite3.connect(file)) as new:
            old.backup(new)
        return
    with open_gradebook(database) as gradebook, gradebook.engine.connect() as connection:
        # What others write meanwhile is seen in all tables or in none.
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        copy_rows(connection, file)


def copy_rows(source: Connection, file: Path) -> None:
    """Make a gradebook in a file, with the rows that this connection sees."""
    with open_gradebook(file) as copy, copy.engine.begin() as target:
        put_rows(source, target)


def put_rows(source: Connection, target: Connection) -> None:
    """Make the target's rows those of the source: what is the same already is not written."""
    pairs = [(table, _rows(source, table), _rows(target, table)) for table in Base.metadata.sorted_tables]
    for table, wanted, there in reversed(pairs):
        for key in there.keys() - wanted.keys():
            target.execute(delete(table).where(*_is(table, key)))
    for table, wanted, there in pairs:
        if new := [row for key, row in wanted.items() if key not in there]:
            target.execute(insert(table), new)
        for key, row in wanted.items():
            if key in there and there[key] != row:
                target.execute(update(table).where(*_is(table, key)).values(row))


def _rows(connection: Connection, table: Table) -> dict[tuple, dict]:
    """All rows of a table by their primary key."""
    names = [column.name for column in table.primary_key]
    rows = [dict(row) for row in connection.execute(select(table)).mappings()]
    return {tuple(row[name] for name in names): row for row in rows}


def _is(table: Table, key: tuple) -> list:
    return [column == value for column, value in zip(table.primary_key, key, strict=True)]
