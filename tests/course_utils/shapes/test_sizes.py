"""The arithmetic of shapes: first on paper, then against PyTorch over drawn shapes, then the edges."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.shapes import PrintSize, conv_output_size, pool_output_size

CONVOLUTIONS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
MAX_POOLINGS = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVG_POOLINGS = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def test_a_5x5_kernel_on_28_pixels_gives_24():
    assert conv_output_size(28, 5) == 24


def test_a_stride_of_two_rounds_down():
    assert conv_output_size(8, 3, stride=2, padding=1) == 4
    assert conv_output_size(7, 3, stride=2, padding=1) == 4


def test_dilation_spreads_a_3x3_kernel_over_five_pixels():
    assert conv_output_size(28, 3, dilation=2) == conv_output_size(28, 5) == 24


def test_ints_and_pairs_mix():
    assert conv_output_size((8, 16), 3, stride=(2, 1), padding=1) == (4, 16)
    assert conv_output_size(28, (5, 3)) == (24, 26)


def test_the_stride_of_a_pooling_is_its_kernel():
    assert pool_output_size(28, 5) == 5
    assert pool_output_size(28, 2) == 14


def test_ceil_mode_keeps_what_is_left_over():
    assert pool_output_size(28, 5, ceil_mode=True) == 6


def test_the_last_window_starts_inside():
    # Rounded up, three windows would start at -1, 2 and 5. The third lies behind the input of 5 pixels.
    assert pool_output_size(5, 2, stride=3, padding=1, ceil_mode=True) == 2
    assert F.max_pool1d(torch.zeros(1, 1, 5), 2, stride=3, padding=1, ceil_mode=True).shape[-1] == 2


@st.composite
def windows(draw):
    """Axes, and size, kernel, stride, padding and dilation, each an int or one entry an axis."""
    axes = draw(st.integers(1, 3))

    def entries(low, high):
        return draw(st.integers(low, high) if draw(st.booleans()) else st.tuples(*[st.integers(low, high)] * axes))

    size = draw(st.tuples(*[st.integers(1, 9)] * axes))
    return axes, size, entries(1, 4), entries(1, 4), entries(0, 3), entries(1, 3)


def outcome(function, *args, **kwargs):
    """The result, or "refused"."""
    try:
        return function(*args, **kwargs)
    except (ValueError, RuntimeError):
        return "refused"


@given(windows())
@settings(deadline=None, max_examples=150)
def test_convolutions_give_what_pytorch_gives(window):
    axes, size, kernel, stride, padding, dilation = window
    weight = torch.zeros(1, 1, *(kernel if isinstance(kernel, tuple) else (kernel,) * axes))

    def in_pytorch():
        convolved = CONVOLUTIONS[axes](torch.zeros(1, 1, *size), weight, None, stride, padding, dilation)
        return tuple(convolved.shape[2:])

    assert outcome(conv_output_size, size, kernel, stride, padding, dilation) == outcome(in_pytorch)


@given(windows(), st.booleans())
@settings(deadline=None, max_examples=150)
def test_max_poolings_give_what_pytorch_gives(window, ceil_mode):
    axes, size, kernel, stride, padding, dilation = window

    def in_pytorch():
        x = torch.zeros(1, 1, *size)
        pooled = MAX_POOLINGS[axes](x, kernel, stride, padding, dilation, ceil_mode=ceil_mode)
        return tuple(pooled.shape[2:])

    assert outcome(pool_output_size, size, kernel, stride, padding, dilation, ceil_mode) == outcome(in_pytorch)


@given(windows(), st.booleans())
@settings(deadline=None, max_examples=150)
def test_average_poolings_give_what_pytorch_gives(window, ceil_mode):
    axes, size, kernel, stride, padding, _ = window
    kernels = kernel if isinstance(kernel, tuple) else (kernel,) * axes
    # In three dimensions PyTorch refuses a kernel larger than the input even where padding makes room for it.
    assume(axes < 3 or all(k <= s for k, s in zip(kernels, size, strict=True)))

    def in_pytorch():
        pooled = AVG_POOLINGS[axes](torch.zeros(1, 1, *size), kernel, stride, padding, ceil_mode=ceil_mode)
        return tuple(pooled.shape[2:])

    assert outcome(pool_output_size, size, kernel, stride, padding, ceil_mode=ceil_mode) == outcome(in_pytorch)


def test_a_kernel_that_does_not_fit_is_refused_with_the_numbers():
    with pytest.raises(ValueError, match=r"2\*\(3-1\)\+1 = 5, the padded input has 4\+2\*0 = 4"):
        conv_output_size(4, 3, dilation=2)


def test_a_negative_room_is_refused_not_truncated():
    # Division that rounds towards zero would give (4 - 5)/2 -> 0, plus 1: one pixel from nowhere.
    with pytest.raises(ValueError, match="does not fit"):
        conv_output_size(4, 5, stride=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((28.0, 3), "size is 28.0; expected an int of at least 1"),
        ((0, 3), "size is 0"),
        ((28, 0), "kernel_size is 0"),
        ((28, 3, 0), "stride is 0"),
        ((28, 3, 1, -1), "padding is -1; expected an int of at least 0"),
        ((28, True), "kernel_size is True"),
        (([28, 28], 3), r"size is \[28, 28\]; expected an int of at least 1, or a tuple"),
        (((28, 28), (3, 3, 3)), "different lengths"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        conv_output_size(*arguments)


def test_padding_of_more_than_half_the_kernel_is_refused_as_in_pytorch():
    with pytest.raises(ValueError, match="more than half"):
        pool_output_size(8, 2, padding=2)


def test_print_size_prints_and_changes_nothing(capsys):
    x = torch.randn(2, 3, 4)
    assert PrintSize()(x) is x
    nn.Sequential(nn.Identity(), PrintSize("after identity"))(x)
    assert capsys.readouterr().out == "(2, 3, 4)\nafter identity: (2, 3, 4)\n"
