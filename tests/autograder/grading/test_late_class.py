"""A class with a due date: in every place the same mark, and no notebook runs again for it."""

import csv
import dataclasses
import json
from datetime import datetime, timedelta

import pytest
from nbgrader.plugins import CsvExportPlugin

from autograder.grading import boxes
from autograder.grading.classes import grade_class
from autograder.grading.late_rule import Orders
from autograder.grading.migration import migrate
from autograder.nbgrader_bridge import open_gradebook
from autograder.reports import feedback
from autograder.reports.marks import print_table, to_json, to_junit
from autograder.reports.marks_out import write_marks
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT
from tests.autograder.grading.test_again import files_of
from tests.autograder.grading.test_migration import change_cells, change_source

pytestmark = pytest.mark.real_path
DUE = datetime(2026, 11, 20, 12)
HOURS_LATE = {"ada": -1, "bob": 26, "cyd": 50, "dee": None}
FIRST = Orders((f"{UNIT}=2026-11-20T12:00Z",), "10%/day", "15m")


@pytest.fixture
def late_class(handed_in, tmp_path):
    """A function that grades a class in which bob is 26 hours late, cyd 50, with 48 hours more, and dee has no time."""
    for student, hours in HOURS_LATE.items():
        path = handed_in(student, RIGHT)
        if hours is not None:
            time = DUE + timedelta(hours=hours)
            (path.parent / "timestamp.txt").write_text(f"{time} UTC\n")
    out = tmp_path / "out"
    out.mkdir()
    (out / "extensions.csv").write_text(f"student,unit,until\ncyd,{UNIT},2026-11-22T12:00Z\n")

    def grade(orders=Orders(), preview=False):  # noqa: B008 - it cannot change
        options = dataclasses.replace(OPTIONS, preview=preview)
        graded = grade_class(handed_in.submitted, out, [], options, feedback, orders=orders)
        return graded, {result.student: result for result in graded.results}

    grade.out = out
    return grade


def everywhere(out, capsys, graded) -> dict[str, list[tuple]]:
    """By student the mark and the penalty: in our table, JSON, the gradebook, nbgrader's export and ours."""
    capsys.readouterr()
    print_table(graded.results)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    places = {line[0]: [(float(line[3]), -float(line[6]) if line[6].startswith("-") else 0.0)] for line in lines}
    for row in json.loads(to_json(graded))["submissions"]:
        places[row["student"]].append((row["score"], row["penalty"]))
    with open_gradebook(out / "gradebook.db") as book:
        for submission in book.assignment_submissions(UNIT):
            penalty = submission.late_submission_penalty
            places[submission.student.id].append((submission.score - penalty, penalty))
        CsvExportPlugin(to=str(out / "grades.csv")).export(book)
    write_marks(out, "csv", [], None, out / "ours.csv")
    for name, student, penalty in (("grades", "student_id", "late_submission_penalty"), ("ours", "id", "penalty")):
        with (out / f"{name}.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                places[row[student]].append((float(row["score"]), float(row[penalty])))
    return places


def pages_of(out) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in (out / "feedback").glob(f"*/{UNIT}/*.html")}


def no_sandbox(*arguments):
    raise AssertionError("a sandbox was made, and nothing has to run")


