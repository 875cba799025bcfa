"""The colours of figures: what is written on them stands out, light and dark."""

import base64

import matplotlib.pyplot as plt
import pytest
from matplotlib.colors import to_rgb

from autograder.reports.class_report.themes import COLOURS, as_address, light, style
from tests.contrast import LEAST_CONTRAST, contrast

GROUNDS = ("#ffffff", "#121417")


def rgb(colour):
    return [round(255 * part) for part in to_rgb(colour)]


@pytest.mark.parametrize("name", sorted(COLOURS.keys() - {"ink", "grid"}))
def test_ink_can_be_read_on_every_colour(name):
    for theme, ground in enumerate(GROUNDS):
        assert contrast(rgb(COLOURS["ink"][theme]), rgb(COLOURS[name][theme])) >= LEAST_CONTRAST
        assert contrast(rgb(COLOURS["ink"][theme]), rgb(ground)) >= LEAST_CONTRAST


def test_every_colour_of_a_figure_follows_the_theme():
    with style():
        figure, axes = plt.subplots()
        axes.bar([1], [2], color=light("bar"))
        axes.set_title("a title for $5 and <b>")
        address = as_address(figure)
    svg = base64.b64decode(address.partition("base64,")[2]).decode()
    drawn = svg.partition("</style>")[2]
    assert "var(--bar)" in drawn
    assert "var(--ink)" in drawn
    assert not [colour for pair in COLOURS.values() for colour in pair if colour in drawn]
    assert "#000000" not in drawn
    assert "a title for $5 and &lt;b&gt;" in drawn
    assert not plt.get_fignums()
