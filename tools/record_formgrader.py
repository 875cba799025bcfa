"""Record docs/images/formgrader-*.png: how answers in words are marked, as docs/instructor.md shows it.

Run it as ``python -m tools.record_formgrader``. It needs a browser, as the browser tests do, and what grading needs.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

import nbformat
from PIL import Image

from autograder import ROOT
from autograder.course.cells import nbgrader_tag
from course_utils.exercises import NO_TEXT
from tests.autograder.demo_course import OPTIONS
from tests.browser.instructor import Instructor
from tests.browser.student import answered
from tests.chromium import FLAGS, NONE_THERE, find_browser

IMAGES = ROOT / "docs" / "images"
UNIT = "02-shapes"
SIZE = {"width": 1240, "height": 860}
COLOURS = 64
CLASS = "id,first_name,last_name\nada,Ada,A\nbob,Bob,B\ncyd,Cyd,C\n"
ADAS = """Each layer takes two pixels, so 28 is 8 after ten layers, and there are at most 13. A pixel in the corner is
in one window only, one inside is in nine.

With stride 2 there are about a quarter of the outputs, so a quarter of the work."""
ANSWERS = {"ada": ADAS, "bob": "The maps get smaller.", "cyd": NO_TEXT}


def hand_in(course: Instructor) -> None:
    """The unit, and the class's notebooks: right code, and an answer in words."""
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder / UNIT, course.folder / folder / UNIT)
    (course.folder / "roster.csv").write_text(CLASS, encoding="utf-8")
    for student, text in ANSWERS.items():
        notebook = answered(UNIT)
        [question] = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") == "written"]
        question.source = text
        path = course.folder / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)


def record(course: Instructor, page) -> dict[str, bytes]:
    """The list of submissions, an answer with its marks, and the page that the student reads, by what they show."""
    page.goto(f"{course.address}login?token={course.token}")
    page.goto(f"{course.address}formgrader/gradebook/{UNIT}/{UNIT}")
    page.locator("tbody a.name-hidden").first.wait_for()
    page.get_by_role("button", name="Show All Names").click()
    pictures = {"list": page.screenshot(clip={"x": 0, "y": 0, "width": SIZE["width"], "height": 425})}
    page.locator("a.name-shown", has_text="A, Ada").click()
    page.locator("#written.needs_manual_grade").wait_for()
    comment = "Right. What does stride 2 cost?"
    for field, value in {"written": "3", "written_extra_credit": "0.5", "written-comment": comment}.items():
        page.locator(f"#{field}").fill(value)
        with page.expect_response(lambda reply: reply.request.method == "PUT"):
            page.locator(f"#{field}").blur()
    page.get_by_text("Rubric. Students never see this.").evaluate("box => scrollTo(0, box.offsetTop - 210)")
    page.locator(".save-icon:visible").first.wait_for(state="hidden")
    pictures["answer"] = page.screenshot()
    course.run("autograder", "grade", UNIT, *_box())
    page.goto((course.folder / "feedback" / "ada" / UNIT / f"{UNIT}.html").as_uri())
    rows = page.locator("table.marks")
    rows.evaluate("table => table.querySelectorAll('tbody tr')[0].scrollIntoView({block: 'center'})")
    pictures["feedback"] = page.screenshot()
    return pictures


def _box() -> list[str]:
    return [] if OPTIONS.sandbox else ["--no-sandbox"]


def main() -> None:
    """Make the course, grade it, mark an answer, and write the pictures."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        raise SystemExit(NONE_THERE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        course = Instructor(Path(folder))
        hand_in(course)
        course.run("autograder", "grade", UNIT, *_box())
        course.start()
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            pictures = record(course, browser.new_page(viewport=SIZE))
        finally:
            browser.close()
            course.stop()
    for name, data in pictures.items():
        file = IMAGES / f"formgrader-{name}.png"
        Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS).save(file, optimize=True)
        print(f"{file.name}: {file.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
