"""The grader itself is killed, or finds its gradebook locked: nothing is lost, and nothing is counted twice."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import ROOT
from autograder.course import units
from autograder.grading import gradebook, transactions
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.nbgrader_bridge import NbgraderError
from autograder.sandbox import outer_wall
from tests.hostile.hostile_class import RIGHT, UNIT, answered, hand_in, make_course, released

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

WRONG = "def {0}(x):\n    return x"
CLASS = {
    "ada": RIGHT,
    "bob": RIGHT | {"double": WRONG.format("double")},
    "cyd": RIGHT | {"double_all": WRONG.format("double_all")},
    "dan": {},
    "eve": RIGHT | {"double": "import os\nos._exit(1)"},
    "fay": RIGHT,
}
# The grader on the demo course, as another process that can be killed.
GRADER = """
import sys
from pathlib import Path
from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.reports import feedback
root = Path(sys.argv[1])
units.SOLUTIONS, units.ANSWERS = root / "course" / "solutions", root / "course" / "answers"
if __name__ == "__main__":
    grade_class(root / "submitted", Path(sys.argv[2]), [], Options(jobs=2), feedback)
"""


@pytest.fixture
def handed_in(tmp_path, monkeypatch):
    make_course(tmp_path / "course")
    monkeypatch.setattr(units, "SOLUTIONS", tmp_path / "course" / "solutions")
    monkeypatch.setattr(units, "ANSWERS", tmp_path / "course" / "answers")
    blank = released(tmp_path / "released")
    for student, sources in CLASS.items():
        hand_in(tmp_path / "submitted", student, answered(blank, sources))
    (tmp_path / "grader.py").write_text(GRADER)
    return tmp_path


def start(root: Path, output: Path) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(root / "grader.py"), str(root), str(output)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def marks(output: Path) -> dict:
    with Gradebook(f"sqlite:///{output}/gradebook.db") as book:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.assignment_submissions(UNIT)
        }


def undisturbed(root: Path) -> float:
    """Grade into ``undisturbed/``; return the seconds that it took."""
    began = time.monotonic()
    assert start(root, root / "undisturbed").wait() == 0
    return time.monotonic() - began


def test_killed_at_drawn_moments_and_started_again(handed_in):
    whole = undisturbed(handed_in)
    output = handed_in / "killed"
    draw = random.Random(4)
    for share in (draw.uniform(0.2, 0.7), draw.uniform(0.5, 0.95)):
        process = start(handed_in, output)
        time.sleep(share * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    last = start(handed_in, output)
    assert last.wait() == 0, last.stderr.read()
    assert marks(output) == marks(handed_in / "undisturbed")
    assert set(marks(output)) == set(CLASS)
    # No half-written file, and no unfinished one left under a student's name.
    pages = {page.parents[1].name for page in (output / "feedback").rglob("*.html")}
    assert pages == set(CLASS)


def test_ctrl_c_at_drawn_moments_keeps_nothing_of_what_it_cut_off(handed_in):
    whole = undisturbed(handed_in)
    output = handed_in / "interrupted"
    draw = random.Random(5)
    for share in (draw.uniform(0.1, 0.4), draw.uniform(0.4, 0.7), draw.uniform(0.7, 0.95)):
        process = start(handed_in, output)
        time.sleep(share * whole)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        pressed = time.monotonic()
        process.communicate()
        assert time.monotonic() - pressed < max(10, whole)  # on a busy machine everything takes longer
        kept = {path.parents[1].name: json.loads(path.read_text()) for path in output.rglob("result.json")}
        assert {student for student, result in kept.items() if result["status"] == "crashed"} <= {"eve"}
    last = start(handed_in, output)
    assert last.wait() == 0, last.stderr.read()
    assert marks(output) == marks(handed_in / "undisturbed")


def test_a_locked_gradebook_says_what_to_do_and_keeps_what_was_executed(handed_in, monkeypatch):
    output = handed_in / "out"
    output.mkdir()
    options = Options()
    grade_class(handed_in / "submitted", output, [], options)
    before = marks(output)
    other = hand_in(handed_in / "submitted", "zoe", answered(released(handed_in / "again"), RIGHT))
    monkeypatch.setattr(transactions, "LOCK_SECONDS", 0.1)
    record = gradebook.record

    def record_while_locked(database: Path, results: list, *rest) -> None:
        if "zoe" not in {result.student for result in results}:
            return record(database, results, *rest)
        # Somebody's transaction stays open just when the new marks are to be written.
        with sqlite3.connect(database, isolation_level=None) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            return record(database, results, *rest)

    monkeypatch.setattr(gradebook, "record", record_while_locked)
    with pytest.raises(NbgraderError, match=r"gradebook\.db cannot be written .*run the same command again"):
        grade_class(handed_in / "submitted", output, [], options)
    monkeypatch.setattr(gradebook, "record", record)
    assert marks(output) == before
    kept = output / "autograded" / "zoe" / UNIT / "result.json"
    written = kept.stat().st_mtime_ns
    results = {result.student: result for result in grade_class(handed_in / "submitted", output, [], options).results}
    assert results["zoe"].score == 4
    assert other.is_file()
    assert kept.stat().st_mtime_ns == written  # it was not executed again


@pytest.mark.skipif(os.getuid() == 0, reason="root writes read-only files")
def test_a_read_only_gradebook_is_said(handed_in):
    output = handed_in / "out"
    grade_class(handed_in / "submitted", output, [], Options())
    (output / "gradebook.db").chmod(0o444)
    hand_in(handed_in / "submitted", "zoe", answered(released(handed_in / "again"), RIGHT))
    with pytest.raises(NbgraderError):
        grade_class(handed_in / "submitted", output, [], Options())
