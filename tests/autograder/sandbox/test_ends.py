"""How a cell ends that runs into a limit or ends its process, and what becomes of those behind it."""

import sys

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox.sandbox import Limits, Sandbox
from tests.autograder.demo_course import OPTIONS

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(sys.platform == "win32", reason="the grader needs os.fork, which Windows lacks"),
]

DEAF = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
DIES = "import os\nos._exit(3)"
LOOPS = "print('before')\nwhile True:\n    pass"
SLEEPS = "import time\ntime.sleep(10**6)"
COMPUTES = "import time\nwhile time.process_time() < start + 2:\n    pass"
START = "import time\nstart = time.process_time()"
SHORT = Limits(cell_seconds=1)


@pytest.fixture(scope="module")
def sandbox():
    box = Sandbox(["course_utils.checks"], OPTIONS.sandbox)
    yield box
    box.close()


def notebook_of(*sources):
    """Plain cells, but for one that ends in ``# task``: that has the grade_id `task`."""
    tag = {"nbgrader": {"grade_id": "task", "solution": True, "grade": False}}
    cells = [new_code_cell(s, metadata=tag if s.endswith("# task") else {}) for s in sources]
    return new_notebook(cells=cells)


def said(cell):
    return [output.get("evalue", output.get("text")) for output in cell.outputs]


def test_a_cell_that_cannot_be_stopped_is_left_out(sandbox):
    notebook = notebook_of("x = 1", DEAF + "# task", "print(x)")
    execution = sandbox.run(notebook, limits=SHORT)
    late = "used up its 1 seconds of computing time, and could not be interrupted: "
    late += "is there an endless loop, or can it do less?"
    then = "was left out, and the notebook run again without it"
    assert (execution.status, execution.doubtful) == ("timeout", False)
    assert execution.reasons == (f"cell `task` {late}", f"cell `task` {then}")
    assert said(notebook.cells[1]) == [f"this cell {late}; this cell {then}"]
    assert notebook.cells[1].outputs[0].ename == "CellTimeoutError"
    assert said(notebook.cells[2]) == ["1\n"]


def test_a_cell_that_dies_is_left_out_on_the_last_try_only(sandbox):
    """The process can have died of a busy machine: then the cell is innocent, and runs once more."""
    notebook = notebook_of("x = 1", DIES, "print(x)")
    execution = sandbox.run(notebook)
    ended = "ended the notebook: the process ended itself with exit code 3"
    assert (execution.status, execution.doubtful) == ("crashed", True)
    assert execution.reasons == (f"cell 2 of the notebook {ended}",)
    assert said(notebook.cells[1]) == [f"this cell {ended}"]
    assert said(notebook.cells[2]) == [f"not run: cell 2 of the notebook {ended}"]

    execution = sandbox.run(notebook, last_try=True)
    assert (execution.status, execution.reasons[0]) == ("crashed", f"cell 2 of the notebook {ended}")
    assert notebook.cells[1].outputs[0].ename == "CrashError"
    assert said(notebook.cells[1])[0].endswith("the notebook run again without it")
    assert said(notebook.cells[2]) == ["1\n"]


def test_a_second_cell_that_cannot_be_stopped_ends_the_notebook(sandbox):
    notebook = notebook_of(DIES, "print(1)", DEAF, "print(2)")
    execution = sandbox.run(notebook, limits=SHORT, last_try=True)
    assert execution.status == "crashed"
    assert [reason[:22] for reason in execution.reasons] == ["cell 1 of the notebook"] * 2 + ["cell 3 of the notebook"]
    assert said(notebook.cells[1]) == ["1\n"]
    assert said(notebook.cells[2])[0].startswith("this cell used up its 1 seconds")
    assert said(notebook.cells[3])[0].startswith("not run: cell 3 of the notebook used up its 1 seconds")


def test_an_interrupted_cell_ends_in_its_limit(sandbox):
    notebook = notebook_of(LOOPS, "print('behind')")
    execution = sandbox.run(notebook, limits=SHORT)
    late = "used up its 1 seconds of computing time, and was interrupted: is there an endless loop, or can it do less?"
    assert (execution.status, execution.reason) == ("timeout", f"cell 1 of the notebook {late}")
    assert said(notebook.cells[0]) == ["before\n", f"this cell {late}"]
    assert said(notebook.cells[1]) == ["behind\n"]


def test_a_cell_that_waits_is_told_so(sandbox):
    notebook = notebook_of(SLEEPS)
    execution = sandbox.run(notebook, limits=Limits(cell_seconds=1, wall_factor=2))
    assert execution.doubtful
    late = "was not done after 2 seconds, most of them waiting, and was interrupted: does it sleep, or wait?"
    assert said(notebook.cells[0]) == [f"this cell {late}"]


def test_a_cell_with_a_limit_of_its_own_may_take_that(sandbox):
    """Two seconds of computing, where a cell may take one: by its grade_id the first may take four."""
    notebook = notebook_of(START, COMPUTES + "# task", START, COMPUTES)
    execution = sandbox.run(notebook, limits=Limits(cell_seconds=1, own={("grade_id", "task"): 4}))
    assert [bool(cell.outputs) for cell in notebook.cells] == [False, False, False, True]
    assert execution.reason.startswith("cell 4 of the notebook used up its 1 seconds of computing time")


def test_the_limit_of_its_own_is_what_is_said(sandbox):
    notebook = notebook_of(LOOPS + "# task")
    sandbox.run(notebook, limits=Limits(cell_seconds=1, own={("grade_id", "task"): 2}))
    assert said(notebook.cells[0])[-1].startswith("this cell used up its 2 seconds of computing time")
