"""The page on which a person marks answers in words, whatever the student wrote."""

import functools

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.server_extensions.formgrader.handlers import template_path

from autograder.course.rubrics import rubrics_of
from autograder.nbgrader_plugins import FormgraderPage
from autograder.reports import formgrader
from tests.autograder.demo_course import UNIT, cell, demo_notebook

pytestmark = pytest.mark.usefixtures("demo")

ACTS = '<img src="x" onerror="alert(1)"><script>alert(1)</script><input id="written"><iframe src="x"></iframe>'
RESOURCES = {"assignment_id": UNIT, "submission_id": "1", "notebook_id": UNIT, "base_url": "", "index": 0, "total": 1}
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@functools.cache
def exporter() -> HTMLExporter:
    """As nbgrader makes it with the course's settings."""
    return HTMLExporter(
        template_name="formgrade", extra_template_basedirs=[template_path], preprocessors=[FormgraderPage]
    )


def page_of(*cells, **resources) -> BeautifulSoup:
    """The formgrader's page of a notebook with these cells."""
    notebook = nbformat.from_dict(new_notebook(cells=list(cells)))
    return BeautifulSoup(exporter().from_notebook_node(notebook, resources=RESOURCES | resources)[0], "html.parser")


def written(text: str):
    return cell(new_markdown_cell, "written", text, grade=True, solution=True, points=2)


def shown(kind: str, content: str, **metadata):
    return new_code_cell(outputs=[new_output("display_data", {kind: content}, metadata=metadata)])


def test_the_rubric_is_what_the_source_has_for_an_answer_in_words():
    assert rubrics_of(demo_notebook()) == {"written": "The rubric."}


def test_the_rubric_stands_before_the_answer():
    page = page_of(written("My *answer*."))
    texts = [panel.get_text(" ", strip=True) for panel in page.select("#notebook-container .panel")]
    assert texts[0] == "Rubric. Students never see this. The rubric."
    assert "My answer ." in texts[1]
    assert page.select_one("input#written") is not None


def test_only_the_formgrader_shows_it():
    notebook = new_notebook(cells=[written("My answer.")])
    same, _ = FormgraderPage().preprocess(notebook, {"nbgrader": {"assignment": UNIT}})
    assert [each.source for each in same.cells] == ["My answer."]


def test_marks_can_be_given_where_the_unit_was_taken_away():
    page = page_of(written("My answer."), assignment_id="99-gone")
    assert "Rubric" not in page.get_text()
    assert page.select_one("input#written") is not None


@pytest.mark.parametrize(
    "theirs",
    [
        new_markdown_cell(f"Text. {ACTS}"),
        new_markdown_cell(f"<div>\n\n{ACTS}\n\n</div>\n"),
        new_markdown_cell("[click](javascript:alert(1)) ![x](javascript:alert(1))"),
        new_markdown_cell("x" * formgrader.LONGEST + ACTS),
        new_markdown_cell("![x](attachment:a)", attachments={"a": {'image/png"onerror="alert(1)': "AAAA"}}),
        new_markdown_cell("# written"),
        new_markdown_cell(">" * 3000 + " x" + ACTS),
        new_code_cell("1", metadata={"tags": ['"><script>alert(1)</script>']}),
        new_code_cell("1", outputs=[new_output("stream", text=ACTS)]),
        new_code_cell("1", outputs=[new_output("error", ename=ACTS, evalue=ACTS, traceback=[ACTS])]),
        shown("text/html", ACTS),
        shown("text/html", "<b>" * 3000 + ACTS),
        shown("text/html", "x" * formgrader.LONGEST + ACTS),
        shown("text/markdown", ACTS),
        shown("text/latex", ACTS),
        shown("text/plain", ACTS),
        shown("image/svg+xml", f"<svg>{ACTS}</svg>"),
        shown("image/png", f'">{ACTS}'),
        shown("image/png", ONE_PIXEL, width="1 onerror=alert(1)"),
        shown("application/javascript", "alert(1)"),
        shown("application/vnd.jupyter.widget-view+json", {"model_id": "1"}),
    ],
)
def test_nothing_of_a_students_acts(theirs):
    page = page_of(theirs, written("My answer."))
    inner = page.select_one("#notebook-container")
    assert not inner.select("script, iframe, object, embed, form, style, link")
    assert not [tag for tag in inner.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not [tag for tag in inner.find_all(href=True) if tag["href"].startswith("javascript:")]
    [field] = page.select("[id=written]")  # the formgrader finds the field by it
    assert "score" in field["class"]
    assert "My answer." in inner.get_text()


def test_what_a_student_writes_looks_as_in_a_notebook():
    text = "## Why\n\n> a quote\n\n`a < b` and $x < 3$\n\n```python\nx = 1\n\ny = 2\n```\n\n"
    text += "| a |\n|---|\n| 1 |\n\n![p](attachment:p)"
    page = page_of(new_markdown_cell(text, attachments={"p": {"image/png": ONE_PIXEL}}), shown("text/html", "<b>b</b>"))
    inner = page.select_one("#notebook-container")
    assert [inner.select_one(tag).get_text(strip=True) for tag in ("h2", "blockquote", "code", "td", "b")] == [
        "Why¶",
        "a quote",
        "a < b",
        "1",
        "b",
    ]
    assert "$x < 3$" in inner.get_text()
    assert inner.select_one("pre").get_text() == "x = 1\n\ny = 2\n"
    assert inner.img["src"] == f"data:image/png;base64,{ONE_PIXEL}"


def test_a_tables_style_is_not_shown_as_text():
    [output] = new_notebook(cells=[shown("text/html", "<style scoped>.a {}</style><table><td>1</table>")]).cells
    text = page_of(output).select_one("#notebook-container").get_text()
    assert ".a {}" not in text
    assert "1" in text
