"""Each unit by the real path: what is released, what a stub earns, what the solution earns."""

import os

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.bank.declared import declared_losses
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import WRITTEN, exercises_of
from autograder.course.skipping import NOTE, TAG
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.release import notebooks
from autograder.sandbox import outer_wall

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]
OPTIONS = Options(jobs=1, sandbox=not outer_wall.problem())


def test_notebooks_are_what_the_solutions_give(tmp_path):
    notebooks.generate(tmp_path)
    assert notebooks.differences(tmp_path, units.RELEASE) == [], "run `make release` and commit notebooks/"


@pytest.fixture
def graded(tmp_path):
    """Grade notebooks of a unit: by student the marks, the most and the message of each graded cell."""

    def grade(unit: str, notebooks: dict[str, NotebookNode]) -> dict[str, dict[str, tuple]]:
        submitted = tmp_path / "submitted"
        for name, notebook in notebooks.items():
            (submitted / name / unit).mkdir(parents=True)
            nbformat.write(notebook, submitted / name / unit / f"{unit}.ipynb")
        results = grade_class(submitted, tmp_path / "out", [unit], OPTIONS).results
        return {r.student: {c["id"]: (c["score"], c["max_score"], c["message"]) for c in r.cells} for r in results}

    return grade


def solution_and_stub(unit: str) -> dict[str, NotebookNode]:
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    source = units.source_notebook(unit)
    return {
        "solution": answer(released, {e.name: source.cells[e.task].source for e in exercises_of(source)}),
        "stub": released,
    }


@pytest.mark.parametrize("unit", units.unit_names())
def test_the_stub_loses_every_graded_cell_and_the_solution_none(unit, graded):
    scores = graded(unit, solution_and_stub(unit))
    written = WRITTEN
    lost = {
        name: message
        for name, (score, most, message) in scores["solution"].items()
        if name != written and score != most
    }
    assert lost == {}
    assert scores["solution"][written][0] is None  # waits for a person
    earned = [name for name, (score, _, _) in scores["stub"].items() if score != 0]
    assert earned == []


def all_but_the_quick_slow() -> list:
    """The units; `make test` has those that take half a minute at most, `make test-all` the others.

    The same answers are judged by the bank each time, and the stub and the solution go the whole way in every unit.
    """
    quick = {"01-convolution", "02-shapes", "03-receptive-fields"}
    return [pytest.param(unit, marks=() if unit in quick else pytest.mark.slow) for unit in units.unit_names()]


@pytest.mark.parametrize("unit", all_but_the_quick_slow())
def test_no_mark_hangs_on_a_demonstration(unit, graded, tmp_path):
    def whole(notebook: NotebookNode) -> NotebookNode:
        """Whoever may look at any name in a last cell has every demonstration run."""
        return NotebookNode(notebook | {"cells": [*notebook.cells, new_code_cell("len(globals())")]})

    short = solution_and_stub(unit)
    scores = graded(unit, short | {f"{name}-whole": whole(notebook) for name, notebook in short.items()})
    for student in short:
        kept = [
            (tmp_path / "out" / "autograded" / name / unit / f"{unit}.ipynb").read_text(encoding="utf-8")
            for name in (student, f"{student}-whole")
        ]
        assert [NOTE.strip() in text for text in kept] == [True, False]
        marks, every = ({k: v[:2] for k, v in scores[name].items()} for name in (student, f"{student}-whole"))
        assert marks == every, f"a demonstration with the tag {TAG} that a mark of the {student} hangs on"


@pytest.mark.parametrize("unit", all_but_the_quick_slow())
def test_one_answer_per_exercise_goes_the_whole_way_and_agrees(unit, tmp_path):
    """A student with every exercise's first wrong answer loses what the bank says."""
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    sources, losses = {}, set()
    for exercise in exercises_of(released):
        first = min((units.ANSWERS / unit / exercise.name).glob("wrong-*.py"))
        sources[exercise.name] = first.read_text(encoding="utf-8")
        losses |= set(declared_losses(sources[exercise.name]))
    path = tmp_path / "submitted" / "wrong" / unit / f"{unit}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(answer(released, sources), path)
    [result] = grade_class(tmp_path / "submitted", tmp_path / "out", [unit], OPTIONS).results
    assert {cell["id"] for cell in result.cells if cell["score"] == 0} == losses
