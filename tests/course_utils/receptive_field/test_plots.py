"""The three pictures: what is drawn is what was computed, on the Axes that came, readable on any page."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_rgb
from sklearn.datasets import load_sample_image
from torch import nn

from course_utils.receptive_field import (
    effective_receptive_field,
    plot_effective_receptive_field,
    plot_receptive_field,
    plot_receptive_field_growth,
    receptive_field,
)

SHAPE = (3, 60, 90)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def photo():
    return torch.from_numpy(load_sample_image("flower.jpg")[100:340:4, 100:460:4].copy()).permute(2, 0, 1)


@pytest.fixture(scope="module")
def fields():
    network = nn.Sequential(
        nn.Conv2d(3, 2, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 2, (9, 5), padding=2), nn.Flatten(),
        nn.Linear(2 * 26 * 45, 3),
    )  # fmt: skip
    return receptive_field(network, SHAPE)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def boxes(ax):
    """(left, right, top, bottom) of each rectangle: its four coloured sides lie behind four of casing."""
    lines = ax.lines
    found = []
    for first in range(4, len(lines), 8):
        sides = lines[first : first + 4]
        x = [value for side in sides for value in side.get_xdata()]
        y = [value for side in sides for value in side.get_ydata()]
        found.append((min(x), max(x), min(y), max(y)))
    return found


def dashed(ax):
    """For each rectangle, which of its sides top, bottom, left, right are dashed."""
    return [
        "".join(name for name, side in zip("tblr", ax.lines[first : first + 4], strict=True) if side.is_dashed())
        for first in range(4, len(ax.lines), 8)
    ]


def test_rectangles_are_the_bounds(fields, photo):
    ax = plot_receptive_field(fields, photo, layers=["0", "3"], at=(30, 40))
    # Layer 3: jump 2, first unit centred at (4.5, 0.5). So (13, 20) at (30.5, 40.5) is nearest. Largest first.
    bounds = [fields["3"].bounds((13, 20)), fields["0"].bounds((30, 40))]
    assert boxes(ax) == [(left - 0.5, right + 0.5, top - 0.5, bottom + 0.5) for (top, bottom), (left, right) in bounds]
    assert dashed(ax) == ["", ""]
    assert texts(ax) == ["3: 22×14", "0: 5×5"]


def test_sides_are_dashed_where_the_window_is_clipped(fields, photo):
    ax = plot_receptive_field(fields, photo, layers=["0", "3"], at=(59, 0))
    assert dashed(ax) == ["bl", "bl"]
    assert texts(ax) == ["3: 22×14 (clipped)", "0: 5×5 (clipped)"]


def test_layers_that_enlarge_the_window_are_chosen(fields, photo):
    assert sorted(texts(plot_receptive_field(fields, photo))) == [
        "0: 5×5", "2: 6×6", "3: 22×14", "5: everything",
    ]  # fmt: skip


def test_many_layers_are_thinned_out():
    deep = receptive_field(nn.Sequential(*[nn.Conv2d(1, 1, 3) for _ in range(20)]), (1, 64, 64))
    labels = texts(plot_receptive_field(deep, torch.zeros(64, 64)))
    assert len(labels) == 6
    assert {"0: 3×3", "19: 41×41"} <= set(labels)


@pytest.mark.parametrize(
    "convert", [lambda t: t, lambda t: t.permute(1, 2, 0).numpy(), lambda t: t[:1], lambda t: t[0]]
)
def test_images_of_every_kind(fields, photo, convert):
    assert plot_receptive_field(fields, convert(photo)).images[0].get_array().shape[:2] == (60, 90)


@pytest.mark.parametrize(
    ("image", "arguments", "message"),
    [
        (torch.zeros(3, 60, 80), {}, r"the image is 60 by 80 pixels, .* 60 by 90; resize the image"),
        (torch.zeros(2, 60, 90), {}, r"image has shape \(2, 60, 90\); expected \(H, W\)"),
        (torch.zeros(60, 90), {"at": (60, 0)}, r"at is \(60, 0\), outside the image of 60 by 90"),
    ],
)
def test_wrong_arguments(fields, image, arguments, message):
    with pytest.raises(ValueError, match=message):
        plot_receptive_field(fields, image, **arguments)


def test_growth_draws_every_layer_and_the_input(fields):
    ax = plot_receptive_field_growth(fields)
    height, width = (line for line in ax.lines if line.get_marker() in ("o", "s"))
    assert list(height.get_ydata()) == [5, 5, 6, 22, 22]
    assert list(width.get_ydata()) == [5, 5, 6, 14, 14]
    assert height.get_linestyle() != width.get_linestyle()
    assert {line.get_ydata()[0] for line in ax.lines if len(set(line.get_xdata())) == 2} == {60, 90}
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[6], [6]]
    assert {"input: height, 60 pixels", "input: width, 90 pixels", "window: height", "window: width"} <= set(texts(ax))


def test_growth_of_a_square_network_is_one_curve():
    square = receptive_field(nn.Sequential(nn.Conv2d(1, 1, 3), nn.AdaptiveAvgPool2d(1)), (1, 9, 9))
    ax = plot_receptive_field_growth(square)
    assert texts(ax) == ["window: height and width", "input: height and width, 9 pixels", "× sees everything"]


def test_growth_leaves_a_shorter_branch_off_the_line():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.long, self.short = nn.Conv2d(1, 1, 5, padding=2), nn.Conv2d(1, 1, 3, padding=1)

        def forward(self, x):
            return self.long(x) + self.short(x)

    ax = plot_receptive_field_growth(receptive_field(Residual(), (1, 9, 9)))
    line, below = ax.lines[:2]
    assert (list(line.get_ydata()), list(below.get_ydata())) == ([5, 5], [3])
    assert below.get_linestyle() == "None"


def test_effective_field_with_the_theoretical_box():
    model = nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3))
    heat = effective_receptive_field(model, (1, 12, 14), samples=2)
    ax = plot_effective_receptive_field(heat, receptive_field(model, (1, 12, 14))[-1].bounds((4, 5)))
    assert torch.equal(torch.tensor(ax.images[0].get_array().data), heat)
    assert boxes(ax) == [(4.5, 9.5, 3.5, 8.5)]
    assert dashed(ax) == ["tblr"]
    assert "5×5" in ax.get_title(loc="left")
    assert plot_effective_receptive_field(heat).lines[:] == []


def test_effective_field_must_be_a_map():
    with pytest.raises(ValueError, match=r"effective has shape \(3,\); expected \(height, width\)"):
        plot_effective_receptive_field(torch.zeros(3))


@pytest.mark.parametrize("style", ["default", "dark_background"])
@pytest.mark.parametrize("picture", ["field", "growth", "effective"])
def test_axes_are_used_returned_and_readable(fields, photo, picture, style):
    with plt.style.context(style):
        ax = plt.figure().add_subplot()
        if picture == "field":
            drawn = plot_receptive_field(fields, photo, ax=ax)
        elif picture == "growth":
            drawn = plot_receptive_field_growth(fields, ax=ax)
        else:
            drawn = plot_effective_receptive_field(torch.eye(5), ((0, 4), (1, 3)), ax=ax)
        assert drawn is ax
        assert plt.get_fignums() == [ax.figure.number]
        ax.figure.canvas.draw()
        assert ax.figure.get_facecolor() == (1, 1, 1, 1)
        inks = [ax.get_title(loc="left") and ax._left_title, *ax.texts, *ax.get_xticklabels(), ax.xaxis.label]
        for ink in inks:
            assert sum(to_rgb(ink.get_color())) < 1.9, f"{ink} is too light on white"
