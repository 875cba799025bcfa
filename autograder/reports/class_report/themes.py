"""Figures for a light and a dark page: an SVG that holds both sets of colours, and chooses by the reader's."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.figure import Figure

# A colour's name in the style -> on a light page and on paper, on a dark page. Matplotlib draws with the first.
COLOURS = {
    "ink": ("#1b1f24", "#e6e6e6"),
    "grid": ("#c9ced4", "#4b5158"),
    "bar": ("#9ccbec", "#1f5a8a"),
    "full": ("#a9d5a3", "#2a5f2c"),
    "cause": ("#f7c873", "#7a5200"),
    "unknown": ("#eea398", "#8c2f24"),
    "unwritten": ("#e3e3e2", "#45484c"),
    "stopped": ("#cdbbe8", "#57407f"),
    "waits": ("#fbf3c4", "#5c5a1d"),
}


def light(name: str) -> str:
    """The colour with which Matplotlib draws."""
    return COLOURS[name][0]


@contextmanager
def style() -> Iterator[None]:
    """Seaborn's and Matplotlib's settings for these figures, within the block."""
    ink, grid = light("ink"), light("grid")
    colours = {
        "text.color": ink,
        "axes.labelcolor": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "patch.edgecolor": ink,
    }
    settings = {
        **colours,
        "axes.edgecolor": grid,
        "grid.color": grid,
        "axes.grid": False,
        "axes.grid.axis": "x",
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "legend.frameon": False,
        "figure.constrained_layout.use": True,
        "font.size": 12,
        "text.parse_math": False,  # a heading may hold a dollar sign
        "svg.fonttype": "none",
        "svg.hashsalt": "report",
    }
    with sns.axes_style("ticks"), plt.rc_context(settings):
        yield


def as_address(figure: Figure) -> str:
    """The figure as a ``data:`` address of an SVG in both sets of colours; the figure is closed."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    plt.close(figure)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    for name, (drawn, _) in COLOURS.items():
        text = text.replace(drawn, f"var(--{name})")
    start = text.index(">", text.index("<svg")) + 1
    text = f"{text[:start]}<style>{_rules()}</style>{text[start:]}"
    return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()}"


def _rules() -> str:
    bright = "".join(f"--{name}:{colour};" for name, (colour, _) in COLOURS.items())
    dark = "".join(f"--{name}:{colour};" for name, (_, colour) in COLOURS.items())
    return f"svg{{{bright}}}@media screen and (prefers-color-scheme:dark){{svg{{{dark}}}}}"
