"""The page of `questions.prediction` by itself: what it takes, what it says, and that nothing shows before."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from course_utils.questions.captured import Captured
from course_utils.questions.score import FOLDER, Question, Scored
from tests.browser import explorer_page

NUMBER = Question(
    "How many numbers come out?", "Eight channels of 26 by 26.", because={"784": "That is the picture's."}, within=0.5
)
CHOICE = Question(
    "What comes out?", "It is laid on as it is.", choices=["0", "7, the largest", "<b>12</b>"], because={"0": "No one."}
)


def shown(page, asks, answer, text="torch.Size([8, 26, 26])"):
    output = Captured()
    output.add({"text/plain": text})
    output.add({"text/html": "<table><tr><th>size</th></tr><tr><td>5408</td></tr></table>"})
    explorer_page.show(page, Scored(asks, answer, output))
    return page


def says(page):
    return page.get_by_role("status").text_content()


@pytest.fixture(scope="module")
def calculator(chromium):
    page = chromium.new_page()
    explorer_page.load(page, "prediction", folder=FOLDER / "pages")
    yield page
    page.close()


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" -0.5 ", -0.5), ("−0,5", -0.5), ("1,152", 1152), ("25 088", 25088), ("1,000,000.5", 1000000.5)]
    + [("0,286", 0.286), (".5", 0.5), ("2e-3", 0.002), ("64 %", 64), ("+3", 3), ("1,5", 1.5)]
    + [(text, None) for text in ("", "  ", "x", "1/3", "-", "1,2,3", "12 pixels", "Infinity", "0x10", "1 2")],
)
def test_what_counts_as_a_number(calculator, text, number):
    assert calculator.evaluate("text => explorer.numberIn(text)", text) == number


@pytest.mark.parametrize(
    ("said", "right", "words"),
    [
        (5408, True, "Right: 5,408. Eight channels of 26 by 26."),
        (5408.4, True, "Right: near enough, it is 5,408. Eight channels of 26 by 26."),
        (5400, False, "Not right: it is 5,408, and 5,400 is 8 too low. Eight channels of 26 by 26."),
        (6272, False, "Not right: it is 5,408, and 6,272 is 864 too high. Eight channels of 26 by 26."),
        (784, False, "Not right: it is 5,408, and 784 is 4,624 too low. That is the picture's. Eight channels of "
         "26 by 26."),
    ],
)  # fmt: skip
def test_a_number_is_scored_in_words(calculator, said, right, words):
    state = {"answer": 5408, "choices": [], "because": NUMBER.because, "within": 0.5, "why": NUMBER.why}
    came = calculator.evaluate("([state, said]) => explorer.scored(state, said)", [state, said])
    assert came["right"] == right
    assert f"{came['verdict']} {came['explained']}" == words


def test_floats_are_equal_but_for_their_rounding(calculator):
    state = {"answer": 0.1 + 0.2, "choices": [], "because": {}, "within": 0, "why": ""}
    assert calculator.evaluate("([state, said]) => explorer.scored(state, said)", [state, 0.3])["right"]


def test_by_keyboard_alone(page):
    shown(page, NUMBER, 5408.0)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert says(page) == "Write a number first, such as 12 or 0.5."
    page.keyboard.type("5x")
    assert page.get_by_role("textbox").get_attribute("aria-invalid") == "true"
    page.keyboard.press("Enter")
    assert "5408" not in page.content()  # nothing of the output is in the page, in sight or not
    page.keyboard.press("Backspace")
    page.keyboard.type("408")
    assert says(page) == "Your prediction: 5,408"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert says(page).startswith("Right: 5,408.")
    output = page.get_by_role("region", name="the output")
    assert output.locator("pre").text_content() == "torch.Size([8, 26, 26])"
    assert output.locator("td").text_content() == "5408"
    assert output.evaluate("e => e === document.activeElement")
    assert page.get_by_role("textbox", name=NUMBER.question).input_value() == "5408"
    assert page.get_by_role("textbox").is_disabled()
    assert page.get_by_role("button").count() == 0
    assert page.evaluate("asked") == []


def test_choices_by_mouse_and_by_keyboard(page):
    shown(page, CHOICE, "7, the largest")
    page.get_by_role("button").click()
    assert says(page) == "Take one of the choices first."
    page.get_by_text("<b>12</b>").click()  # it is text, not markup
    page.get_by_role("button").click()
    assert says(page) == "Not right: it is 7, the largest. It is laid on as it is."
    assert page.get_by_role("radio", name="<b>12</b>").is_checked()
    shown(page, CHOICE, "7, the largest")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert says(page) == "Your prediction: 0"
    page.keyboard.press("Enter")
    assert says(page) == "Not right: it is 7, the largest. No one. It is laid on as it is."


def test_the_first_prediction_of_each_question_is_counted(page):
    shown(page, CHOICE, "0")
    tallies = []
    for asks, answer, place in ((NUMBER, 7.0, None), (CHOICE, "0", 0), (CHOICE, "0", 1)):
        state = Scored(asks, answer, Captured()).state
        page.evaluate("document.querySelector('main').replaceChildren()")
        page.evaluate(explorer_page.SHOW, state)
        if place is None:
            page.get_by_role("textbox").fill("8")
        else:
            page.get_by_role("radio").nth(place).check()
        page.get_by_role("button").click()
        tallies.append(page.locator(".tally").text_content().split(" right")[0])
    assert tallies == ["0 of 1 predictions", "1 of 2 predictions", "1 of 2 predictions"]


@pytest.mark.parametrize(("asks", "answer"), [(NUMBER, 5408.0), (CHOICE, "0")], ids=["number", "choice"])
def test_it_can_be_read_at_every_width_in_both_themes(page, asks, answer):
    shown(page, asks, answer, text="a long line " * 40)
    for opened in (False, True):
        if opened:
            field = page.locator("input").first
            field.check() if asks is CHOICE else field.fill("784")
            page.get_by_role("button").click()
        focusable = page.locator("input, button, [tabindex]").all()
        assert all(part.get_attribute("data-lm-suppress-shortcuts") == "true" for part in focusable)
        for theme in ("light", "dark"):
            style = page.add_style_tag(content=explorer_page.DARK if theme == "dark" else "body {}")
            for width in explorer_page.WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (theme, width)
            found = Axe().run(page, "main", options={"resultTypes": ["violations"]}).response["violations"]
            assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == [], theme
            style.evaluate("e => e.remove()")
