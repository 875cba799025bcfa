"""Where the gradebook is: which address counts, what it stands for, and that no password is said."""

from pathlib import Path

import pytest

from autograder import ROOT
from autograder.course.addresses import VARIABLE, database_at, final_address, shown, url_of
from autograder.nbgrader_bridge import course_database

COURSE = Path("/course")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///gradebook.db", "/course/gradebook.db"),
        ("sqlite:///marks/2027.db", "/course/marks/2027.db"),
        ("sqlite:////srv/marks.db", "/srv/marks.db"),
    ],
)
def test_a_file_lies_in_the_courses_folder_unless_it_says_where(address, path):
    assert database_at(address, COURSE) == Path(path)


@pytest.mark.parametrize(
    ("address", "driver"),
    [
        ("postgresql://ada@host/marks", "psycopg"),
        ("postgres://ada@host/marks", "psycopg"),  # as PostgreSQL's own programs have it
        ("postgresql+psycopg://ada@host/marks", "psycopg"),
        ("postgresql+psycopg2://ada@host/marks", "psycopg2"),
    ],
)
def test_the_driver_is_psycopg_unless_another_is_named(address, driver):
    url = database_at(address, COURSE)
    assert str(url) == f"postgresql+{driver}://ada@host/marks"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("gradebook.db", "the gradebook's address is none"),
        ("postgresql://ada:hidden@host:port/marks", "the gradebook's address is none"),
        ("sqlite://", "has to name a file"),
        ("sqlite:///:memory:", "has to name a file"),
        ("sqlite:///marks.db?mode=ro", "has to name a file"),
        ("mysql://ada:hidden@host/marks", "is one of mysql: expected"),
        ("postgresql://ada:hidden@host", "names no database"),
        ("postgresql+nodriver://ada:hidden@host/marks", "a driver nodriver that SQLAlchemy has not"),
        ("postgresql://ada:first@hidden@host/marks", "a password in a wrong place"),
        ("postgresql://ada@host/marks?password=hidden", "a password in a wrong place"),
    ],
)
def test_what_is_no_address_is_a_sentence_without_a_password(address, sentence):
    with pytest.raises(ValueError, match=sentence) as error:
        database_at(address, COURSE)
    assert "hidden" not in str(error.value)


def test_a_message_shows_no_password_and_the_driver_gets_it():
    url = database_at("postgresql://ada:p%40ss@host/marks", COURSE)
    assert shown(url) == "postgresql+psycopg://ada:***@host/marks"
    assert shown(COURSE / "gradebook.db") == "gradebook.db"
    assert final_address("postgresql://ada:p%40ss@host/marks", COURSE).endswith("://ada:p%40ss@host/marks")
    assert url_of(url).password == "p@ss"


def test_the_variable_counts_then_the_configuration_then_the_courses_own_file(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert course_database(tmp_path) == tmp_path / "gradebook.db"
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    assert course_database(tmp_path) == tmp_path / "gradebook.db"
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///marks.db'\n")
    assert course_database(tmp_path) == tmp_path / "marks.db"
    monkeypatch.setenv(VARIABLE, "sqlite:///others.db")
    assert course_database(tmp_path) == tmp_path / "others.db"
    monkeypatch.setenv(VARIABLE, "")
    assert course_database(tmp_path) == tmp_path / "marks.db"


@pytest.mark.parametrize("address", ["", "sqlite:///others.db", "postgres://ada:p%40ss@host/marks"])
def test_nbgraders_own_commands_have_the_same(address, monkeypatch):
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import PyFileConfigLoader

    monkeypatch.setenv(VARIABLE, address)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    theirs = CourseDirectory(config=config, root=str(ROOT)).db_url
    assert theirs == url_of(course_database(ROOT)).render_as_string(hide_password=False)
