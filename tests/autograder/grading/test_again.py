"""A class is graded again: nothing new, a test that changed, a person's work in between, two graders at once."""

import csv
import dataclasses
import json
import threading

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder import __main__ as command_line
from autograder.course import units
from autograder.grading import boxes
from autograder.grading.classes import grade_class
from autograder.reports import feedback
from autograder.reports.marks import print_changes
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = pytest.mark.real_path


def grade(handed_in, tmp_path, **options):
    return grade_class(handed_in.submitted, tmp_path / "out", [], dataclasses.replace(OPTIONS, **options), feedback)


def change_source(change) -> None:
    """Edit the instructors' notebook."""
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def graded_cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def files_of(folder):
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_where_nothing_is_new_nothing_is_run_or_written(handed_in, tmp_path, monkeypatch):
    handed_in("ada", RIGHT)
    handed_in("broken", {}).write_text("{")
    first = grade(handed_in, tmp_path)
    before = files_of(tmp_path / "out")

    def no_sandbox(*arguments):
        raise AssertionError("a sandbox was made, and nothing has to run")

    monkeypatch.setattr(boxes, "Sandbox", no_sandbox)
    again = grade(handed_in, tmp_path)
    assert [result.as_json() for result in again.results] == [result.as_json() for result in first.results]
    assert again.changed == []
    assert files_of(tmp_path / "out") == before


def test_a_mark_by_hand_is_all_that_is_written_again(handed_in, tmp_path):
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT)
    grade(handed_in, tmp_path)
    before = files_of(tmp_path / "out" / "feedback")
    with Gradebook(f"sqlite:///{tmp_path}/out/gradebook.db") as book:
        mark = book.find_grade("written", UNIT, UNIT, "ada")
        mark.manual_score, mark.needs_manual_grade = 2, False
        book.find_comment("written", UNIT, UNIT, "ada").manual_comment = "Well <put>"
        book.db.commit()
    for force in (False, True):
        ada, bob = grade(handed_in, tmp_path, force=force).results
        assert (ada.score, ada.waiting, bob.score, bob.waiting) == (6, 0, 4, 2)
        with Gradebook(f"sqlite:///{tmp_path}/out/gradebook.db") as book:
            assert not book.find_grade("written", UNIT, UNIT, "ada").needs_manual_grade
    after = files_of(tmp_path / "out" / "feedback")
    assert {path.parents[1].name for path in after if after[path] != before[path]} == {"ada"}
    page = (tmp_path / "out" / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text()
    assert "comment: Well &lt;put&gt;" in page


def test_a_test_that_the_units_own_solution_fails_lowers_nobody(handed_in, tmp_path):
    handed_in("ada", RIGHT)
    grade(handed_in, tmp_path)

    def break_it(notebook):
        graded_cell(notebook, "double-hard").source = "assert False, 'forgotten'"

    change_source(break_it)
    graded = grade(handed_in, tmp_path)
    assert graded.results == []
    assert "double-hard: AssertionError: forgotten" in graded.refused[UNIT]
    with Gradebook(f"sqlite:///{tmp_path}/out/gradebook.db") as book:
        assert book.find_submission(UNIT, "ada").score == 4


def test_whose_marks_changed_is_said_previewed_and_kept(handed_in, tmp_path, capsys):
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double": "def double(x):\n    return 2 * min(x, 10)"})
    grade(handed_in, tmp_path)

    def sharpen(notebook):
        cell = graded_cell(notebook, "double-plain")
        cell.source = cell.source.replace("double(1)", "double(50)").replace(", 2, 'double", ", 100, 'double")

    change_source(sharpen)
    before = files_of(tmp_path / "out")
    preview = grade(handed_in, tmp_path, preview=True)
    assert files_of(tmp_path / "out") == before
    graded = grade(handed_in, tmp_path)
    assert graded.changed == preview.changed
    [change] = graded.changed
    assert (change.student, change.cell, change.old, change.new) == ("bob", "double-plain", 1, 0)
    print_changes(graded.changed)
    said = capsys.readouterr().out
    assert "1 changed: 1 down, 0 up" in said
    assert f"bob {UNIT}: -1 (double-plain 1 to 0): the unit changed" in said
    [line] = (tmp_path / "out" / "history.jsonl").read_text().splitlines()
    assert json.loads(line) | {"time": ""} == {"time": "", **dataclasses.asdict(change)}


def test_an_added_graded_cell_asks_for_a_migration_and_stops_only_its_unit(handed_in, tmp_path, monkeypatch):
    handed_in("ada", RIGHT)
    grade(handed_in, tmp_path)
    change_source(lambda notebook: notebook.cells.pop(4))
    graded = grade(handed_in, tmp_path)
    assert f"grade --migrate {UNIT}" in graded.refused[UNIT]
    assert "gone: double-hard" in graded.refused[UNIT]


def test_two_graders_at_once_on_a_fresh_gradebook(handed_in, tmp_path, capsys):
    handed_in("ada", RIGHT)
    both = []

    def one():  # without pages, which are written in the main thread
        both.append(grade_class(handed_in.submitted, tmp_path / "out", [], OPTIONS))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [graded.results[0].score for graded in both] == [4, 4]
    assert "another grader works in this folder" in capsys.readouterr().err


def test_the_absent_are_exported_and_late_times_recorded(handed_in, tmp_path):
    path = handed_in("ada", RIGHT)
    (path.parent / "timestamp.txt").write_text("2027-01-31 13:00:00 CET\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / "roster.csv").write_text("id,first_name,last_name,email\nada,Ada,L,\nzoe,Zoë,K,zoe@example.org\n")
    assert [result.status for result in grade(handed_in, tmp_path).results] == ["graded", "missing"]
    plugin = CsvExportPlugin(to=str(tmp_path / "grades.csv"))
    with Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        plugin.export(book)
    rows = {row["student_id"]: row for row in csv.DictReader((tmp_path / "grades.csv").open())}
    assert (rows["zoe"]["first_name"], rows["zoe"]["score"]) == ("Zoë", "0.0")
    assert (rows["ada"]["score"], rows["ada"]["timestamp"]) == ("4.0", "2027-01-31 12:00:00")
    assert {path.name for path in (out / "autograded").iterdir()} == {"ada"}  # nothing is kept of who is absent


def test_the_command_refuses_a_broken_unit_with_exit_code_1(handed_in, tmp_path, monkeypatch, capsys):
    handed_in("ada", RIGHT)
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    change_source(lambda notebook: setattr(graded_cell(notebook, "double-hard"), "source", "assert False"))
    arguments = [
        "grade",
        "--submitted",
        str(handed_in.submitted),
        "--json",
        str(tmp_path / "marks.json"),
        "--jobs",
        "1",
    ]
    if not OPTIONS.sandbox:
        arguments.append("--no-sandbox")
    assert command_line.main(arguments) == 1
    assert "its own solution does not earn all marks" in capsys.readouterr().err
    assert list(json.loads((tmp_path / "marks.json").read_text())["refused"]) == [UNIT]
