"""Fixtures for what a student sees: a real browser on a real JupyterLab, started as `make lab` starts it.

A test that fails leaves a screenshot in ``tests/browser/screenshots/``; with ``SCREENSHOTS=all`` every test does.
"""

import os
import re
from pathlib import Path

import pytest

from tests.browser import explorer_page
from tests.browser.lab_page import LabPage
from tests.browser.student import Student
from tests.chromium import FLAGS, NONE_THERE, find_browser

FAILED = pytest.StashKey[bool]()
SCREENSHOTS = Path(__file__).parent / "screenshots"
# What JupyterLab itself writes to the console as an error, with the reason why it does no harm.
HARMLESS: dict[str, str] = {
    "widget model not found": "an explorer whose kernel has ended: its still figure is shown",
}


def pytest_itemcollected(item):
    item.add_marker("real_path")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium():
    """The browser, as Playwright drives it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: see requirements.txt")
    path = find_browser()
    if path is None:
        pytest.skip(NONE_THERE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A blank page; the test fails if a script in it does."""
    page, errors = chromium.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


@pytest.fixture(scope="module")
def calculator(chromium, request):
    """A page with the functions of the explorer that the file names in `PAGE`, as ``window.explorer``."""
    page = chromium.new_page()
    explorer_page.load(page, *request.module.PAGE)
    yield page
    page.close()


@pytest.fixture(scope="module")
def student(chromium, tmp_path_factory):
    """A student whose JupyterLab runs, with every released notebook untouched; one for the tests of a file."""
    student = Student(tmp_path_factory.mktemp("student"))
    student.start()
    yield student
    student.stop()


@pytest.fixture
def lab(chromium, student, request):
    """A page for JupyterLab, 1280 by 900; the test fails if the console has an error at the end."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield LabPage(page, student)
    ours = [error for error in errors if not any(re.search(pattern, error) for pattern in HARMLESS)]
    if ours or request.node.stash.get(FAILED, False) or os.environ.get("SCREENSHOTS") == "all":
        name = re.sub(r"[^\w-]+", "-", request.node.name).strip("-")
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
    context.close()
    student.begin_anew()
    assert ours == [], "the page's console has errors"
