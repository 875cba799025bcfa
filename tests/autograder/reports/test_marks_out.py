"""From a gradebook to the files of Moodle, Canvas and Gradescope, each as its documentation shows it."""

import csv
import io
import json
import shutil
import zipfile
from datetime import datetime

import pytest

from autograder.grading.roster import read_roster
from autograder.nbgrader_bridge import open_gradebook
from autograder.reports.grades import Grade, read_grades
from autograder.reports.marks_out import write_marks
from autograder.reports.worksheets import read_worksheet

SHAPES, CONVOLUTION = "02-shapes", "01-convolution"
ROSTER = """id,first_name,last_name,email,lms_id
ada,Ada,Lovelace,ada@example.org,101
zoe,Zoë,"Müller, geb. Klein",zoe@example.org,102
bob,Bob,Ross,bob@example.org,103
eve,Eve,Adams,eve@example.org,104
"""
# The columns of Moodle's "Download grading worksheet".
MOODLE = """\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 5001","Ada Lovelace",ada@example.org,"Submitted for grading - ",,100.00,Yes,-,-,"<p>old, with
a line</p>"
"Participant 5002","Zoë Müller, geb. Klein",,"Submitted for grading - ",,100.00,Yes,-,-,
"Participant 5003","Bob Ross",bob@example.org,"Submitted for grading - ",50.00,100.00,No,-,-,
"Participant 5004","Eve Adams",eve@example.org,"No submission - ",,100.00,Yes,-,-,
"Participant 5005","A Stranger",stranger@example.org,"No submission - ",,100.00,Yes,-,-,
"""
# The columns of Canvas's "Export" of the gradebook.
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,01-convolution (9001),02-shapes (9002),Current Score
    Points Possible,,,,,20,100,(read only)
"Lovelace, Ada",101,S1,ada,One,,,
"Müller, Zoë",,,zoe@example.org,One,,,
"Ross, Bob",103,,,One,,,
"Student, Test",999,,abc,One,,,
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Ada has 6 of 8 points less 1 for coming late, Zoë 8, Bob's written answer waits, Eve handed in nothing."""
    path = tmp_path_factory.mktemp("marks") / "gradebook.db"
    with open_gradebook(path) as book:
        for unit, points in ((SHAPES, 8), (CONVOLUTION, 20)):
            book.add_assignment(unit, duedate=datetime(2026, 11, 20, 12))
            book.add_notebook(unit, unit)
            book.add_grade_cell("a", unit, unit, max_score=points, cell_type="code")
        for student, score in (("ada", 6), ("zoe", 8), ("bob", 0)):
            book.add_student(student)
            book.add_submission(SHAPES, student, timestamp=datetime(2026, 11, 20, 11))
            grade = book.find_grade("a", SHAPES, SHAPES, student)
            grade.auto_score, grade.needs_manual_grade = score, student == "bob"
        late = book.find_submission(SHAPES, "ada")
        late.timestamp = datetime(2026, 11, 20, 13, 30)
        late.notebooks[0].late_submission_penalty = 1
        book.db.commit()
    return path


@pytest.fixture
def course(database, tmp_path):
    shutil.copyfile(database, tmp_path / "gradebook.db")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


