"""The gradebook's only writer, and what a person has written there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from autograder.course.addresses import Database
from autograder.grading import late
from autograder.grading.changes import Change
from autograder.grading.handed_in import is_student_name
from autograder.grading.late_rule import LateWork
from autograder.grading.results import WAITS, WAITS_AGAIN, Result
from autograder.grading.roster import STORED
from autograder.grading.transactions import write
from autograder.nbgrader_bridge import is_there, open_gradebook


@dataclass
class Mark:
    """A graded cell in the gradebook: what the grader gave, what a person gave, and whether one is still to look."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool

    @property
    def value(self) -> float | None:
        """What counts; None while nobody gave anything. nbgrader does not count extra credit until then, nor do we."""
        given = self.auto if self.manual is None else self.manual
        return None if given is None else given + (self.extra or 0)


@dataclass
class Entry:
    """A submission in the gradebook: its marks and a person's comments, by grade_id, and when it was handed in."""

    handed_in_at: str = ""
    marks: dict[str, Mark] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)


def maxima(database: Database) -> dict[str, dict[str, float]]:
    """For each unit in the gradebook, the points of its graded cells by grade_id; empty without a gradebook."""
    if not is_there(database):
        return {}
    with open_gradebook(database) as gradebook:
        return _maxima(gradebook)


def maxima_in_use(database: Database) -> dict[str, dict[str, float]]:
    """Of `maxima`, those of units with submissions.

    nbgrader records cell after cell, so after an interrupt a part of a unit may be there; only without submissions.
    """
    if not is_there(database):
        return {}
    with open_gradebook(database) as gradebook:
        in_use = set(gradebook.db.scalars(select(Assignment.name).join(SubmittedAssignment)))
        return {unit: most for unit, most in _maxima(gradebook).items() if unit in in_use}


