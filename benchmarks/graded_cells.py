"""What judging costs: the wall time of each graded cell in a judge of its own, beside that of the same code in place.

    OMP_NUM_THREADS=1 python -m benchmarks.graded_cells [UNIT ...]

A unit's solution runs in the box twice: with its graded cells, and with these as plain cells of the student's process.
"""

from __future__ import annotations

import argparse
import copy
import time

from nbformat import NotebookNode

from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded
from autograder.course.limits import own_seconds
from autograder.sandbox.sandbox import Limits, Sandbox
from benchmarks.setting import describe


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="*", default=units.unit_names(), metavar="UNIT", help="default: all")
    parser.add_argument("--turns", type=int, default=3, help="the fastest of so many counts; default 3")
    options = parser.parse_args(arguments)
    print(describe())
    print(f"{'':22}{'graded cells':>14}{'s in judges':>14}{'s in place':>14}{'ms more a cell':>16}")
    for unit in options.units:
        count, judged, in_place = measure(units.source_notebook(unit), options.turns)
        more = 1000 * (judged - in_place) / count
        print(f"{unit:22}{count:14}{judged:14.2f}{in_place:14.2f}{more:16.1f}", flush=True)


def measure(source: NotebookNode, turns: int) -> tuple[int, float, float]:
    """Graded cells, and seconds of the whole notebook with them in judges and in the student's process."""
    plain = copy.deepcopy(source)
    graded = [cell for cell in plain.cells if is_autograded(cell)]
    for cell in graded:
        del cell.metadata["nbgrader"]
    sandbox = Sandbox(units.modules_to_load(source))
    given = units.import_lines(source), answers_asked(source), Limits(own=own_seconds(source))
    try:
        sandbox.run(copy.deepcopy(plain), *given)  # the first run starts the worker
        seconds: dict[int, list[float]] = {0: [], 1: []}
        for _ in range(turns):
            for way, notebook in enumerate((source, plain)):
                start = time.perf_counter()
                execution = sandbox.run(copy.deepcopy(notebook), *given)
                seconds[way].append(time.perf_counter() - start)
                if execution.status != "graded":
                    raise RuntimeError(f"the solution is not graded: {execution.reason}")
        return len(graded), min(seconds[0]), min(seconds[1])
    finally:
        sandbox.close()


if __name__ == "__main__":
    main()
