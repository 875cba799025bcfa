"""What answers in words are marked with: nbgrader's formgrader, driven as a person does it, and what comes of it."""

import csv
import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.grading.results import WAITS_AGAIN
from tests.autograder.demo_course import UNIT
from tests.browser.instructor import Instructor

LIST = f"formgrader/gradebook/{UNIT}/{UNIT}"
RUBRIC = re.compile("RUBRIC-|The rubric|of the model")
HIDDEN = re.compile("SECRET|HIDDEN TESTS")
# Without the internet the page's formulas stay as they are written: nbgrader takes MathJax from there.
OFFLINE = "MathJax is not defined"
ACTS = '<img src="x" onerror="document.body.dataset.acted = 1">'
SECRET = "only-dan-and-the-exchange"
LONG = 500_000
CLASS = """id,first_name,last_name
ada,Ada,Lovelace
bob,Bob,B
cyd,Cyd,C
dan,Dan,D
zoë_möller,Zoë Anna,van der Möller
"""


@pytest.fixture(scope="module")
def course(chromium, tmp_path_factory):
    """The course, graded, with JupyterLab running."""
    folder, exchange = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    instructor = Instructor(folder, f"c.Exchange.root = {str(exchange)!r}")
    instructor.exchange = exchange
    (folder / "roster.csv").write_text(CLASS, encoding="utf-8")
    instructor.hand_in("ada", written="ADA-WRITES that *two* of $x^2$ < 3.", why="ADA-SAYS-WHY")
    instructor.hand_in("bob", written=f"BOB-WRITES {ACTS}")
    instructor.hand_in("cyd", written="CYD-WRITES", why="CYD-SAYS-WHY")
    there = instructor.hand_in("dan", written="DAN-WRITES", why="DAN-SAYS-WHY")
    (there / "timestamp.txt").write_text("2027-01-31 12:00:00 UTC")
    (there / "submission_secret.txt").write_text(SECRET)
    instructor.hand_in("zoë_möller", f"print('o' * {LONG})", written="ZOË-WRITES", why="ZOË-SAYS-WHY")
    instructor.grade()
    instructor.start()
    yield instructor
    instructor.stop()


@pytest.fixture
def page(chromium, course):
    """A page of the browser, logged in; the test fails if a script in it does."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{course.address}login?token={course.token}")
    yield page
    context.close()
    assert [error for error in errors if error != OFFLINE] == []


def choose(frame, name: str) -> None:
    """In the list of submissions, show the names, and open the one of this student."""
    frame.locator("tbody a.name-hidden").first.wait_for()
    frame.get_by_role("button", name="Show All Names").click()
    frame.locator("a.name-shown", has_text=name).click()
    # The gradebook's marks come after the page.
    frame.locator("#double-plain[placeholder='1']").wait_for()


def give(page, **typed: str) -> None:
    """Type into fields of the formgrader, by their ids with ``_`` for ``-``, and wait until each is saved."""
    for name, value in typed.items():
        field = page.locator(f"#{name.replace('_', '-')}")
        field.fill(value)
        with page.expect_response(lambda reply: reply.request.method == "PUT"):
            field.blur()


def in_gradebook(course, student: str) -> tuple[float, bool]:
    """A student's marks, and whether a person has still to look at them."""
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        submission = book.find_submission(UNIT, student)
        return submission.score, bool(submission.needs_manual_grade)


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    """The lines of a CSV file by what stands in the column `key`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def line(printed: str, student: str) -> str:
    """A student's line of what `grade` printed, without the seconds."""
    [found] = [each for each in printed.splitlines() if each.startswith(student)]
    return " ".join(found.split()[1:-1])


def test_the_round_from_the_menu_to_the_marks(page, course):
    page.goto(f"{course.address}lab?reset")
    page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Formgrader$")).click()
    frame = page.frame_locator("iframe[src*='formgrader']")
    frame.get_by_role("link", name="Manual Grading").click()
    frame.locator(f"tbody a[href$='/gradebook/{UNIT}']").click()
    frame.locator(f"tbody a[href$='/gradebook/{UNIT}/{UNIT}']").click()
    choose(frame, "Lovelace, Ada")
    # The rubric, the answer, and where its marks go, on one screen.
    seen = [frame.get_by_text("RUBRIC-ONE"), frame.get_by_text("ADA-SAYS-WHY"), frame.locator("#why-comment")]
    seen[1].scroll_into_view_if_needed()
    places = [each.bounding_box() for each in seen]
    assert places == sorted(places, key=lambda box: box["y"])
    assert places[0]["y"] >= 0
    assert places[-1]["y"] + places[-1]["height"] <= 900
    frame.locator("#written").fill("1.5")
    frame.locator("#written_extra_credit").fill("0.5")
    frame.locator("#written-comment").fill("ADA-READS-THIS")
    frame.locator("#why").fill("1")
    frame.get_by_role("link", name="Next").click()  # what was typed last is kept too
    frame.locator(".panel-title", has_text="Submission 1 / 5").wait_for(state="hidden")

    executed = {path: path.stat().st_mtime_ns for path in course.folder.glob("autograded/*/*/*.ipynb")}
    assert line(course.grade(), "ada") == f"{UNIT} graded 7 of 8"  # 4 + 1.5 + 0.5 + 1
    assert {path: path.stat().st_mtime_ns for path in executed} == executed
    read = course.feedback("ada")
    assert "Your marks: 7 of 8" in read
    assert "comment: ADA-READS-THIS" in read
    assert "waits for a person" not in read
    assert not RUBRIC.search(read)
    course.run("autograder", "marks", "--format", "csv", "--out", "marks.csv")
    row = rows(course.folder / "marks.csv", "id")["ada"]
    assert (float(row["score"]), float(row["maximum"]), row["waits"]) == (7, 8, "")
    course.run("nbgrader", "export", "--to", "grades.csv")
    assert float(rows(course.folder / "grades.csv", "student_id")["ada"]["score"]) == 7


