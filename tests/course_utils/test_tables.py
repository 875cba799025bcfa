"""A table in both its forms: first one drawn by hand, then any cells, then what HTML could be broken with."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from course_utils.tables import Table


def test_the_text_by_hand():
    table = Table(("layer", "weights"), [("conv", "80"), ("a longer name", "7,850")], "two layers", ("weights",))
    assert table.to_text().splitlines() == [
        "layer          weights",
        "-------------  -------",
        "conv                80",
        "a longer name    7,850",
        "two layers",
    ]


def test_the_html_by_hand():
    html = ET.fromstring(Table(("a", "n"), [("x", "1"), ("y", "2")], "letters", ("n",), marked=1).to_html())
    assert html.find("caption").text == "letters"
    assert [(h.text, h.get("scope"), h.get("style")) for h in html.iterfind("thead/tr/th")] == [
        ("a", "col", "text-align: left"),
        ("n", "col", "text-align: right"),
    ]
    assert [row.get("style") is not None for row in html.iterfind("tbody/tr")] == [False, True]


@given(st.lists(st.tuples(st.text("ab<&\"'>é "), st.text("12<")), max_size=5), st.text("x<&"))
def test_every_cell_comes_through(rows, caption):
    html = ET.fromstring(Table(("a", "n"), rows, caption).to_html())
    assert [tuple(cell.text or "" for cell in row) for row in html.iterfind("tbody/tr")] == rows
    assert (html.find("caption").text or "") == caption


def test_markup_stays_markup():
    cell = Markup("<b>{}</b>").format("<i>")
    assert '<td style="text-align: left"><b>&lt;i&gt;</b></td>' in Table(("a",), [(cell,)], "").to_html()


def test_no_rows():
    assert Table(("a", "b"), [], "nothing").to_text() == "a  b\n-  -\nnothing"
