"""Putting deleted cells back: the order is the released notebook's."""

from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell

from autograder.course.cells import nbgrader_tag
from autograder.grading.repair import restore_cells
from tests.autograder.demo_course import demo_notebook


def names(notebook):
    return [nbgrader_tag(cell).get("grade_id", cell.id) for cell in notebook.cells]


def test_one_deleted_test_comes_back_to_its_place():
    notebook = demo_notebook()
    del notebook.cells[3]  # title, imports, double, double-plain
    assert restore_cells(notebook, demo_notebook()) == ["double-plain"]
    assert names(notebook) == names(demo_notebook())


@given(st.sets(st.integers(2, len(demo_notebook().cells) - 1)))
def test_any_deleted_cells_come_back_in_order(deleted):
    notebook = demo_notebook()
    notebook.cells = [cell for i, cell in enumerate(notebook.cells) if i not in deleted]
    restored = restore_cells(notebook, demo_notebook())
    assert restored == [names(demo_notebook())[i] for i in sorted(deleted)]
    assert names(notebook) == names(demo_notebook())


def test_a_students_own_cells_stay():
    notebook = demo_notebook()
    notebook.cells.insert(4, new_markdown_cell("my notes", id="my-notes"))
    del notebook.cells[5]
    restore_cells(notebook, demo_notebook())
    assert [name for name in names(notebook) if name != "my-notes"] == names(demo_notebook())
    assert names(notebook).count("my-notes") == 1


def test_nothing_deleted_nothing_restored():
    notebook = demo_notebook()
    assert restore_cells(notebook, demo_notebook()) == []
    assert notebook == demo_notebook()
