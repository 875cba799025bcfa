"""From what was handed in to the report: causes come out of the sandbox, and only those that a check found."""

import csv
import dataclasses
import io

import pytest

from autograder.grading import finished
from autograder.grading.classes import grade_class
from autograder.reports.class_report.writing import write_report
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT

pytestmark = pytest.mark.real_path

SECRET = "def double(x):\n    return 2 if x == 1 else 1"  # the mistake that the hidden check knows
SAYS_SO = (
    "from course_utils.checks import CheckError\ndef double(x):\n    raise CheckError('no', 'the grader is broken')"
)


def test_a_class_of_four(handed_in, tmp_path):
    out = tmp_path / "out"
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double": SECRET})
    handed_in("cyd", RIGHT | {"double": SAYS_SO})
    path = handed_in("dan", RIGHT)
    path.rename(path.with_name("dan.ipynb"))
    results = grade_class(handed_in.submitted, out, [], OPTIONS).results
    bob = {cell["id"]: cell["cause"] for cell in results[1].cells}
    assert (bob["double-plain"], bob["double-hard"], bob["double_all-hard"]) == ("SECRET", "", "")
    invalid = finished.last_kept(out, UNIT, "dan")
    assert (invalid.status, invalid.cells) == ("invalid", [])

    write_report(out, [], tmp_path / "r.html", tmp_path / "r.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text())))
    assert [(row["outcome"], row["cause"], row["students"]) for row in rows if row["exercise"] == "double"] == [
        ("full marks", "", "1"),
        ("likely cause", "SECRET", "1"),
        ("no known cause", "", "1"),
    ]
    page = (tmp_path / "r.html").read_text()
    assert "found 00-demo/dan.ipynb" in page
    assert page.count("the grader is broken") == 1  # in the message that cyd's answer gave, and in no table


def test_a_preview_keeps_nothing(handed_in, tmp_path):
    path = handed_in("dan", RIGHT)
    path.rename(path.with_name("dan.ipynb"))
    grade_class(handed_in.submitted, tmp_path / "out", [], dataclasses.replace(OPTIONS, preview=True))
    assert not (tmp_path / "out" / "autograded").exists()
