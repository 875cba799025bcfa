"""`write_report`: the report of a class as one HTML page, and as a CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import jinja2

from autograder.course.addresses import Database
from autograder.files import write_text
from autograder.grading.roster import read_roster
from autograder.reports.class_report import attention, figures, outcomes
from autograder.reports.class_report.figures import Picture
from autograder.reports.class_report.items import LEAST, Item, analyse
from autograder.reports.class_report.outcomes import CauseRow, Outcome, Unexplained, bank_lines
from autograder.reports.class_report.pseudonyms import Hidden, Shown
from autograder.reports.class_report.reading import Task, Unit, read_class

MOST_UNEXPLAINED = 12  # of a unit on the page, those of most students first; the CSV counts them all
MOST_NAMES = 12  # students named at one failure
MOST_MESSAGE = 500  # characters
COLUMNS = (
    *("unit", "exercise", "title", "points", "submissions", "share_earned", "item_rest"),
    *("outcome", "cause", "students", "cells"),
)
HERE = Path(__file__).parent  # the template and the style lie beside this file


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise in the report; an answer in words has no outcomes."""

    task: Task
    item: Item
    counts: dict[str, int]
    causes: list[CauseRow]
    unexplained: list[Unexplained]
    found: list[Outcome]


@dataclass(frozen=True)
class UnitPart:
    """A unit in the report."""

    unit: Unit
    rows: list[ExerciseRow]


def write_report(
    root: Path,
    asked: list[str],
    html: Path | None,
    table: Path | None,
    hide_ids: bool = False,
    database: Database | None = None,
) -> None:
    """Write the report of the units asked for (default: of all in the gradebook).

    Args:
        root: has ``autograded/`` and perhaps ``roster.csv``.
        asked: names of units.
        html: gets the page; None for none.
        table: gets the CSV, a row for each exercise, outcome and cause, with the columns `COLUMNS`; None for none.
        hide_ids: on the page students are numbers, drawn anew each time. The CSV never names one.
        database: the gradebook; None for ``gradebook.db`` in `root`.

    Raises:
        ValueError: there is no gradebook, or it has no such unit.
    """
    roster = read_roster(root / "roster.csv")
    class_ = read_class(root, roster, asked, database)
    students = {s for unit in class_ for s in (*unit.missing, *unit.not_graded)}
    students |= {s.student for unit in class_ for s in unit.submissions}
    names = Hidden(students, roster) if hide_ids else Shown()
    parts = [_part(unit) for unit in class_]
    if html is not None:
        write_text(html, _page(parts, len(students), names))
    if table is not None:
        write_text(table, _csv(parts, names))


def _part(unit: Unit) -> UnitPart:
    items = analyse(unit.marks(), {task.name: task.points for task in unit.tasks})
    rows = []
    for task in unit.tasks:
        found = [] if task.written else outcomes.outcomes(unit, task)
        causes, unexplained = outcomes.causes(found, unit, task), outcomes.unexplained(found, task)
        rows.append(ExerciseRow(task, items[task.name], outcomes.counts(found), causes, unexplained, found))
    return UnitPart(unit, rows)


def _csv(parts: list[UnitPart], names: Shown) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for part in parts:
        for row in part.rows:
            item = row.item
            numbers = [f"{row.task.points:g}", item.submissions, _decimals(item.share), _decimals(item.item_rest)]
            about = [part.unit.name, row.task.name, row.task.title, *numbers]
            for kind, count in row.counts.items():
                if kind == outcomes.CAUSE:
                    for cause in row.causes:
                        cells = " ".join(cause.cells)
                        writer.writerow([*about, kind, names.text(cause.cause), len(cause.students), cells])
                else:
                    lost = {name for outcome in row.found if outcome.kind == kind for name in outcome.lost}
                    writer.writerow(
                        [*about, kind, "", count, " ".join(name for name in row.task.cells if name in lost)]
                    )
            if not row.counts:
                writer.writerow([*about, "", "", "", ""])
    return buffer.getvalue()


def _decimals(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"


def _page(parts: list[UnitPart], students: int, names: Shown) -> str:
    units = [part.unit for part in parts]
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    matters = [matter for unit in units for matter in attention.matters(unit, names)]
    matters.sort(key=lambda matter: attention.WHATS.index(matter.what))
    return environment.get_template("page.html.j2").render(
        students=students,
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        hidden=isinstance(names, Hidden),
        least=LEAST,
        matters=matters,
        summary=[_summary(unit) for unit in units],
        pictures=_present(figures.marks_of_units(units), figures.times_of_units(units)),
        parts=[_shown(part, names) for part in parts],
    )


def _summary(unit: Unit) -> dict[str, object]:
    """A unit's row in the table of units: numbers of submissions, median marks, when, and the grader's seconds."""
    marks = sorted(s.grade.score for s in unit.graded)
    seconds = sorted(s.kept.seconds for s in unit.graded if s.kept is not None)
    times = sorted(s.grade.time[:16] for s in unit.submissions if s.grade.time)
    maximum = sum(task.points for task in unit.tasks)
    return {
        "name": unit.name,
        "graded": len(unit.graded),
        "other": len(unit.submissions) - len(unit.graded),
        "missing": len(unit.missing),
        "median": f"{_median(marks):g} of {maximum:g}" if marks else "–",
        "first": times[0] if times else "–",
        "last": times[-1] if times else "–",
        "seconds": f"{_median(seconds):.1f}, at most {seconds[-1]:.1f}" if seconds else "–",
    }


def _median(ordered: list[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _shown(part: UnitPart, names: Shown) -> dict[str, object]:
    """A unit's section, as the template shows it."""
    unit = part.unit
    in_code = [row.task for row in part.rows if not row.task.written]
    causes = [(row, cause) for row in part.rows for cause in row.causes]
    unexplained = sorted((u for row in part.rows for u in row.unexplained), key=lambda failure: -len(failure.students))
    return {
        "name": unit.name,
        "graded": len(unit.graded),
        "pictures": _present(
            figures.marks_of_unit(unit),
            figures.outcomes_of_unit(unit, {row.task.name: row.counts for row in part.rows}, in_code),
            figures.items_of_unit(unit, {row.task.name: row.item for row in part.rows}),
        ),
        "rows": part.rows,
        "kinds": [kind for kind in outcomes.KINDS if any(row.counts.get(kind) for row in part.rows)],
        "causes": [
            {
                "title": row.task.title,
                "rows": len(row.causes) if cause is row.causes[0] else 0,  # the title stands at the first of them
                "cause": names.text(cause.cause),
                "number": len(cause.students),
                "width": round(100 * len(cause.students) / len(row.found)),
                "cells": cause.cells,
            }
            for row, cause in causes
        ],
        "unexplained": [_failure(unit.name, failure, names) for failure in unexplained[:MOST_UNEXPLAINED]],
        "more": len(unexplained) - MOST_UNEXPLAINED,
    }


def _failure(unit: str, failure: Unexplained, names: Shown) -> dict[str, object]:
    called = sorted(map(names.name, failure.students))
    more = f" and {len(called) - MOST_NAMES} more" if len(called) > MOST_NAMES else ""
    message = names.text(failure.message)
    return {
        "title": failure.task.title,
        "number": len(called),
        "who": ", ".join(called[:MOST_NAMES]) + more,
        "message": message[:MOST_MESSAGE] + (" …" if len(message) > MOST_MESSAGE else ""),
        "lines": "\n".join(bank_lines(unit, failure)),
    }


def _present(*pictures: Picture | None) -> list[Picture]:
    return [picture for picture in pictures if picture is not None]
