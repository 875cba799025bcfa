"""Which mistake gives which size, against the right functions where the mistake is a setting left out."""

from hypothesis import assume, given
from hypothesis import strategies as st

from course_utils.checks import pool_size_mistakes, shape_mistakes, size_mistakes
from course_utils.shapes import conv_output_size, pool_output_size

SETTINGS = st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(0, 4), st.integers(1, 3))
DROPPED = {
    "the padding is left out": lambda kernel, stride, padding, dilation: (kernel, stride, 0, dilation),
    "the stride is left out": lambda kernel, stride, padding, dilation: (kernel, 1, padding, dilation),
    "the dilation is left out": lambda kernel, stride, padding, dilation: (kernel, stride, padding, 1),
}


def test_on_paper():
    # 15 pixels, kernel 4, stride 3: a room of 11, so 3 whole steps and 4 windows.
    found = size_mistakes(15, 4, stride=3)
    assert found["the + 1 is missing: the first window needs no step"] == 3
    assert found["the division must round down, not up"] == 5
    assert found["the division must be a whole one, `//`"] == 11 / 3 + 1
    assert found["all arguments are ints, so return an int"] == (4, 4)


@given(st.integers(1, 40), SETTINGS)
def test_a_setting_left_out_is_the_layer_without_it(size, settings):
    kernel, _, _, dilation = settings
    assume(size >= dilation * (kernel - 1) + 1)
    mistakes = size_mistakes(size, *settings)
    shapes = shape_mistakes((2, size, size + 1), 5, *settings)
    for cause, without in DROPPED.items():
        assert mistakes[cause] == conv_output_size(size, *without(*settings))
        assert shapes[cause] == (5, *conv_output_size((size, size + 1), *without(*settings)))


@given(st.integers(1, 40), SETTINGS)
def test_a_pooling_without_a_setting(size, settings):
    kernel, stride, padding, dilation = settings
    assume(size >= dilation * (kernel - 1) + 1 and padding <= kernel // 2)
    found = pool_size_mistakes(size, *settings, ceil_mode=True)
    assert found["ceil_mode is not used: round up"] == pool_output_size(size, *settings)
    assert pool_output_size(size, *settings, ceil_mode=True) in (
        found["ceil_mode is not used: round up"],
        found["a last window that would start behind the last pixel does not count"],
    )
    plain = pool_size_mistakes(size, *settings)
    assert plain["the padding is left out"] == pool_output_size(size, kernel, stride, 0, dilation)
    assert plain["the dilation is left out"] == pool_output_size(size, kernel, stride, padding, 1)


def test_pooling_on_paper():
    assert pool_size_mistakes(14, 4)["the stride of a pooling is the kernel size unless given, not 1"] == 11
    # Row B of the chapter: a third window would start at 6, in the right padding, which begins there.
    row_b = pool_size_mistakes(5, 2, stride=3, padding=1, ceil_mode=True)
    assert row_b["a last window that would start behind the last pixel does not count"] == 3
    assert row_b["a last window counts if it starts before padding + size, not before size alone"] == 2
    assert row_b["a window that would start exactly behind the last pixel does not count"] == 3


def test_pairs_and_shapes_of_one_to_three_axes():
    assert size_mistakes((15, 20), 4, (1, 2))["height and width are swapped"] == (9, 12)
    assert size_mistakes((15, 20), 4)["both axes got the height's numbers"] == (12, 12)
    assert shape_mistakes((2, 11), 5, 3)["a convolution gives out_channels, not the channels it got"] == (2, 9)
    image = shape_mistakes((2, 11, 20), 5, (3, 4), padding=(0, 2))
    assert image["the sizes are in reverse order"] == (5, 21, 9)
    assert image["the padding is left out"] == (5, 9, 17)
    volume = shape_mistakes((2, 11, 20, 9), 5, 3)
    assert volume["the first size stands for all: compute each axis by itself"] == (5, 9, 9, 9)
