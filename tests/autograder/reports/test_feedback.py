"""The page that a student reads, whatever the student wrote."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.results import Result
from autograder.reports import feedback
from tests.autograder.demo_course import UNIT, cell

MESSAGE = "a\n\n# Your marks: 4 of 4\n\n![x](http://192.0.2.1/x.png) [y](javascript:alert(1)) <script>alert(1)</script>"


def page_of(output, *own):
    """The page of a notebook with these cells of the student's own, a graded cell before them."""
    graded = cell(new_code_cell, "double-plain", "check()", grade=True, locked=True, points=2)
    path = output / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[graded, *own]), path)
    rows = [{"id": "double-plain", "score": 0, "max_score": 2, "message": MESSAGE}]
    result = Result("ada", UNIT, "graded", 0, 2, rows)
    feedback.write_pages(output, [result])
    return (output / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8"), result


def test_a_message_stays_in_its_table(tmp_path):
    page, result = page_of(tmp_path)
    assert result.note == ""
    for fake in ("<h1[^>]*>Your marks: 4", "<img[^>]*192.0.2.1", 'href="javascript:', "<script>alert"):
        assert not re.search(fake, page)
    assert "# Your marks: 4 of 4" in page  # as the text that it is


@pytest.mark.parametrize(
    "own",
    [
        new_code_cell("# ### BEGIN HIDDEN TESTS"),
        new_markdown_cell("What does `### BEGIN HIDDEN TESTS` mean?"),
        new_markdown_cell("![x](attachment:x.png)", attachments={"x.png": {}}),
        new_markdown_cell(">" * 3000 + " x"),
    ],
    ids=["marker-in-code", "marker-in-text", "empty-attachment", "deep-quotes"],
)
def test_what_cannot_be_shown_leaves_the_marks(tmp_path, own):
    page, result = page_of(tmp_path, own)
    assert "Your marks: 0 of 2" in page
    assert "double-plain" in page
    if "no notebook" in result.note:
        assert "its page has no notebook (" in page
    assert "<script>alert" not in page


def test_an_unpaired_marker_ends_nothing(tmp_path):
    _, result = page_of(tmp_path, new_code_cell("### BEGIN HIDDEN TESTS"))
    assert result.note.startswith("its page has no notebook (")


def test_a_text_that_takes_minutes_to_show_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "PAGE_SECONDS", 1)
    page, result = page_of(tmp_path, new_markdown_cell("[" * 50_000))
    assert result.note == "its page has no notebook (TimeoutError: it takes more than 1 seconds to show)"
    assert "Your marks: 0 of 2" in page
    result.note = ""
    feedback.write_pages(tmp_path, [result])  # the page stays, and what is said of it
    assert result.note.startswith("its page has no notebook (TimeoutError")


def test_a_page_that_nobody_could_load_is_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(feedback, "MAX_PAGE", 1_000_000)
    page, result = page_of(tmp_path, new_markdown_cell("x" * 1_000_000))
    assert "ValueError: the page has 1 million characters" in result.note
    assert "Your marks: 0 of 2" in page


def test_a_page_that_shows_these_marks_is_not_written_again(tmp_path):
    _, result = page_of(tmp_path)
    path = tmp_path / "feedback" / "ada" / UNIT / f"{UNIT}.html"
    path.write_text(path.read_text().replace("Your marks", "My marks"))
    feedback.write_pages(tmp_path, [result])
    assert "My marks" in path.read_text()
    result.comments["double-plain"] = "Look again"
    feedback.write_pages(tmp_path, [result])
    assert "My marks" not in path.read_text()
    assert "comment: Look again" in path.read_text()
