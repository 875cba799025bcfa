"""What a unit is graded with, made again after it was cut off anywhere."""

import os

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.grading import gradebook
from autograder.grading.grading_units import load_unit
from tests.autograder.demo_course import UNIT

POINTS = {"double-plain": 1, "double-hard": 1, "double_all-plain": 1, "double_all-hard": 1, "written": 2}


def load(folder):
    folder.mkdir(exist_ok=True)
    database = folder / "gradebook.db"
    return load_unit(UNIT, folder / "kept", database, gradebook.maxima_in_use(database).get(UNIT))


def load_and_die(folder, last: int | None = None) -> int:
    """Load the unit in a process that ends after this commit, if one is named; return how many it came to."""
    reading, writing = os.pipe()
    if process := os.fork():
        os.close(writing)
        os.waitpid(process, 0)
        with open(reading, "rb") as commits:
            return len(commits.read())

    def count(connection):
        nonlocal last
        os.write(writing, b".")
        if last is not None and (last := last - 1) == 0:
            os._exit(9)

    event.listen(Engine, "commit", count)
    load(folder)
    os._exit(0)


@pytest.mark.real_path
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_killed_between_commits_of_nbgrader_and_loaded_again(demo, tmp_path):
    commits = load_and_die(tmp_path / "whole")
    assert commits > len(POINTS)  # nbgrader still commits cell by cell
    for last in range(2, commits, 6):
        folder = tmp_path / str(last)
        assert load_and_die(folder, last) == last
        assert load(folder).released.cells
        with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
            notebook = book.find_notebook(UNIT, UNIT)
            assert {cell.name: cell.max_score for cell in notebook.grade_cells} == POINTS
            assert {cell.name for cell in notebook.solution_cells} == {"double", "double_all", "written"}
