"""Run All in a notebook as released: it comes to its end, and says what is open."""

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import units
from autograder.course.cells import is_task
from course_utils.session.table import table

UNITS = [
    pytest.param(unit, marks=pytest.mark.slow if n else pytest.mark.real_path)
    for n, unit in enumerate(units.unit_names())
]


@pytest.mark.parametrize("unit", UNITS)
def test_every_cell_runs_and_every_error_is_a_line_that_names_an_exercise(unit, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    folder = {"metadata": {"path": str(units.RELEASE / unit)}}
    NotebookClient(notebook, timeout=120, resources=folder).execute()  # stops at an error in a cell without the tag
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    errors = [output for cell in code for output in cell.outputs if output.output_type == "error"]
    assert len(errors) > 10
    for error in errors:
        [line] = error.traceback
        assert line.startswith("Not written yet: "), line
        assert "(exercise " in line
    assert code[-1].id == "whats-open"
    said = code[-1].outputs[0].text.split("\n\n")
    exercises = table(unit).exercises
    assert said[0] == f"0 of {len(exercises)} exercises are done."
    assert said[1].startswith("not written")
    assert said[1].splitlines()[1:] == [f"  {exercise.number} · {exercise.title}" for exercise in exercises]


@pytest.mark.parametrize("unit", units.unit_names())
def test_the_tag_stands_from_the_first_answer_on_and_in_no_solution(unit):
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    first = next(i for i, cell in enumerate(released.cells) if is_task(cell))
    tagged = [i for i, cell in enumerate(released.cells) if "raises-exception" in cell.metadata.get("tags", [])]
    assert tagged == [i for i, cell in enumerate(released.cells) if cell.cell_type == "code" and i >= first]
    source = units.source_notebook(unit).cells
    assert not [cell.id for cell in source if "raises-exception" in cell.metadata.get("tags", [])]
