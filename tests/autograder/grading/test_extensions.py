"""``extensions.csv``: each row is understood, or named."""

from datetime import datetime, timedelta

import pytest

from autograder.grading.extensions import demand_students, read_extensions
from tests.autograder.demo_course import UNIT

DUE = datetime(2026, 11, 20, 12)


@pytest.fixture
def extensions(demo, tmp_path):
    def read(text: str, encoding: str = "utf-8"):
        (tmp_path / "extensions.csv").write_bytes(text.encode(encoding))
        return read_extensions(tmp_path / "extensions.csv")

    return read


def test_a_date_and_a_span(extensions):
    found = extensions(f"student,unit,until\nada,{UNIT},2026-11-23T12:00Z\n\nbob, {UNIT}, 36h\n")
    assert {place: entry.line for place, entry in found.items()} == {(UNIT, "ada"): 2, (UNIT, "bob"): 4}
    ada, bob = found.values()
    assert ada.after(DUE) == timedelta(days=3)
    assert ada.after(DUE + timedelta(days=1)) == timedelta(days=2)  # the date stays where the due date moves
    assert ada.after(DUE + timedelta(days=9)) == timedelta(0)  # and takes no time away
    assert bob.after(DUE) == bob.after(DUE + timedelta(days=9)) == timedelta(hours=36)


def test_as_a_spreadsheet_saves_it(extensions):
    found = extensions(f"\ufeffUntil;Student;reason;Unit\r\n3d;ada;ill;{UNIT}\r\n")
    assert found[UNIT, "ada"].after(DUE) == timedelta(days=3)


def test_no_file_is_not_an_empty_one(extensions, tmp_path):
    assert read_extensions(tmp_path / "none.csv") is None
    assert extensions("student,unit,until\n") == {}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("ada,09-no,3d", "extensions.csv, line 3: there is no unit '09-no'; the units are 00-demo"),
        (f"ada,{UNIT},soon", "extensions.csv, line 3: 'soon' is no date such as 2026-11-20"),
        (f"ada,{UNIT},2026-11-31", "extensions.csv, line 3: '2026-11-31' is no date such as"),
        (f"ada,{UNIT},", "extensions.csv, line 3: expected student, unit, until; it has"),
        (f"{UNIT},3d", "extensions.csv, line 3: expected student, unit, until; it has"),
        (f"bob,{UNIT},3d", "extensions.csv, line 3: bob has 00-demo already in line 2"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(extensions, row, message):
    with pytest.raises(ValueError, match=r"\w") as caught:
        extensions(f"student,unit,until\nbob,{UNIT},1d\n{row}\n")
    assert message in str(caught.value)


def test_other_files(extensions):
    with pytest.raises(ValueError, match="has no column 'until': its first line must be student,unit,until"):
        extensions("student,unit\n")
    with pytest.raises(ValueError, match="has no column 'student'"):
        extensions("")
    with pytest.raises(ValueError, match="not text in UTF-8"):
        extensions("student,unit,until\nZoë,x,y", "latin-1")


def test_a_student_whom_nobody_knows_is_named(extensions):
    found = extensions(f"student,unit,until\nada,{UNIT},3d\nadda,{UNIT},3d\n")
    demand_students(found, {"ada", "adda"})
    demand_students(None, set())
    with pytest.raises(ValueError, match=r"line 3: nobody has the id 'adda', neither in submitted/ nor in ros"):
        demand_students(found, {"ada"})
