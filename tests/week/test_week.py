"""docs/instructor.md, followed by a class of 120: every command in it, in its order, and the marks as on paper."""

import csv
import re
import zipfile
from fractions import Fraction

import nbformat
import pytest

from autograder import ROOT
from autograder.course.cells import nbgrader_tag
from autograder.sandbox import outer_wall
from tests.week.course import (
    KINDS,
    POINTS,
    UNIT,
    Course,
    Formgrader,
    Person,
    class_of_120,
    write_canvas,
    write_moodle,
)

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]
CLASS = class_of_120()
HANDED_IN = [person for person in CLASS if person.kind != "absent"]
COMMAND = ".venv/bin/python -m autograder "


def commands() -> list[str]:
    """Every command of the document: a line of an indented block that begins with a program, without its remark."""
    text = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ {4,}((?:make|git|nbgrader|python|\.venv/bin)\b.*)$", text, flags=re.MULTILINE)
    return [re.sub(r"\s+# .*", "", line) for line in lines]


def mark_of(person: Person) -> Fraction:
    """On paper: the tests, two points for an answer in words, and for two started days a tenth of six points each."""
    if person.kind in ("untouched", "absent"):
        return Fraction(0)
    has_more_time = person.id == "s115"
    penalty = Fraction(2 * POINTS, 10) if person.kind == "late" and not has_more_time else 0
    return KINDS[person.kind][2] + 2 - penalty


