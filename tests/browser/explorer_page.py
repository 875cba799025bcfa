"""An explorer's page in a blank document: its own files, a model that holds its state, and no JupyterLab."""

import math
from collections.abc import Callable
from pathlib import Path

from course_utils.explorers.explorer import PAGES, Page, page_files

WIDTHS = (320, 800, 1280)
FRAME = 16  # milliseconds, at 60 frames a second
# The colours that JupyterLab 4.6 gives its dark theme; light is what the style sheet falls back to.
DARK = """:root { --jp-content-font-color1: rgba(255, 255, 255, 1); --jp-layout-color0: #111111;
 --jp-border-color0: #616161; --jp-brand-color1: #2196f3 } body { background: #111111 }"""
LOAD = """async source => {
  window.explorer = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
}"""
SHOW = """state => {
  window.asked = [];
  const model = { get: key => ({ state })[key], set: key => asked.push(key), save_changes: () => asked.push('save'),
    send: () => asked.push('send'), on: () => {}, off: () => {} };
  explorer.default.render({ model, el: document.querySelector('main') });
}"""


def load(page, name: str, *parts: str, folder: Path = PAGES) -> None:
    """Load the module of an explorer, or of another page in `folder`, as ``window.explorer`` of an empty page."""
    script, style = page_files(name, parts, folder)
    page.set_content(f'<html lang="en"><title>Explorer</title><style>{style}</style><body><main></main>')
    page.evaluate(LOAD, script)


def show(page, explorer: Page) -> None:
    """Show an explorer in a fresh page; what it asks of the kernel is noted in ``window.asked``."""
    load(page, explorer.name, *explorer.parts, folder=explorer.folder)
    page.evaluate(SHOW, explorer.state)


def fastest(measure: Callable[[], float]) -> float:
    """The least milliseconds that `measure` gives, of five times at most: a busy machine can only make them more."""
    least = math.inf
    for _ in range(5):
        least = min(least, measure())
        if least < FRAME:
            break
    return least
