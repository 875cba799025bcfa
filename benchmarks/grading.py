"""How fast a class is graded: stock nbgrader, nbgrader with our box, and our own front door.

The same submissions of a small torch notebook go through all three, in chunks that take turns, since other work on the
machine changes the clock. Each chunk is one command, its start-up included. Stock nbgrader is given its best: its
kernels are shut down at once ("immediate").

Then: where our time goes, two jobs against one, the memory of a worker, and the real units.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat.v4 import new_notebook

if not __package__:  # `python benchmarks/grading.py` does not look for modules beside its folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from autograder import ROOT
from autograder.course import units
from autograder.course.answers import answers_asked
from autograder.course.cells import is_autograded
from autograder.grading import classes, finished, gradebook, submissions
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.nbgrader_bridge import open_gradebook
from autograder.reports import feedback
from autograder.sandbox.sandbox import Sandbox
from benchmarks.small_course import UNIT, course_at, hand_in, write_course

# After the course's own configuration: nbgrader grades the small course where it stands.
SMALL_COURSE = """
from autograder.course import units
units.SOLUTIONS, units.RELEASE = (Path(__file__).parent / name for name in ("solutions", "notebooks"))
"""
STOCK_CONFIG = """c = get_config()
c.CourseDirectory.course_id = "small"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.Execute.shutdown_kernel = "immediate"
"""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=80, help="submissions for each way of grading; default 80")
    parser.add_argument("--chunk", type=int, default=40, help="submissions of one command; default 40")
    parser.add_argument(
        "--units", nargs="*", metavar="UNIT", help="not the small notebook, but these units (default: all)"
    )
    options = parser.parse_args(arguments)
    if options.students % options.chunk:
        parser.error(f"--students {options.students} is not a multiple of --chunk {options.chunk}")
    from benchmarks.setting import describe

    print(f"{describe()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        if options.units is None:
            compare(Path(scratch), options.students, options.chunk)
        else:
            real_units(Path(scratch), options.units or units.unit_names())
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def compare(scratch: Path, students: int, chunk: int) -> None:
    """The small notebook in all ways, in turns."""
    write_course(scratch / "course")
    with course_at(scratch / "course"):
        boxed = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8") + SMALL_COURSE
        ways = {
            "stock nbgrader autograde": nbgrader_way(scratch / "stock", STOCK_CONFIG, students, chunk),
            "nbgrader autograde, boxed": nbgrader_way(scratch / "boxed", boxed, students, chunk),
            "our front door, 1 job": front_door_way(scratch / "one", students, chunk, 1),
            "our front door, 1 job on 1 core": front_door_way(scratch / "alone", students, chunk, 1, cores=1),
            "our front door, 2 jobs": front_door_way(scratch / "two", students, chunk, 2),
        }
        seconds: dict[str, list[float]] = defaultdict(list)
        for turn in range(students // chunk):
            for name, run in ways.items():
                start = time.perf_counter()
                run(turn)
                seconds[name].append(time.perf_counter() - start)
                print(f"  turn {turn + 1}, {name}: {seconds[name][-1]:.1f} s", flush=True)
        stock = seconds["stock nbgrader autograde"]
        alone = seconds["our front door, 1 job on 1 core"]
        print(f"\n{students} submissions of a small torch notebook, {chunk} a command")
        print(f"{'':32}{'s each':>10}{'a minute':>10}{'faster than stock':>20}{'than 1 core':>14}")
        for name, taken in seconds.items():
            ratio = statistics.median(s / t for s, t in zip(stock, taken, strict=True))
            scaling = statistics.median(s / t for s, t in zip(alone, taken, strict=True))
            each = sum(taken) / students
            print(f"{name:32}{each:10.3f}{60 / each:10.0f}{ratio:20.1f}{scaling:14.2f}")
        where_the_time_goes(scratch / "one" / "clock", students)
        print("\nwall time of a submission once the workers stand, its feedback page included")
        for name, folder in (("1 job", "one"), ("1 job on 1 core", "alone"), ("2 jobs", "two")):
            clocks = [json.loads(path.read_text()) for path in (scratch / folder / "clock").glob("*.json")]
            print(f"  {name:40}{sum(clock[RUNNING] for clock in clocks) / students:8.3f} s")
        inside_a_worker()


def where_the_time_goes(clocks: Path, students: int) -> None:
    """What the front door's own clocks say, by phase."""
    total: dict[str, float] = defaultdict(float)
    for path in clocks.glob("*.json"):
        for phase, taken in json.loads(path.read_text()).items():
            total[phase] += taken
    commands = len(list(clocks.glob("*.json")))
    print(f"\nwhere the time of 1 job goes: once for each of {commands} commands")
    for phase in ONCE:
        print(f"  {phase:40}{total[phase] / commands:8.2f} s")
    print("and for each submission")
    for phase in EACH:
        print(f"  {phase:40}{total[phase] / students:8.3f} s")
    wall, own = total[RUNNING] / students, own_compute()
    print(f"  {'wall time, since some go on side by side':40}{wall:8.3f} s")
    print(f"  {'of that the cells themselves':40}{own:8.3f} s (run once more in one process, everything imported)")
    print(f"  {'overhead':40}{wall - own:8.3f} s")


