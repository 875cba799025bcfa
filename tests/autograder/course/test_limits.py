"""Limits of single cells, read from the source notebook."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course.limits import own_seconds, place_of
from autograder.sandbox.sandbox import Limits

TASK = {"nbgrader": {"grade_id": "train", "solution": True}}


def test_a_cell_with_a_grade_id_is_found_by_that_and_a_plain_one_by_its_id():
    cells = [
        new_code_cell(id="a", metadata=TASK | {"course": {"seconds": 120}}),
        new_code_cell(id="b", metadata={"course": {"seconds": 60}}),
        new_code_cell(id="c"),
    ]
    assert own_seconds(new_notebook(cells=cells)) == {("grade_id", "train"): 120, ("id", "b"): 60}
    # A cell of the student's whose id is a grade_id is another cell.
    assert place_of(new_code_cell(id="train")) == ("id", "train")


def test_a_notebook_may_take_what_its_cells_may_take_beyond_the_usual():
    # 300 + (120 - 30) + (60 - 30); a cell with less than 30 takes nothing away.
    own = {("id", "a"): 120, ("id", "b"): 60, ("id", "c"): 10}
    limits = Limits(own=own)
    assert limits.of_notebook() == 420
    assert [limits.of_cell(new_code_cell(id=name)) for name in "abcd"] == [120, 60, 10, 30]
    assert Limits().of_notebook() == 300


@pytest.mark.parametrize("wrong", ["120", 0, -1, True, None])
def test_a_limit_that_is_no_number_is_named(wrong):
    cell = new_code_cell(id="a", metadata={"course": {"seconds": wrong}})
    with pytest.raises(ValueError, match=r"cell 'a': course.seconds in its metadata is .*above 0"):
        own_seconds(new_notebook(cells=[cell]))
