"""Which cells belong to an exercise: a notebook written down here, then all units of the course."""

import json

import pytest

from autograder.course import units
from course_utils.exercises import all_exercises, is_check, is_task


def text(name, source, **tag):
    return {"cell_type": "markdown", "id": name, "source": source, "metadata": {"nbgrader": tag} if tag else {}}


def code(name, **tag):
    return text(name, "", **tag) | {"cell_type": "code"}


NOTEBOOK = {
    "cells": [
        text("ex1-title", "---\n## Exercise 1 · `pool2d` · difficulty 1 of 5 · 2.5 points"),
        code("example"),
        code("pool-task", grade_id="pool2d", solution=True),
        text("pool-hints", "<details>"),
        code("pool-see"),
        code("pool-check"),
        code("pool2d-max", grade_id="pool2d-max", grade=True, points=1),
        code("later-check"),
        code("pool2d-mean", grade_id="pool2d-mean", grade=True, points=1.5),
        code("gone-plain", grade_id="gone-plain", grade=True, points=9),
        text("ex2-title", "## Exercise 2"),
        text("written", "YOUR ANSWER HERE", grade_id="written", solution=True, grade=True, points=4),
    ]
}


def test_by_hand():
    pool, written = all_exercises(NOTEBOOK)
    assert (pool.name, pool.title, pool.heading, pool.task, pool.hints) == ("pool2d", "Exercise 1 · pool2d", 0, 2, 3)
    assert (pool.sight, pool.check, pool.points, pool.written) == ([4, 5], 5, 2.5, False)
    assert pool.graded == {"pool2d-max": 6, "pool2d-mean": 8}  # gone-plain has no TODO cell
    assert (written.name, written.title, written.heading, written.task) == ("written", "Exercise 2", 10, 11)
    assert (written.sight, written.check, written.hints, written.points) == ([], None, None, 4)
    assert written.written


def test_without_heading_check_and_points_the_name_is_left():
    [exercise] = all_exercises({"cells": [code("pool-task", grade_id="pool2d", solution=True)]})
    assert (exercise.title, exercise.heading, exercise.check, exercise.points) == ("pool2d", None, None, 0)


@pytest.mark.parametrize("unit", units.unit_names())
def test_in_every_chapter_each_exercise_has_heading_hints_check_and_points(unit):
    """From plain JSON, as a program without nbformat reads it."""
    notebook = json.loads((units.RELEASE / unit / f"{unit}.ipynb").read_text(encoding="utf-8"))
    cells = notebook["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    exercises = all_exercises(notebook)
    assert [exercise.written for exercise in exercises] == [False] * (len(exercises) - 1) + [True]
    headings = [exercise.heading for exercise in exercises]
    assert headings == sorted(set(headings))
    for number, exercise in enumerate(exercises[:-1], start=1):
        assert exercise.title.startswith(f"Exercise {number} · ")
        assert is_task(cells[exercise.task])
        assert is_check(cells[exercise.check])
        assert exercise.heading < exercise.task < exercise.hints < exercise.check < min(exercise.graded.values())
        assert exercise.points > 0
