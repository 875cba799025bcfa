"""The page of answers that are alike: light and dark, wide and narrow, on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.reports.similarity.of_class import Found, Group, Side, UnitFound
from autograder.reports.similarity.shown import names_of, page_of

CODE = "def double(x):\n    # " + "a long line " * 30 + "\n\n    return 2 * x"


def a_page():
    pairs = [
        Found(
            Side(("ada",), [(3, CODE)], frozenset({1, 4})), Side((name,), [(3, CODE), (5, CODE)], frozenset({6})), 0.9
        )
        for name in ("bob", "cyd")
    ]
    groups = [Group("00-demo", "double", "Exercise 1 · double", pairs)]
    unit = UnitFound(
        "00-demo", 5, groups, [("bob", "eve")], {"double": (3, 5)}, {"quiz": "too short"}, [("fay", "", "no")]
    )
    found = [unit, UnitFound("01-demo", 2)]
    return page_of(found, names_of(hidden=False), hidden=False)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_at_every_width_and_axe_finds_nothing(page, theme):
    page.emulate_media(color_scheme=theme)
    page.set_content(a_page())
    for width in (1280, 800, 380):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []


def test_on_paper_both_sides_stand_beside_each_other_in_dark_on_light(page):
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 900})
    page.set_content(a_page())
    first, second = (page.locator(".side").nth(i).bounding_box() for i in (0, 1))
    assert first["y"] == second["y"]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
