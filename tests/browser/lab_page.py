"""JupyterLab as a student's hands and eyes meet it."""

import json
import re
from pathlib import Path

from tests.browser.student import Student

SECONDS_TO_OPEN = 60
THEMES = ("JupyterLab Light", "JupyterLab Dark")
# Read by a person as finished: all cells are there, no formula stands in its source, every picture has arrived.
SETTLED = """count => {
  const cells = document.querySelectorAll('.jp-Notebook .jp-Cell');
  const texts = [...document.querySelectorAll('.jp-Notebook .jp-RenderedMarkdown')];
  return cells.length === count && texts.every(text => text.childElementCount > 0 && !/\\$.*\\$/s.test(text.innerText))
    && [...document.querySelectorAll('.jp-Notebook img')].every(image => image.complete);
}"""


class LabPage:
    """A page of the browser with a student's JupyterLab in it.

    Args:
        page: of Playwright; for whatever has no method here.
        student: whose server runs.
    """

    def __init__(self, page, student: Student):
        self.page, self.student = page, student

    def open(self, path: str | Path, *, cells: int | None = None) -> None:
        """Open a file of ``work/`` in a fresh workspace; of a notebook wait until its `cells` are there to be read."""
        self.page.goto(f"{self.student.address}lab/tree/{Path(path).as_posix()}?reset&token={self.student.token}")
        if cells is not None:
            self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * SECONDS_TO_OPEN)
            self.page.wait_for_function(SETTLED, arg=cells, timeout=1000 * SECONDS_TO_OPEN)

    def open_unit(self, unit: str) -> None:
        """Open the student's notebook of a unit, and wait until it can be read to its end."""
        path = self.student.notebook(unit)
        cells = len(json.loads(path.read_text(encoding="utf-8"))["cells"])
        self.open(path.relative_to(self.student.work), cells=cells)

    def wait_for_kernel(self) -> None:
        """Until the kernel is there and has nothing to do."""
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)

    def cell(self, index: int):
        """The cell with this number, from 0."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')

    def menu(self, *entries: str) -> None:
        """Click through a menu, each entry by its whole text: ``menu("Settings", "Theme", "JupyterLab Dark")``."""
        bar, *inner, last = entries
        self.page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{bar}$")).click()
        for entry in inner:
            self._entry(entry).hover()
        self._entry(last).click()

    def _entry(self, text: str):
        label = self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(text)}$"))
        return self.page.locator(".lm-Menu-item").filter(has=label).last

    def theme(self, name: str) -> None:
        """Choose one of `THEMES` in the settings menu."""
        self.menu("Settings", "Theme", name)
        light = str(name == THEMES[0]).lower()
        self.page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")

    def width(self, pixels: int) -> None:
        """Make the window so wide; its height stays."""
        self.page.set_viewport_size({"width": pixels, "height": self.page.viewport_size["height"]})

    def close_file_browser(self) -> None:
        """As who has a narrow window does."""
        if self.page.locator("#filebrowser").is_visible():
            self.page.locator('.lm-TabBar-tab[data-id="filebrowser"]').click()
        self.page.locator("#filebrowser").wait_for(state="hidden")

    def setting(self, plugin: str, **values) -> None:
        """Set what the settings editor would, before the page opens: ``setting("apputils-extension:themes", ...)``."""
        body = json.dumps({"raw": json.dumps(values)}).encode()
        self.student.ask(f"lab/api/settings/@jupyterlab/{plugin}", "PUT", body)
