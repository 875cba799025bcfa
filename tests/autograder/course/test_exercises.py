"""What a source notebook contains."""

import pytest
from nbformat.v4 import new_code_cell

from autograder.course import units
from autograder.course.exercises import exercises_of
from tests.autograder.demo_course import UNIT, demo_notebook


def test_exercises_and_their_graded_cells():
    first, second = exercises_of(demo_notebook())
    assert (first.name, list(first.graded)) == ("double", ["double-plain", "double-hard"])
    assert (second.name, list(second.graded)) == ("double_all", ["double_all-plain", "double_all-hard"])


def test_the_cells_up_to_the_visible_check_belong_to_the_exercise():
    notebook = demo_notebook()
    for index, name in ((3, "double-train"), (4, "double-check"), (5, "double-look")):
        notebook.cells.insert(index, new_code_cell("", id=name))
    first, second = exercises_of(notebook)
    assert (first.sight, second.sight) == ([3, 4], [])


def test_the_longest_name_owns_a_graded_cell():
    notebook = demo_notebook()
    # Two tasks, one name the start of the other.
    for index, name in ((5, "double-more"), (6, "double-more-plain"), (7, "double-more-hard")):
        notebook.cells[index].metadata.nbgrader.grade_id = name
    first, second = exercises_of(notebook)
    assert list(first.graded) == ["double-plain", "double-hard"]
    assert list(second.graded) == ["double-more-plain", "double-more-hard"]


def test_a_graded_cell_without_exercise_is_an_error():
    notebook = demo_notebook()
    notebook.cells[3].metadata.nbgrader.grade_id = "orphan-plain"
    with pytest.raises(ValueError, match="'orphan-plain' belongs to no exercise"):
        exercises_of(notebook)


def test_an_unknown_unit_names_the_known(demo):
    assert units.unit_names() == [UNIT]
    with pytest.raises(ValueError, match=f"no unit '99-none'; the units are {UNIT}"):
        units.source_notebook("99-none")
