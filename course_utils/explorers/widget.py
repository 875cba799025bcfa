"""The connection of an explorer with its page, by anywidget.

It is imported when an explorer is shown in a kernel: it takes a third of a second, and the grader does without.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from course_utils.explorers.explorer import Explorer, page_files


class PageWidget(anywidget.AnyWidget):
    """What the page is given, once. Nothing comes back: the page computes for itself, with the kernel busy or dead."""

    state = traitlets.Dict().tag(sync=True)


def view(explorer: Explorer) -> dict[str, Any]:
    """The explorer as a notebook's output: a page that was told where its state is."""
    script, style = page_files(explorer.name, explorer.parts)
    # A class for each explorer: the style sheet in the page goes by the name of the class.
    kind = type(explorer.name, (PageWidget,), {"_esm": script, "_css": style})
    widget = kind(state=explorer.state)
    kind_of_output = "application/vnd.jupyter.widget-view+json"
    return {kind_of_output: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}
