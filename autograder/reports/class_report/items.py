"""Item analysis: how hard each exercise of a unit is, and whether it tells the strong from the weak."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

LEAST = 10  # submissions; a correlation of fewer says more of chance than of the exercise


@dataclass(frozen=True)
class Item:
    """An exercise in numbers.

    Attributes:
        submissions: how many have a mark in it.
        waiting: how many have a part that waits for a person.
        share: of its points, what these earned on average, 0 to 1; None if nobody has a mark.
        item_rest: the correlation (Pearson) of its marks with the sum of the unit's other exercises, -1 to 1, or None.
        why_not: why there is no correlation; empty if there is one.
    """

    submissions: int
    waiting: int
    share: float | None
    item_rest: float | None
    why_not: str


def analyse(marks: pd.DataFrame, points: dict[str, float]) -> dict[str, Item]:
    """Each exercise of a unit in numbers.

    Args:
        marks: points by student (rows) and exercise (columns); NaN while a person has still to give some.
        points: what each exercise gives at most.
    """
    # An exercise that is read for a part of the class only would make the sums of its readers larger.
    settled = [name for name in marks.columns if marks[name].notna().all()]
    return {name: _analyse(marks, name, points[name], settled) for name in marks.columns}


def _analyse(marks: pd.DataFrame, name: str, points: float, settled: list[str]) -> Item:
    known = marks[marks[name].notna()]
    own, others = known[name], [other for other in settled if other != name]
    rest = known[others].sum(axis=1)
    share = float(own.mean() / points) if len(own) and points else None
    why_not = _why_not(own, rest, others)
    correlation = None if why_not else float(own.corr(rest))
    return Item(len(own), len(marks) - len(own), share, correlation, why_not)


def _why_not(own: pd.Series, rest: pd.Series, others: list[str]) -> str:
    if len(own) < LEAST:
        return f"fewer than {LEAST} submissions"
    if not others:
        return "no other exercise has all its marks"
    if own.nunique() == 1:
        return "all have the same mark"
    return "all have the same sum in the rest" if rest.nunique() == 1 else ""
