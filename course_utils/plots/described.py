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

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER = Path(__file__).parents[1] / "alt_texts"


class DescribedFigure:
    """A figure that a notebook shows as ``<img alt=...>``, and everything else as its text.

    JupyterLab drops the alt text of an output of type image/png. The figure keeps its opaque light background, so that
    it reads the same on a dark page.

    Args:
        figure: drawn when it is shown.
        alt: what there is to see; plain text.
    """

    def __init__(self, figure: Figure, alt: str):
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        png = io.BytesIO()
        self.figure.savefig(png, format="png", bbox_inches="tight")
        data = base64.b64encode(png.getvalue()).decode()
        return f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}">'


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