class Week:
    """What happens between the commands of the document, and what is seen after each."""

    def __init__(self, course: Course):
        self.course = course
        self.said = ""
        course.write_roster(CLASS)
        write_moodle(course, CLASS)
        course.write_clones(CLASS)
        self.before = {
            "autograder ci ": self.one_notebook_is_pushed,
            "grade --due ": self.extensions_are_given,
            "grade --migrate ": self.a_graded_cell_is_renamed,
            "marks --format canvas ": lambda: write_canvas(course, CLASS),
        }
        self.after = {
            "make release": self.the_zip_is_there,
            "intake ~/Downloads/all.zip --dry-run": lambda: self.handed_in(0),
            "intake ~/Downloads/all.zip": lambda: self.handed_in(114),
            "intake clones/ ": lambda: self.handed_in(117),
            "make grade": self.everybody_has_a_status,
            "grade --preview": lambda: self.says("a preview: nothing was written"),
            "grade --due ": self.only_two_are_late,
            "report --hide-ids": lambda: self.names_nobody("report.html"),
            "similar ": lambda: self.says("side by side: alike.html"),
            "marks 02-shapes --format moodle ": self.moodles_worksheet_is_filled,
            "marks --format canvas ": self.canvas_gradebook_is_filled,
            "marks --format csv ": self.own_table,
            "nbgrader export": self.nbgraders_table,
            "grade --migrate ": self.nothing_was_lost,
        }

    def follow(self, command: str) -> None:
        """Do what the document says next, and what people do around it."""
        for beginning in [key for key in self.before if key in command]:
            self.before.pop(beginning)()
        if command == "make instructor":
            self.answers_are_read()
        else:
            done = self.course.run(command)
            self.said = done.stdout
            expected = 2 if command.endswith(" leaderboard") else 0  # nobody has handed in unit 08
            assert done.returncode == expected, f"{command} ended with {done.returncode}:\n{self.said[-3000:]}"
        for ending in [key for key in self.after if command.endswith(key) or (key.endswith(" ") and key in command)]:
            self.after.pop(ending)()

    def says(self, text: str) -> None:
        assert text in self.said

    def the_zip_is_there(self) -> None:
        with zipfile.ZipFile(self.course.root / "dist" / "convnet-course.zip") as archive:
            assert f"convnet-course/notebooks/{UNIT}/{UNIT}.ipynb" in archive.namelist()

    def one_notebook_is_pushed(self) -> None:
        (self.course.root / f"{UNIT}.ipynb").write_bytes(self.course.notebook(CLASS[0]))

    def handed_in(self, count: int) -> None:
        assert len(list((self.course.root / "submitted").glob(f"*/{UNIT}/{UNIT}.ipynb"))) == count, self.said[-3000:]

    def everybody_has_a_status(self) -> None:
        assert self.said.count(" graded ") == len(HANDED_IN)
        assert self.said.count(" missing ") == len(CLASS) - len(HANDED_IN)

    def extensions_are_given(self) -> None:
        (self.course.root / "extensions.csv").write_text(f"student,unit,until\ns115,{UNIT},2026-11-27\n")

    def only_two_are_late(self) -> None:
        late = [line for line in self.said.splitlines() if "of 2 started days" in line]
        assert len(late) == 2, self.said[-6000:]
        assert all(any(student in line for line in late) for student in ("s116", "s117"))

    def answers_are_read(self) -> None:
        formgrader = Formgrader(self.course)
        formgrader.start()
        try:
            points = {person.id: 2 for person in HANDED_IN if person.kind != "untouched"}
            assert formgrader.mark(points, "Well said.") == len(points)
        finally:
            formgrader.stop()

    def names_nobody(self, page: str) -> None:
        text = (self.course.root / page).read_text(encoding="utf-8")
        assert not [person.id for person in CLASS if re.search(rf"\b{person.id}\b", text)]

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.course.root / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def moodles_worksheet_is_filled(self) -> None:
        found = {row["Email address"].partition("@")[0]: float(row["Grade"]) for row in self.rows("filled.csv")}
        assert found == {person.id: out_of_100(person) for person in CLASS}
        with zipfile.ZipFile(self.course.root / "pages.zip") as pages:
            assert len(pages.namelist()) == len(HANDED_IN)
            page = pages.read(f"{CLASS[0].name}_5001_assignsubmission_file_/{UNIT}.html").decode()
        assert "Well said." in page

    def canvas_gradebook_is_filled(self) -> None:
        _, *students = self.rows("filled.csv")
        assert {row["ID"]: float(row[f"{UNIT} (31)"]) for row in students} == {
            person.lms_id: out_of_100(person) for person in CLASS
        }

    def own_table(self) -> None:
        found = {row["id"]: float(row["score"]) for row in self.rows("marks.csv")}
        assert found == pytest.approx({person.id: float(mark_of(person)) for person in CLASS})

    def nbgraders_table(self) -> None:
        found = {row["student_id"]: float(row["score"]) for row in self.rows("grades.csv")}
        assert found == pytest.approx({person.id: float(mark_of(person)) for person in CLASS})

    def a_graded_cell_is_renamed(self) -> None:
        path = self.course.root / "solutions" / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        [cell] = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") == "double-hard"]
        cell.id = cell.metadata.nbgrader.grade_id = "double-large"
        cell.metadata["course"] = {"renamed_from": "double-hard"}
        nbformat.write(notebook, path)
        wrong = self.course.root / "tests" / "answers" / UNIT / "double" / "wrong-identity.py"
        wrong.write_text(wrong.read_text().replace("double-hard", "double-large"))

    def nothing_was_lost(self) -> None:
        done = self.course.run(f"{COMMAND}marks --format csv --out marks.csv")
        assert done.returncode == 0, done.stdout
        self.own_table()


def out_of_100(person: Person) -> float:
    return round(float(mark_of(person) * 100 / POINTS), 2)


def test_the_document_followed_by_a_class_with_moodle(tmp_path):
    course = Course(tmp_path / "course", tmp_path / "home")
    week = Week(course)
    for command in commands():
        week.follow(command)
    assert not [*week.before, *week.after]  # the document has all of them


def test_the_same_class_with_canvas(tmp_path):
    course = Course(tmp_path / "course", tmp_path / "home")
    week = Week(course)
    write_canvas(course, CLASS)
    due = f"{COMMAND}grade --due {UNIT}=2026-11-20T23:59 --late 10%/day --grace 15m"
    for command in (
        f"{COMMAND}intake ~/Downloads/all.zip",
        f"{COMMAND}intake clones/ --format git",
        due,
        "make instructor",
        "make grade",
        f"{COMMAND}marks --format canvas --into ~/Downloads/canvas.csv --out filled.csv",
    ):
        week.follow(command)
