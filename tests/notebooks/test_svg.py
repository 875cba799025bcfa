"""The drawn figures are whole and readable: a browser measures every text in a narrow and in a wide font.

Readers without Arial, Helvetica and Liberation Sans see the figures in DejaVu Sans, whose letters are a seventh wider.
"""

import base64
import json
import re
import shutil
import subprocess
from itertools import combinations, pairwise

import pytest

from autograder import ROOT
from autograder.course import units
from tests.chromium import FLAGS, NONE_THERE, find_browser
from tests.contrast import LEAST_CONTRAST, contrast

FONTS = [["Liberation Sans", "Liberation Mono"], ["DejaVu Sans", "DejaVu Sans Mono"]]
FILES = sorted([*units.SOLUTIONS.glob("*/figures/*.svg"), *ROOT.glob("docs/images/*.svg")])
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]
MEASURE = ROOT / "tests" / "notebooks" / "measure_svg.js"
SLACK = 1.0  # a text's box is the font's, a little larger than its letters
# One text leaves its box, one the figure; one is too pale, and one lies on another.
WRONG = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200" viewBox="0 0 200 200">
<rect width="200" height="200" fill="#fbfaf7"/><rect x="60" y="10" width="40" height="30" fill="#ffffff"/>
<text x="80" y="30" font-size="20" text-anchor="middle">mmmmmm</text><text x="170" y="80" font-size="12">outside</text>
<text x="20" y="120" font-size="12" fill="#6b7785">pale</text>
<text x="20" y="160" font-size="12">one</text><text x="25" y="162" font-size="12">two</text></svg>"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """For each figure and font what the browser measured: the figure's size, its texts and its rectangles."""
    browser = find_browser()
    if browser is None:
        pytest.skip(f"nothing measures the figures: {NONE_THERE}")
    if shutil.which("fc-list") is None:
        pytest.skip("without fontconfig's fc-list nobody knows which fonts the browser has")
    for font in (font for pair in FONTS for font in pair):
        if not subprocess.run(["fc-list", font], capture_output=True, text=True).stdout:
            pytest.skip(f"the font {font} is not installed")
    folder = tmp_path_factory.mktemp("figures")
    drawings = dict(zip(NAMES, [path.read_text(encoding="utf-8") for path in FILES], strict=True)) | {"wrong": WRONG}
    figures = [
        f'<section id="{name}"><template>{drawing[drawing.index("<svg") :]}</template></section>'
        for name, drawing in drawings.items()
    ]
    script = f"const FONTS = {json.dumps(FONTS)};\n{MEASURE.read_text(encoding='utf-8')}"
    page = folder / "figures.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><body>{"".join(figures)}<script>{script}</script>', encoding="utf-8"
    )
    command = [browser, "--headless", *FLAGS, f"--user-data-dir={folder / 'browser'}", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    (result,) = re.findall(r"<body>([\w+/=]+)</body>", done.stdout)
    return json.loads(base64.b64decode(result))


def over(colour, ground):
    """A browser's colour ``["rgb(...)" or "rgba(...)", opacity]`` laid over an opaque one."""
    red, green, blue, *alpha = (float(part) for part in re.findall(r"[\d.]+", colour[0]))
    share = colour[1] * (alpha[0] if alpha else 1)
    return [share * c + (1 - share) * g for c, g in zip((red, green, blue), ground, strict=True)]


def grounds(layers):
    """The colours that can lie behind a point; a pattern has several. None where nothing opaque does."""
    found = []
    for layer in layers:
        painted = [colour for colour in layer if colour[0].startswith("rgb")]
        opaque = [over(colour, (0, 0, 0)) for colour in painted if colour[1] == 1 and "rgba" not in colour[0]]
        found = opaque or [over(colour, ground) for ground in found for colour in painted]
    return found or None


def pale_texts(figure):
    """Texts whose contrast with what lies behind their start, middle or end is too low."""
    for text in figure["texts"]:
        for layers in text["behind"]:
            behind = grounds(layers)
            if behind is None:
                yield f"{text['text']!r}: nothing opaque lies behind it"
                continue
            least = min(contrast(over(text["fill"], ground), ground) for ground in behind)
            if least < LEAST_CONTRAST:
                yield f"{text['text']!r}: contrast {least:.2f}"


def cut_texts(figure):
    """Texts that leave the figure, cross the edge of a rectangle, or lie on another text."""
    frame = [0, 0, *figure["size"]]
    for text in figure["texts"]:
        if not within(text["box"], frame):
            yield f"{text['text']!r} leaves the figure: {rounded(text['box'])} in {rounded(frame)}"
        for rect in rects_in_sight(text, figure["rects"]):
            if overlap(text["box"], rect) and not within(text["box"], rect) and not within(rect, text["box"]):
                yield f"{text['text']!r} crosses the edge of a rectangle: {rounded(text['box'])} and {rounded(rect)}"
    for one, other in combinations(figure["texts"], 2):
        if overlap(one["box"], other["box"], vertical=4 * SLACK):
            yield f"{one['text']!r} lies on {other['text']!r}: {rounded(one['box'])} and {rounded(other['box'])}"


def rects_in_sight(text, rects):
    """The rectangles whose edges can be seen where the text stands: none behind a halo or a later, filled rectangle."""
    hides = [rect["place"] for rect in rects if rect["filled"] and within(text["box"], rect["box"])]
    ground = text["place"] if text["halo"] else max((place for place in hides if place < text["place"]), default=-1)
    return [rect["box"] for rect in rects if rect["place"] >= ground]


def within(box, other):
    return all(box[i] >= other[i] - SLACK and box[i + 2] <= other[i + 2] + SLACK for i in (0, 1))


def overlap(box, other, vertical=SLACK):
    """Whether two boxes (left, top, right, bottom) share more than the slack."""
    wide, high = (min(box[i + 2], other[i + 2]) - max(box[i], other[i]) for i in (0, 1))
    return wide > SLACK and high > vertical


def rounded(box):
    return [round(side, 1) for side in box]


def test_a_pale_colour_is_laid_over_its_ground_by_hand():
    assert over(["rgb(0, 0, 0)", 0.25], (100, 200, 40)) == [75, 150, 30]


def test_what_is_wrong_is_found(measured):
    for font in measured["wrong"].values():
        outside, *pale = pale_texts(font)
        assert outside == "'outside': nothing opaque lies behind it"
        assert pale == ["'pale': contrast 4.37"] * 3
        box, figure, edge, texts = cut_texts(font)
        assert "'mmmmmm' crosses the edge of a rectangle" in box
        assert "'outside' leaves the figure" in figure
        assert "'outside' crosses the edge of a rectangle" in edge
        assert "'one' lies on 'two'" in texts


def test_the_fonts_differ(measured):
    widths = [font["texts"][0]["box"][2] - font["texts"][0]["box"][0] for font in measured["wrong"].values()]
    assert all(one < 0.98 * other for one, other in pairwise(widths)), widths  # 0.833 em and 0.974 em for an m


@pytest.mark.parametrize("name", NAMES)
def test_texts_stay_in_their_places(measured, name):
    assert [fault for font in measured[name].values() for fault in cut_texts(font)] == []


@pytest.mark.parametrize("name", NAMES)
def test_texts_stand_out(measured, name):
    assert list(pale_texts(measured[name]["DejaVu Sans"])) == []
