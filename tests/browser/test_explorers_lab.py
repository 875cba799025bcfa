"""Every explorer in a student's JupyterLab: it lives there, and a still figure stands where it cannot."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.every_explorer import CASES, SETUP, open_all
from tests.browser.lab_page import THEMES
from tests.browser.looks import too_wide, violations

NAME = "touch.ipynb"


def cell_id(name):
    return name.replace("_", "-")


@pytest.fixture
def touched(lab, student):
    """A notebook with every explorer, each run; as high as it is, so that all can be seen and measured."""
    cells = [new_markdown_cell("# Touch it", id="title")]
    cells += [new_code_cell(f"{SETUP}\n{case.source}", id=cell_id(name)) for name, case in CASES.items()]
    cells.append(new_code_cell("1", id="end"))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), student.work / NAME)
    lab.setting("notebook-extension:tracker", windowingMode="none")
    lab.open_notebook(NAME)
    lab.wait_for_kernel()
    for name in CASES:
        lab.run_until_it_lives(cell_id(name))
    return lab


def says(lab, name):
    return lab.alive(cell_id(name)).get_by_role("status").text_content()


def touch(lab, name):
    """Press the key that changes what the explorer says."""
    lab.page.mouse.move(0, 0)  # not on an explorer, which would say what is under it when the page scrolls
    target = lab.alive(cell_id(name)).locator(CASES[name].target).first
    target.focus()
    before = says(lab, name)
    target.press(CASES[name].key)
    lab.page.wait_for_function(
        "([e, before]) => e.textContent !== before",
        arg=[lab.alive(cell_id(name)).get_by_role("status").element_handle(), before],
    )


def test_its_keys_stay_in_it_and_it_can_be_read_in_both_themes(touched):
    page = touched.page
    count = page.locator(".jp-Notebook .jp-Cell").count()
    for name in CASES:
        touch(touched, name)
        kinds = ("button", "select", "input", "canvas[tabindex]")
        for part in (touched.alive(cell_id(name)).locator(f"{kind} >> visible=true").first for kind in kinds):
            if part.count():
                part.focus()
                for key in ("d", "d", "a", "b", "x"):
                    page.keyboard.press(key)
        assert page.locator(".jp-Notebook .jp-Cell").count() == count, name
    touched.close_file_browser()
    for name, case in CASES.items():
        open_all(touched.alive(cell_id(name)), case)
    for theme in THEMES:
        touched.theme(theme)
        for width in (1280, 800, 320):
            touched.width(width)
            assert too_wide(touched.page) == [], (theme, width)
        touched.width(1280)
        assert violations(touched.page) == [], theme


def test_it_goes_on_while_the_kernel_is_busy_and_dead_and_its_still_figure_comes_after_a_reload(touched, student):
    page = touched.page
    stills = page.locator(".course-still img")
    assert stills.count() == len(CASES)
    assert not any(still.is_visible() for still in stills.all())
    page.keyboard.press("ControlOrMeta+s")
    page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").wait_for()
    saved = nbformat.read(student.work / NAME, as_version=4)
    assert "widgets" not in saved.metadata
    views = {cell.id: cell.outputs for cell in saved.cells if cell.cell_type == "code" and len(cell.outputs) == 2}
    assert len(views) == len(CASES)
    assert all(len(str(view)) < 400 for view, _ in views.values())
    touched.write("end", "import time; time.sleep(600)")
    page.keyboard.press("Shift+Enter")
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').wait_for()
    for name in CASES:
        touch(touched, name)
    student.begin_anew()  # the kernel is gone
    for name in CASES:
        touch(touched, name)
    touched.open_notebook(NAME)
    for still, (_, figure) in zip(stills.all(), views.values(), strict=True):
        still.wait_for()
        assert still.get_attribute("alt") == figure.data["text/plain"]
    for message in page.get_by_text("model not found").all():
        message.wait_for(state="hidden")
