"""The text alternatives: found by their key, escaped, in the page that a reader gets, and in no notebook's code."""

import base64
import io
import json
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from nbconvert import HTMLExporter

from autograder.course import units
from course_utils.plots.described import CARD, CORNER, FOLDER, DescribedFigure, _inside, alt_text

KEY = re.compile(r"\d\d/[a-z]+")
NOTEBOOKS = [root / unit / f"{unit}.ipynb" for root in (units.SOLUTIONS, units.RELEASE) for unit in units.unit_names()]


class Images(HTMLParser):
    """The attributes of each image of a page, as a browser reads them."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs))


@pytest.fixture(scope="module")
def figure():
    figure = plt.figure(figsize=(1, 1), facecolor="#ffeedd")
    yield figure
    plt.close(figure)


def test_a_text_is_found_by_its_key():
    texts = json.loads((FOLDER / "06.json").read_text(encoding="utf-8"))
    assert alt_text("06/matrix") == texts["matrix"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("06/matrx", r"alt is '06/matrx', and course_utils/alt_texts/06.json has no 'matrx'; it has work, .*matrix"),
        ("06", r"alt is '06', and course_utils/alt_texts/06.json has no ''; it has work"),
        ("66/matrix", "alt is '66/matrix'; expected 'NN/name'.* NN is one of 01, 02,"),
        ("Four grey squares.", "alt is 'Four grey squares.'; expected 'NN/name', the key of a text in course_utils/"),
        ("", "alt is ''; expected 'NN/name'"),
    ],
)
def test_a_key_without_a_text_is_refused(key, message):
    with pytest.raises(ValueError, match=message):
        alt_text(key)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))
def test_whatever_the_text_the_page_has_it(text):
    empty = plt.figure(figsize=(0.1, 0.1))
    page = DescribedFigure(empty, text)._repr_html_()
    plt.close(empty)
    (image,) = Images(page).found
    assert image["alt"] == text


def pixels_of(figure):
    """The picture as the page has it: (H, W, 4), 0 to 1."""
    data = re.search('base64,([^"]+)', DescribedFigure(figure, "a square")._repr_html_())[1]
    return plt.imread(io.BytesIO(base64.b64decode(data)))


def test_the_card_by_hand():
    # the corner's circle has its centre 10 pixels from both sides: the middle of pixel (0, 0) lies 9.5 from it each
    # way, sqrt(2) * 9.5 = 13.4 away, outside; that of (4, 3) lies at (5.5, 6.5), 8.5 away, inside
    inside = _inside(30, 40)
    assert inside[0, 0] == inside[0, 39] == inside[29, 0] == inside[29, 39] == 0
    assert inside[4, 3] == inside[25, 36] == 1
    assert inside[0, 10:30].min() == inside[10:20, 0].min() == 1


def test_the_picture_is_opaque_but_for_its_corners(figure):
    picture = pixels_of(figure)
    height = len(picture)
    assert (picture[..., 3] < 1).sum() < 4 * 10 * 10 * (1 - np.pi / 4) + 4 * 20  # outside the circles, and their edges
    assert picture[0, 0, 3] == 0
    np.testing.assert_allclose(picture[height // 2, 0], [1, 0xEE / 255, 0xDD / 255, 1], atol=1e-6)


def test_a_white_ground_becomes_that_of_the_drawn_figures():
    figure = plt.figure(figsize=(1, 1), facecolor="white")
    picture = pixels_of(figure)
    plt.close(figure)
    np.testing.assert_allclose(picture[50, 0], to_rgba(CARD), atol=1e-6)
    drawn = [path.read_text(encoding="utf-8") for path in units.SOLUTIONS.glob("*/figures/*.svg")]
    assert any(f'rx="{CORNER}" fill="{CARD}"' in drawing for drawing in drawn)


@pytest.mark.parametrize("unit", units.unit_names())
def test_the_page_of_a_unit_has_each_text(unit):
    """As nbconvert makes it of the stored outputs, which nbval compares with a run."""
    notebook = units.source_notebook(unit)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    shown = [image["alt"] for image in Images(page).found if image["src"].startswith("data:image/png")]
    stored = [cell for cell in notebook.cells if "<img alt=" in str(cell.get("outputs"))]
    assert len(stored) >= 1
    for cell in stored:
        for key in keys_in(cell):
            assert alt_text(key) in shown, key


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_no_text_stands_in_the_code(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert len(keys_in(cell)) == len(re.findall(r"\balt\s*=", cell.source)), cell.id


@pytest.mark.parametrize("unit", units.unit_names())
def test_each_text_is_used_once_and_says_something(unit):
    texts = json.loads((FOLDER / f"{unit[:2]}.json").read_text(encoding="utf-8"))
    keys = [key for cell in units.source_notebook(unit).cells if cell.cell_type == "code" for key in keys_in(cell)]
    assert sorted(keys) == sorted(f"{unit[:2]}/{name}" for name in texts)
    assert all(len(text) > 40 for text in texts.values())


def test_there_is_a_file_for_each_unit_only():
    assert sorted(path.name for path in FOLDER.iterdir()) == [f"{unit[:2]}.json" for unit in units.unit_names()]


def keys_in(cell):
    return [key for key in re.findall(r"\balt=\"([^\"]*)\"\)", cell.source) if KEY.fullmatch(key)]
