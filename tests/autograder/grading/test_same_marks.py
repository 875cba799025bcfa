"""Honest submissions get the same marks from stock nbgrader as from ours, graded cell by graded cell."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import ROOT
from autograder.bank import sample_class
from autograder.course import units
from autograder.course.exercises import WRITTEN, exercises_of
from autograder.grading.classes import grade_class
from tests.autograder.demo_course import OPTIONS

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]

# nbgrader as it comes: its own kernels, nothing of ours.
STOCK_CONFIG = """c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.Execute.shutdown_kernel = "immediate"
"""
# Stock nbgrader leaves a deleted cell to a person, and waits half a minute for a loop.
HONEST = ["full-marks", "other-style", "half-right", "untouched", "syntax-error"]


def both_marks(submitted: Path, unit: str, tmp_path: Path) -> tuple[dict, dict]:
    """The automatic marks by student and graded cell: ours, stock nbgrader's. The two are made side by side."""
    shutil.copytree(submitted, tmp_path / "stock" / "submitted")
    with ThreadPoolExecutor() as pool:
        stock = pool.submit(stock_marks, tmp_path / "stock", unit)
        ours = {
            result.student: {cell["id"]: cell["score"] for cell in result.cells if cell["id"] != WRITTEN}
            for result in grade_class(submitted, tmp_path / "ours", [unit], OPTIONS).results
        }
    return ours, stock.result()


def stock_marks(root: Path, unit: str) -> dict:
    """Stock nbgrader's marks of what is in ``root/submitted``."""
    shutil.copytree(units.SOLUTIONS / unit, root / "solutions" / unit)
    (root / "nbgrader_config.py").write_text(STOCK_CONFIG, encoding="utf-8")
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }
    for command in ("generate_assignment", "autograde"):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", command, unit], cwd=root, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3000:]
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for grade in submission.notebooks[0].grades if grade.name != WRITTEN
            }
            for submission in book.assignment_submissions(unit)
        }


def test_the_sample_class(tmp_path):
    unit = "02-shapes"
    sample_class.write_class(tmp_path / "submitted", unit, tmp_path / "scratch")
    for folder in (tmp_path / "submitted").iterdir():
        if folder.name not in HONEST:
            shutil.rmtree(folder)
    ours, stock = both_marks(tmp_path / "submitted", unit, tmp_path)
    assert sorted(ours) == sorted(HONEST)
    assert ours == stock


@pytest.mark.slow
@pytest.mark.parametrize("unit", units.unit_names())
def test_the_whole_bank(unit, tmp_path):
    """As many students as the longest exercise has answers; student n gives each exercise its n-th answer."""
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    bank = {
        exercise.name: sorted((units.ANSWERS / unit / exercise.name).glob("*.py"))
        for exercise in exercises_of(released)
    }
    for number in range(max(map(len, bank.values()))):
        sources = {name: files[number % len(files)].read_text(encoding="utf-8") for name, files in bank.items()}
        path = tmp_path / "submitted" / f"student{number:02}" / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(sample_class.answer(released, sources), path)
    ours, stock = both_marks(tmp_path / "submitted", unit, tmp_path)
    assert ours == stock
