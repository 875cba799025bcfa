"""``python -m course_utils.validate``: what is begun is run in a copy, and each exercise is reported."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.validate import __main__ as command


def notebook(answer, *more):
    """One exercise with its check and a graded cell; `answer` is in the TODO cell, `more` cells come before it."""
    task = {"nbgrader": {"grade_id": "double", "solution": True, "grade": False, "schema_version": 3}}
    graded = {"nbgrader": {"grade_id": "double-plain", "solution": False, "grade": True, "points": 1}}
    cells = [
        new_markdown_cell("# 01 · Demo\n\n## Exercise 1 · `double`", id="title"),
        *(new_code_cell(source, id=f"more-{n}") for n, source in enumerate(more)),
        new_code_cell(answer, id="double", metadata=task),
        new_code_cell("assert double(2) == 4", id="double-check"),
        new_code_cell("assert double(3) == 6", id="double-plain", metadata=graded),
    ]
    return new_notebook(cells=cells)


STUB = '# YOUR CODE HERE\nraise NotImplementedError("this answer is not written yet")'


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A student's folder, in which we are; returns a function that writes its one notebook."""
    monkeypatch.chdir(tmp_path)

    def write(content, folder="work"):
        place = tmp_path / folder / "01-demo" / "01-demo.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(content, place)
        return place

    write(notebook(STUB), "notebooks")
    return write


def test_nothing_begun_is_not_run_and_is_no_fault(course, capsys):
    course(notebook(STUB))
    assert command.main([]) == 0
    assert capsys.readouterr().out == "## What the visible checks say\n\nNo exercise is begun yet.\n"


def test_nothing_to_run(course, tmp_path, capsys):
    assert command.main(["elsewhere"]) == 2
    assert "there is no folder elsewhere" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert command.main(["empty"]) == 2
    assert "There is no notebook of the course in this folder" in capsys.readouterr().out


def test_a_file_that_is_no_notebook_is_said(course, capsys):
    course(notebook(STUB)).write_text("<<<<<<< HEAD")
    assert command.main([]) == 1
    assert "01-demo/01-demo.ipynb cannot be read: its JSON is broken in line 1" in capsys.readouterr().out


@pytest.mark.real_path
def test_stale_outputs_do_not_count_and_a_cell_that_hangs_is_interrupted(course, monkeypatch, capsys):
    monkeypatch.setattr(command, "SECONDS", 1)
    mine = notebook("def double(x):\n    return 2 * x", "while True:\n    pass")
    place = course(mine)
    before = place.read_bytes()
    assert command.main([]) == 0
    assert "| Exercise 1 · double | done | solved when last run |" in capsys.readouterr().out
    assert place.read_bytes() == before

    wrong = notebook("def double(x):\n    return x")
    for number, cell in enumerate(cell for cell in wrong.cells if cell.cell_type == "code"):
        cell.execution_count = number + 1  # as if its check had passed
    course(wrong)
    assert command.main([]) == 1
    assert "| Exercise 1 · double | tried | the check showed an error |" in capsys.readouterr().out


@pytest.mark.real_path
def test_a_notebook_that_ends_its_kernel_is_said(course, capsys):
    course(notebook("def double(x):\n    return 2 * x", "import os\nos._exit(1)"))
    assert command.main([]) == 1
    said = capsys.readouterr().out
    assert "01-demo/01-demo.ipynb ended its kernel" in said
    assert "| tried | the answer has not been run |" in said
