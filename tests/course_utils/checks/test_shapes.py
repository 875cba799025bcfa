"""check_shape: patterns, letters, and messages that name the axis."""

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError
from course_utils.shapes import check_shape


def test_check_shape_takes_tensors_tuples_and_lists():
    for shape in (
        torch.zeros(2, 3, 4),
        nn.Parameter(torch.zeros(2, 3, 4)),
        (2, 3, 4),
        [2, 3, 4],
        torch.Size((2, 3, 4)),
    ):
        check_shape(shape, (2, None, 4), "x")


def test_a_letter_stands_for_one_size():
    check_shape((5, 7, 7), ("N", "H", "H"), "x")
    with pytest.raises(CheckError, match="axis 2 is 8 and should be 7"):
        check_shape((5, 7, 8), ("N", "H", "H"), "x")


def test_check_shape_names_the_axis():
    with pytest.raises(CheckError, match=r"y has shape \(1, 28, 27\)\n  expected: \(any, 28, 28\); axis 2 is 27"):
        check_shape(torch.zeros(1, 28, 27), (None, 28, 28), "y")


def test_check_shape_counts_the_axes():
    with pytest.raises(CheckError, match=r"2 axes\n.*which is 3"):
        check_shape((28, 28), (1, 28, 28), "y")


class AlwaysEqual(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize("fake", [None, 28, "28", torch.Tensor, (AlwaysEqual(3), 28), (28.0, 28)])
def test_check_shape_refuses_what_is_no_shape(fake):
    with pytest.raises(CheckError, match="expected: a tensor, or a shape of ints"):
        check_shape(fake, (28, 28), "y")


def test_check_shape_hints_at_a_missing_return():
    with pytest.raises(CheckError, match="without `return`"):
        check_shape(None, (28, 28), "y")
