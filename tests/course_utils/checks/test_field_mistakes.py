"""Which mistake gives which receptive field."""

from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.checks import field_bounds_mistakes, field_size_mistakes
from course_utils.receptive_field import receptive_field

LAYERS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4)


def test_sizes_on_paper():
    found = field_size_mistakes([(5, 3, 1), (3, 1, 2)])  # right: 5, 5 + 2 * 2 * 3 = 17
    assert found["the stride is left out"] == (5, 9)
    assert found["the dilation is left out"] == (5, 11)
    assert found["a pixel of the input sees itself: begin with a size of 1"] == (4, 16)
    assert found["this is the last layer's size only; give one for each layer"] == 17
    assert found["each layer by itself; the units it reads have a window too"] == (5, 5)
    assert found["the layers are read from the end: the first one is next to the input"] == (5, 9)


def test_bounds_on_paper():
    found = field_bounds_mistakes([(4, 2, 1, 1), (3, 1, 1, 1)], 1)  # the chapter's figure: -1 to 6
    assert found["the padding is left out"] == (2, 9)
    assert found["unclipped bounds are asked for: they may be negative"] == (0, 6)
    assert found["last is inclusive: the last pixel that is seen, not the one behind it"] == (-1, 7)
    assert found["only the last layer is followed; its units have windows too"] == (0, 2)
    assert found["this is first and size; give first and last"] == (-1, 8)


@settings(deadline=None, max_examples=20)
@given(LAYERS)
def test_a_setting_left_out_is_the_network_without_it(layers):
    def sizes(layers):
        net = nn.Sequential(*(nn.Conv2d(1, 1, k, s, dilation=d) for k, s, d in layers))
        return tuple(field.size[0] for field in receptive_field(net, (1, 500, 500)))

    found = field_size_mistakes(layers)
    assert found["the dilation is left out"] == sizes([(k, s, 1) for k, s, _ in layers])
    assert found["the stride is left out"] == sizes([(k, 1, d) for k, _, d in layers])
    assert found["the input is in the list; give one size for each layer"] == (1, *sizes(layers))
