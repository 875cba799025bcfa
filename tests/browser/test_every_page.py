"""What holds for the page of every explorer, each in a blank document."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_utils.explorers.explorer import page_files
from tests.browser import explorer_page
from tests.browser.every_explorer import CASES, open_all

# what is seen of every element: its place, its colours, its border
SEEN = """() => [...document.querySelectorAll('main, main *')].map(element => {
  const { x, y, width, height } = element.getBoundingClientRect(), style = getComputedStyle(element);
  const look = ['color', 'backgroundColor', 'borderTopWidth', 'fontSize', 'fontWeight', 'stroke', 'cursor'];
  return [element.tagName, element.className, x, y, width, height, ...look.map(name => style[name])].join(' ');
})"""
FOCUSABLE = "a, button, input, select, textarea, summary, canvas[tabindex], [tabindex], [contenteditable]"


@pytest.fixture(scope="module", params=CASES)
def opened(chromium, request):
    """(page, case) of an explorer that shows all it can, opened once for the tests of this file."""
    page, errors = chromium.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    case = CASES[request.param]
    explorer_page.show(page, case.explorer())
    open_all(page, case)
    yield page, case
    page.close()
    assert errors == []


def test_whatever_takes_the_focus_keeps_the_shortcuts_of_jupyterlab_out(opened):
    page, _ = opened
    assert page.locator(FOCUSABLE).count() > 1
    assert page.evaluate(
        "selector => [...document.querySelectorAll(selector)].every(e => e.dataset.lmSuppressShortcuts === 'true')",
        FOCUSABLE,
    )


def test_a_key_changes_what_it_says_and_nothing_is_asked_of_the_kernel(opened):
    page, case = opened
    says = page.get_by_role("status")
    page.locator(case.target).first.focus()
    before = says.text_content()
    page.keyboard.press(case.key)
    page.wait_for_function("([e, before]) => e.textContent !== before", arg=[says.element_handle(), before])
    assert page.evaluate("asked") == []


def test_it_can_be_read_at_every_width_in_both_themes(opened):
    page, case = opened
    for theme in ("light", "dark"):
        if theme == "dark":
            page.add_style_tag(content=explorer_page.DARK)
        for width in explorer_page.WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (theme, width)
        page.locator(case.target).first.focus()
        found = Axe().run(page, "main", options={"resultTypes": ["violations"]}).response["violations"]
        assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == [], theme


def test_the_style_sheets_of_the_other_explorers_change_nothing(opened):
    """In a notebook all hold at once, in the order in which the cells ran."""
    page, case = opened
    page.mouse.move(0, 0)
    before = page.evaluate(SEEN)
    others = [other.explorer() for other in CASES.values() if other is not case]
    page.add_style_tag(content="\n".join(page_files(other.name, other.parts)[1] for other in others))
    assert page.evaluate(SEEN) == before
