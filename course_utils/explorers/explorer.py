"""What all explorers share: an explorer shows itself in the page, and beneath it as a still figure.

These are two outputs, not two forms of one: JupyterLab takes the first form that it knows, and after a reload without
the kernel says "model not found" in its place. While the explorer lives, its style sheet hides the still figure; where
it does not live, the still figure's own rule hides the message.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
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

PAGES = Path(__file__).parent / "pages"


def page_files(name: str, parts: tuple[str, ...] = (), folder: Path = PAGES) -> tuple[str, str]:
    """The script and the style sheet of a page: what all share, the parts that it uses, and its own, from `folder`.

    The script marks its root with the class `PAGE`, and the rules hold for that root alone.
    """
    paths = [*(PAGES / stem for stem in ("page", *parts)), folder / name]
    script, style = (
        "\n".join(file.read_text(encoding="utf-8") for path in paths if (file := path.with_suffix(kind)).exists())
        for kind in (".js", ".css")
    )
    # In a notebook the rules of all pages hold at once. `:where` gives a rule no weight: which of a page's own rules is
    # the stronger stays as it is.
    own = style.replace(".course-explorer", f".course-explorer:where(.page-{name})")
    return f'const PAGE = "page-{name}";\n{script}', own


class Page(ABC):
    """What shows itself twice: as a page that lives, and in a still form.

    Args:
        name: of its script, ``name.js`` in `folder`, and of its style sheet ``name.css`` where it has one.
        state: what the page begins with; plain data.
        text: what there is to see; plain text.
        parts: the shared parts that its page uses, each a file of ``pages``: "grid", "picture", "network".
    """

    folder = PAGES
    in_its_place = "This can be touched in JupyterLab, once the cell has run. The figure beneath shows the same."

    def __init__(self, name: str, state: dict[str, Any], text: str, parts: tuple[str, ...] = ()):
        self.name, self.state, self.text, self.parts = name, state, text, parts

    def __repr__(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        from IPython import get_ipython
        from IPython.display import display

        still = self.still()
        if getattr(get_ipython(), "kernel", None) is not None:  # the grader's shell has none, and nobody looks
            from course_utils.explorers.widget import view

            display(view(self) | {"text/plain": self.in_its_place}, raw=True)
            still["text/html"] = HIDE_WHAT_DOES_NOT_LIVE + still["text/html"]
        display(still, raw=True)

    @abstractmethod
    def still(self) -> dict[str, str]:
        """The still form, as a notebook's output: HTML of the class ``course-still``, and plain text."""


class Explorer(Page):
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
        super().__init__(name, state, text, parts)
        self.draw = draw

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
