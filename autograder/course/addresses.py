"""Where a gradebook is: in a file of SQLite, or on a PostgreSQL server."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

VARIABLE = "NBGRADER_DB_URL"
DEFAULT = "sqlite:///gradebook.db"
EXPECTED = 'expected "sqlite:///gradebook.db" or "postgresql://user@host/database"'

# A file of SQLite, or the address of a database on a server.
Database = Path | URL


def final_address(configured: str, root: Path) -> str:
    """The one address that nbgrader and the grader use, with its password: NBGRADER_DB_URL, else what is configured.

    Args:
        configured: as it stands in nbgrader_config.py.
        root: the course's folder, in which a relative file of SQLite lies.

    Raises:
        ValueError: it is no address of SQLite or PostgreSQL.
    """
    return url_of(database_at(os.environ.get(VARIABLE) or configured, root)).render_as_string(hide_password=False)


def database_at(address: str, root: Path) -> Database:
    """What an address stands for; psycopg is the driver of PostgreSQL where it names none.

    Raises:
        ValueError: it is no address of SQLite or PostgreSQL. Nothing of it is in the message: it may hold a password.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError(f"the gradebook's address is none: {EXPECTED}") from None
    kind, _, driver = url.drivername.partition("+")
    if kind == "sqlite":
        if not url.database or url.database == ":memory:" or url.host or url.query or driver:
            raise ValueError(f"the gradebook's address has to name a file of SQLite and nothing else: {EXPECTED}")
        return root / url.database
    if kind not in ("postgresql", "postgres"):
        raise ValueError(f"the gradebook's address is one of {kind}: {EXPECTED}")
    if not url.database:
        raise ValueError(f"the gradebook's address names no database: {EXPECTED}")
    if "@" in (url.host or "") or any("password" in name for name in url.query):
        raise ValueError(
            "the gradebook's address has a password in a wrong place: expected user:password@host, with %40 for an @ "
            "in the password, or the password in ~/.pgpass"
        )
    url = url.set(drivername=f"postgresql+{driver or 'psycopg'}")
    try:
        url.get_dialect()
    except NoSuchModuleError:
        raise ValueError(
            f"the gradebook's address names a driver {driver} that SQLAlchemy has not: leave it out"
        ) from None
    return url


def url_of(database: Database) -> URL:
    """The address, as SQLAlchemy takes it."""
    return database if isinstance(database, URL) else URL.create("sqlite", database=str(database))


def shown(database: Database) -> str:
    """The gradebook's name in a message: a file's name, or the address without its password."""
    return database.render_as_string(hide_password=True) if isinstance(database, URL) else database.name
