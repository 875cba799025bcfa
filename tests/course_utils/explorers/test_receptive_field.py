import json
import time

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.explorers import receptive_field
from course_utils.receptive_field import ReceptiveFieldError


def mean_of(size, **settings):
    """A convolution that adds up alike whatever it reads."""
    layer = nn.Conv2d(1, 1, size, bias=False, **settings)
    nn.init.ones_(layer.weight)
    return layer


def test_in_words_it_has_all_windows_and_the_middle_unit_of_the_last():
    model = nn.Sequential(mean_of((1, 3), stride=(1, 2)), nn.ReLU(), mean_of(4, padding=3))
    assert repr(receptive_field(model, torch.ones(9, 9))) == (
        "Picture of 9 by 9 pixels. Layer 0 (Conv2d): output 1 by 9 by 4, window 1 by 3, jump 1 by 2. "
        "Layer 1 (ReLU): output 1 by 9 by 4, window 1 by 3, jump 1 by 2. "
        "Layer 2 (Conv2d): output 1 by 12 by 7, window 4 by 9, jump 1 by 2. "
        # rows 6 − 3 to 6, columns 2 · (3 − 3) to 2 · 3 + 2, of which 2, 4 and 6 are read twice
        # in the middle: rows 4 and 5 of four, and 8 of 12 ways from columns 2 to 6
        "Layer 2, unit [6, 3]: rows 3 to 6, columns 0 to 8. Window 4 by 9, all in the picture. "
        "A gradient arrives at 36 of its 36 pixels. 33 % of the effective field lies in the middle half of the window."
    )


def test_it_begins_where_there_is_a_window_and_says_what_lies_over_the_edge():
    model = nn.Sequential(nn.Conv2d(1, 2, 5, padding=4), nn.Flatten(), nn.Linear(2 * 36, 3))
    words = repr(receptive_field(model, torch.rand(2, 2)))
    assert "Layer 2 (Linear): output 3, sees everything." in words
    assert (
        "Layer 1, unit [3, 3]: rows 0 to 1, columns 0 to 1. Window 5 by 5, over the edge by 1 above, 2 below" in words
    )
    assert "Layer 0, unit [0, 0]" not in words


def test_a_unit_may_see_nothing_but_padding():
    words = repr(receptive_field(nn.Conv2d(1, 1, 1, stride=3, padding=4), torch.rand(1, 1)))
    assert words.endswith("Layer 0, unit [1, 1]: nothing but padding. Window 1 by 1, over the edge by 1 above, 1 left.")


class Shifted(nn.Module):
    """Two copies side by side, each with six columns of padding at another end."""

    def forward(self, x):
        return torch.cat([F.pad(x, (6, 0)), F.pad(x, (0, 6))], 1)


def test_where_branches_see_nothing_at_different_places_every_term_is_sent():
    state = receptive_field(nn.Sequential(Shifted(), nn.Conv2d(2, 1, 1)), torch.rand(1, 4, 4)).state
    assert state["layers"][-1]["spans"] == (
        (tuple((i, i) for i in range(4)), (*[None] * 6, *((j, j) for j in range(4)))),
        (tuple((i, i) for i in range(4)), (*((j, j) for j in range(4)), *[None] * 6)),
    )
    assert state["nodes"] is None
    assert "the page cannot compute" in state["why"]


def test_the_model_and_the_random_generator_stay_as_they_are():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Dropout(0.5), nn.ReLU(inplace=True)).train()
    image, before = torch.rand(5, 5), torch.get_rng_state()
    receptive_field(model, image)
    assert model.training
    assert model[0].weight.grad is None
    assert torch.equal(torch.get_rng_state(), before)
    assert not image.requires_grad


def test_a_model_in_double_precision_and_one_that_begins_in_place():
    assert receptive_field(nn.Conv2d(1, 1, 3).double(), torch.rand(5, 5)).state["nodes"]
    assert receptive_field(nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(1, 1, 3)), torch.rand(5, 5)).state["nodes"]


def test_what_goes_to_the_page_and_into_the_notebook_is_small_and_quick():
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 8, 3, padding=1), *(nn.Conv2d(8, 8, 3, padding=1) for _ in range(6))]
    explorer = receptive_field(nn.Sequential(*layers), torch.rand(28, 28))
    assert len(json.dumps(explorer.state)) < 100_000
    explorer.still()  # the first figure of a process takes longer
    begin = time.process_time()
    first = explorer.still()
    assert time.process_time() - begin < 0.8
    assert len(first["text/html"]) < 60_000
    assert first == explorer.still()
    assert first["text/html"].count("course-still") == 1


def test_the_still_figure_has_both_outlines_and_the_heat():
    figure = receptive_field(mean_of(5, padding=2), torch.rand(3, 3)).draw()
    (axis,) = figure.axes
    dashed, solid = axis.patches
    plt.close(figure)
    assert [dashed.get_linestyle(), solid.get_linestyle()] == ["--", "-"]
    assert dashed.get_bbox().bounds == (-1.5, -1.5, 5, 5)
    assert solid.get_bbox().bounds == (-0.5, -0.5, 3, 3)
    np.testing.assert_allclose(axis.images[1].get_array()[..., 3], 0.85, rtol=1e-6)


def test_too_large_for_the_page_has_its_reason_and_its_geometry():
    state = receptive_field(nn.Sequential(nn.Conv2d(3, 128, 3), nn.Conv2d(128, 160, 3)), torch.rand(3, 9, 9)).state
    assert (state["nodes"], state["why"]) == (
        None,
        "the model has 188,064 parameters, and the page computes with at most 150,000",
    )
    state = receptive_field(nn.Conv2d(1, 128, 3, padding=1), torch.rand(64, 64)).state
    assert state["why"] == "one pass takes 4,718,592 products, and the page computes with at most 4,000,000"
    assert state["layers"][0]["size"] == [3, 3]


@pytest.mark.parametrize(
    ("model", "image", "error", "message"),
    [
        (nn.Conv2d(1, 1, 3), torch.zeros(5), ValueError, r"image has shape \(5,\); expected \(rows, columns\) or"),
        (nn.Conv2d(1, 1, 3), torch.zeros(0, 5), ValueError, r"image has shape \(0, 5\); expected"),
        (nn.Conv2d(1, 1, 3), torch.zeros(300, 5), ValueError, r"shape \(300, 5\); the page takes at most 256 rows and"),
        (nn.Conv2d(1, 1, 3), torch.full((5, 5), torch.nan), ValueError, "image has a number that is not finite"),
        (
            nn.Conv1d(5, 1, 3),
            torch.zeros(5, 5),
            ValueError,
            r"does not work on rows and columns: expected a model that",
        ),
        (nn.Sequential(), torch.zeros(5, 5), ValueError, "the model has no layer to look at"),
        (nn.Conv2d(1, 1, 9), torch.zeros(5, 5), ReceptiveFieldError, r"the forward pass fails at 0 \(Conv2d\)"),
        ("model", torch.zeros(5, 5), TypeError, "model is str; expected a torch.nn.Module"),
    ],
)
def test_what_it_refuses(model, image, error, message):
    with pytest.raises(error, match=message):
        receptive_field(model, image)
