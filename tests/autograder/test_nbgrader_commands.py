"""nbgrader's own commands, in a copy of the course with the demo unit: what was handed in gets the marks of `grade`."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course.cells import nbgrader_tag
from autograder.grading.classes import grade_class
from autograder.nbgrader_bridge import open_gradebook
from autograder.release.notebooks import differences, generate
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]
ZERO = RIGHT | {"double": "def double(x):\n    return 0"}


def nbgrader(root, *arguments):
    """Run nbgrader in `root`; returns its exit code and what it said."""
    environment = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def released_in(course):
    """Put our code and settings beside the demo unit, and have nbgrader release it; returns the released notebook."""
    for folder in ("autograder", "course_utils"):
        shutil.copytree(ROOT / folder, course / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", course)
    code, said = nbgrader(course, "generate_assignment", UNIT, "--force")
    assert code == 0, said[-3000:]
    return nbformat.read(course / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)


def copied(notebook):
    """As JupyterLab copies cells, with their metadata; the copies stand first."""
    for index in (4, 3):  # title, install, imports, double, double-plain
        notebook.cells.insert(3, new_code_cell("raise ValueError", metadata=notebook.cells[index].metadata))


def no_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def no_ids(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


def neither(notebook):
    no_metadata(notebook)
    no_ids(notebook)


def reformatted(notebook):
    neither(notebook)
    for cell in notebook.cells[4:6]:
        cell.source += "  # formatted"


def no_test(notebook):
    notebook.cells = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") != "double-plain"]


def two_written(notebook):
    notebook.cells[-1:] = [new_markdown_cell("my answer"), new_markdown_cell("my notes")]


def odd_mark(notebook):
    notebook.cells.insert(2, new_code_cell("x = 1", metadata={"nbgrader": {"grade_id": "double", "grade": True}}))


CLASS = {
    "plain": (RIGHT, lambda notebook: None),
    "wrong": (ZERO, lambda notebook: None),
    "copied": (RIGHT, copied),
    "no-metadata": (RIGHT, no_metadata),
    "no-ids": (RIGHT, no_ids),
    "neither": (RIGHT, neither),
    "no-test": (RIGHT, no_test),
    "reformatted": (RIGHT, reformatted),
    "unclear": (ZERO, reformatted),
    "unclear-in-words": (RIGHT, two_written),
    "odd-mark": (RIGHT, odd_mark),
    "byte-order-mark": (RIGHT, lambda notebook: None),
    "broken": (RIGHT, lambda notebook: None),
}


@pytest.fixture
def course(demo):
    """A course with the demo unit, released, and the class above."""
    released = released_in(demo)
    for student, (sources, change) in CLASS.items():
        notebook = answer(released, sources)
        change(notebook)
        path = demo / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        if student == "byte-order-mark":
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        if student == "broken":
            path.write_text(path.read_text()[:500])
    return demo


def marks_of(gradebook):
    """By student: the mark of each graded cell, None where it waits."""
    return {
        submission.student.id: {
            grade.name: None if grade.needs_manual_grade else grade.auto_score
            for grade in submission.notebooks[0].grades
        }
        for submission in gradebook.assignment_submissions(UNIT)
    }


def test_generate_assignment_releases_what_release_does(course, tmp_path):
    generate(tmp_path / "ours")
    assert differences(tmp_path / "ours", course / "notebooks") == []


def test_autograde_gives_the_marks_of_grade(course, tmp_path):
    boxed = [] if OPTIONS.sandbox else ["--BoxedExecute.sandbox=False"]
    code, said = nbgrader(course, "autograde", UNIT, *boxed)
    assert code == 1  # one file is no notebook ...
    assert "broken gets no marks for 00-demo: 00-demo.ipynb is not a Jupyter notebook" in said
    assert "no-metadata, 00-demo: 7 cells had lost their marks and were found by their id" in said
    assert "no-test, 00-demo: restored missing cells: double-plain" in said
    assert "unclear, 00-demo: unclear: cells lost their marks" in said
    assert "wrong, 00-demo: unclear" not in said
    results = grade_class(course / "submitted", tmp_path / "ours", [UNIT], OPTIONS).results
    with open_gradebook(course / "gradebook.db") as gradebook:
        stock = marks_of(gradebook)
    ours = {result.student: {cell["id"]: cell["score"] for cell in result.cells} for result in results}
    assert ours.pop("broken") == {}
    del stock["broken"]
    assert stock == ours  # ... and every other student has the marks of `grade`
    assert stock["unclear"]["double-plain"] is None
    assert stock["wrong"]["double-plain"] == 0
    for student, marks in stock.items():  # the formgrader shows the autograded notebook, and asks for each mark
        executed = nbformat.read(course / "autograded" / student / UNIT / f"{UNIT}.ipynb", as_version=4)
        tags = map(nbgrader_tag, executed.cells)
        assert sorted(tag["grade_id"] for tag in tags if tag.get("grade")) == sorted(marks)
    code, said = nbgrader(course, "export")
    assert code == 0, said[-3000:]
    with (course / "grades.csv").open(newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {result.student: result.score for result in results}
