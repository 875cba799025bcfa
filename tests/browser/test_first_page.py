"""What opens when the course is opened: the guide with the student's progress, links that lead there, nothing else."""

import re

import pytest

from tests.browser.student import released, solved

UNIT = "01-convolution"
DONE = {"hand-task", "hand-check", "corr2d-task", "corr2d-check"}


@pytest.fixture
def opened(lab):
    """The page as the command opens it, when the guide can be read."""
    lab.page.goto(f"{lab.student.address}?token={lab.student.token}")
    lab.page.locator(".jp-OutputArea table").first.wait_for()
    lab.wait_for_kernel()
    return lab


def texts(lab, selector: str) -> list[str]:
    return [text.strip() for text in lab.page.locator(selector).all_text_contents()]


def test_the_guide_opens_with_the_progress_and_nothing_pops_up(opened):
    assert opened.page.url.endswith("/lab/tree/guide.ipynb")
    assert texts(opened, ".jp-OutputArea table >> nth=0 >> th") == [
        "chapter",
        "done",
        "tried",
        "untouched",
        "points that wait",
    ]
    assert texts(opened, ".jp-OutputArea p >> nth=0")[0].startswith("Next: Exercise 1 · By hand in chapter 01")
    assert opened.page.locator(".jp-Dialog, .Toastify__toast").count() == 0


def test_nbgraders_tools_for_instructors_are_not_there_and_validate_is(opened):
    assert "Nbgrader" not in texts(opened, ".lm-MenuBar-itemLabel")
    titles = opened.page.locator(".jp-SideBar .lm-TabBar-tab").evaluate_all("tabs => tabs.map(tab => tab.title)")
    assert any(title.startswith("File Browser") for title in titles)
    assert not [title for title in titles if re.search("assignment|nbgrader", title, re.IGNORECASE)]
    assert opened.page.get_by_role("button", name="Validate").count() == 1


def test_after_a_chapter_the_cell_leads_to_the_next_one(lab, student):
    student.put(UNIT, solved(UNIT))
    lab.open_notebook("guide.ipynb")
    lab.wait_for_kernel()
    said = lab.run("progress")
    assert "01 · What a convolution computes: 10 of 10 done" in said
    assert "Next: Exercise 1 · the formula in chapter 02" in said
    lab.cell("progress").locator("p a").first.click()
    lab.page.locator(".jp-Notebook h1", has_text="02 · Predicting every shape").wait_for()


def test_within_a_chapter_the_link_leads_to_the_exercise(lab, student):
    """Two exercises are done and saved; the third one's heading is in sight, and stays there."""
    begun, done = released(UNIT), {cell.id: cell for cell in solved(UNIT).cells}
    begun.cells = [done[cell.id] if cell.id in DONE else cell for cell in begun.cells]
    student.put(UNIT, begun)
    lab.open_notebook("guide.ipynb")
    lab.wait_for_kernel()
    assert "Next: Exercise 3 · Padding, stride, dilation in chapter 01" in lab.run("progress")
    lab.cell("progress").locator("p a").first.click()
    heading = lab.page.locator(".jp-Notebook h2", has_text="Exercise 3 · Padding")
    heading.wait_for()
    lab.page.wait_for_timeout(5000)  # pictures that arrive later must not push it out of sight
    assert 0 <= heading.bounding_box()["y"] < lab.page.viewport_size["height"]
