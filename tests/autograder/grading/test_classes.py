"""The whole way of a submission on a small unit: collected, graded by nbgrader, reported."""

import dataclasses
import json
import os
import xml.etree.ElementTree as ET

import nbformat
import pytest

from autograder.grading.classes import Graded, grade_class
from autograder.nbgrader_bridge import open_gradebook
from autograder.reports import feedback
from autograder.reports.marks import print_table, to_json, to_junit
from autograder.sandbox.sandbox import Limits, Sandbox
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = pytest.mark.real_path


def graded(handed_in, tmp_path, options=OPTIONS):
    results = grade_class(handed_in.submitted, tmp_path / "out", [], options, feedback).results
    return {result.student: result for result in results}


def test_marks_by_hand(handed_in, tmp_path, capsys):
    # Four graded cells of one point; a written answer of two points waits for a person, an empty one is nothing.
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double_all": "def double_all(x):\n    return 3 if x == 1 else 6"})
    handed_in("cyd", {})
    by_student = graded(handed_in, tmp_path)
    assert [(by_student[s].score, by_student[s].max_score) for s in ("ada", "bob", "cyd")] == [(4, 6), (3, 6), (0, 6)]
    assert (by_student["ada"].waiting, by_student["cyd"].waiting) == (2, 0)
    lost = {cell["id"]: cell["message"] for cell in by_student["bob"].cells if cell["score"] == 0}
    assert list(lost) == ["double_all-hard"]
    assert "came:     6" in lost["double_all-hard"]
    assert "expected: 30" in lost["double_all-hard"]

    class_ = Graded(list(by_student.values()))
    print_table(class_.results)
    assert "4 of 6" in capsys.readouterr().out
    rows = json.loads(to_json(class_))["submissions"]
    assert set(rows[0]) == {"student", "unit", "score", "max_score", "penalty", "status", "cells", "seconds", "note"}
    assert set(rows[0]["cells"][0]) == {"id", "score", "max_score", "message", "cause"}
    assert len(ET.fromstring(to_junit(class_)).findall("testsuite/testcase")) == 3


def test_feedback_gives_the_message_and_hides_the_test(handed_in, tmp_path):
    handed_in("bob", RIGHT | {"double": "def double(x):\n    return 2 if x == 1 else 1"})
    graded(handed_in, tmp_path)
    page = (tmp_path / "out" / "feedback" / "bob" / UNIT / f"{UNIT}.html").read_text()
    assert "is not right" in page
    assert "likely cause: SECRET" in page  # the message names the cause ...
    assert "HIDDEN TESTS" not in page
    assert "likely={" not in page  # ... and the hidden line that made it is not shown


def test_an_error_in_the_students_own_code_shows_no_hidden_line(handed_in, tmp_path):
    handed_in("eve", RIGHT | {"double": "def double(x):\n    return 2 if x == 1 else 1 / 0"})
    by_student = graded(handed_in, tmp_path)
    message = next(cell["message"] for cell in by_student["eve"].cells if cell["id"] == "double-plain")
    assert message == "ZeroDivisionError: division by zero"
    assert "likely={" not in (tmp_path / "out" / "feedback" / "eve" / UNIT / f"{UNIT}.html").read_text()


def test_broken_submissions_get_a_status_and_stop_nobody(handed_in, tmp_path):
    home = handed_in.submitted
    handed_in("ada", RIGHT)
    handed_in("no-json", {}).write_text("{")
    handed_in("other-json", {}).write_text('{"a": 1}')
    handed_in("renamed", RIGHT).rename(home / "renamed" / UNIT / f"{UNIT} (1).ipynb")
    handed_in("too-large", {}).write_bytes(b" " * 20_000_001)
    os.symlink(handed_in("link", {}).rename(tmp_path / "elsewhere.ipynb"), home / "link" / UNIT / f"{UNIT}.ipynb")
    handed_in("with space", RIGHT)
    (home / "empty" / UNIT).mkdir(parents=True)
    (home / "nothing").mkdir()
    handed_in("dies", RIGHT | {"double": "import os\nos._exit(1)"})
    handed_in("bom", RIGHT).write_bytes(b"\xef\xbb\xbf" + (home / "ada" / UNIT / f"{UNIT}.ipynb").read_bytes())
    by_student = graded(handed_in, tmp_path)
    assert {student: (result.status, result.score) for student, result in by_student.items()} == {
        "ada": ("graded", 4),
        "bom": ("graded", 4),
        "dies": ("crashed", 2),  # the cell that dies is left out, the other exercise counts
        "empty": ("missing", 0),
        "link": ("invalid", 0),
        "no-json": ("invalid", 0),
        "nothing": ("missing", 0),
        "other-json": ("invalid", 0),
        "renamed": ("invalid", 0),
        "too-large": ("invalid", 0),
        "with space": ("invalid", 0),
    }
    assert f"{UNIT} (1).ipynb" in by_student["renamed"].note


