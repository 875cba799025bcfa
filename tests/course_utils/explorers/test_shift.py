import base64
import struct

import matplotlib.pyplot as plt
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.explorers import shift
from course_utils.explorers.shift import _answers

NAMES = ["left", "right"]


def finder():
    """Two pixels; the brighter one is the answer, and half a point more for "right"."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    model[1].weight.data, model[1].bias.data = torch.eye(2), torch.tensor([0.0, 0.5])
    return model


IMAGES = torch.tensor([[[[1.0, 0.0]]], [[[0.0, 1.0]]]])


def test_in_words_it_has_what_each_network_says_and_at_how_many_shifts_it_is_right():
    # e / (e + √e) = 62 %; moved by anything, the bright pixel is on the right or gone, and the answer is "right"
    words = (
        "The first of {} pictures, {}. As it stands, finder says {} with {} %. "
        "Of the 289 shifts by up to 8 pixels in each direction, finder names it rightly at {}."
    )
    assert repr(shift({"finder": finder()}, IMAGES, [0, 1], NAMES)) == words.format(2, "left", "left", 62, 1)
    # as before, but moved by one to the left the bright pixel is the left one: e^1.5 / (1 + e^1.5) = 82 %
    assert repr(shift({"finder": finder()}, IMAGES[1:], [1], NAMES)) == words.format(1, "right", "right", 82, 288)


def test_every_shift_is_the_padding_of_the_chapter():
    torch.manual_seed(0)
    model, image = nn.Sequential(nn.Flatten(), nn.Linear(30, 3)), torch.rand(1, 5, 6)
    answers = _answers(model, image)
    moved_right = F.pad(image, (3, 0))[..., :6]
    torch.testing.assert_close(answers[8, 11], model(moved_right[None]).softmax(1)[0])
    moved_up = F.pad(image, (0, 0, 0, 2))[:, 2:]
    torch.testing.assert_close(answers[6, 8], model(moved_up[None]).softmax(1)[0])


def test_the_models_are_left_as_they_are_and_asked_in_evaluation_mode():
    model = nn.Sequential(finder(), nn.Dropout(0.99)).train()
    assert "finder says left with 62 %" in repr(shift({"finder": model}, IMAGES, [0, 1], NAMES))
    assert model.training


def test_the_pictures_are_sent_as_they_are():
    state = shift({"finder": finder()}, IMAGES - 0.3, torch.tensor([0, 1]), NAMES).state
    assert struct.unpack("<2f", base64.b64decode(state["images"][0])) == pytest.approx((0.7, -0.3))
    assert (state["shape"], state["labels"]) == ([1, 2], [0, 1])


def test_the_still_figure_has_a_map_for_each_network():
    explorer = shift({"finder": finder(), "other": finder()}, IMAGES, [0, 1], NAMES)
    figure = explorer.draw()
    picture, *maps = figure.axes
    assert picture.get_title() == "left"
    assert [axis.get_title() for axis in maps] == ["finder: right at 1", "other: right at 1"]
    assert maps[0].images[0].get_array().nonzero() == ([8], [8])
    plt.close(figure)
    assert explorer.still() == explorer.still()
    (data,) = explorer.still()["text/html"].split("base64,")[1:]
    assert len(base64.b64decode(data.split('"')[0])) < 60_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": IMAGES[0]}, r"images have shape \(1, 1, 2\); expected \(N, 1, height, width\)"),
        ({"images": torch.zeros(1, 3, 1, 2)}, r"images have shape \(1, 3, 1, 2\)"),
        ({"labels": [0]}, r"labels are \[0\]; expected 2 numbers from 0 to 1"),
        ({"labels": [0, 2]}, r"labels are \[0, 2\]; expected 2 numbers from 0 to 1"),
        ({"models": {}}, "models has 0 networks; expected 1 to 4, as {name: network}"),
        ({"class_names": ["a", "b", "c"]}, r"finder gives the shape \(2,\) for a picture; expected .* 3 classes"),
        ({"models": {"large": nn.Linear(2, 60_000)}}, "models and images have 180,004 numbers; the page has room for"),
        ({"models": {"odd": nn.Sequential(finder(), nn.GELU())}}, "cannot compute `_1` .GELU."),
    ],
)
def test_what_it_refuses(arguments, message):
    given = {"models": {"finder": finder()}, "images": IMAGES, "labels": [0, 1], "class_names": NAMES}
    with pytest.raises(ValueError, match=message):
        shift(**given | arguments)
