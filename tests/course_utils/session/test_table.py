"""The tables of exercises agree with the notebooks."""

import json

import nbformat
import pytest

from autograder.course import units
from autograder.release.exercise_tables import table_of
from course_utils.exercises import NO_TEXT
from course_utils.session import table as tables
from course_utils.session.blame import made


def released(unit):
    return nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)


def test_every_unit_has_a_table():
    assert tables.units() == units.unit_names()


@pytest.mark.parametrize("unit", units.unit_names())
def test_a_table_is_what_the_notebooks_give(unit):
    written = json.loads((tables.FOLDER / f"{unit}.json").read_text(encoding="utf-8"))
    assert written == table_of(units.source_notebook(unit), released(unit)), "run `make release`"


@pytest.mark.parametrize("unit", units.unit_names())
def test_only_the_cell_of_an_exercise_makes_what_it_asks_for(unit):
    """So whoever changes the beginning of a TODO cell is still recognised, where a program sends no ids of cells."""
    exercises = tables.table(unit).exercises
    asked = {name for exercise in exercises for name in exercise.names}
    tasks = {id for exercise in exercises for id, role in exercise.cells.items() if role == tables.TASK}
    for notebook in (released(unit), units.source_notebook(unit)):
        others = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.id not in tasks]
        assert not {cell.id: asked & set(made(cell.source)) for cell in others if asked & set(made(cell.source))}


@pytest.mark.parametrize("unit", units.unit_names())
def test_a_stub_says_what_the_messages_look_for(unit):
    for exercise in tables.table(unit).exercises:
        assert exercise.stubs >= 1, exercise.name
    assert all(NO_TEXT in cell.source for cell in released(unit).cells if cell.id == "written")


def test_a_unit_that_there_is_not_is_said():
    with pytest.raises(ValueError, match="the unit is '09-none'; expected one of 01-convolution, "):
        tables.table("09-none")
