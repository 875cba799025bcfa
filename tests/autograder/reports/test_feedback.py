"""The page that a student reads, whatever the student wrote."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.results import Result
from autograder.release.standing_alone import address_of
from autograder.reports import feedback
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT, cell

pytestmark = pytest.mark.usefixtures("demo")

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


@pytest.mark.parametrize("message", [MESSAGE, MESSAGE.replace("\n", " ")], ids=["lines", "one-line"])
def test_a_message_stays_in_its_table(tmp_path, monkeypatch, message):
    monkeypatch.setattr(f"{__name__}.MESSAGE", message)
    page, result = page_of(tmp_path)
    assert result.note == ""
    plain = feedback._plain_page(result, units.source_notebook(UNIT), "")
    for text in (page, plain):
        for fake in ("<h1[^>]*>Your marks: 4", "<img[^>]*192.0.2.1", 'href="javascript:', "<script>alert"):
            assert not re.search(fake, text)
    assert "# Your marks: 4 of 4" in plain  # as the text that it is
    assert message.splitlines()[0] in BeautifulSoup(page, "html.parser").table.get_text()


@pytest.mark.real_path
def test_the_page_of_a_graded_notebook_opens_with_a_table_of_its_exercises(handed_in, tmp_path):
    # One cell of four fails, and the written answer waits for a person.
    handed_in("bob", RIGHT | {"double": "def double(x):\n    return 1 if x == 2 else 2 * x"})
    grade_class(handed_in.submitted, tmp_path / "out", [], OPTIONS, feedback)
    text = (tmp_path / "out" / "feedback" / "bob" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert page.html["lang"] == "en"
    assert page.h1.get_text() == "Your marks: 3 of 6"
    table = page.table
    assert table.caption.get_text().startswith(UNIT)
    assert [(th["scope"], th.get_text()) for th in table.thead("th")] == [
        ("col", "exercise"),
        ("col", "marks"),
        ("col", "what was found"),
    ]
    rows = table.tbody("tr")
    assert [[th["scope"] for th in row("th")] for row in rows] == [["row"]] * 3
    said = [[" ".join(cell.get_text(" ").split()) for cell in row("td")] for row in rows]
    assert said == [
        ["1 of 2", "Demo: the plain case (0 of 1) double is not right."],
        ["2 of 2", "full marks"],
        ["2 to be given", "Demo: your answer (2 to be given) waits for a person"],
    ]
    assert "SECRET" not in table.get_text()  # a cause is in the message, which stands in full at its cell
    assert page.get_text().count("likely cause: SECRET") == 1


def test_every_link_has_a_name_of_its_own_and_a_place(tmp_path):
    page, _ = page_of(tmp_path)
    soup = BeautifulSoup(page, "html.parser")
    places = {tag.get(key) for tag in soup.find_all(True) for key in ("id", "name")}
    names = {link["href"]: link.get_text() for link in soup.table("a")}
    assert names == {"#Demo": "Demo", "#double-plain": "Demo: the plain case"}
    assert {href.removeprefix("#") for href in names} - places == {"Demo"}  # this notebook came without its title
    assert "Test cell" not in page


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
    assert "Demo: the plain case (0 of 2)" in " ".join(BeautifulSoup(page, "html.parser").table.get_text().split())
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


def test_the_units_own_pictures_are_left_in_words_and_the_students_are_shown(demo, tmp_path):
    own = address_of(demo / "solutions" / UNIT / "figures" / "plot.svg")
    theirs = "data:image/png;base64,AAAA"
    page, _ = page_of(tmp_path, new_markdown_cell(f"Look: ![A <drawn> figure]({own}) and ![mine]({theirs})"))
    assert own not in page
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find(class_="figure").get_text() == "Figure in your notebook: A <drawn> figure"
    assert [(image["alt"], image["src"]) for image in soup("img")] == [("mine", theirs)]


def test_a_page_stands_alone_and_its_style_is_small(tmp_path):
    page, _ = page_of(tmp_path, new_code_cell("def f(x):  # twice\n    return 2 * 'x'"))
    soup = BeautifulSoup(page, "html.parser")
    assert not soup("link")
    assert not soup("img")
    assert sum(len(style.get_text()) for style in soup("style")) < 10_000
    code = soup(class_="highlight")[-1]
    assert code.get_text().strip() == "def f(x):  # twice\n    return 2 * 'x'"
    # Only what has a colour is in a tag of its own: keyword, function, comment, keyword, number, string.
    kinds = [(span["class"], span.get_text()) for span in code("span") if span.get("class")]
    assert kinds == [
        (["k"], "def"),
        (["nf"], "f"),
        (["c"], "# twice"),
        (["k"], "return"),
        (["m"], "2"),
        (["s"], "'x'"),
    ]
    style = (feedback.HERE / "feedback.css").read_text(encoding="utf-8")
    assert {kind for [kind], _ in kinds} <= set(re.findall(r"\.highlight \.(\w+)", style))
