"""Contrast by hand, and the texts of the figures that the library draws with matplotlib."""

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from torch import nn

from course_utils import receptive_field as rf
from course_utils.plots import LiveCurve, show_images
from course_utils.plots.described import CARD
from course_utils.training import Epoch, History
from tests.contrast import LEAST_CONTRAST, contrast


def test_contrast_as_wcag_has_it():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)  # (1 + 0.05) / (0 + 0.05)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)  # the known #777 on white


NETWORK = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1) for _ in range(6)))
FIGURES = {
    "receptive field": lambda: rf.plot_receptive_field(rf.receptive_field(NETWORK, (1, 24, 24)), torch.zeros(24, 24)),
    "its growth": lambda: rf.plot_receptive_field_growth(rf.receptive_field(NETWORK, (1, 24, 24))),
    "effective receptive field": lambda: rf.plot_effective_receptive_field(torch.eye(9), ((2, 6), (2, 6))),
    "history": lambda: History([Epoch(i, 1 / i, 0.3 * i, 1 / i, 0.3 * i, 0.1, 1.0) for i in (1, 2, 3)]).plot()[0],
    "images": lambda: show_images([torch.zeros(4, 4)], ["zeros"]).axes[0],
    "live curve": lambda: LiveCurve(nn.MSELoss(), steps=9)._draw().axes[0],
}


@pytest.mark.parametrize("name", FIGURES)
def test_the_librarys_figures_are_readable(name):
    figure = FIGURES[name]().figure
    texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
    ground = [255 * part for part in to_rgb(CARD)]
    assert len(texts) >= 1
    for text in texts:
        colour = [255 * part for part in to_rgb(text.get_color())]
        assert contrast(colour, ground) >= LEAST_CONTRAST, (text.get_text(), text.get_color())
    plt.close("all")
