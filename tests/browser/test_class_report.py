"""The report of a class in the browser: light and dark, wide and narrow, and on paper."""

import io

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from autograder.reports.class_report.writing import write_report
from tests.autograder.conftest import demo  # noqa: F401 - the demo course in place of the real one
from tests.autograder.reports.class_report.small_class import cell, result, write_class

CAUSE = "the kernel was turned by 180 degrees: in deep learning it is laid on as it is"
MESSAGE = "double(1) is not right.\n  came:     " + "1" * 200
# What reaches beyond the window, each picture that was not drawn, and, in a wide window, tables that must be scrolled.
FAULTS = """() => [
  ...[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .filter(e => !e.closest('.wide')).map(e => e.outerHTML.slice(0, 80)),
  ...[...document.querySelectorAll('.wide')].filter(e => innerWidth >= 700 && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.ariaLabel),
  ...[...document.images].filter(image => !image.naturalWidth).map(image => image.alt)]"""


@pytest.fixture
def report(demo, tmp_path):  # noqa: F811
    """The address of a report in which each section has something to say."""
    lost = cell("double-plain", message="no", cause=CAUSE), cell("double-hard", message="no", cause=CAUSE)
    plain = [result(f"student{n}", *lost[: n % 3], handed_in_at=f"2026-10-{n + 1:02} 10:00 UTC") for n in range(12)]
    strange = result("zoe", cell("double-plain", message=MESSAGE), status="unclear", note="look/" * 60)
    write_class(tmp_path / "out", *plain, strange)
    write_report(tmp_path / "out", [], tmp_path / "report.html", None)
    return (tmp_path / "report.html").as_uri()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_readable(chromium, report, theme):
    page = chromium.new_page(color_scheme=theme)
    page.goto(report)
    for width in (1280, 800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(FAULTS) == [], width
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]] == []
    page.close()


def test_its_pictures_follow_the_theme_and_paper_is_light(chromium, report):
    """Text is dark on a light page and light on a dark one; between the lines the page is seen."""
    darkest = {}
    for theme, media in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        page = chromium.new_page(color_scheme=theme)
        page.emulate_media(media=media, color_scheme=theme)
        page.goto(report)
        images = page.locator("img")
        assert images.count() == 5
        shot = images.first.screenshot()
        darkest[theme, media] = grey_levels(shot)
        page.close()
    assert darkest["light", "screen"][0] < 60 < 240 < darkest["light", "screen"][1]
    assert darkest["dark", "screen"] != darkest["light", "screen"]
    assert darkest["dark", "screen"][2] < 40  # most of it is the ground
    assert darkest["light", "screen"][2] > 240
    assert darkest["dark", "print"] == darkest["light", "screen"]


def grey_levels(shot: bytes) -> tuple[int, int, int]:
    """The darkest, the lightest and the middle grey of a picture."""
    grey = np.asarray(Image.open(io.BytesIO(shot)).convert("L"))
    return int(grey.min()), int(grey.max()), int(np.median(grey))
