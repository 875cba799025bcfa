"""A gradebook on a PostgreSQL server: marks as in a file, and faults of the server that cost nothing."""

import copy
import csv
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import quote

import pytest
from nbgrader.api import Base
from sqlalchemy import select, text

from autograder import ROOT
from autograder import __main__ as command_line
from autograder.course import units
from autograder.course.addresses import VARIABLE, database_at
from autograder.grading import gradebook, transactions
from autograder.grading.classes import grade_class
from autograder.grading.migration import migrate
from autograder.nbgrader_bridge import NbgraderError, generate_assignment, is_there, nbgrader_at, open_gradebook
from autograder.reports import feedback
from tests.autograder import postgres
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT
from tests.autograder.grading.test_again import change_source, graded_cell
from tests.autograder.grading.test_gradebook import result_of
from tests.autograder.grading.test_migration import change_cells

pytestmark = pytest.mark.real_path
WRONG = RIGHT | {"double": "def double(x):\n    return 2 * min(x, 10)"}


@pytest.fixture
def address(server):
    return server.new_database()


def grade(handed_in, output, database, **options):
    chosen = dataclasses.replace(OPTIONS, **options)
    return grade_class(handed_in.submitted, output, [], chosen, feedback, database)


def marks(database) -> dict:
    with open_gradebook(database) as book:
        found = gradebook.entries(book, [UNIT])
    return {place: (entry.marks, entry.comments) for place, entry in found.items()}


def rows(database) -> dict:
    """All that is in a gradebook."""
    with open_gradebook(database) as book:
        return {name: sorted(map(str, book.db.execute(select(table)))) for name, table in Base.metadata.tables.items()}


