import matplotlib.pyplot as plt
import pytest

from course_utils.explorers import descent
from course_utils.explorers.descent import CURVES, walk


def test_in_words_it_has_every_step():
    assert repr(descent("parabola", rate=0.1, momentum=0.9, steps=2)) == (
        "Loss w² over the weight w. Learning rate 0.1, momentum 0.9, start 2. "
        "Step 1: gradient 4, v = 0.9·0 + 4 = 4, w = 2 − 0.1·4 = 1.6, loss 2.56. "
        "Step 2: gradient 3.2, v = 0.9·4 + 3.2 = 6.8, w = 1.6 − 0.1·6.8 = 0.92, loss 0.8464."
    )
    assert repr(descent("parabola", steps=0)) == "Loss w² over the weight w. Learning rate 0.1, momentum 0, start 2."
    # (1 − 2·2)^16 is −3 to the power 16: 43 million
    assert repr(descent("parabola", rate=2, start=-1, steps=16)).endswith("= −4.3·10^7, loss 1.9·10^15.")


def test_the_walk_is_that_of_gradient_descent_by_hand():
    path = walk("parabola", 1.0, 0.25, 0.0, 3)  # each step halves the weight
    assert [place.w for place in path] == [1, 0.5, 0.25, 0.125]
    assert [place.velocity for place in path] == [0, 2, 1, 0.5]


def test_without_momentum_it_rests_in_the_narrow_valley_and_with_it_rolls_on_to_the_deep_one():
    assert walk("two valleys", 3.0, 0.1, 0.5, 100)[-1].w == pytest.approx(0.98, abs=0.01)
    assert walk("two valleys", 3.0, 0.1, 0.9, 100)[-1].w == pytest.approx(-1.0, abs=0.02)


@pytest.mark.parametrize("curve", CURVES)
def test_the_still_figure_has_the_path_and_the_losses(curve):
    figure = descent(curve, steps=12).draw()
    hill, history = figure.axes
    path, losses = hill.lines[1].get_xydata(), history.lines[0].get_ydata()
    plt.close(figure)
    assert path.shape == (13, 2)
    assert path[:, 1].tolist() == losses.tolist() == [place.loss for place in walk(curve, path[0, 0], 0.1, 0.0, 12)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"curve": "hill"}, "curve is 'hill'; expected one of 'parabola', 'two valleys'"),
        (
            {"rate": 0.13},
            r"rate is 0.13; expected a place of the slider: 1, 1.2, .* times a power of ten, from 0.001 to 2",
        ),
        ({"rate": 5}, "rate is 5; expected a place"),
        ({"momentum": 1.0}, "momentum is 1.0; expected one of 0, 0.05, 0.1, ... 0.95"),
        ({"start": 3.5}, "start is 3.5; expected a number from -3 to 3"),
        ({"steps": 101}, "steps is 101; expected a whole number from 0 to 100"),
    ],
)
def test_what_it_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        descent(**arguments)
