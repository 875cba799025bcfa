"""What a student's units cost to grade with the demonstrations that no answer needs, and without them.

Each unit's solution runs in the sandbox as a submission does, both ways in turns, in one worker that has started
before. Core seconds are the computing time of all processes in the box, seen a hundred times a second: what a process
computes after it was last seen is missing, the same both ways. Both ways have to earn all marks.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import os
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded
from autograder.course.limits import own_seconds
from autograder.course.skipping import cells_to_skip
from autograder.sandbox.sandbox import Limits, Sandbox

LOOK_SECONDS = 0.01
TICKS = os.sysconf("SC_CLK_TCK")  # a second, in the times of /proc
WAYS = ("every cell", "as graded")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", metavar="UNIT", help="these units; default: all")
    parser.add_argument("--turns", type=int, default=3, help="how often each way; default 3")
    options = parser.parse_args(arguments)
    from benchmarks.setting import describe

    print(f"{describe()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    print(f"core seconds of a submission, median of {options.turns} turns")
    print(f"{'':24}{WAYS[0]:>12}{WAYS[1]:>12}{'share':>9}{'cells left out':>18}")
    total: dict[str, float] = defaultdict(float)
    for unit in options.units or units.unit_names():
        taken, left_out = core_seconds(unit, options.turns)
        for way in WAYS:
            total[way] += taken[way]
        _print_row(unit, taken, str(left_out))
    _print_row("all", total, "")
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def _print_row(name: str, taken: dict[str, float], left_out: str) -> None:
    before, after = (taken[way] for way in WAYS)
    print(f"{name:24}{before:12.1f}{after:12.1f}{after / before:9.0%}{left_out:>18}", flush=True)


def core_seconds(unit: str, turns: int) -> tuple[dict[str, float], int]:
    """For each way the median of its core seconds, and how many cells are left out."""
    source = units.source_notebook(unit)
    asked = answers_asked(source)
    ways = {WAYS[0]: frozenset(), WAYS[1]: cells_to_skip(source, source, asked)}
    taken: dict[str, list[float]] = defaultdict(list)
    sandbox = Sandbox(units.modules_to_load(source))
    try:
        sandbox.run(NotebookNode(source | {"cells": []}))  # starts the worker
        for _ in range(turns):
            for way, skipped in ways.items():
                taken[way].append(_run(sandbox, source, asked, skipped))
    finally:
        sandbox.close()
    return {way: statistics.median(taken[way]) for way in WAYS}, len(ways[WAYS[1]])


def _run(sandbox: Sandbox, source: NotebookNode, asked: dict[str, list[str]], skipped: Collection[int]) -> float:
    """The core seconds of one run."""
    notebook = copy.deepcopy(source)
    limits = Limits(own=own_seconds(source))
    with computing(sandbox) as seen:
        execution = sandbox.run(notebook, units.import_lines(source), asked, limits, last_try=True, skipped=skipped)
    lost = [cell.id for cell in filter(is_autograded, notebook.cells) if _loses(cell)]
    if lost or execution.status != "graded":
        raise RuntimeError(f"a solution lost marks with {len(skipped)} cells left out: {lost} {execution.reason}")
    return sum(last - first for first, last in seen.values())


def _loses(cell: NotebookNode) -> bool:
    score, most = determine_grade(cell)
    return score != most


@contextlib.contextmanager
def computing(sandbox: Sandbox) -> Iterator[dict[tuple[int, int], tuple[float, float]]]:
    """Within, watch a sandbox's processes: for each, its computing time when it was seen first and last, in seconds."""
    seen: dict[tuple[int, int], tuple[float, float]] = {}
    done = threading.Event()

    def look() -> None:
        there = {process: seconds for process, seconds in _tree(sandbox._process.pid).items()}
        for process, seconds in there.items():
            # What started within has computed all its time within.
            first = seen[process][0] if process in seen else seconds if not looked else 0.0
            seen[process] = first, seconds
        looked.append(time.monotonic())

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            look()

    looked: list[float] = []
    look()
    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        done.set()
        watching.join()
        look()


def _tree(root: int) -> dict[tuple[int, int], float]:
    """The computing time of a process and of all below it, by number and time of start."""
    children: dict[int, list[int]] = defaultdict(list)
    known: dict[int, tuple[tuple[int, int], float]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, fields = int(status.parent.name), status.read_text().rpartition(")")[2].split()
            children[int(fields[1])].append(pid)
            known[pid] = (pid, int(fields[19])), (int(fields[11]) + int(fields[12])) / TICKS
    found, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        if pid in known:
            process, seconds = known[pid]
            found[process] = seconds
    return found


if __name__ == "__main__":
    main()