def inside_a_worker(repeats: int = 15) -> None:
    """The parts of a run in the box, as differences, and the memory that a worker holds."""
    solution = units.source_notebook(UNIT)
    imports, asked = units.import_lines(solution), answers_asked(solution)
    ungraded = new_notebook(cells=[cell for cell in solution.cells if not is_autograded(cell)])
    sandbox = Sandbox(units.modules_to_load(solution))
    try:
        cases: dict[str, Callable[[], object]] = {
            "no cell": lambda: sandbox.run(new_notebook()),
            "ungraded cells": lambda: sandbox.run(ungraded),
            "all cells": lambda: sandbox.run(solution, imports, asked),
        }
        taken: dict[str, list[float]] = defaultdict(list)
        for _ in range(repeats):
            for name, run in cases.items():
                start = time.perf_counter()
                run()
                taken[name].append(time.perf_counter() - start)
        medians = [statistics.median(taken[name]) for name in cases]
        graded = sum(is_autograded(cell) for cell in solution.cells)
        print(f"\ninside the box, median of {repeats}")
        print(f"  fork and isolation{medians[0]:30.3f} s")
        print(f"  cells that are not graded{medians[1] - medians[0]:23.3f} s")
        print(f"  {graded} graded cells, each in a judge{medians[2] - medians[1]:16.3f} s")
        print(
            f"memory of a worker: {proportional_memory(sandbox) / 2**20:.0f} MiB (PSS of its processes, between runs)"
        )
    finally:
        sandbox.close()


def real_units(scratch: Path, names: list[str], copies: int = 4) -> None:
    """Submissions per minute of each unit's solution, all cores, once workers have started."""
    print(f"\n{copies} copies of each unit's solution, {os.cpu_count()} jobs")
    print(f"{'':24}{'s each, one core':>18}{'a minute':>10}{'status':>10}")
    for unit in names:
        root = scratch / unit
        submitted = hand_in(root, unit, copies, copies) / "0"
        clock: dict[str, float] = defaultdict(float)
        with clocked(clock):
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):  # the progress bar
                results = grade_class(submitted, root / "out", [unit], Options(os.cpu_count() or 1), feedback).results
            wall = clock[RUNNING] + time.perf_counter()
        statuses = " ".join(sorted({result.status for result in results}))
        each = statistics.median(result.seconds for result in results)
        print(f"{unit:24}{each:18.2f}{60 * copies / wall:10.0f}{statuses:>10}", flush=True)


# Phases of the front door, by what they call: those that are paid once for each command, and for each notebook.
ONCE = {
    "nbgrader generates the release": (classes, "load_unit"),
    "the unit's own solution": (classes, "demand_full_marks"),
    "worker starts (imports)": (Sandbox, "start"),
}
EACH = {
    "find and read the submission": (submissions, "read_submission"),
    "restore cells": (submissions, "repair"),
    "run in the box": (Sandbox, "run"),
    "read the marks off": (submissions, "result_of"),
    "keep the result": (finished, "save"),
    "gradebook": (gradebook, "record"),
    "feedback pages": (feedback, "write_pages"),
}
RUNNING = "from the first submission to the last page"


