"""Which mistake gives which size, against the right functions where the mistake is a setting left out."""

from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from course_utils.checks import layer_mistakes, pool_size_mistakes, shape_mistakes, size_mistakes
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
    kernel, _, padding, dilation = settings
    assume(size >= dilation * (kernel - 1) + 1 and padding <= kernel // 2)
    for ceil_mode in (False, True):
        found = pool_size_mistakes(size, *settings, ceil_mode=ceil_mode)
        for cause, without in DROPPED.items():
            if cause in found:
                assert found[cause] == pool_output_size(size, *without(*settings), ceil_mode=ceil_mode)
        assert found["the + 1 is missing: the first window needs no step"] + 1 == pool_output_size(
            size, *settings, ceil_mode=ceil_mode
        )
    assert found["ceil_mode is not used: round up"] == pool_output_size(size, *settings)


def test_pooling_on_paper():
    assert pool_size_mistakes(14, 4)["the stride of a pooling is the kernel size unless given, not 1"] == 11
    # Row B of the chapter: a third window would start at 6, in the right padding, which begins there.
    behind = "a last window does not count if it would start behind the last pixel"
    exactly = "a last window does not count if it would start exactly behind the last pixel"
    in_padding = "a last window does not count if it would start in the right padding"
    # Row B of the chapter: a third window would start at 6, exactly where the right padding begins.
    row_b = pool_size_mistakes(5, 2, stride=3, padding=1, ceil_mode=True)
    assert [row_b[cause] for cause in (behind, exactly, in_padding)] == [3, 3, 3]
    # Here the second one would start at 11: the pixels end at 9, and the padding at 11.
    wide = pool_size_mistakes(8, 5, stride=11, padding=2, ceil_mode=True)
    assert [wide[cause] for cause in (behind, exactly, in_padding)] == [2, 1, 2]
    size_alone = "a last window counts if it starts before padding + size, not before size alone"
    assert pool_size_mistakes(8, 3, 2, 1, ceil_mode=True)[size_alone] == 4


def test_pairs_and_shapes_of_one_to_three_axes():
    assert size_mistakes((15, 20), 4, (1, 2))["height and width are swapped"] == (9, 12)
    assert size_mistakes((15, 20), 4)["both axes got the height's numbers"] == (12, 12)
    assert shape_mistakes((2, 11), 5, 3)["a convolution gives out_channels, not the channels it got"] == (2, 9)
    image = shape_mistakes((2, 11, 20), 5, (3, 4), padding=(0, 2))
    assert image["height and width are swapped"] == (5, 21, 9)
    assert image["the padding is left out"] == (5, 9, 17)
    volume = shape_mistakes((2, 11, 20, 9), 5, 3)
    assert volume["the sizes are in reverse order"] == (5, 7, 18, 9)
    assert volume["the first size stands for all: compute each axis by itself"] == (5, 9, 9, 9)


def test_layers_that_cannot_be_applied():
    fits = layer_mistakes(nn.Conv2d(2, 5, 3), (2, 11, 20))
    assert fits["this layer can be applied: the channels agree and the kernel fits"] is None
    assert fits["PyTorch puts the channels first"] == (9, 18, 5)
    large = layer_mistakes(nn.Conv2d(2, 5, 9, padding=1), (2, 6, 6))
    assert large["the kernel is larger than the padded input, so there is no window"] == (5, 0, 0)
