"""Marks that are others than last time: kept in ``history.jsonl``, and told."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HISTORY = "history.jsonl"


@dataclass(frozen=True)
class Change:
    """A graded cell whose mark is `new` where it was `old`; None while it waits for a person."""

    student: str
    unit: str
    cell: str
    old: float | None
    new: float | None
    cause: str


def keep(output: Path, changes: list[Change]) -> None:
    """Add a line for each change to ``history.jsonl``: time (UTC), student, unit, cell, old, new, cause."""
    if not changes:
        return
    time = datetime.now(UTC).isoformat(timespec="seconds")
    lines = "".join(json.dumps({"time": time} | asdict(change)) + "\n" for change in changes)
    with (output / HISTORY).open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def by_submission(changes: list[Change]) -> dict[tuple[str, str], tuple[float, list[Change]]]:
    """For each student and unit with a change: how many points more there are now, and the changes."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        found.setdefault((change.student, change.unit), []).append(change)
    return {place: (sum((c.new or 0) - (c.old or 0) for c in group), group) for place, group in found.items()}
