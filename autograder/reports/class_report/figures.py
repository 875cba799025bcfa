"""The report's figures, each with its text alternative. What they show stands in the tables too."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from autograder.reports.class_report import outcomes
from autograder.reports.class_report.items import Item
from autograder.reports.class_report.reading import Task, Unit
from autograder.reports.class_report.themes import as_address, light, style

WIDTH = 11.0  # inches of 96 pixels; a narrower page makes the figures smaller
COLOUR_OF = dict(zip(outcomes.KINDS, ("full", "cause", "unknown", "unwritten", "stopped", "waits"), strict=True))
LONGEST = 42  # characters of an exercise's title


@dataclass(frozen=True)
class Picture:
    """A figure: what it is about, its ``data:`` address, and what there is to see in words."""

    caption: str
    address: str
    alt: str


def marks_of_units(units: list[Unit]) -> Picture | None:
    """How the marks of each unit are spread: a box for each; None where nothing was graded."""
    rows = [(unit.name, s.grade.out_of(100)) for unit in units for s in unit.graded]
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["unit", "share"])
    names = list(dict.fromkeys(table.unit))
    with style():
        figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.5 * len(names)))
        ink = light("ink")
        sns.boxplot(
            table, x="share", y="unit", ax=axes, color=light("bar"), saturation=1, linecolor=ink, width=0.6, fliersize=4
        )
        _as_percent(axes, "marks, % of the unit's points")
        picture = as_address(figure)
    quartiles = table.groupby("unit", sort=False).share.quantile([0.25, 0.5, 0.75]).unstack()
    said = [
        f"{name}: median {q[0.5]:.0f} %, half of the class from {q[0.25]:.0f} to {q[0.75]:.0f} %"
        for name, q in quartiles.iterrows()
    ]
    return Picture(
        "Marks of the graded submissions", picture, f"Box plots of the marks in each unit. {'; '.join(said)}."
    )


def times_of_units(units: list[Unit]) -> Picture | None:
    """Which share of the submissions had come when; None where no time is known."""
    rows = [(unit.name, s.grade.time) for unit in units for s in unit.submissions if s.grade.time]
    if not rows:
        return None
    table = pd.DataFrame(rows, columns=["unit", "time"])
    table["time"] = pd.to_datetime(table.time, format="ISO8601", utc=True)
    names = list(dict.fromkeys(table.unit))
    dashes = ["-", "--", ":", "-."]
    with style():
        figure, axes = plt.subplots(figsize=(WIDTH, 2.8))
        for place, name in enumerate(names):
            own = table[table.unit == name]
            sns.ecdfplot(own, x="time", stat="percent", ax=axes, color=light("ink"), linestyle=dashes[place % 4])
            axes.annotate(name, (own.time.max(), 101), va="bottom", ha="right")
        first, last = table.time.min(), table.time.max()
        room = max((last - first) / 20, pd.Timedelta(hours=1))
        axes.set(xlim=(first - room, last + room), xlabel="handed in (UTC)")
        axes.set(ylabel="% of the submissions", ylim=(0, 118), yticks=range(0, 101, 25))
        locator = mdates.AutoDateLocator(maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
        sns.despine(figure)
        picture = as_address(figure)
    halves = table.groupby("unit", sort=False).time.agg(["median", "max"])
    said = [
        f"{name}: half by {row['median']:%Y-%m-%d %H:%M}, the last at {row['max']:%Y-%m-%d %H:%M}"
        for name, row in halves.iterrows()
    ]
    return Picture(
        "When it was handed in",
        picture,
        f"Which share of the submissions had been handed in when, a line for each unit. {'; '.join(said)}.",
    )


def marks_of_unit(unit: Unit) -> Picture | None:
    """How many submissions have which marks; None where nothing was graded."""
    shares = pd.Series([s.grade.out_of(100) for s in unit.graded], dtype=float).clip(0, 100)  # extra credit lies beyond
    if shares.empty:
        return None
    with style():
        figure, axes = plt.subplots(figsize=(WIDTH, 2.4))
        sns.histplot(x=shares, bins=range(0, 101, 10), ax=axes, color=light("bar"), alpha=1, edgecolor=light("ink"))
        _as_percent(axes, "marks, % of the unit's points")
        axes.set_ylabel("submissions")
        axes.yaxis.get_major_locator().set_params(integer=True)
        picture = as_address(figure)
    tens = pd.cut(shares, range(0, 101, 10), right=False, labels=False).fillna(9).astype(int)
    said = [
        f"{number} from {10 * ten} to {10 * ten + 10} %"
        for ten, number in tens.value_counts(sort=False).sort_index().items()
    ]
    return Picture("Marks", picture, f"Histogram of the marks in {unit.name}, by tens of percent: {', '.join(said)}.")


def outcomes_of_unit(unit: Unit, found: dict[str, dict[str, int]], tasks: list[Task]) -> Picture | None:
    """What became of each exercise, in a bar of parts; None where no result is kept.

    Args:
        unit: the unit.
        found: for each exercise by name, how many answers are of each of `outcomes.KINDS`.
        tasks: the exercises in code.
    """
    tasks = [task for task in tasks if found[task.name]]
    if not tasks:
        return None
    names = _labels(tasks)
    rows = [(names[task.name], kind, number) for task in tasks for kind, number in found[task.name].items()]
    table = pd.DataFrame(rows, columns=["exercise", "outcome", "answers"])
    kinds = [kind for kind in outcomes.KINDS if kind in set(table.outcome)]
    with style():
        figure, axes = plt.subplots(figsize=(WIDTH, 1.2 + 0.42 * len(tasks)))
        table["exercise"] = pd.Categorical(table.exercise, list(names.values()))
        sns.histplot(
            table,
            y="exercise",
            weights="answers",
            hue="outcome",
            hue_order=kinds[::-1],
            palette={kind: light(COLOUR_OF[kind]) for kind in kinds},
            multiple="stack",
            shrink=0.75,
            alpha=1,
            edgecolor=light("ink"),
            ax=axes,
        )
        for bars in axes.containers:
            numbers = [f"{bar.get_width():.0f}" if bar.get_width() else "" for bar in bars]
            axes.bar_label(bars, numbers, label_type="center")
            for bar in bars:
                bar.set_visible(bar.get_width() > 0)  # else its edge is drawn
        handles = axes.get_legend().legend_handles[::-1]
        axes.legend(handles, kinds, loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=len(kinds), handlelength=1.2)
        axes.set(xlabel="answers", ylabel="")
        axes.xaxis.get_major_locator().set_params(integer=True)
        sns.despine(figure, left=True)
        axes.tick_params(axis="y", length=0)
        picture = as_address(figure)
    said = [f"{names[task.name]}: {', '.join(f'{n} {kind}' for kind, n in found[task.name].items())}" for task in tasks]
    return Picture(
        "What became of the answers",
        picture,
        f"What became of the answers to each exercise of {unit.name}. {'; '.join(said)}.",
    )


def items_of_unit(unit: Unit, items: dict[str, Item]) -> Picture | None:
    """Share of points and item-rest correlation of each exercise that has all its marks; None if none has."""
    tasks = [task for task in unit.tasks if items[task.name].share is not None and not items[task.name].waiting]
    if not tasks:
        return None
    names = _labels(tasks)
    table = pd.DataFrame(
        [(names[task.name], 100 * items[task.name].share, items[task.name].item_rest) for task in tasks],
        columns=["exercise", "share", "item_rest"],
    )
    told = table.item_rest.notna().any()
    with style():
        figure, panels = plt.subplots(1, 1 + told, figsize=(WIDTH, 0.9 + 0.36 * len(tasks)), sharey=True, squeeze=False)
        left = panels[0, 0]
        sns.barplot(table, x="share", y="exercise", ax=left, color=light("bar"), saturation=1, edgecolor=light("ink"))
        left.bar_label(left.containers[0], fmt="%.0f", padding=4)
        _as_percent(left, "share of points earned, %")
        left.set_xlim(0, 112)
        if told:
            right = panels[0, 1]
            known = table.dropna()
            right.hlines(known.exercise, 0, known.item_rest, color=light("ink"), linewidth=1)
            sns.scatterplot(
                known, x="item_rest", y="exercise", ax=right, color=light("bar"), edgecolor=light("ink"), s=60, zorder=3
            )
            right.axvline(0, color=light("ink"), linewidth=1)
            right.set(xlim=(-1.05, 1.05), xlabel="item-rest correlation", ylabel="")
            right.tick_params(axis="y", length=0)
        sns.despine(figure, left=True)
        left.tick_params(axis="y", length=0)
        picture = as_address(figure)
    said = [_said(names[task.name], items[task.name]) for task in tasks]
    return Picture(
        "How hard each exercise is, and how well it goes with the rest",
        picture,
        f"Share of points earned and item-rest correlation of each exercise of {unit.name}. {'; '.join(said)}.",
    )


def _said(name: str, item: Item) -> str:
    correlation = "no correlation" if item.item_rest is None else f"correlation {item.item_rest:.2f}"
    return f"{name}: {item.share:.0%} of the points, {correlation}"


def _labels(tasks: list[Task]) -> dict[str, str]:
    """A short title for each exercise by name; where two are the same, the name itself."""
    short = {task.name: textwrap.shorten(task.title, LONGEST, placeholder=" …") for task in tasks}
    twice = {label for label in short.values() if list(short.values()).count(label) > 1}
    return {name: name if label in twice else label for name, label in short.items()}


def _as_percent(axes: Axes, label: str) -> None:
    axes.set(xlim=(-2, max(102, axes.get_xlim()[1])), xticks=range(0, 101, 20), xlabel=label, ylabel="")
    sns.despine(axes.figure)