def test_deleted_cells_are_put_back_and_graded(handed_in, tmp_path):
    def delete(*names):
        def change(notebook):
            notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in names]

        return change

    handed_in("one-test", RIGHT, delete("double-plain"))
    handed_in(
        "all-tests", RIGHT, delete("double-plain", "double-hard", "double_all-plain", "double_all-hard", "written")
    )
    handed_in("one-task", RIGHT, delete("double"))
    by_student = graded(handed_in, tmp_path)
    # A deleted test is still passed by a right answer; a deleted answer earns nothing.
    assert {s: (r.status, r.score) for s, r in by_student.items()} == {
        "one-test": ("graded", 4),
        "all-tests": ("graded", 4),
        "one-task": ("graded", 2),
    }
    assert "double-plain" in by_student["one-test"].note


def test_lost_metadata_costs_no_mark(handed_in, tmp_path):
    def lose(mark, ids, more=lambda notebook: None):
        def change(notebook):
            notebook.nbformat_minor = 4 if ids else 5  # the format that has no ids
            for cell in notebook.cells:
                cell.metadata = {} if mark else cell.metadata
                if ids:
                    del cell["id"]
            more(notebook)

        return change

    def reformat(notebook):
        for cell in notebook.cells[3:5]:
            cell.source += "  # formatted"

    zero = RIGHT | {"double": "def double(x):\n    return 0"}
    handed_in("metadata", RIGHT, lose(True, False))
    handed_in("ids", RIGHT, lose(False, True))
    handed_in("both", RIGHT, lose(True, True))
    handed_in("untouched", {}, lose(True, True))
    handed_in("changed", RIGHT, lose(True, True, reformat))
    handed_in("changed-and-wrong", zero, lose(True, True, reformat))
    handed_in("changed-and-dead", zero | {"double_all": "import os\nos._exit(1)"}, lose(True, True, reformat))
    by_student = graded(handed_in, tmp_path)
    assert {s: (r.status, r.score, r.waiting) for s, r in by_student.items()} == {
        "metadata": ("graded", 4, 2),
        "ids": ("graded", 4, 2),
        "both": ("graded", 4, 2),
        "untouched": ("graded", 0, 0),
        "changed": ("graded", 4, 2),
        "changed-and-wrong": ("unclear", 2, 4),
        "changed-and-dead": ("crashed", 0, 6),
    }
    assert "7 cells had lost their marks and were found by their id" in by_student["metadata"].note
    assert "a person has to look" in by_student["changed-and-wrong"].note
    messages = {cell["message"] for cell in by_student["changed-and-wrong"].cells if cell["score"] is None}
    assert messages == {"waits for a person"}
    with open_gradebook(tmp_path / "out" / "gradebook.db") as gradebook:
        book = gradebook.find_submission_notebook(UNIT, UNIT, "changed-and-wrong")
        assert (book.score, book.needs_manual_grade) == (2, True)


def test_an_edited_test_cell_counts_as_released(handed_in, tmp_path):
    def cheat(notebook):
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = "pass"

    handed_in("cheat", {}, cheat)
    assert graded(handed_in, tmp_path)["cheat"].score == 0


def test_an_endless_loop_ends(handed_in, tmp_path):
    handed_in("loop", RIGHT | {"double": "while True:\n    pass"})
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=3)))["loop"]
    assert (result.status, result.score) == ("timeout", 2)


def test_grading_again_gives_the_same_and_follows_a_new_submission(handed_in, tmp_path):
    path = handed_in("ada", RIGHT)
    handed_in("bob", RIGHT)
    first = graded(handed_in, tmp_path)
    path.unlink()
    path.parent.rmdir()
    handed_in("ada2", RIGHT)
    (handed_in.submitted / "ada2" / UNIT).rename(handed_in.submitted / "ada" / UNIT)
    (handed_in.submitted / "ada2").rmdir()
    again = graded(handed_in, tmp_path)
    assert {s: (r.status, r.score) for s, r in again.items()} == {s: (r.status, r.score) for s, r in first.items()}


def test_a_roster_names_who_is_missing(handed_in, tmp_path):
    handed_in("ada", RIGHT)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "roster.csv").write_text("student,name\nada,Ada\nzoe,Zoe\n")
    assert graded(handed_in, tmp_path)["zoe"].status == "missing"


def test_nothing_to_grade_and_an_unknown_unit_are_said(handed_in, tmp_path):
    with pytest.raises(ValueError, match="nothing to grade"):
        grade_class(handed_in.submitted, tmp_path / "out", [], OPTIONS)
    with pytest.raises(ValueError, match="no unit '99-none'"):
        grade_class(handed_in.submitted, tmp_path / "out", ["99-none"], OPTIONS)


