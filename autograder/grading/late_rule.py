"""The rule of late work: what a started day costs, and the grace; kept beside the gradebook in ``late.json``.

It is no setting of nbgrader_config.py: whatever changes there makes every notebook run again. Due dates and extensions
are nbgrader's own, in the gradebook; ``late.json`` has a due date only until its unit is recorded there.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import units
from autograder.files import write_text
from autograder.grading.extensions import Extensions, read_extensions
from autograder.grading.moments import moment, span

KEPT = "late.json"
DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Rule:
    """What late work costs.

    Args:
        per_day: percent of the unit's points, for each started day of 24 hours.
        grace: seconds after the due date that cost nothing; the days are counted from its end.
    """

    per_day: float
    grace: float = 0.0

    def days(self, seconds_late: float) -> int:
        """The started days; parts of a second do not count."""
        return math.ceil(max(0, math.floor(seconds_late - self.grace)) / DAY)

    def penalty(self, seconds_late: float, most: float, score: float) -> float:
        """The points to take off a score, to two decimals: never less than 0, never more than the score.

        Args:
            seconds_late: after the due date, with the student's extension.
            most: the unit's points.
            score: what was earned, by the grader and by a person, with extra credit.
        """
        return min(round(self.days(seconds_late) * self.per_day / 100 * most, 2), max(0.0, score))


@dataclass(frozen=True)
class LateWork:
    """All that is settled about late work.

    Args:
        rule: None where none was ever given: then nobody's penalty is touched.
        due: by unit, due dates (UTC, without a zone) that are not in the gradebook yet.
        extensions: what ``extensions.csv`` says; None without that file: then the gradebook's stay.
        is_new: whether the rule is another one than last time.
    """

    rule: Rule | None = None
    due: dict[str, datetime] = field(default_factory=dict)
    extensions: Extensions | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Orders:
    """What a command says about late work, as it was written: ``UNIT=DATE`` for each due date, ``10%/day``, ``15m``."""

    due: tuple[str, ...] = ()
    late: str | None = None
    grace: str | None = None

    def __bool__(self) -> bool:
        return bool(self.due) or self.late is not None or self.grace is not None


def read_late_work(folder: Path) -> LateWork:
    """What ``late.json`` and ``extensions.csv`` in this folder say; both may be absent.

    Raises:
        ValueError: one of them cannot be understood; the message says what stands there and what was expected.
    """
    extensions = read_extensions(folder / "extensions.csv")
    path = folder / KEPT
    if not path.is_file():
        return LateWork(extensions=extensions)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        late, grace, due = kept.get("late"), kept.get("grace"), kept.get("due", {})
        rule = Rule(_percent(late), span(grace or "0m").total_seconds()) if late is not None else None
        return LateWork(rule, {unit: moment(text)[0] for unit, text in due.items()}, extensions)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"{KEPT} is not as it was written ({error}): delete it, and give --late again") from None


def keep_late_work(folder: Path, late_work: LateWork) -> None:
    """Write the rule, and the due dates that the gradebook does not have yet, to ``late.json``, unless it has them."""
    rule = late_work.rule
    kept: dict = {} if rule is None else {"late": f"{rule.per_day:g}%/day", "grace": f"{rule.grace / 60:g}m"}
    if late_work.due:
        kept["due"] = {unit: due.replace(tzinfo=UTC).isoformat() for unit, due in late_work.due.items()}
    path, text = folder / KEPT, json.dumps(kept, indent=1) + "\n"
    if (kept or path.is_file()) and (not path.is_file() or path.read_text(encoding="utf-8") != text):
        write_text(path, text)


def ordered(late_work: LateWork, orders: Orders) -> LateWork:
    """What is settled once these orders are followed.

    Raises:
        ValueError: an order cannot be understood; nothing is changed then.
    """
    rule = late_work.rule
    grace = span(orders.grace).total_seconds() if orders.grace is not None else rule.grace if rule else 0.0
    if orders.late is not None:
        rule = Rule(_percent(orders.late), grace)
    elif orders.grace is not None:
        if rule is None:
            raise ValueError("--grace belongs to a rule, and there is none yet: give --late too, such as 10%/day")
        rule = dataclasses.replace(rule, grace=grace)
    due = {unit: time_ for unit, (time_, _) in _due_dates(orders.due).items()}
    return dataclasses.replace(late_work, rule=rule, due=late_work.due | due, is_new=rule != late_work.rule)


def said_of(orders: Orders) -> list[str]:
    """A line for each due date of these orders: which time and which zone was taken."""
    return [f"{unit} is due {said}" for unit, (_, said) in _due_dates(orders.due).items()]


def _due_dates(orders: Iterable[str]) -> dict[str, tuple[datetime, str]]:
    found: dict[str, tuple[datetime, str]] = {}
    for order in orders:
        unit, sign, text = order.partition("=")
        if not sign:
            raise ValueError(f"--due {order!r} is no UNIT=DATE such as 02-shapes=2026-11-20T23:59")
        if unit not in units.unit_names():
            raise ValueError(f"--due: there is no unit {unit!r}; the units are {', '.join(units.unit_names())}")
        if unit in found:
            raise ValueError(f"--due names {unit} twice: give it one date")
        try:
            found[unit] = moment(text)
        except ValueError as error:
            raise ValueError(f"--due {unit}: {error}") from None
    return found


def _percent(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%\s*/\s*day", text)
    if not match or not 0 <= float(match[1]) <= 100:
        raise ValueError(f"--late {text!r} is no percentage for each day, from 0%/day to 100%/day, such as 10%/day")
    return float(match[1])
