"""`write_marks`: the gradebook's marks in one of the known formats."""

from __future__ import annotations

from pathlib import Path

from autograder.course.addresses import Database
from autograder.files import write_bytes, write_text
from autograder.grading import changes
from autograder.grading.gradebook import settle_late_work
from autograder.grading.late_rule import read_late_work
from autograder.grading.roster import read_roster
from autograder.nbgrader_bridge import is_there
from autograder.reports import canvas, moodle, own_tables
from autograder.reports.grades import Grade, read_grades
from autograder.reports.marks import print_changes
from autograder.reports.worksheets import read_worksheet


def write_marks(
    root: Path,
    kind: str,
    asked: list[str],
    into: Path | None,
    out: Path,
    feedback: Path | None = None,
    database: Database | None = None,
) -> bool:
    """Write the marks of a course.

    Args:
        root: has ``roster.csv`` and ``feedback/``.
        kind: "moodle" or "canvas", which fill the file `into`, or "gradescope" or "csv".
        asked: names of units; of Moodle exactly one, since its worksheet is of one assignment.
        into: the system's own file, as it was downloaded; it stays as it is.
        out: gets the marks.
        feedback: of Moodle: gets the zip of the students' pages.
        database: the gradebook; None for ``gradebook.db`` in `root`.

    Returns:
        Whether every mark has found its place. A mark that has none is printed with the reason.

    Raises:
        ValueError: the gradebook or a file does not fit; the message says what to do.
        NbgraderError: the gradebook's server is not there.
    """
    roster = read_roster(root / "roster.csv")
    fills = {"moodle": moodle.fill, "canvas": canvas.fill}.get(kind)
    if fills and not into:
        raise ValueError(f"--format {kind} fills a file that was downloaded: name it with --into")
    if into and not fills:
        raise ValueError(f"--format {kind} fills no file: leave --into out")
    if feedback and kind != "moodle":
        raise ValueError("--feedback is the zip that Moodle takes back: it needs --format moodle")
    if kind == "moodle" and len(asked) != 1:
        raise ValueError("Moodle's worksheet is of one assignment: name one unit")
    database = database or root / "gradebook.db"
    _settle_late_work(root, database)
    grades = read_grades(database, roster, asked)
    _print_penalties(grades)
    if fills is None:
        write_text(out, {"csv": own_tables.plain, "gradescope": own_tables.gradescope}[kind](grades, roster))
        print(f"{out}: {len(grades)} marks")
        return True
    sheet = read_worksheet(into)
    left = fills(sheet, grades, roster)
    write_text(out, sheet.text())
    if feedback:
        write_bytes(feedback, moodle.feedback_zip(sheet, asked[0], root / "feedback", roster))
    for sentence in left:
        print(f"not written: {sentence}")
    print(f"{out}: {into.name} with the marks of {', '.join(dict.fromkeys(grade.unit for grade in grades))}")
    return not left


def _settle_late_work(root: Path, database: Database) -> None:
    """A person may have given marks since `grade` was run, and a penalty is never more than the marks."""
    if is_there(database):
        settled: list[changes.Change] = []

        def keep(changed: list[changes.Change]) -> None:
            settled[:] = changed
            changes.keep(root, changed)

        settle_late_work(database, read_late_work(root), keep)
        print_changes(settled)


def _print_penalties(grades: list[Grade]) -> None:
    """Most systems' files have no column for it, so it is said here."""
    for grade in grades:
        if grade.penalty:
            print(f"late: {grade.student}, {grade.unit}: {grade.score:g} of {grade.maximum:g}, {grade.penalty:g} less")
