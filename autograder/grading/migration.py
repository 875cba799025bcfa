"""A unit whose graded cells came, went or were renamed, rebuilt in the gradebook with all that stood there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from autograder import nbgrader_bridge
from autograder.course import units
from autograder.course.addresses import Database, shown
from autograder.course.cells import nbgrader_tag
from autograder.files import write_bytes
from autograder.grading import finished
from autograder.grading.copies import copy_gradebook, copy_rows, put_rows

GRADE = ("auto_score", "manual_score", "extra_credit", "needs_manual_grade")
COMMENT = ("auto_comment", "manual_comment")


def migrate(output: Path, unit: str, database: Database | None = None) -> list[str]:
    """Rebuild one unit in the gradebook from its source, and carry over what stood there, by grade_id.

    The old gradebook stays in a file, ``gradebook.db.before-<unit>-<time>``; the new one is there whole or not at all.
    A cell whose source says ``"course": {"renamed_from": "old id"}`` in its metadata gets the old one's.

    Args:
        output: the folder in which is graded; gets the old gradebook.
        unit: the name.
        database: the gradebook; None for ``gradebook.db`` in `output`.

    Returns:
        What a person wrote and has no place any more, as sentences.

    Raises:
        ValueError: there is no gradebook, or the unit is not in it.
        NbgraderError: nbgrader cannot generate the unit, or the gradebook cannot be written.
    """
    database = database or output / "gradebook.db"
    if not nbgrader_bridge.is_there(database):
        raise ValueError(f"{shown(database)} is no gradebook yet: `grade` makes it, nothing has to be migrated")
    place = database.parent if isinstance(database, Path) else output
    before = place / f"gradebook.db.before-{unit}-{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}"
    with (
        finished.only_grader(output),
        nbgrader_bridge.only_writer(database),
        tempfile.TemporaryDirectory(dir=place, prefix=".migration-") as work,
    ):
        scratch = Path(work, "gradebook.db")
        if isinstance(database, Path):
            copy_gradebook(database, scratch)
            lost = _rebuild(scratch, unit, _old_names(unit))
            os.link(database, before)
            os.replace(scratch, database)
        else:
            lost = _rebuild_on_server(database, unit, scratch, before)
    return lost


def _rebuild_on_server(database: URL, unit: str, scratch: Path, before: Path) -> list[str]:
    """On a copy in a file too; what differs is brought back in the transaction that read it, while others wait."""
    try:
        with nbgrader_bridge.open_gradebook(database) as gradebook, gradebook.engine.begin() as connection:
            nbgrader_bridge.begin_to_write(connection)
            copy_rows(connection, scratch)
            old = scratch.read_bytes()
            lost = _rebuild(scratch, unit, _old_names(unit))
            with nbgrader_bridge.open_gradebook(scratch) as copy, copy.engine.connect() as rebuilt:
                put_rows(rebuilt, connection)
            write_bytes(before, old)
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise nbgrader_bridge.NbgraderError(
            f"{shown(database)} cannot be written ({reason}); it is as it was: run the same command again"
        ) from error
    return lost


def _rebuild(database: Path, unit: str, old_names: dict[str, str]) -> list[str]:
    with nbgrader_bridge.open_gradebook(database) as gradebook:
        assignment = gradebook.db.query(Assignment).filter_by(name=unit).one_or_none()
        if assignment is None:
            raise ValueError(f"{unit} is not in the gradebook: `grade` records it, nothing has to be migrated")
        settings = {"duedate": assignment.duedate}
        old = [_read(submission) for submission in assignment.submissions]
        gradebook.remove_assignment(unit)
    with tempfile.TemporaryDirectory() as work:
        nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(Path(work), database), unit)
    with nbgrader_bridge.open_gradebook(database) as gradebook:
        gradebook.update_or_create_assignment(unit, **settings)
        return [line for entry in old for line in _write(gradebook, unit, entry, old_names)]


def _old_names(unit: str) -> dict[str, str]:
    """For each cell of the unit's source that was renamed, the old grade_id."""
    cells = units.source_notebook(unit).cells
    renamed = {
        nbgrader_tag(cell).get("grade_id"): cell.metadata.get("course", {}).get("renamed_from") for cell in cells
    }
    return {new: old for new, old in renamed.items() if new and old}


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