def test_every_place_has_the_same_mark_and_nothing_runs_again(late_class, monkeypatch, capsys):
    out = late_class.out
    graded, results = late_class(FIRST)
    assert [result.penalty for result in results.values()] == [0, 1.2, 0.6, 0]
    assert graded.changed == []  # they were never graded before
    places = everywhere(out, capsys, graded)
    assert {student: len(found) for student, found in places.items()} == dict.fromkeys(HOURS_LATE, 5)
    expected = {"ada": (4, 0), "bob": (2.8, 1.2), "cyd": (3.4, 0.6), "dee": (4, 0)}
    for student, found in places.items():
        assert found == [pytest.approx(expected[student])] * 5
    pages = pages_of(out)
    assert "Your marks: 2.8 of 6" in pages["bob"]
    said = "handed in 1 day 2 h late (due 2026-11-20 12:00:00 UTC): 1.2 points less (10 % of 6 points for each of 2"
    assert said in pages["bob"]
    assert (
        "2 h late (due 2026-11-22 12:00:00 UTC): 0.6 points less (10 % of 6 points for a started day)" in pages["cyd"]
    )
    assert "it is not known when it was handed in, so it does not count as late" in pages["dee"]
    assert "late" not in to_junit(graded).split('name="ada"')[1].split("</testcase>")[0]
    assert "1.2 points less" in to_junit(graded).split('name="bob"')[1].split("</testcase>")[0]
    kept = json.loads((out / "late.json").read_text())
    assert kept == {"late": "10%/day", "grace": "15m"}  # the gradebook has the date

    monkeypatch.setattr(boxes, "Sandbox", no_sandbox)  # from here on nothing is executed
    before = files_of(out)
    graded, again = late_class()
    assert {s: r.as_json() for s, r in again.items()} == {s: r.as_json() for s, r in results.items()}
    assert files_of(out) == before

    with open_gradebook(out / "gradebook.db") as book:  # a person reads bob's answer
        grade = book.find_grade("written", UNIT, UNIT, "bob")
        grade.manual_score, grade.needs_manual_grade = 2, False
        book.db.commit()
    later = Orders((f"{UNIT}=2026-11-21T12:00Z",))
    before = files_of(out)
    preview, _ = late_class(later, preview=True)
    assert files_of(out) == before
    graded, results = late_class(later)
    assert graded.changed == preview.changed
    assert [(c.student, c.cell, c.old, c.new, c.cause) for c in graded.changed] == [
        ("bob", "late work", -1.2, -0.6, "the due date changed")
    ]
    assert (results["bob"].score, results["cyd"].penalty) == (5.4, 0.6)
    for found in everywhere(out, capsys, graded).values():
        assert found == [pytest.approx(found[0])] * 5
    [line] = (out / "history.jsonl").read_text().splitlines()
    assert json.loads(line) | {"time": ""} == {
        "time": "",
        "student": "bob",
        "unit": UNIT,
        "cell": "late work",
        "old": -1.2,
        "new": -0.6,
        "cause": "the due date changed",
    }
    assert "Your marks: 5.4 of 6" in pages_of(out)["bob"]

    (out / "extensions.csv").write_text(f"student,unit,until\ncyd,{UNIT},9d\nzoe,{UNIT},9d\n")
    before = files_of(out)
    with pytest.raises(ValueError, match=r"extensions.csv, line 3: nobody has the id 'zoe'"):
        late_class(Orders(late="50%/day"))
    assert files_of(out) == before  # nothing half applied


def test_another_time_and_a_migration(late_class, handed_in):
    late_class(FIRST)
    (handed_in.submitted / "bob" / UNIT / "timestamp.txt").write_text("2026-11-20 13:00:00 +0100\n")
    graded, results = late_class()
    assert results["bob"].penalty == 0
    [change] = graded.changed
    assert (change.student, change.old, change.new, change.cause) == ("bob", -1.2, 0, "another time of handing in")

    path = handed_in("cyd", RIGHT | {"double": "def double(x):\n    return 0"})  # another notebook, without a time
    (path.parent / "timestamp.txt").unlink()
    _, results = late_class()
    assert (results["cyd"].penalty, results["cyd"].score) == (0, 2)
    assert "it is not known when it was handed in" in results["cyd"].late

    (handed_in.submitted / "bob" / UNIT / "timestamp.txt").write_text("2026-11-21 14:00:00 UTC\n")
    (late_class.out / "extensions.csv").write_text(f"student,unit,until\nbob,{UNIT},1d\n")
    _, results = late_class()
    assert results["bob"].penalty == 0.6
    (late_class.out / "extensions.csv").unlink()
    change_source(change_cells)  # the unit has 8 points now
    migrate(late_class.out, UNIT)
    with open_gradebook(late_class.out / "gradebook.db") as book:
        submission = book.find_submission(UNIT, "bob")
        assert (submission.duedate, submission.late_submission_penalty) == (DUE + timedelta(days=1), 0.6)
    _, results = late_class()
    assert results["bob"].penalty == 0.8
