"""The sandbox in nbgrader's own commands does as `make grade` does."""

import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import nbgrader_plugins
from autograder.course.skipping import NOTE, TAG
from autograder.nbgrader_plugins import BoxedExecute
from autograder.sandbox.sandbox import Sandbox
from tests.autograder.demo_course import OPTIONS, UNIT

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader needs os.fork, which Windows lacks"),
]


@pytest.fixture
def executed(demo, monkeypatch):
    """A function that executes cells as a submission of the demo course, and counts the runs."""
    runs, run_once = [], Sandbox._run_once
    monkeypatch.setattr(Sandbox, "_run_once", lambda *given: runs.append(1) or run_once(*given))
    nbgrader_plugins._shared_sandbox.cache_clear()

    def execute(*cells, **settings):
        runs.clear()
        resources = {"nbgrader": {"assignment": UNIT}}
        notebook = new_notebook(cells=list(cells))
        BoxedExecute(sandbox=OPTIONS.sandbox, **settings).preprocess(notebook, resources)
        return [str(cell.outputs) for cell in notebook.cells], len(runs)

    yield execute
    nbgrader_plugins._shared_sandbox(UNIT, OPTIONS.sandbox).close()


def test_a_cell_that_dies_runs_once_more_and_is_then_left_out(executed):
    outputs, runs = executed(new_code_cell("import os\nos._exit(1)"), new_code_cell("print('behind')"))
    assert "this cell was left out" in outputs[0]
    assert "behind" in outputs[1]
    assert runs == 3


def test_an_honest_notebook_runs_once(executed):
    outputs, runs = executed(new_code_cell("print(1)"))
    assert (runs, "'text': '1" in outputs[0]) == (1, True)


def test_limits_are_those_of_the_source(executed, demo):
    path = demo / "solutions" / UNIT / f"{UNIT}.ipynb"
    source = nbformat.read(path, as_version=4)
    source.cells[1].metadata["course"] = {"seconds": 2}  # the cell `imports`, which has no grade_id
    nbformat.write(source, path)
    loop = "while True:\n    pass"
    outputs, _ = executed(new_code_cell(loop, id="imports"), new_code_cell(loop), timeout=1)
    assert "its 2 seconds of computing time" in outputs[0]
    assert "its 1 seconds of computing time" in outputs[1]


def test_a_demonstration_is_left_out(executed, demo):
    path = demo / "solutions" / UNIT / f"{UNIT}.ipynb"
    source = nbformat.read(path, as_version=4)
    source.cells.append(new_code_cell("print('shown')", metadata={"tags": [TAG]}))
    nbformat.write(source, path)
    outputs, runs = executed(new_code_cell("print('shown')"), new_code_cell("print('mine')"))
    assert (NOTE.strip() in outputs[0], "mine" in outputs[1], runs) == (True, True, 1)


def test_a_unit_that_the_course_lacks_is_refused(demo):
    """Without its source notebook no graded cell would know its imports, and every answer would be wrong."""
    notebook = new_notebook(cells=[new_code_cell("print(1)")])
    with pytest.raises(ValueError, match=f"there is no unit '99-lost'; the units are {UNIT}"):
        BoxedExecute(sandbox=OPTIONS.sandbox).preprocess(notebook, {"nbgrader": {"assignment": "99-lost"}})
    assert notebook.cells[0].outputs == []
