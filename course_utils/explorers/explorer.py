"""What all explorers share: an explorer shows itself in the page, and beneath it as a still figure.

These are two outputs, not two forms of one: JupyterLab takes the first form that it knows, and after a reload without
the kernel says "model not found" in its place. While the explorer lives, its style sheet hides the still figure; where
it does not live, the still figure's own rule hides the message.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.plots.described import DescribedFigure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# `course-still` marks the still figure, `course-explorer` the live page: see the explorers' style sheets.
HIDE_WHAT_DOES_NOT_LIVE = (
    "<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .course-still):not(:has(.course-explorer))"
    "{display:none}</style>"
)
IN_PLACE_OF_THE_PAGE = "This can be touched in JupyterLab, once the cell has run. The figure beneath shows the same."


PAGES = Path(__file__).parent / "pages"


def page_files(name: str, parts: tuple[str, ...] = ()) -> tuple[str, str]:
    """The script and the style sheet of an explorer's page: what all share, the parts that it uses, and its own."""
    stems = ("page", *parts, name)
    return tuple(
        "\n".join(path.read_text(encoding="utf-8") for stem in stems if (path := PAGES / f"{stem}.{kind}").exists())
        for kind in ("js", "css")
    )


class Explorer:
    """Something to touch, with a still figure for where nothing can be touched.

    Args:
        name: of its page: ``pages/name.js``, and ``pages/name.css`` where it has one.
        state: what the page begins with; plain data.
        draw: makes the still figure.
        text: what there is to see; plain text.
        parts: the shared parts that its page uses, each a file of ``pages``: "grid", "picture", "network", "evidence".
    """

    def __init__(
        self, name: str, state: dict[str, Any], draw: Callable[[], Figure], text: str, parts: tuple[str, ...] = ()
    ):
        self.name, self.state, self.draw, self.text, self.parts = name, state, draw, text, parts

    def __repr__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        from IPython import get_ipython
        from IPython.display import display

        still = self.still()
        if getattr(get_ipython(), "kernel", None) is not None:  # the grader's shell has none, and nobody looks
            from course_utils.explorers.widget import view

            display(view(self) | {"text/plain": IN_PLACE_OF_THE_PAGE}, raw=True)
            still["text/html"] = HIDE_WHAT_DOES_NOT_LIVE + still["text/html"]
        display(still, raw=True)

    def still(self) -> dict[str, str]:
        """The still figure, in the forms of a notebook's output."""
        import matplotlib.pyplot as plt

        figure = self.draw()
        html = DescribedFigure(figure, self.text)._repr_html_()
        plt.close(figure)
        return {
            "text/html": f'<div class="course-still">{html}</div>',
            "text/plain": self.text,
        }
