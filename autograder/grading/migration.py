"""A unit whose graded cells came, went or were renamed, rebuilt in the gradebook with all that stood there."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook

from autograder import nbgrader_bridge
from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.grading import finished

GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
COMMENT = ("auto_comment", "manual_comment")


def migrate(output: Path, unit: str) -> list[str]:
    """Rebuild one unit in the gradebook from its source, and carry over what stood there, by grade_id.

    The old gradebook stays beside the new one, as ``gradebook.db.before-<unit>-<time>``; the new one is there whole or
    not at all. A cell whose source says ``"course": {"renamed_from": "old id"}`` in its metadata gets the old one's.

    Returns:
        What a person wrote and has no place any more, as sentences.

    Raises:
        ValueError: there is no gradebook, or the unit is not in it.
        NbgraderError: nbgrader cannot generate the unit.
    """
    database = output / "gradebook.db"
    if not database.is_file():
        raise ValueError(f"there is no gradebook in {output.name}/: `grade` makes one, nothing has to be migrated")
    with finished.only_grader(output):
        return _rebuild(database, unit, _old_names(unit))


def _rebuild(database: Path, unit: str, old_names: dict[str, str]) -> list[str]:
    output = database.parent
    handle, scratch = tempfile.mkstemp(dir=output, prefix=".gradebook.db.")
    os.close(handle)
    try:
        _copy(database, scratch)
        with nbgrader_bridge.open_gradebook(Path(scratch)) as gradebook:
            assignment = gradebook.db.query(Assignment).filter_by(name=unit).one_or_none()
            if assignment is None:
                raise ValueError(f"{unit} is not in the gradebook: `grade` records it, nothing has to be migrated")
            settings = {"duedate": assignment.duedate}
            old = [_read(submission) for submission in assignment.submissions]
            gradebook.remove_assignment(unit)
        with tempfile.TemporaryDirectory() as work:
            nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(Path(work), Path(scratch)), unit)
        with nbgrader_bridge.open_gradebook(Path(scratch)) as gradebook:
            gradebook.update_or_create_assignment(unit, **settings)
            lost = [line for entry in old for line in _write(gradebook, unit, entry, old_names)]
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        os.link(database, output / f"gradebook.db.before-{unit}-{time}")
        os.replace(scratch, database)
    finally:
        Path(scratch).unlink(missing_ok=True)
    return lost


def _old_names(unit: str) -> dict[str, str]:
    """For each cell of the unit's source that was renamed, the old grade_id."""
    cells = units.source_notebook(unit).cells
    renamed = {
        nbgrader_tag(cell).get("grade_id"): cell.metadata.get("course", {}).get("renamed_from") for cell in cells
    }
    return {new: old for new, old in renamed.items() if new and old}


def _copy(database: Path, target: str) -> None:
    """By SQLite itself, which also takes what another program has not yet written back."""
    with contextlib.closing(sqlite3.connect(database)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _read(submission: Any) -> dict:
    """All that the gradebook knows of one student's submission."""
    [notebook] = submission.notebooks
    return {
        "student": submission.student.id,
        "timestamp": submission.timestamp,
        "extension": submission.extension,
        "flagged": notebook.flagged,
        "late_submission_penalty": notebook.late_submission_penalty,
        "grades": {grade.name: {field: getattr(grade, field) for field in GRADE} for grade in notebook.grades},
        "comments": {c.name: {field: getattr(c, field) for field in COMMENT} for c in notebook.comments},
    }


def _write(gradebook: Gradebook, unit: str, entry: dict, old_names: dict[str, str]) -> list[str]:
    """Put a submission back; return what a person wrote that finds no cell."""
    submission = gradebook.add_submission(unit, entry["student"])
    submission.timestamp, submission.extension = entry["timestamp"], entry["extension"]
    [notebook] = submission.notebooks
    notebook.flagged, notebook.late_submission_penalty = entry["flagged"], entry["late_submission_penalty"]
    lost = []
    for kind, rows in (("grades", notebook.grades), ("comments", notebook.comments)):
        left = dict(entry[kind])
        for row in rows:
            for field, value in left.pop(old_names.get(row.name, row.name), {}).items():
                setattr(row, field, value)
        lost += [line for name, values in left.items() if (line := _said(entry["student"], name, values))]
    gradebook.db.commit()
    return lost


def _said(student: str, cell: str, values: dict) -> str:
    """What a person wrote at a cell, as a sentence; empty if nothing."""
    words: dict[str, Callable[[Any], str]] = {
        "manual_score": lambda value: f"{value:g} points by hand",
        "extra_credit": lambda value: f"{value:g} points extra",
        "manual_comment": lambda value: f"the comment {value!r}",
    }
    said = [word(values[field]) for field, word in words.items() if values.get(field) is not None]
    return f"{student}, {cell}: {', '.join(said)}" if said else ""
