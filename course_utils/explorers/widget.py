"""The connection of a page with its kernel, by anywidget.

It is imported when an explorer is shown in a kernel: it takes a third of a second, and the grader does without.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from course_utils.explorers.explorer import Page, page_files


class PageWidget(anywidget.AnyWidget):
    """What the page is given, once. Nothing comes back: the page computes for itself, with the kernel busy or dead."""

    state = traitlets.Dict().tag(sync=True)


def view(page: Page) -> dict[str, Any]:
    """The page as a notebook's output: one that was told where its state is."""
    script, style = page_files(page.name, page.parts, page.folder)
    # A class for each page: the style sheet in the page goes by the name of the class.
    kind = type(page.name, (PageWidget,), {"_esm": script, "_css": style})
    widget = kind(state=page.state)
    kind_of_output = "application/vnd.jupyter.widget-view+json"
    return {kind_of_output: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