def entries(gradebook: Gradebook, unit_names: Iterable[str]) -> dict[tuple[str, str], Entry]:
    """All submissions of these units, by unit and student, in three queries whatever their number."""
    of_units = Assignment.name.in_(list(unit_names))
    found: dict[tuple[str, str], Entry] = defaultdict(Entry)
    whose = (Assignment.name, SubmittedAssignment.student_id)
    rows = select(*whose, SubmittedAssignment.timestamp).join(Assignment).where(of_units)
    for unit, student, timestamp in gradebook.db.execute(rows):
        found[unit, student].handed_in_at = str(timestamp or "")
    columns = (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
    for unit, student, name, *mark in gradebook.db.execute(
        _of_cells(Grade, *whose, BaseCell.name, *columns, where=of_units)
    ):
        found[unit, student].marks[name] = Mark(*mark)
    rows = _of_cells(Comment, *whose, BaseCell.name, Comment.manual_comment, where=of_units)
    for unit, student, name, text in gradebook.db.execute(rows):
        if text:
            found[unit, student].comments[name] = text
    return found


def record(
    database: Database,
    results: list[Result],
    before: dict[tuple[str, str], dict],
    roster: dict[str, dict[str, str]],
    keep: Callable[[list[Change]], None],
    late_work: LateWork = LateWork(),  # noqa: B008 - it is not changed
) -> None:
    """Write automatic marks in one transaction, and bring the results in line with what a person wrote.

    A person's marks, comments and extra credit stay. They wait for a second look only where the answer that was read,
    or the automatic mark, is another now. A submission that could not be graded scores nothing; a missing one leaves
    the gradebook alone, since an earlier one may stand there, and so does what is no student's. What stands there
    already is not written again.

    Args:
        database: the gradebook.
        results: changed in place: maximum, marks and comments as the gradebook has them now.
        before: by unit and student, what `finished.recorded` knows of the submission.
        roster: the class, as `read_roster` gives it; its students are recorded too.
        keep: called with the marks that are others now, just before they stand: of two faults, an entry too many in
            the history is better than one that is missing.
        late_work: what their penalties follow.

    Raises:
        NbgraderError: the gradebook stays locked, or its server away, for a minute, or cannot be written.
    """
    # Only what stands is brought into the results: a transaction that fails is tried again with the grader's own marks.
    now, most, lateness = write(
        database, lambda gradebook: _record(gradebook, results, before, roster, keep, late_work)
    )
    for result in results:
        place = result.unit, result.student
        result.max_score = sum(most[result.unit].values())
        if is_recorded(result) and place in now:
            _bring_in_line(result, now[place], lateness.get(place), late_work)


def settle_late_work(database: Database, late_work: LateWork, keep: Callable[[list[Change]], None]) -> None:
    """Bring due dates, extensions and penalties of all submissions up to date, see `late.settle`.

    Args:
        database: the gradebook.
        late_work: what counts now.
        keep: as in `record`.

    Raises:
        NbgraderError: as `record`.
    """

    def settle(gradebook: Gradebook) -> None:
        keep([entry.change for entry in late.settle(gradebook, late_work).values() if entry.change])

    if late_work != LateWork():  # else there is nothing that could differ
        write(database, settle)


def is_recorded(result: Result) -> bool:
    """Whether this result is the gradebook's: not where there is nothing, nor where the grader itself failed."""
    return is_student_name(result.student) and (bool(result.cells) or result.status == "invalid")


def _record(
    gradebook: Gradebook,
    results: list[Result],
    before: dict[tuple[str, str], dict],
    roster: dict[str, dict[str, str]],
    keep: Callable[[list[Change]], None],
    late_work: LateWork,
) -> tuple[dict[tuple[str, str], Entry], dict[str, dict[str, float]], dict]:
    """Write, and return what stands there now: the `entries`, the maxima, and what `late.settle` gives."""
    _record_students(gradebook, roster)
    unit_names = {result.unit for result in results}
    old = entries(gradebook, unit_names)
    written = [result for result in results if _is_to_write(result, old.get((result.unit, result.student)), before)]
    for result in written:
        _record_one(gradebook, result, before.get((result.unit, result.student), {}))
    gradebook.db.flush()
    lateness = late.settle(gradebook, late_work, {(result.unit, result.student) for result in results})
    now = entries(gradebook, unit_names) if written else old
    changes = []
    for result in results:
        place = result.unit, result.student
        if is_recorded(result) and place in now and place in old:
            known = before.get(place, {}).get("key", {})
            changes += _changes(result, old[place], now[place], known)
            changes += _late_changes(lateness.get(place), old[place], now[place])
    keep(changes)
    return now, _maxima(gradebook), lateness


def _is_to_write(result: Result, entry: Entry | None, before: dict[tuple[str, str], dict]) -> bool:
    if not is_recorded(result):
        return False
    if entry is None or (result.handed_in_at and result.handed_in_at != entry.handed_in_at):
        return True
    known = before.get((result.unit, result.student), {})
    if entry.handed_in_at and _has_no_time(result, known):
        return True
    answers = known.get("answers", result.answers)
    scores = {cell["id"]: cell["score"] for cell in result.cells}
    return answers != result.answers or any(scores.get(name, 0) != mark.auto for name, mark in entry.marks.items())


def _has_no_time(result: Result, before: dict) -> bool:
    """Whether another notebook came without a time: the time of the one before is not its own."""
    notebook = before.get("key", {}).get("submission")
    return not result.handed_in_at and notebook is not None and notebook != result.key.get("submission")


def _record_one(gradebook: Gradebook, result: Result, before: dict) -> None:
    gradebook.update_or_create_student(result.student)
    known = result.handed_in_at or _has_no_time(result, before)
    time_ = {"timestamp": result.handed_in_at or None} if known else {}
    gradebook.update_or_create_submission(result.unit, result.student, **time_)
    submission = gradebook.find_submission_notebook(result.unit, result.unit, result.student)
    scores = {cell["id"]: cell["score"] for cell in result.cells}
    read = before.get("answers", result.answers)
    for grade in submission.grades:
        name, auto = grade.name, scores.get(grade.name, 0)
        if grade.manual_score is None:
            grade.needs_manual_grade = auto is None
        elif auto != grade.auto_score or read.get(name) != result.answers.get(name):
            grade.needs_manual_grade = True
        grade.auto_score = auto


def _bring_in_line(result: Result, entry: Entry, lateness: late.Lateness | None, late_work: LateWork) -> None:
    result.again = [name for name, mark in entry.marks.items() if mark.waits and mark.manual is not None]
    for cell in result.cells:
        cell["score"] = entry.marks[cell["id"]].value
        if cell["id"] in result.again and cell["id"] in result.answers:
            cell["message"] = WAITS_AGAIN
        elif cell["score"] is not None and cell["message"] == WAITS:
            cell["message"] = ""
    result.comments = dict(entry.comments)
    result.penalty = lateness.penalty if lateness else 0.0
    result.late = lateness.said(late_work.rule) if lateness else ""
    result.score = max(0.0, sum(mark.value or 0 for mark in entry.marks.values()) - result.penalty)


def _changes(result: Result, old: Entry, new: Entry, key: dict[str, str]) -> list[Change]:
    return [
        Change(result.student, result.unit, name, old.marks[name].value, mark.value, _cause(key, result.key))
        for name, mark in new.marks.items()
        if name in old.marks and old.marks[name].value != mark.value
    ]


def _late_changes(lateness: late.Lateness | None, old: Entry, new: Entry) -> list[Change]:
    if lateness is None or lateness.change is None:
        return []
    if old.handed_in_at == new.handed_in_at:
        return [lateness.change]
    return [replace(lateness.change, cause="another time of handing in")]


def _cause(old: dict[str, str], new: dict[str, str]) -> str:
    """What changed since this submission was graded last."""
    names = {
        "submission": "another notebook was handed in",
        "source": "the unit changed",
        "bank": "the unit's answer bank changed",
        "grader": "the grader or the course's library changed",
    }
    if not old or not new:
        return "not known"
    return "; ".join(text for part, text in names.items() if old.get(part) != new.get(part)) or "graded again"


def _record_students(gradebook: Gradebook, roster: dict[str, dict[str, str]]) -> None:
    rows = gradebook.db.execute(
        select(Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    )
    known = {row.id: row._asdict() for row in rows}
    for student, line in roster.items():
        facts = {name: line[name] for name in STORED if name in line}
        is_known = student in known and facts.items() <= known[student].items()
        if is_student_name(student) and not is_known:
            gradebook.update_or_create_student(student, **facts)


def _maxima(gradebook: Gradebook) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {name: {} for (name,) in gradebook.db.execute(select(Assignment.name))}
    rows = (
        select(Assignment.name, GradeCell.name, GradeCell.max_score)
        .join(Notebook, GradeCell.notebook_id == Notebook.id)
        .join(Assignment, Notebook.assignment_id == Assignment.id)
    )
    for unit, name, most in gradebook.db.execute(rows):
        found[unit][name] = most
    return found


def _of_cells(kind: type, *columns, where):
    """A query over the rows that stand for a cell of a submission: `kind` is nbgrader's Grade or Comment."""
    return (
        select(*columns)
        .select_from(kind)
        .join(BaseCell, kind.cell_id == BaseCell.id)
        .join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(where)
    )