def by_hand(database, cell="written") -> None:
    """What a person gives ada in the formgrader."""
    with open_gradebook(database) as book:
        grade = book.find_grade(cell, UNIT, UNIT, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.125, False
        book.find_comment("written", UNIT, UNIT, "ada").manual_comment = "Schön"
        book.db.commit()


def sharpen(notebook):
    cell = graded_cell(notebook, "double-plain")
    cell.source = cell.source.replace("double(1)", "double(50)").replace(", 2, 'double", ", 100, 'double")


def command(handed_in, *arguments) -> list[str]:
    boxed = [] if OPTIONS.sandbox else ["--no-sandbox"]
    return ["grade", "--submitted", str(handed_in.submitted), "--jobs", "1", *boxed, *arguments]


def test_a_round_on_a_server_gives_what_it_gives_in_a_file(handed_in, tmp_path, address, monkeypatch, capsys):
    course, server = tmp_path / "course-folder", database_at(address, tmp_path)
    course.mkdir()
    (course / "roster.csv").write_text("id,first_name\nada,Ada\nbob,Bob\nzoe,Zoë\n")
    shutil.copy(course / "roster.csv", tmp_path / "roster.csv")
    handed_in("ada", RIGHT)
    handed_in("bob", WRONG)
    grade(handed_in, tmp_path, tmp_path / "gradebook.db")
    monkeypatch.setattr(command_line, "ROOT", course)
    monkeypatch.setenv(VARIABLE, address)
    assert command_line.main(command(handed_in)) == 0
    assert f"marks: {server}" in capsys.readouterr().out
    for database in (tmp_path / "gradebook.db", server):
        by_hand(database)
    assert marks(server) == marks(tmp_path / "gradebook.db")

    # Nothing is new: nothing runs. Then a test changes: a preview says what grading does, and writes nothing.
    kept = (course / "autograded" / "ada" / UNIT / "result.json").stat().st_mtime_ns
    assert command_line.main(command(handed_in)) == 0
    assert (course / "autograded" / "ada" / UNIT / "result.json").stat().st_mtime_ns == kept
    change_source(sharpen)
    before, _ = rows(server), capsys.readouterr()
    assert command_line.main(command(handed_in, "--preview")) == 0
    previewed = capsys.readouterr().out
    assert rows(server) == before
    assert command_line.main(command(handed_in)) == 0
    told = f"bob {UNIT}: -1 (double-plain 1 to 0): the unit changed"
    assert told in previewed
    assert told in capsys.readouterr().out
    grade(handed_in, tmp_path, tmp_path / "gradebook.db")
    assert marks(server) == marks(tmp_path / "gradebook.db")

    # Cells come, go and are renamed.
    change_source(change_cells)
    assert command_line.main(command(handed_in, "--migrate", UNIT)) == 0
    assert "everything has its place" in capsys.readouterr().out
    migrate(tmp_path, UNIT)
    grade(handed_in, tmp_path, tmp_path / "gradebook.db")
    assert marks(server) == marks(tmp_path / "gradebook.db")
    [backup] = course.glob(f"gradebook.db.before-{UNIT}-*")
    assert "double_all-hard" in marks(backup)[UNIT, "ada"][0]

    # Out again: by the grader's own tables, and by nbgrader's own command.
    texts = []
    for root, where in ((course, address), (tmp_path, "")):
        monkeypatch.setattr(command_line, "ROOT", root)
        monkeypatch.setenv(VARIABLE, where)
        assert command_line.main(["marks", "--format", "csv", "--out", str(tmp_path / "out.csv")]) == 0
        texts.append((tmp_path / "out.csv").read_text())
        shutil.copy(ROOT / "nbgrader_config.py", root)
        environment = os.environ | {"PYTHONPATH": str(ROOT), VARIABLE: where}
        export = [sys.executable, "-m", "nbgrader", "export"]
        done = subprocess.run(export, cwd=root, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        exported = csv.DictReader((root / "grades.csv").open())
        texts.append(sorted(exported, key=lambda row: row["student_id"]))
    assert texts[0] == texts[2]
    assert "zoe" in texts[0]
    assert texts[1] == texts[3]
    assert not (course / "gradebook.db").exists()


def test_a_migration_that_fails_leaves_the_server_as_it_was(handed_in, tmp_path, address):
    database = database_at(address, tmp_path)
    handed_in("ada", RIGHT)
    grade(handed_in, tmp_path, database)
    before = rows(database)

    def twice(notebook):
        notebook.cells.append(copy.deepcopy(notebook.cells[-1]))
        notebook.cells[-1].id = "again"

    change_source(twice)
    with pytest.raises(NbgraderError, match="could not generate"):
        migrate(tmp_path, UNIT, database)
    assert rows(database) == before
    assert list(tmp_path.glob("gradebook.db.before*")) == []


def test_two_folders_with_one_gradebook_at_once(handed_in, tmp_path, either_database):
    for student in ("ada", "bob", "cyd"):
        handed_in(student, RIGHT)
    ended = {}

    def one(output):  # without pages, which are written in the main thread
        ended[output] = grade_class(handed_in.submitted, tmp_path / output, [], OPTIONS, None, either_database)

    threads = [threading.Thread(target=one, args=[output]) for output in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.score for output in ("one", "other") for result in ended[output].results] == [4] * 6
    assert {place: len(entry) for place, (entry, _) in marks(either_database).items()} == {
        (UNIT, student): 5 for student in ("ada", "bob", "cyd")
    }


def test_graders_and_a_person_write_at_once_and_nothing_is_lost(demo, tmp_path, either_database):
    generate_assignment(nbgrader_at(tmp_path / "nbgrader", either_database), UNIT)
    names = ["ada"] + [f"student-{number:02}" for number in range(10)]
    failed = []

    def guarded(act):
        try:
            act()
        except BaseException as error:
            failed.append(error)

    def grader(order):
        for start in range(0, 11, 5):
            results = [result_of(name) for name in order[start : start + 5]]
            gradebook.record(either_database, results, {}, {name: {} for name in order}, list)

    def person():
        gradebook.record(either_database, [result_of("ada")], {}, {}, list)
        for _ in range(3):
            by_hand(either_database)

    acts = [lambda: grader(names), lambda: grader(names[::-1]), lambda: grader(names[::2] + names[1::2]), person]
    threads = [threading.Thread(target=guarded, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    there = marks(either_database)
    assert sorted(student for _, student in there) == names
    assert all([mark.auto for mark in entry.values()].count(None) == 1 for entry, _ in there.values())
    assert (there[UNIT, "ada"][0]["written"].value, there[UNIT, "ada"][1]) == (1.625, {"written": "Schön"})


def as_guest(address: str, password: str) -> str:
    return address.replace(f"{postgres.OWNER}@", f"{postgres.GUEST}:{quote(password, safe='')}@")


def no_server(address):
    return address.replace("pg-", "pg-none-")


def no_database(address):
    return address.replace("/course", "/no-course")


def no_password(address):
    return as_guest(address, "hidden")


def no_rights(address):
    return as_guest(address, postgres.PASSWORD)


def only_reading(address):
    with open_gradebook(database_at(address, ROOT)) as book:
        book.db.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {postgres.GUEST}"))
        book.db.commit()
    return as_guest(address, postgres.PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (no_server, "is the server running"),
        (no_database, "does not exist"),
        (no_password, "password authentication failed"),
        (no_rights, "permission denied"),
        (only_reading, "cannot be written (permission denied"),
    ],
)
def test_a_server_that_cannot_be_used_is_said_before_anything_runs(
    handed_in, tmp_path, address, monkeypatch, capsys, wrong, sentence
):
    handed_in("ada", RIGHT)
    open_gradebook(database_at(address, tmp_path)).close()
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    monkeypatch.setenv(VARIABLE, wrong(address))
    began = time.monotonic()
    commands = [command(handed_in), ["leaderboard"], ["marks", "--format", "csv", "--out", str(tmp_path / "m.csv")]]
    for arguments in commands if wrong is not only_reading else commands[:1]:
        assert command_line.main(arguments) == 1
        said = capsys.readouterr().err
        assert sentence in said.lower()
        assert said.startswith("autograder: ")
        assert said.count("\n") == 1
        assert not any(secret in said for secret in ("hidden", postgres.PASSWORD, quote(postgres.PASSWORD, safe="")))
    assert time.monotonic() - began < transactions.LOCK_SECONDS
    assert not (tmp_path / "autograded").exists()


def test_a_missing_driver_is_said_before_anything_runs(handed_in, tmp_path, monkeypatch, capsys):
    handed_in("ada", RIGHT)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    monkeypatch.setenv(VARIABLE, "postgresql://ada:hidden@host/marks")
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as Python itself marks what is not there
    assert command_line.main(command(handed_in)) == 1
    said = capsys.readouterr().err
    assert "its driver cannot be imported" in said
    assert "pip install -r requirements" in said
    assert "hidden" not in said
    assert not (tmp_path / "autograded").exists()


def test_a_server_that_is_lost_costs_nothing_that_was_executed(handed_in, tmp_path, address, server, monkeypatch):
    database, record = database_at(address, tmp_path), gradebook.record
    handed_in("ada", RIGHT)
    grade(handed_in, tmp_path, database)
    before = marks(database)
    handed_in("zoe", RIGHT)

    def lose_it(where, results, *rest):
        if "zoe" in {result.student for result in results}:
            server.stop()
        return record(where, results, *rest)

    monkeypatch.setattr(gradebook, "record", lose_it)
    monkeypatch.setattr(transactions, "LOCK_SECONDS", 1)
    try:
        with pytest.raises(NbgraderError, match=r"cannot be opened .*what was executed is kept"):
            grade(handed_in, tmp_path, database)
    finally:
        server.start()
    monkeypatch.setattr(gradebook, "record", record)
    assert marks(database) == before
    kept = (tmp_path / "autograded" / "zoe" / UNIT / "result.json").stat().st_mtime_ns
    for where in (database, tmp_path / "gradebook.db"):  # what is kept fills another gradebook too
        zoe = grade(handed_in, tmp_path, where).results[-1]
        assert (zoe.student, zoe.score) == ("zoe", 4)
        assert {student for _, student in marks(where)} == {"ada", "zoe"}
    assert (tmp_path / "autograded" / "zoe" / UNIT / "result.json").stat().st_mtime_ns == kept


def test_a_server_that_crashes_at_the_last_moment_and_starts_again_is_not_even_said(demo, tmp_path, address, server):
    database = database_at(address, tmp_path)
    generate_assignment(nbgrader_at(tmp_path / "nbgrader", database), UNIT)
    gradebook.record(database, [result_of("ada")], {}, {}, list)
    by_hand(database, "double-hard")
    starts = []

    def crash_once(changes):  # all is written, and nothing stands yet
        if not starts:
            server.stop(signal.SIGQUIT)
            starts.append(threading.Timer(1, server.start))
            starts[0].start()

    again = result_of("ada")
    again.cells[0]["score"] = 0.0
    gradebook.record(database, [again, result_of("bob")], {}, {}, crash_once)
    starts[0].join()
    there = {student: entry for (_, student), (entry, _) in marks(database).items()}
    assert {name: mark.auto for name, mark in there["ada"].items()} == {
        "double-plain": 0,
        "double-hard": 0,
        "double_all-plain": 1,
        "double_all-hard": 1,
        "written": None,
    }
    assert (there["ada"]["double-hard"].value, again.score, len(there["bob"])) == (1.625, 3.625, 5)


def test_other_folders_have_their_own_gradebook(handed_in, tmp_path, address, monkeypatch, capsys):
    """The sample class, and a notebook that is graded for a push."""
    path = handed_in("ada", RIGHT)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    monkeypatch.setenv(VARIABLE, address)
    boxed = [] if OPTIONS.sandbox else ["--no-sandbox"]
    assert command_line.main(["ci", str(path), "--out", str(tmp_path / "ci"), *boxed]) == 0
    shutil.rmtree(handed_in.submitted)
    assert command_line.main(["grade", "--jobs", "1", *boxed]) == 0
    assert "sample/gradebook.db" in capsys.readouterr().out
    assert is_there(tmp_path / "sample" / "gradebook.db")
    assert not is_there(database_at(address, tmp_path))
    assert units.unit_names() == [UNIT]