def rows(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_mark_on_another_scale():
    assert Grade("ada", SHAPES, 5, 8).out_of(100) == 62.5
    assert Grade("ada", SHAPES, 1, 3).out_of(100) == 33.33
    assert Grade("ada", SHAPES, 0, 0).out_of(100) == 0


def test_grades_are_the_gradebooks(course):
    grades = {g.student: g for g in read_grades(course / "gradebook.db", read_roster(course / "roster.csv"), [SHAPES])}
    assert (grades["ada"].score, grades["ada"].penalty, grades["ada"].late) == (5, 1, 5400)
    assert grades["zoe"].score == 8
    assert grades["bob"].waits
    assert (grades["eve"].score, grades["eve"].handed_in) == (0, False)


def test_moodles_worksheet_is_filled_and_otherwise_the_same(course, capsys):
    (course / "sheet.csv").write_text(MOODLE, encoding="utf-8")
    assert not write_marks(course, "moodle", [SHAPES], course / "sheet.csv", course / "out.csv")
    before, after = rows(course / "sheet.csv"), rows(course / "out.csv")
    assert [row[4] for row in after[1:]] == ["62.50", "100.00", "50.00", "0.00", ""]
    for old, new in zip(before, after, strict=True):
        assert old[:4] + old[5:] == new[:4] + new[5:]
    assert (course / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    said = capsys.readouterr().out
    assert "not written: line 4, Bob Ross: the worksheet says that this grade cannot be changed" in said
    assert "not written: line 6, A Stranger: nobody in roster.csv, or more than one" in said


def test_what_waits_for_a_person_is_not_given_out(course, capsys):
    (course / "sheet.csv").write_text(MOODLE.replace("100.00,No", "100.00,Yes"), encoding="utf-8")
    assert not write_marks(course, "moodle", [SHAPES], course / "sheet.csv", course / "out.csv")
    assert rows(course / "out.csv")[3][4] == "50.00"
    assert "line 4, Bob Ross: an answer of bob waits to be read" in capsys.readouterr().out


def test_a_worksheet_with_semicolons_and_decimal_commas(course):
    text = MOODLE.splitlines()[0].replace(",", ";") + "\r\nParticipant 1;Ada Lovelace;;x;;10,00;Yes;-;-;\r\n"
    (course / "sheet.csv").write_bytes(text.encode())
    assert write_marks(course, "moodle", [SHAPES], course / "sheet.csv", course / "out.csv")
    last = (course / "out.csv").read_bytes().decode("utf-8-sig").splitlines(keepends=True)[-1]
    assert last == "Participant 1;Ada Lovelace;;x;6,25;10,00;Yes;-;-;\r\n"


def test_feedback_goes_back_in_moodles_folders(course):
    for student in ("ada", "zoe"):
        page = course / "feedback" / student / SHAPES / f"{SHAPES}.html"
        page.parent.mkdir(parents=True)
        page.write_text(student)
    (course / "sheet.csv").write_text(MOODLE, encoding="utf-8")
    write_marks(course, "moodle", [SHAPES], course / "sheet.csv", course / "out.csv", course / "back.zip")
    with zipfile.ZipFile(course / "back.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"Ada Lovelace_5001_assignsubmission_file_/{SHAPES}.html": b"ada",
            f"Zoë Müller, geb. Klein_5002_assignsubmission_file_/{SHAPES}.html": b"zoe",
        }


def test_canvass_gradebook_is_filled_in_every_column_with_a_units_name(course, capsys):
    (course / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    assert not write_marks(course, "canvas", [], course / "canvas.csv", course / "out.csv")
    after = rows(course / "out.csv")
    assert [row[5:7] for row in after[1:]] == [
        ["20", "100"],
        ["0.00", "62.50"],
        ["0.00", "100.00"],
        ["0.00", ""],
        ["", ""],
    ]
    assert "bob, 02-shapes: an answer waits to be read" in (said := capsys.readouterr().out)
    assert "eve: not in canvas.csv" in said
    assert "Test" not in said


def test_plain_and_gradescopes_columns(course):
    assert write_marks(course, "csv", [SHAPES], None, course / "plain.csv")
    assert rows(course / "plain.csv")[1] == (
        ["ada", "Ada", "Lovelace", "ada@example.org", "101", "02-shapes", "5", "8", "1"] + ["", "2026-11-20 13:30:00"]
    )
    assert write_marks(course, "gradescope", [], None, course / "scope.csv")
    header, ada, *_ = rows(course / "scope.csv")
    found = dict(zip(header, ada, strict=True))
    assert found["SID"] == "ada"
    assert (found["02-shapes"], found["02-shapes - Max Points"]) == ("5", "8")
    assert found["02-shapes - Lateness (H:M:S)"] == "01:30:00"
    assert found["01-convolution"] == ""


def test_penalties_follow_the_marks_before_they_go_out(course, capsys):
    (course / "late.json").write_text('{"late": "80%/day", "grace": "15m"}')
    for points in (6, 7):
        with open_gradebook(course / "gradebook.db") as book:  # a person in the formgrader
            book.find_grade("a", SHAPES, SHAPES, "ada").manual_score = points
            book.db.commit()
        for _ in range(2):
            assert write_marks(course, "csv", [SHAPES], None, course / "plain.csv")
            less = min(6.4, points)  # 80 % of 8, never more than the marks
            assert rows(course / "plain.csv")[1][6:9] == [f"{points - less:g}", "8", f"{less:g}"]
    assert "late: ada, 02-shapes: 0.6 of 8, 6.4 less" in capsys.readouterr().out
    kept = [json.loads(line) for line in (course / "history.jsonl").read_text().splitlines()]
    assert [(line["cell"], line["old"], line["new"]) for line in kept] == [
        ("late work", -1, -6),
        ("late work", -6, -6.4),
    ]


@pytest.mark.parametrize(
    ("kind", "asked", "into", "message"),
    [
        ("moodle", [], "sheet.csv", "Moodle's worksheet is of one assignment: name one unit"),
        ("moodle", [SHAPES], None, "--format moodle fills a file that was downloaded: name it with --into"),
        ("csv", [], "sheet.csv", "--format csv fills no file: leave --into out"),
        ("csv", ["09-no"], None, "'09-no' is not in the gradebook; it has 01-convolution, 02-shapes"),
        ("canvas", [], "sheet.csv", "sheet.csv has no column 'ID'; it has 'Identifier', 'Full name'"),
        ("moodle", [SHAPES], "latin.csv", "latin.csv is not text in UTF-8: download it as CSV once more"),
        ("moodle", [SHAPES], "empty.csv", "empty.csv is empty"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(course, kind, asked, into, message):
    (course / "sheet.csv").write_text(MOODLE, encoding="utf-8")
    (course / "latin.csv").write_bytes("Zoë".encode("latin-1"))
    (course / "empty.csv").write_bytes(b"")
    with pytest.raises(ValueError, match=r"\w") as caught:
        write_marks(course, kind, asked, into and course / into, course / "out.csv")
    assert message in str(caught.value)
    assert not (course / "out.csv").exists()


def test_a_file_without_changes_comes_back_byte_by_byte(tmp_path):
    for text in (MOODLE, CANVAS, '"a","b"\r\n"1","x, y"\r\n', "a;b\n1;2\n"):
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode())
        sheet = read_worksheet(path)
        again = sheet.text()
        assert list(csv.reader(io.StringIO(again, newline=""))) == list(csv.reader(io.StringIO(text, newline="")))
    assert again == text
