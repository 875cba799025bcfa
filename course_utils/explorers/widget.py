"""The connection of an explorer with its page, by anywidget.

It is imported when an explorer is shown in a kernel: it takes a third of a second, and the grader does without.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

FOLDER = Path(__file__).parent


class PageWidget(anywidget.AnyWidget):
    """What the page is given, once. Nothing comes back: the page computes for itself, with the kernel busy or dead."""

    state = traitlets.Dict().tag(sync=True)


def view(name: str, state: dict[str, Any]) -> dict[str, Any]:
    """The explorer `name` with this state, as a notebook's output: a page that was told where its state is."""
    files = {f"_{key}": (FOLDER / f"{name}.{end}").read_text("utf-8") for key, end in (("esm", "js"), ("css", "css"))}
    kind = type(name, (PageWidget,), files)  # a class for each: the style sheet in the page goes by its name
    widget = kind(state=state)
    kind_of_output = "application/vnd.jupyter.widget-view+json"
    return {kind_of_output: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
