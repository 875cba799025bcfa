"""Figures with their text alternative, which a notebook page has in its HTML, and the files that hold the texts.

The texts stand in ``course_utils/alt_texts/NN.json``, a file for each unit, and not in the notebooks: there they would
tell before the cell runs what it will show. The grader's box has this folder too.
"""

from __future__ import annotations

import base64
import html
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CARD = "#fbfaf7"  # its colour and corners are those of the drawn figures
CORNER = 10  # pixels
MARGIN = 0.15  # inches
FOLDER = Path(__file__).parents[1] / "alt_texts"


class DescribedFigure:
    """A figure that a notebook shows as ``<img alt=...>``, and everything else as its text.

    JupyterLab drops the alt text of an output of type image/png. The figure stands on a light card with round corners,
    as the drawn figures do, so that it reads the same on a dark page. The card is part of the picture: JupyterLab keeps
    style attributes only where it trusts a notebook.

    Args:
        figure: drawn when it is shown.
        alt: what there is to see; plain text.
    """

    def __init__(self, figure: Figure, alt: str):
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        data = base64.b64encode(_on_card(self.figure)).decode()
        return f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}">'


def _on_card(figure: Figure) -> bytes:
    """The figure as a PNG; a white ground becomes the card's, another colour stays."""
    from matplotlib import colors, image

    own = figure.get_facecolor()
    ground = CARD if colors.to_hex(own) == "#ffffff" else own
    square, rounded = io.BytesIO(), io.BytesIO()
    figure.savefig(square, format="png", bbox_inches="tight", pad_inches=MARGIN, facecolor=ground)
    square.seek(0)
    pixels = image.imread(square)  # (H, W, 4)
    pixels[..., 3] = _inside(*pixels.shape[:2])
    image.imsave(rounded, pixels, format="png")
    return rounded.getvalue()


def _inside(height: int, width: int) -> np.ndarray:
    """How much of each pixel lies inside a card with round corners: (H, W), 0 to 1."""
    y, x = (np.maximum(CORNER - 0.5 - np.minimum(i := np.arange(n), i[::-1]), 0) for n in (height, width))
    return np.clip(CORNER + 0.5 - np.hypot(y[:, None], x), 0, 1)


def alt_text(key: str) -> str:
    """The text alternative that is kept under ``NN/name``: `name` in the file of unit NN.

    >>> from course_utils.plots.described import alt_text
    >>> alt_text("04/transforms")[:32]
    'Upper row: six draws of the boot'

    Raises:
        ValueError: there is no such unit, or no such name in its file.
    """
    unit, _, name = key.partition("/")
    units = sorted(path.stem for path in FOLDER.glob("*.json"))
    if unit not in units:
        raise ValueError(
            f"alt is {key!r}; expected 'NN/name', the key of a text in course_utils/alt_texts/NN.json, where NN is one "
            f"of {', '.join(units)}"
        )
    texts = json.loads((FOLDER / f"{unit}.json").read_text(encoding="utf-8"))
    if name not in texts:
        raise ValueError(
            f"alt is {key!r}, and course_utils/alt_texts/{unit}.json has no {name!r}; it has {', '.join(texts)}"
        )
    return texts[name]
