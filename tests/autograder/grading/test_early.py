"""Workers that begin early: as many as notebooks will run, for the modules of their units, and none in vain."""

import os
import subprocess
import sys

import pytest

from autograder import ROOT
from autograder.grading.boxes import OwnBoxes
from autograder.grading.classes import grade_class
from autograder.grading.early import begin_workers
from autograder.sandbox.sandbox import Sandbox
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks")


@pytest.fixture
def begun(monkeypatch):
    """The workers that were begun; none really is."""
    began = []
    monkeypatch.setattr(Sandbox, "begin", lambda sandbox: began.append(sandbox))
    return began


@needs_fork
@pytest.mark.parametrize(("students", "jobs", "count"), [(0, 2, 0), (1, 2, 1), (2, 2, 2), (5, 2, 2), (3, 8, 3)])
def test_there_are_no_more_than_notebooks_or_jobs(handed_in, begun, tmp_path, students, jobs, count):
    for number in range(students):
        handed_in(f"s{number}", RIGHT)
    workers = begin_workers(handed_in.submitted, tmp_path, [], jobs, OPTIONS.sandbox)
    assert len(workers) == count
    assert begun == workers
    assert all("math" in worker.modules for worker in workers)


@needs_fork
def test_only_those_that_import_enough_are_used(begun, monkeypatch):
    closed = []
    monkeypatch.setattr(Sandbox, "close", lambda sandbox: closed.append(sandbox))
    few, enough, more = (Sandbox(modules, sandbox=False) for modules in (["math"], ["math", "json"], ["math", "json"]))
    boxes = OwnBoxes({"json", "math"}, 1, sandbox=False, begun=[few, enough, more])
    assert boxes._sandboxes == [enough]
    assert closed == [few, more]
    boxes = OwnBoxes({"json", "math"}, 3, sandbox=False, begun=[few, enough])
    assert boxes._sandboxes[0] is enough
    assert [sandbox.modules for sandbox in boxes._sandboxes] == [{"json", "math"}] * 3


@needs_fork
def test_a_class_that_was_graded_begins_none(handed_in, tmp_path):
    handed_in("ada", RIGHT)
    out = tmp_path / "out"
    asked = handed_in.submitted, out, [UNIT]
    workers = begin_workers(*asked, 2, OPTIONS.sandbox)
    graded = grade_class(*asked, OPTIONS, begun=workers)
    assert [result.score for result in graded.results] == [4]
    assert begin_workers(*asked, 2, OPTIONS.sandbox) == []
    again = begin_workers(*asked, 2, OPTIONS.sandbox, force=True)
    assert len(again) == 1
    again[0].close()


def test_nothing_that_takes_long_is_imported_before():
    program = "import sys, autograder.__main__, autograder.grading.early; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert not {"nbgrader", "sqlalchemy", "torch", "nbconvert"} & set(done.stdout.split())
