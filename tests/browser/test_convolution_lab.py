"""`explorers.convolution` in a student's JupyterLab: it lives, and a still figure where it cannot."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.lab_page import THEMES
from tests.browser.looks import too_wide, violations

NAME = "touch.ipynb"
SHOW = "from course_utils import explorers\nexplorers.convolution([[1, 2, 0], [0, 1, 3], [2, 1, 1]], [[1, 0], [-1, 2]])"


@pytest.fixture
def touched(lab, student):
    """A notebook with an explorer that has run; as high as it is, so that all can be seen and measured."""
    cells = [new_markdown_cell("# Touch it", id="title"), new_code_cell(SHOW, id="show"), new_code_cell("1", id="end")]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), student.work / NAME)
    lab.setting("notebook-extension:tracker", windowingMode="none")
    lab.open_notebook(NAME)
    lab.wait_for_kernel()
    run_until_it_lives(lab)
    return lab


def run_until_it_lives(lab):
    """Run the cell, once more if need be: what is run in a kernel's first moments is lost now and then."""
    from playwright.sync_api import TimeoutError as NotYet

    for seconds in (15, 15, 60):
        lab.cell("show").locator(".jp-InputPrompt").click()
        lab.page.keyboard.press("Shift+Enter")
        try:
            return lab.page.locator(".course-explorer").wait_for(timeout=1000 * seconds)
        except NotYet:
            if seconds == 60:
                raise


def says(lab):
    return lab.page.locator(".course-explorer").get_by_role("status").text_content()


def test_it_answers_to_the_keyboard_and_keeps_its_keys(touched):
    page = touched.page
    assert says(touched).endswith("= 3")
    page.get_by_role("gridcell", name="output[0, 0]").focus()
    for key in ("ArrowRight", "d", "d", "a", "b", "x", "ArrowDown"):
        page.keyboard.press(key)
    assert says(touched) == "output[1, 1] = 1·1 + 3·0 + 1·(−1) + 1·2 = 2"
    field = page.get_by_label("picture[1, 1]", exact=True)
    field.focus()
    page.keyboard.type("ddd")
    field.fill("5")
    page.get_by_role("gridcell", name="output[1, 1] = 6").wait_for()
    for part in (
        page.get_by_role("button", name="next"),
        page.get_by_label("kernel by name"),
        page.get_by_role("slider", name="stride", exact=True),
    ):
        part.focus()
        page.keyboard.press("d")
        page.keyboard.press("d")
    assert page.locator(".jp-Notebook .jp-Cell").count() == 3
    page.get_by_role("slider", name="stride", exact=True).press("ArrowRight")
    page.get_by_role("grid", name="output: 1 × 1").wait_for()


def test_the_still_figure_is_hidden_while_it_lives_and_there_after_a_reload_without_a_kernel(touched, student):
    page = touched.page
    still = page.locator(".course-still img")
    assert not still.is_visible()
    page.keyboard.press("ControlOrMeta+s")
    page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").wait_for()
    saved = nbformat.read(student.work / NAME, as_version=4)
    assert "widgets" not in saved.metadata
    view, figure = saved.cells[1].outputs
    assert len(str(view)) < 400
    assert figure.data["text/plain"].startswith("Picture, 3 by 3: 1 2 0; 0 1 3; 2 1 1.")
    student.begin_anew()  # the kernel is gone
    touched.open_notebook(NAME)
    still.wait_for()
    assert still.get_attribute("alt") == figure.data["text/plain"]
    page.get_by_text("model not found").wait_for(state="hidden")


def test_it_goes_on_while_the_kernel_is_busy_and_when_it_is_dead(touched, student):
    page = touched.page
    touched.write("end", "import time; time.sleep(600)")
    page.keyboard.press("Shift+Enter")
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').wait_for()
    page.get_by_label("picture[0, 0]", exact=True).fill("2")
    assert says(touched).startswith("picture[0, 0] = 2")
    student.begin_anew()
    page.get_by_label("picture[0, 0]", exact=True).fill("4")
    page.get_by_role("gridcell", name="output[0, 0] = 6").wait_for()


def test_it_can_be_read_in_both_themes(touched):
    touched.close_file_browser()
    for theme in THEMES:
        touched.theme(theme)
        for width in (1280, 800, 320):
            touched.width(width)
            assert too_wide(touched.page) == [], (theme, width)
        touched.width(1280)
        assert violations(touched.page) == [], theme
