"""Every chapter as a student reads it, solved and untouched: nothing too wide, nothing that axe-core finds.

The narrow window is measured without the file browser, which takes a third of it.
"""

import nbformat
import pytest

from autograder.course import units
from tests.browser.lab_page import THEMES
from tests.browser.looks import cut_code, too_wide, violations
from tests.browser.student import released, solved

UNITS = units.unit_names()
IN_FAST = {("solved", UNITS[0]), ("untouched", UNITS[1])}  # the others take minutes
STATES = {"solved": solved, "untouched": released}
CASES = [
    pytest.param(state, unit, marks=[] if (state, unit) in IN_FAST else pytest.mark.slow, id=f"{state}-{unit}")
    for state in STATES
    for unit in UNITS
]
WRONG = """<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" style="max-width: none" width="2000">
<table><tr><th></th><th>b</th></tr></table><p style="color: #ccc">pale</p>"""


@pytest.fixture
def whole(lab):
    """JupyterLab with every cell drawn, in sight or not."""
    lab.setting("notebook-extension:tracker", windowingMode="none")
    return lab


@pytest.mark.parametrize(("state", "unit"), CASES)
def test_a_chapter_is_readable(whole, student, state, unit):
    student.put(unit, STATES[state](unit))
    whole.open_unit(unit)
    if state == "untouched":
        assert cut_code(whole.page) == []  # with the file browser open, as JupyterLab begins
    look(whole)


def test_the_guide_is_readable(whole):
    whole.open_notebook("guide.ipynb")
    look(whole)


def look(lab):
    lab.close_file_browser()
    for theme in THEMES:
        lab.theme(theme)
        for width in (1280, 800):
            lab.width(width)
            assert too_wide(lab.page) == [], (theme, width)
        assert violations(lab.page) == [], theme


def test_what_is_wrong_is_found(whole, student):
    """A wide picture without a text, a table with an empty heading, a pale word, a formula of a thousand letters."""
    unit = UNITS[0]
    notebook = released(unit)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code" and "jupyter" not in cell.metadata)
    code.outputs = [html_output(WRONG)]
    notebook.cells[0].source += "\n\n$$" + "x" * 1000 + "$$"
    code.source = "x" * 200
    student.put(unit, notebook)
    whole.open_unit(unit)
    elements = {element for _, element, *_ in too_wide(whole.page)}
    assert {"img", "mjx-container"} <= elements
    assert [cell for cell, _ in cut_code(whole.page)] == [notebook.cells.index(code)]
    assert {"image-alt", "empty-table-header", "color-contrast"} <= {rule for rule, _ in violations(whole.page)}


def test_without_trust_the_figures_look_the_same(whole, student):
    """JupyterLab takes styles out of outputs that it did not see run, and a figure's card is in the picture."""
    unit, sizes = UNITS[0], []
    for trusted in (False, True):
        notebook = solved(unit)
        notebook.cells[0].source += " never seen before"  # a notebook that was trusted once is so for ever
        student.put(unit, notebook, trusted=trusted)
        whole.open_unit(unit)
        pictures = whole.page.locator(".jp-OutputArea img")
        # How far down is another matter: without trust a line says how an explorer comes to life.
        boxes = [pictures.nth(i).bounding_box() for i in range(pictures.count())]
        sizes.append([(box["x"], box["width"], box["height"]) for box in boxes])
        assert (whole.page.locator(".jp-OutputArea-output.jp-mod-trusted").count() > 0) == trusted
    assert sizes[0] == sizes[1]
    assert len(sizes[0]) >= 5


def html_output(text):
    return nbformat.v4.new_output("display_data", {"text/html": text})
