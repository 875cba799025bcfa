"""What graded cells forbid, read from the sources."""

import pytest

from autograder.course import units
from autograder.course.exercises import exercises_of
from autograder.course.forbidden import forbidden_in
from tests.autograder.demo_course import demo_notebook


@pytest.mark.parametrize("unit", units.unit_names())
def test_every_cell_that_forbids_says_what(unit):
    source = units.source_notebook(unit)
    graded = {name: source.cells[i].source for e in exercises_of(source) for name, i in e.graded.items()}
    found = forbidden_in(source)
    assert found.keys() == {name for name, text in graded.items() if "forbid(" in text}
    assert all(found.values())


def test_examples():
    found = forbidden_in(units.source_notebook("01-convolution"))
    assert found["conv2d_backward-weight"] == ["torch.autograd", "torch.conv2d"]
    found = forbidden_in(units.source_notebook("03-receptive-fields"))
    assert "course_utils.receptive_field.receptive_field" in found["receptive_field_sizes-plain"]


def test_a_name_that_is_computed_is_refused():
    source = demo_notebook()
    source.cells[3].source = "forbid('torch.' + name)"
    with pytest.raises(ValueError, match="double-plain"):
        forbidden_in(source)
