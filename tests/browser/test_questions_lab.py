"""Questions in the text, and predictions, in a student's JupyterLab: by mouse, by keyboard, with the kernel gone."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import units
from tests.browser.lab_page import THEMES
from tests.browser.looks import too_wide, violations

NAME = "predict.ipynb"
PREDICTION = """from IPython.display import HTML, display
from course_utils import questions
with questions.prediction("01/ex5-parameters") as asked:
    print("weights and biases:", 204)
    display(HTML("<table><tr><th>filters</th></tr><tr><td>4</td></tr></table>"))
    asked.answer(204)"""
IDS = ("predicted", "busy", "dead")


def a_question():
    return next(cell for cell in units.source_notebook(units.unit_names()[0]).cells if cell.id.startswith("question-"))


@pytest.fixture
def written(lab, student):
    """A notebook with a question of a unit, and the same prediction three times; nothing has run."""
    cells = [new_markdown_cell("# Predict", id="title"), a_question()]
    cells += [new_code_cell(PREDICTION, id=name) for name in IDS]
    cells.append(new_code_cell("1", id="end"))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), student.work / NAME)
    lab.setting("notebook-extension:tracker", windowingMode="none")
    lab.open_notebook(NAME)
    return lab


@pytest.fixture
def opened(written):
    """The same, and each prediction has run."""
    written.wait_for_kernel()
    for name in IDS:
        written.run_until_it_lives(name)
    return written


def came(lab, name):
    return lab.alive(name).get_by_role("region", name="the output")


def predict(lab, name, number):
    """Predict by keyboard alone; whatever is typed stays in the page."""
    lab.alive(name).get_by_role("textbox").focus()
    lab.page.keyboard.type(f"ddax{number}")
    for _ in "ddax":
        lab.page.keyboard.press("Home")
        lab.page.keyboard.press("Delete")
    lab.page.keyboard.press("Enter")
    came(lab, name).wait_for()


def test_a_question_answers_by_mouse_and_by_keyboard(written):
    page, cell = written.page, written.cell(a_question().id)
    folds, summaries = cell.locator("details"), cell.locator("summary")
    shown = [explanation.is_visible() for explanation in cell.locator("details p").all()]
    assert shown == [False] * folds.count()
    summaries.first.click()
    assert cell.locator("details p").first.is_visible()
    page.keyboard.press("Tab")
    assert summaries.nth(1).evaluate("e => e === document.activeElement")
    for key, is_open in (("Enter", True), ("Enter", False), ("Space", True)):
        page.keyboard.press(key)
        assert folds.nth(1).evaluate("e => e.open") == is_open, key
    assert cell.locator("details p").nth(1).text_content().startswith(("Yes:", "No:"))
    count = page.locator(".jp-Notebook .jp-Cell").count()
    for key in ("d", "d", "x"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == count
    summaries.nth(2).dblclick()  # JupyterLab shows the source of a text then
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    summaries.nth(2).wait_for()
    written.close_file_browser()
    for theme in THEMES:
        written.theme(theme)
        for width in (1280, 800, 320):
            written.width(width)
            assert too_wide(page) == [], (theme, width)
        written.width(1280)
        assert violations(page) == [], theme


def test_the_output_waits_for_a_prediction_with_the_kernel_busy_and_dead(opened, student):
    page = opened.page
    count = page.locator(".jp-Notebook .jp-Cell").count()
    stills = page.locator(".course-still")
    assert not any(still.is_visible() for still in stills.all())
    assert page.get_by_text("weights and biases: 204").locator("visible=true").count() == 0
    predict(opened, "predicted", 200)
    assert opened.alive("predicted").get_by_role("status").text_content() == (
        "Not right: it is 204, and 200 is 4 too low. The biases are missing: one for each filter. 4 filters, each with "
        "2 · 25 weights and a bias: 4 · 51. The picture's size appears nowhere."
    )
    assert came(opened, "predicted").locator("pre").text_content() == "weights and biases: 204"
    assert came(opened, "predicted").locator("td").text_content() == "4"
    for key in ("d", "d", "a", "x"):  # the output has the focus now
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == count
    opened.cell("end").locator(".jp-InputPrompt").click()
    page.keyboard.press("ControlOrMeta+s")
    page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)").wait_for()
    saved = nbformat.read(student.work / NAME, as_version=4)
    assert "widgets" not in saved.metadata
    opened.write("end", "import time; time.sleep(600)")
    page.keyboard.press("Shift+Enter")
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="busy"]').wait_for()
    predict(opened, "busy", 204)
    assert opened.alive("busy").get_by_role("status").text_content().startswith("Right: 204.")
    student.begin_anew()  # the kernel is gone
    predict(opened, "dead", 204)
    # one question, asked three times: the first prediction counts
    assert opened.alive("dead").locator(".tally").text_content().startswith("0 of 1 predictions right")
    opened.open_notebook(NAME)
    for still in stills.all():
        still.wait_for()
        assert not still.locator("pre").is_visible()
        still.locator("summary").focus()
        page.keyboard.press("Enter")
        assert still.locator("pre").text_content() == "weights and biases: 204"
        assert still.locator("pre").is_visible()
        assert "Answer: 204." in still.text_content()
    assert stills.count() == len(IDS)
    for message in page.get_by_text("model not found").all():
        message.wait_for(state="hidden")
