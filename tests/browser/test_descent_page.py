"""The page of `explorers.descent` by itself: its arithmetic, its controls, what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.explorers import descent
from course_utils.explorers.descent import CURVES, MOMENTA, RATES, _shown, walk
from tests.browser import explorer_page

PAGE = ("descent", "chart")

DESCEND = "arguments => explorer.descend(...arguments)"
# The three calls run in one frame, one after the other: the page's own drawing is the second.
TWENTY_STEPS = """async () => {
  const slider = document.querySelector('input[type="range"]'), times = [];
  for (let k = 0; k < 20; k++) {
    times.push(await new Promise(go => {
      let begun;
      requestAnimationFrame(() => { begun = performance.now(); });
      slider.value = k % (Number(slider.max) + 1);
      slider.dispatchEvent(new Event('input'));
      requestAnimationFrame(() => {
        document.body.getBoundingClientRect();
        go(performance.now() - begun);
      });
    }));
  }
  return times;
}"""


def opened(page, *arguments, **options):
    explorer_page.show(page, descent(*arguments, **options))
    return page


def says(page):
    page.evaluate("() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")
    return page.get_by_role("status").text_content()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_two_steps_by_hand(calculator):
    first, second, third = calculator.evaluate(DESCEND, ["parabola", 2, 0.1, 0.9, 2])
    assert first == {"w": 2, "loss": 4}
    # gradient 4: w = 2 − 0.1 · 4; then gradient 3.2, and 0.9 of the 4 is kept
    assert second == pytest.approx({"w": 1.6, "loss": 2.56, "from": 2, "slope": 4, "before": 0, "velocity": 4})
    assert third == pytest.approx({"w": 0.92, "loss": 0.8464, "from": 1.6, "slope": 3.2, "before": 4, "velocity": 6.8})


@settings(max_examples=30, deadline=None)
@given(
    curve=st.sampled_from(list(CURVES)),
    start=st.floats(-3, 3),
    rate=st.sampled_from(RATES),
    momentum=st.sampled_from(MOMENTA),
    steps=st.integers(0, 30),
)
def test_a_path_is_that_of_sgd(calculator, curve, start, rate, momentum, steps):
    expected = walk(curve, start, rate, momentum, steps)
    path = calculator.evaluate(DESCEND, [curve, start, rate, momentum, steps])
    for ours, theirs in zip(path, expected, strict=True):
        # where the curve is steep and the steps are large, each one enlarges what was rounded
        assert ours["w"] == pytest.approx(theirs.w, rel=1e-5, abs=1e-5)
        assert ours["loss"] == pytest.approx(theirs.loss, rel=1e-5, abs=1e-5)


def test_a_number_is_shown_as_in_the_still_figure(calculator):
    numbers = [0, 4, -1.28, 0.83886, 99999.4, 123456, -0.00031, 1e-9, 2**0.5]
    shown = calculator.evaluate("numbers => numbers.map(explorer.figure)", numbers)
    expected = ["0", "4", "−1.28", "0.8389", "100000", "1.2·10^5", "−3.1·10^−4", "1.0·10^−9", "1.414"]
    assert shown == expected
    assert [_shown(number) for number in numbers] == expected


def test_the_formula_is_filled_in_at_every_step(page):
    opened(page)
    assert says(page) == "Step 1: gradient 4, w = 2 − 0.1·4 = 1.6. The loss is now 2.56."
    press(page, "step")
    assert says(page) == "Step 2: gradient 3.2, w = 1.6 − 0.1·3.2 = 1.28. The loss is now 1.638."
    press(page, "reset")
    assert says(page) == "Start: w = 2, loss 4, gradient 4."
    page.get_by_label("momentum").fill("0.9")
    press(page, "step")
    press(page, "step")
    assert (
        says(page) == "Step 2: gradient 3.2, v = 0.9·4 + 3.2 = 6.8, w = 1.6 − 0.1·6.8 = 0.92. The loss is now 0.8464."
    )


def test_by_keyboard_alone(page):
    opened(page, steps=2)
    page.keyboard.press("Tab")  # the curve
    page.keyboard.press("Tab")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    assert page.get_by_label("learning rate").get_attribute("aria-valuetext") == "0.5"
    assert says(page) == "Step 2: gradient 0, w = 0 − 0.5·0 = 0. The loss is now 0."  # one step led to the bottom
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert page.get_by_label("start").get_attribute("aria-valuetext") == "−3"
    page.keyboard.press("Tab")
    for _ in range(40):
        page.keyboard.press("Enter")
    # 1 − 2 · 0.8 = −0.6
    assert says(page).startswith("Step 42: gradient")
    assert "e-" not in says(page)


def test_the_start_is_dragged_on_the_curve(page):
    opened(page, steps=0)
    box = page.locator("svg.dragged").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 20)
    page.mouse.up()
    assert says(page) == "Start: w = −1, loss 1, gradient −2."
    assert page.get_by_label("start").input_value() == "-1"


def test_a_walk_that_diverges_ends(page):
    opened(page, rate=2, steps=2)
    assert says(page).endswith("w = −6 − 2·(−12) = 18. The loss is now 324. That is outside the picture.")
    for _ in range(20):
        press(page, "step")
    # 2 · 3^12 is the first above a million
    assert says(page).startswith("Step 12: ")
    assert says(page).endswith("The loss is now 1.1·10^12. It diverges: the steps are too large.")


def test_it_runs_and_can_be_stopped(page):
    opened(page, steps=0)
    press(page, "run")
    page.wait_for_function("document.querySelector('[role=status]').textContent.startsWith('Step 3')")
    assert page.get_by_role("status").get_attribute("aria-live") == "off"
    press(page, "stop")
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    before = says(page)
    page.wait_for_timeout(450)
    assert says(page) == before


def test_who_wants_no_motion_gets_ten_steps_at_once(page):
    page.emulate_media(reduced_motion="reduce")
    opened(page, steps=0)
    assert page.get_by_role("button", name="run").count() == 0
    press(page, "10 steps")
    assert says(page).startswith("Step 10: ")
    page.wait_for_timeout(450)
    assert says(page).startswith("Step 10: ")


def test_another_curve_has_its_own_start(page):
    opened(page, steps=5)
    page.get_by_label("loss", exact=True).select_option("two valleys")
    assert says(page).startswith("Start: w = 3, loss 2.18")
    press(page, "step")
    assert says(page).startswith("Step 1: gradient 0.12, w = 3 − 0.1·0.12 = 2.988.")


def test_a_step_of_a_slider_costs_less_than_a_frame(page):
    opened(page, "two valleys", momentum=0.9, steps=100)
    least = explorer_page.fastest(lambda: min(page.evaluate(TWENTY_STEPS)))
    assert 0.1 < least < explorer_page.FRAME  # and the drawing is in it