@contextlib.contextmanager
def clocked(clock: dict[str, float]) -> Iterator[None]:
    """Within, each phase of the front door adds its seconds to `clock`."""

    def timed(phase: str, function: Callable) -> Callable:
        def run(*arguments, **options):
            start = time.perf_counter()
            if phase == "find and read the submission" and RUNNING not in clock:
                clock[RUNNING] = -start
            try:
                return function(*arguments, **options)
            finally:
                clock[phase] += time.perf_counter() - start

        return run

    kept = {phase: getattr(*where) for phase, where in (ONCE | EACH).items()}
    for phase, where in (ONCE | EACH).items():
        setattr(*where, timed(phase, kept[phase]))
    try:
        yield
    finally:
        for phase, where in (ONCE | EACH).items():
            setattr(*where, kept[phase])


def nbgrader_way(root: Path, config: str, students: int, chunk: int) -> Callable[[int], None]:
    """`nbgrader autograde` on one chunk, with this configuration."""
    chunks = hand_in(root, UNIT, students, chunk)
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")

    def run(turn: int) -> None:
        shutil.rmtree(root / "submitted", ignore_errors=True)
        shutil.move(chunks / str(turn), root / "submitted")
        command = [sys.executable, "-m", "nbgrader", "autograde", UNIT]
        _run(command, root)
        names = [path.name for path in (root / "submitted").iterdir()]
        _demand_full_marks(root / "gradebook.db", names)

    return run


def front_door_way(root: Path, students: int, chunk: int, jobs: int, cores: int | None = None) -> Callable[[int], None]:
    """Our front door on one chunk, as a command of its own; its clocks go to ``root/clock/``."""
    chunks = hand_in(root, UNIT, students, chunk)
    (root / "clock").mkdir()

    def run(turn: int) -> None:
        code = "import sys; from benchmarks import grading; grading.front_door(*sys.argv[1:])"
        out = root / "out" / str(turn)
        places = [units.SOLUTIONS.parent, chunks / str(turn), out, root / "clock" / f"{turn}.json"]
        _run([sys.executable, "-c", code, *map(str, places), str(jobs), str(cores or os.cpu_count())], root)
        _demand_full_marks(out / "gradebook.db", [path.name for path in (chunks / str(turn)).iterdir()])

    return run


def front_door(root: str, submitted: str, output: str, clock_file: str, jobs: str, cores: str) -> None:
    """What the command of `front_door_way` does."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    clock: dict[str, float] = defaultdict(float)
    with course_at(Path(root)), clocked(clock):
        grade_class(Path(submitted), Path(output), [UNIT], Options(int(jobs)), feedback)
    clock[RUNNING] += time.perf_counter()
    Path(clock_file).write_text(json.dumps(clock))


def _run(command: list[str], folder: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")


def _demand_full_marks(database: Path, students: list[str]) -> None:
    """A way of grading that is fast since it grades nothing must not look good."""
    with open_gradebook(database) as book:
        for student in students:
            submission = book.find_submission(UNIT, student)
            if submission.score != submission.max_score or not submission.max_score:
                raise RuntimeError(f"{student} has {submission.score} of {submission.max_score} marks: expected all")


def own_compute(repeats: int = 15) -> float:
    """Seconds of the notebook's cells alone: median of runs in this process, one thread, everything imported."""
    import torch

    torch.set_num_threads(1)
    sources = [cell.source for cell in units.source_notebook(UNIT).cells if cell.cell_type == "code"]
    taken = []
    for _ in range(repeats + 1):
        names: dict = {}
        start = time.perf_counter()
        for source in sources:
            exec(source, names)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


def proportional_memory(sandbox: Sandbox) -> int:
    """Bytes of memory of a worker's processes, shared pages divided among those that share them (Linux's PSS)."""
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            children[parent].append(int(status.parent.name))
    waiting, held = [sandbox._process.pid], 0
    while waiting:
        pid = waiting.pop()
        waiting += children[pid]
        with contextlib.suppress(OSError):  # the last run's box may still be on its way out
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    held += int(line.split()[1]) * 1024
    return held


if __name__ == "__main__":
    main()
