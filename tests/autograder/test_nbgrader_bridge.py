"""A gradebook is made whole or not at all, however often it is begun and by whom."""

import functools
import os
import signal
import sqlite3
import sys

import pytest
from nbgrader.api import Base, Gradebook, get_alembic_version
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from autograder.course.addresses import url_of
from autograder.nbgrader_bridge import is_there, open_gradebook

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed by fork, which Windows lacks"),
]


def forked(act) -> int:
    """Run in a process of its own; how it ended: 0 well, 1 badly, negative by a signal."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture(scope="module", autouse=True)
def _alembic_is_found():
    """nbgrader itself asks a program for its version, which it finds by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
        yield


newest_version = functools.cache(get_alembic_version)


def rows(database, query: str) -> list:
    engine = create_engine(url_of(database))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def is_whole(database) -> bool:
    with open_gradebook(database) as gradebook:
        gradebook.update_or_create_student("ada")
    versions, courses = rows(database, "SELECT * FROM alembic_version"), rows(database, "SELECT * FROM course")
    return versions == [(newest_version(),)] and courses == [("default_course",)]


def killed_at(database, number: int) -> int:
    """Make the gradebook, killed just before a statement; how the process ended."""

    def act() -> None:
        left = iter(range(number))
        stop = lambda *_: next(left, None) is None and os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
        for moment in ("before_cursor_execute", "commit"):
            event.listen(Engine, moment, stop)
        open_gradebook(database).close()

    return ended(forked(act))


@pytest.fixture
def new_one(either_database, tmp_path):
    """A place without a gradebook, in a process that knows nbgrader's newest version already."""
    open_gradebook(tmp_path / "another.db").close()
    return either_database


def test_killed_before_any_of_its_statements_it_is_whole_or_not_there(new_one):
    kills = 0
    while killed_at(new_one, kills) == -signal.SIGKILL:
        # None of them left a table: the next one begins as the first did.
        assert not is_there(new_one) or rows(new_one, "SELECT * FROM course") == [("default_course",)]
        kills += 1
    assert kills > 10  # tables, version, course
    assert is_whole(new_one)


def test_four_at_once_make_one(new_one):
    children = [forked(lambda: open_gradebook(new_one).close()) for _ in range(4)]
    assert [ended(child) for child in children] == [0] * 4
    assert is_whole(new_one)


@pytest.mark.parametrize("version", [None, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"])
def test_one_that_nbgrader_was_killed_in_is_finished(tmp_path, version):
    path = tmp_path / "gradebook.db"
    Base.metadata.create_all(create_engine(f"sqlite:///{path}"))
    if version:
        sqlite3.connect(path).execute(version)
    assert is_whole(path)


def test_an_old_one_keeps_its_version_for_nbgraders_upgrade(tmp_path):
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.execute("INSERT INTO alembic_version VALUES ('282d30a0218e')")
    open_gradebook(path).close()
    assert rows(path, "SELECT * FROM alembic_version") == [("282d30a0218e",)]


def test_one_that_nbgrader_made_is_taken_as_it_is(either_database, tmp_path):
    Gradebook(url_of(either_database), "convnets").close()
    open_gradebook(either_database).close()
    assert rows(either_database, "SELECT * FROM course ORDER BY id") == [("convnets",), ("default_course",)]
    assert rows(either_database, "SELECT * FROM alembic_version") == [(newest_version(),)]


def test_where_there_is_none_nothing_is_made_by_looking(either_database):
    assert not is_there(either_database)
    assert not is_there(either_database)
    open_gradebook(either_database).close()
    assert is_there(either_database)