def test_an_answer_that_was_left_blank_has_0_and_does_not_wait(page, course):
    page.goto(course.address + LIST)
    choose(page, "Bob")
    assert page.evaluate("document.body.dataset.acted") is None  # nothing that a student wrote acts here
    assert page.locator("#why").get_attribute("placeholder") == "0"
    assert "needs_manual_grade" not in page.locator("#why").get_attribute("class")
    give(page, written="2")
    assert line(course.grade(), "bob") == f"{UNIT} graded 6 of 8"
    assert in_gradebook(course, "bob") == (6, False)


def test_another_answer_waits_again_until_it_is_resolved(page, course):
    page.goto(course.address + LIST)
    choose(page, "Cyd")
    give(page, written="2", why="1")
    course.hand_in("cyd", written="CYD-WRITES-AGAIN", why="CYD-SAYS-WHY")
    assert line(course.grade(), "cyd") == f"{UNIT} graded 7 of 8 2"  # the old mark stands, 2 points are to be read
    assert in_gradebook(course, "cyd") == (7, True)
    assert WAITS_AGAIN in course.feedback("cyd")
    page.goto(course.address + LIST)  # the same JupyterLab: it asks the gradebook anew
    choose(page, "Cyd")
    page.get_by_text("CYD-WRITES-AGAIN").wait_for()
    [resolve] = page.get_by_role("button", name="Resolve").all()  # a hidden one has no role
    with page.expect_response(lambda reply: reply.request.method == "PUT"):
        resolve.click()
    assert line(course.grade(), "cyd") == f"{UNIT} graded 7 of 8"


def test_a_long_output_and_a_name_with_umlauts(page, course):
    page.goto(course.address + LIST)
    choose(page, "van der Möller, Zoë Anna")
    shown = page.locator(".output_area", has_text="ooo").text_content().strip()
    assert len(shown) > 100_000
    page.get_by_text("ZOË-SAYS-WHY").wait_for()
    page.get_by_text("RUBRIC-TWO").wait_for()
    give(page, why_comment="für Zoë")
    course.grade()
    assert "comment: für Zoë" in course.feedback("zoë_möller")


def test_its_buttons_grade_and_give_back_as_the_commands_do(page, course):
    page.goto(f"{course.address}formgrader/manage_submissions/{UNIT}")
    row = page.locator("tbody tr:has(a[href*='/dan/'])")

    def press(name: str) -> None:
        row.locator(f".{name} a").click()
        page.locator(".modal-title", has_text="Success").wait_for(timeout=120_000)
        page.locator(".modal.in .modal-footer button").first.click()
        page.locator(".modal.in").wait_for(state="hidden")

    press("release-feedback")  # the page that `grade` wrote
    [released] = (course.exchange / "convnets" / "feedback").glob("*.html")
    assert "Your marks: 4 of 8" in released.read_text(encoding="utf-8")
    press("autograde")
    assert in_gradebook(course, "dan") == (4, True)
    press("generate-feedback")
    press("release-feedback")
    for text in (course.feedback("dan"), released.read_text(encoding="utf-8")):
        assert "DAN-WRITES" in text
        assert "Your marks: 4 of 8" not in text  # nbgrader's own page
        assert not RUBRIC.search(text)
        assert not HIDDEN.search(text)


def test_the_rubric_is_in_no_file_but_its_source(course):
    """Whatever the tests before have written: notebooks, pages, gradebook, tables."""
    places = [course.folder / name for name in ("notebooks", "submitted", "autograded", "feedback")]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(files) > 15
    assert [path for path in files if RUBRIC.search(path.read_text(encoding="utf-8"))] == []
    assert not RUBRIC.search((course.folder / "gradebook.db").read_bytes().decode("latin-1"))
