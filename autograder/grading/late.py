"""Late work in the gradebook: due dates, extensions and penalties, where nbgrader itself keeps them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from nbgrader.api import Assignment, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import func, or_, select, update

from autograder.grading.changes import Change
from autograder.grading.late_rule import LateWork, Rule
from autograder.grading.moments import in_words

SAME = 1e-9  # points; a sum can come in another order
CELL = "late work"  # in place of a cell's name, where a penalty changed
Place = tuple[str, str]  # unit and student


@dataclass(frozen=True)
class Lateness:
    """How late a submission is, and what it costs.

    Args:
        due: with the student's extension; times are UTC without a zone.
        handed_in: None where no time is known.
        penalty: in points, as the gradebook has it now.
        most: the unit's points.
        change: what became of the penalty, as a negative mark; None if it is as before.
    """

    due: datetime | None
    handed_in: datetime | None
    penalty: float
    most: float
    change: Change | None = None

    @property
    def seconds(self) -> float:
        """After the due date; 0 where one of the two times is not known."""
        known = self.due is not None and self.handed_in is not None
        return max(0.0, (self.handed_in - self.due).total_seconds()) if known else 0.0

    def said(self, rule: Rule | None) -> str:
        """A sentence for student and instructor; empty where there is nothing to say."""
        if self.due is not None and self.handed_in is None:
            return "it is not known when it was handed in, so it does not count as late"
        if not self.seconds:
            return ""
        late = f"handed in {in_words(self.seconds)} late (due {self.due:%Y-%m-%d %H:%M:%S} UTC)"
        less = f"{self.penalty:g} {'point' if self.penalty == 1 else 'points'} less"
        if rule is None or not rule.per_day:
            return f"{late}: {less}" if self.penalty else late
        days = rule.days(self.seconds)
        if not days:
            return f"{late}, within the grace of {in_words(rule.grace)}"
        started = "a started day" if days == 1 else f"each of {days} started days"
        all_of_it = rule.penalty(self.seconds, self.most, math.inf)
        at_most = ", but no more than was earned" if self.penalty < all_of_it - SAME else ""
        return f"{late}: {less} ({rule.per_day:g} % of {self.most:g} points for {started}{at_most})"


def settle(gradebook: Gradebook, late_work: LateWork, places: Collection[Place] | None = None) -> dict[Place, Lateness]:
    """Bring due dates, extensions and penalties up to date; what is right already is not written.

    Without a rule no penalty is touched; without ``extensions.csv`` no extension is.

    Args:
        gradebook: in a transaction of the caller's.
        late_work: what counts now.
        places: these submissions only; None for all.

    Returns:
        How late each of them is. What no due date, extension or penalty belongs to is left out.
    """
    gradebook.db.flush()
    new_dates = _set_due_dates(gradebook, late_work.due)
    found, points = {}, dict(gradebook.db.execute(select(Notebook.id, Notebook.max_score)).all())
    for row in gradebook.db.execute(_rows(places)).all():
        place = row.unit, row.student
        if places is not None and place not in places:
            continue
        extension = _extension(row, late_work)
        if extension != row.extension:
            _set(gradebook, SubmittedAssignment, row.submission, extension=extension)
        due = row.duedate and row.duedate + (extension or timedelta(0))
        before, most = row.penalty or 0.0, points[row.of_notebook]
        lateness = Lateness(due, row.timestamp, before, most)
        if late_work.rule is not None:
            penalty = late_work.rule.penalty(lateness.seconds, most, row.score)
            if abs(penalty - before) > SAME:
                _set(gradebook, SubmittedNotebook, row.notebook, late_submission_penalty=penalty or None)
                cause = _cause(row.unit in new_dates, extension != row.extension, late_work.is_new)
                change = Change(row.student, row.unit, CELL, 0 - before, 0 - penalty, cause)
                lateness = Lateness(due, row.timestamp, penalty, most, change)
        found[place] = lateness
    return found


def _set_due_dates(gradebook: Gradebook, due: dict[str, datetime]) -> set[str]:
    """Write these due dates; return the units that had another one, or none."""
    new, rows = set(), select(Assignment.name, Assignment.id, Assignment.duedate)
    for name, identity, before in gradebook.db.execute(rows).all():
        if name in due and due[name] != before:
            _set(gradebook, Assignment, identity, duedate=due[name])
            new.add(name)
    return new


def _rows(places: Collection[Place] | None):
    """A query for what is needed of each submission that could be late."""
    # Summed in one go: nbgrader's `SubmittedNotebook.score` looks through all grades for each row.
    scores = select(Grade.notebook_id, func.sum(Grade.score).label("score")).group_by(Grade.notebook_id).subquery()
    rows = (
        select(
            Assignment.name.label("unit"),
            Assignment.duedate,
            SubmittedAssignment.id.label("submission"),
            SubmittedAssignment.student_id.label("student"),
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            SubmittedNotebook.id.label("notebook"),
            SubmittedNotebook.late_submission_penalty.label("penalty"),
            SubmittedNotebook.notebook_id.label("of_notebook"),
            func.coalesce(scores.c.score, 0.0).label("score"),
        )
        .select_from(SubmittedNotebook)
        .outerjoin(scores, scores.c.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .where(
            or_(
                Assignment.duedate.is_not(None),
                SubmittedAssignment.extension.is_not(None),
                SubmittedNotebook.late_submission_penalty.is_not(None),
            )
        )
    )
    if places is None:
        return rows
    names, students = {unit for unit, _ in places}, {student for _, student in places}
    return rows.where(Assignment.name.in_(names), SubmittedAssignment.student_id.in_(students))


def _extension(row, late_work: LateWork) -> timedelta | None:
    if row.duedate is None:
        return None  # nbgrader cannot add an extension to no date
    if late_work.extensions is None:
        return row.extension
    granted = late_work.extensions.get((row.unit, row.student))
    return (granted.after(row.duedate) or None) if granted else None


def _set(gradebook: Gradebook, kind: type, identity: str, **values) -> None:
    gradebook.db.execute(update(kind).where(kind.id == identity).values(**values))


def _cause(new_date: bool, new_extension: bool, new_rule: bool) -> str:
    if new_date:
        return "the due date changed"
    if new_extension:
        return "the extension changed"
    return "the rule of late work changed" if new_rule else "its marks, its time or the due date changed"
