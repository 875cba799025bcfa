"""The page of `explorers.runs` by itself: which run it shows, and what it says."""

import json

import pytest

from course_utils.explorers import runs
from course_utils.explorers.runs import FILE, _in_words
from tests.browser import explorer_page
from tests.browser.test_descent_page import TWENTY_STEPS, says

RECORDED = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def shown(page):
    explorer_page.show(page, runs())
    return page


def test_every_run_is_told_as_in_python(shown):
    came = shown.evaluate("recorded => recorded.runs.map(run => explorer.inWords(run, recorded))", RECORDED)
    assert came == [_in_words(run, RECORDED) for run in RECORDED["runs"]]


def test_a_mean_stands_in_the_middle_of_its_steps(shown):
    points = shown.evaluate("explorer.trainingPoints({ train_loss: [2, 1] }, 5)")
    assert points == [[3, 2], [8, 1]]  # of steps 1 to 5 and 6 to 10


def test_by_keyboard_alone_every_run_is_found(shown):
    told = set()
    for tabs_to_a_checkbox in (1, 2, 1, 2):  # both off, momentum, both, batch norm alone
        shown.get_by_label("learning rate").focus()
        shown.keyboard.press("Home")
        for _ in range(7):
            told.add(says(shown))
            shown.keyboard.press("ArrowRight")
        for _ in range(tabs_to_a_checkbox):
            shown.keyboard.press("Tab")
        shown.keyboard.press("Space")
    assert told == {_in_words(run, RECORDED) for run in RECORDED["runs"]}


def test_only_runs_that_were_looked_at_have_a_point(shown):
    ends = shown.locator("figure").nth(1)
    assert ends.locator("path.end").count() == 1
    assert ends.locator("path.kin, path.past").count() == 1
    shown.get_by_label("batch norm").click()
    says(shown)
    assert ends.locator("path.kin").count() == 1
    assert ends.locator("path.past").count() == 1
    shown.get_by_label("batch norm").click()
    shown.get_by_label("learning rate").press("End")
    assert "diverged. In step 14 the loss was no finite number" in says(shown)
    assert ends.locator("path.end").count() == 0


def test_the_other_runs_are_grey_behind_it(shown):
    losses = shown.locator("figure").nth(0)
    assert losses.locator("path.other").count() == 27
    assert losses.locator("path.training").count() == 1
    assert losses.locator("path.validation").count() == 5


def test_a_step_of_the_slider_costs_less_than_a_frame(shown):
    assert 0.1 < explorer_page.fastest(lambda: min(shown.evaluate(TWENTY_STEPS))) < explorer_page.FRAME