def test_waiting_is_no_computing(handed_in, tmp_path):
    """Asleep for longer than the limit, but not for ten times as long: on a busy machine an answer waits like that."""
    handed_in("sleeps", RIGHT | {"double": "import time\ntime.sleep(4)\ndef double(x):\n    return 2 * x"})
    handed_in("computes", RIGHT | {"double": "while True:\n    pass"})
    handed_in(
        "in-a-child", RIGHT | {"double": "import os\nif os.fork() == 0:\n    while True:\n        pass\nos.wait()"}
    )
    by_student = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=2)))
    assert (by_student["sleeps"].status, by_student["sleeps"].score) == ("graded", 4)
    assert {by_student[name].status for name in ("computes", "in-a-child")} == {"timeout"}


def test_what_waits_for_ever_is_run_twice_before_that_is_kept(handed_in, tmp_path):
    handed_in("waits", RIGHT | {"double": "def double(x):\n    import time\n    time.sleep(10**6)"})
    limits = Limits(cell_seconds=1, wall_factor=3)
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=limits))["waits"]
    assert (result.status, result.score) == ("timeout", 2)
    message = next(cell["message"] for cell in result.cells if cell["id"] == "double-plain")
    assert message == "the cell was not done after 3 seconds, most of them waiting: does it sleep, or wait?"


def test_a_limit_that_is_met_is_named(handed_in, tmp_path):
    handed_in("loops", RIGHT | {"double": "def double(x):\n    while True:\n        pass"})
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=1)))["loops"]
    message = next(cell["message"] for cell in result.cells if cell["id"] == "double-plain")
    assert message == "the cell used up its 1 seconds of computing time: is there an endless loop, or can it do less?"


def test_an_interrupted_answer_is_what_its_checks_say_first(handed_in, tmp_path):
    handed_in("loops", RIGHT | {"double": "while True:\n    pass"})
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=1)))["loops"]
    late = "used up its 1 seconds of computing time, and was interrupted: is there an endless loop, or can it do less?"
    assert result.note == f"cell `double` {late}"
    first, second = next(cell["message"] for cell in result.cells if cell["id"] == "double-plain").split("\n")
    assert (first, second) == (f"your cell `double` {late}", "NameError: name 'double' is not defined")
    assert [cell["message"] for cell in result.cells if cell["id"] == "double_all-plain"] == [""]
    page = (tmp_path / "out" / "feedback" / "loops" / UNIT / f"{UNIT}.html").read_text()
    assert page.count("your cell `double` used up its 1 seconds") == 4  # two graded cells, in the table and in place
    assert "KeyboardInterrupt" not in page


def test_a_cell_of_the_students_own_that_is_interrupted_is_noted(handed_in, tmp_path):
    def add(notebook):
        notebook.cells.insert(1, nbformat.v4.new_code_cell("while True:\n    pass"))

    handed_in("loops", RIGHT, add)
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=1)))["loops"]
    assert (result.status, result.score) == ("timeout", 4)
    assert result.note.startswith("cell 1 of the notebook used up its 1 seconds of computing time, and was interrupted")


DEAF = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"


@pytest.mark.parametrize(
    ("double", "double_all", "runs", "score"),
    [
        pytest.param(DEAF, RIGHT["double_all"], 2, 2, id="one that is deaf: at once again without it"),
        pytest.param("import os\nos._exit(1)", RIGHT["double_all"], 3, 2, id="one that dies: first once more with it"),
        pytest.param(DEAF, "import os\nos._exit(1)", 4, 0, id="both: at most four runs"),
    ],
)
def test_a_hostile_notebook_costs_a_few_runs(handed_in, tmp_path, monkeypatch, double, double_all, runs, score):
    counted, run_once = [], Sandbox._run_once
    monkeypatch.setattr(Sandbox, "_run_once", lambda *given: counted.append(1) or run_once(*given))
    handed_in("hostile", {"double": double, "double_all": double_all})
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=1)))["hostile"]
    assert (len(counted) - 1, result.score) == (runs, score)  # one was the unit's own solution


def test_the_limit_of_a_cell_is_the_sources_and_not_the_submissions(handed_in, tmp_path, demo):
    """Two seconds of computing; the source gives `double` four, the student gives `double_all` ten."""
    path = demo / "solutions" / UNIT / f"{UNIT}.ipynb"
    source = nbformat.read(path, as_version=4)
    next(cell for cell in source.cells if cell.id == "double").metadata["course"] = {"seconds": 4}
    nbformat.write(source, path)

    def claim(notebook):
        for cell in notebook.cells:
            cell.metadata["course"] = {"seconds": 1 if cell.id == "double" else 10}

    wait = "import time\nstart = time.process_time()\nwhile time.process_time() < start + 2:\n    pass\n"
    handed_in("claims", {name: wait + code for name, code in RIGHT.items()}, claim)
    result = graded(handed_in, tmp_path, dataclasses.replace(OPTIONS, limits=Limits(cell_seconds=1)))["claims"]
    assert (result.status, result.score) == ("timeout", 2)
    assert result.note.startswith("cell `double_all` used up its 1 seconds")
