"""JupyterLab as a student's hands and eyes meet it."""

import json
import re
from pathlib import Path

import nbformat

from tests.browser.student import Student

SECONDS_TO_OPEN = 60
THEMES = ("JupyterLab Light", "JupyterLab Dark")
# Read by a person as finished: all cells are there, no formula stands in its source, every picture has arrived.
SETTLED = """count => {
  const all = selector => [...document.querySelectorAll(`.jp-Notebook ${selector}`)];
  return all('.jp-Cell').length === count
    && all('.jp-RenderedMarkdown').every(text => text.childElementCount > 0 && !/\\$.*\\$/s.test(text.textContent))
    && all('img').every(image => image.complete);
}"""
RAN = """([prompt, before]) => /\\[\\d+\\]/.test(prompt.textContent) && prompt.textContent !== before"""


class LabPage:
    """A page of the browser with a student's JupyterLab in it.

    Args:
        page: of Playwright; for whatever has no method here.
        student: whose server runs.
    """

    def __init__(self, page, student: Student):
        self.page, self.student = page, student
        self._ids: list[str] = []

    def open(self, path: str | Path = "") -> None:
        """Open a file of ``work/``, or JupyterLab alone, in a fresh workspace."""
        tree = f"/tree/{Path(path).as_posix()}" if path else ""
        self.page.goto(f"{self.student.address}lab{tree}?reset&token={self.student.token}")

    def open_unit(self, unit: str) -> None:
        """Open the student's notebook of a unit, and wait until it can be read to its end."""
        self.open_notebook(self.student.notebook(unit).relative_to(self.student.work))

    def open_notebook(self, path: str | Path) -> None:
        """Open a notebook of ``work/``, and wait until it can be read to its end."""
        notebook = json.loads((self.student.work / path).read_text(encoding="utf-8"))
        self._ids = [cell["id"] for cell in notebook["cells"]]
        self.open(path)
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=1000 * SECONDS_TO_OPEN)
        self.page.wait_for_function(SETTLED, arg=len(self._ids), timeout=1000 * SECONDS_TO_OPEN)

    def wait_for_kernel(self, seconds: float = 60) -> None:
        """Until the kernel is there and has nothing to do."""
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=1000 * seconds)

    def cell(self, name: str):
        """The cell of the open unit that has this id."""
        return self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{self._ids.index(name)}"]')

    def write(self, name: str, source: str) -> None:
        """Replace what stands in a code cell."""
        self.cell(name).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, name: str) -> str:
        """Run a code cell by Shift+Enter, wait for its end, and return the text of its outputs."""
        prompt = self.cell(name).locator(".jp-InputPrompt")
        before = prompt.text_content()
        prompt.click()
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(RAN, arg=[prompt.element_handle(), before], timeout=60_000)
        return self.output(name)

    def alive(self, name: str):
        """The page that lives beneath a code cell."""
        return self.cell(name).locator(".course-explorer")

    def run_until_it_lives(self, name: str) -> None:
        """Run a cell, once more if need be: what is run in a kernel's first moments is lost now and then."""
        from playwright.sync_api import TimeoutError as NotYet

        for seconds in (8, 15, 60):
            self.cell(name).locator(".jp-InputPrompt").click()
            self.page.keyboard.press("Shift+Enter")
            try:
                return self.alive(name).wait_for(timeout=1000 * seconds)
            except NotYet:
                if seconds == 60:
                    raise

    def count(self, name: str) -> str:
        """What stands in the margin of a code cell: ``[3]:`` if it ran third, nothing while it is collapsed."""
        return self.cell(name).locator(".jp-InputPrompt").text_content()

    def run_all(self) -> None:
        """Run > Run All Cells, to the end of the last one that runs."""
        self.menu("Run", "Run All Cells")
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').wait_for()
        self.wait_for_kernel(seconds=120)

    def restart(self) -> None:
        """Kernel > Restart Kernel…, and Restart in the dialog."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
        self.page.locator(".jp-Dialog").wait_for(state="hidden")
        self.wait_for_kernel()

    def output(self, name: str) -> str:
        """The text that stands below a code cell, in sight or not."""
        return self.cell(name).locator(".jp-OutputArea").text_content()

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

    def saved(self, unit: str) -> nbformat.NotebookNode:
        """Save by Ctrl+S, and read what is then in the file."""
        self.page.keyboard.press("ControlOrMeta+s")
        self.page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").wait_for()
        return nbformat.read(self.student.notebook(unit), as_version=4)

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
