"""A large class: submissions a minute by workers, the coordinator's memory, sizes on disk, and an interrupt.

The class is made from the answer bank, three right answers in four. Each measurement is a command of its own in a
course folder of its own. What a submission adds is the slope between a part of the class and all of it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from autograder import ROOT
from autograder.course import units
from autograder.course.exercises import exercises_of

DEFAULT = ("02-shapes=300", "05-lenet=30")
PART = 4  # the smaller class is one in so many


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--of", nargs="+", default=DEFAULT, metavar="UNIT=N", help=f"submissions; default {' '.join(DEFAULT)}"
    )
    parser.add_argument("--jobs", nargs="+", type=int, default=[1, 2, 4], help="workers; default 1 2 4")
    options = parser.parse_args(arguments)
    from benchmarks.setting import describe

    print(f"{describe()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        for entry in options.of:
            unit, _, count = entry.partition("=")
            if unit not in units.unit_names() or not count.isdigit() or int(count) < 2 * PART:
                parser.error(f"{entry!r}: expected a unit and at least {2 * PART} submissions, as 02-shapes=300")
            of_unit(Path(scratch) / unit, unit, int(count), options.jobs)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def of_unit(root: Path, unit: str, count: int, jobs: list[int]) -> None:
    """All that is measured of one unit."""
    from autograder.reports.grades import read_grades

    submitted, part = root / "submitted", root / "part"
    write_class(submitted, unit, count)
    for folder in sorted(submitted.iterdir())[: count // PART]:
        shutil.copytree(folder, part / folder.name)
    print(f"\n{unit}, {count} submissions")
    print(f"{'workers':>8}{'seconds':>10}{'a minute':>10}{'start-up, s':>13}{'coordinator, MB at most':>25}")
    taken = {}
    for number in jobs:
        out = root / f"out-{number}"
        taken[number] = clock = command(submitted, out, number)
        rate = 60 * count / (clock["end"] - clock["first"])
        print(
            f"{number:8}{clock['end']:10.1f}{rate:10.0f}{clock['first']:13.1f}{clock['peak'] / 1e6:25.0f}", flush=True
        )
    most, whole = jobs[-1], root / f"out-{jobs[-1]}"
    small = command(part, root / "out-part", most)
    difference = count - count // PART
    print(f"each submission adds, from {count // PART} to {count}:")
    print(f"  coordinator's memory{(taken[most]['peak'] - small['peak']) / difference / 1e3:20.1f} kB")
    print(f"  coordinator's computing{(taken[most]['computed'] - small['computed']) / difference:17.3f} s")
    for name in ("gradebook.db", "feedback", "autograded"):
        added = (size(whole / name) - size(root / "out-part" / name)) / difference
        print(f"  {name:20}{added / 1e3:20.1f} kB")
    start = time.perf_counter()
    grades = read_grades(whole / "gradebook.db", {}, [])
    print(f"the marks of {len(grades)} submissions are read in {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    again = command(submitted, whole, most)
    print(f"the same command again, nothing new: {again['end']:.1f} s, {again['peak'] / 1e6:.0f} MB")
    interrupted(submitted, root / "out-interrupted", most, count, taken[most]["end"])
    shutil.rmtree(root)


def interrupted(submitted: Path, out: Path, jobs: int, count: int, undisturbed: float) -> None:
    """Interrupt a run half way, and let the same command go on."""
    process = start_command(submitted, out, jobs)
    began = time.perf_counter()
    while len(list(out.glob("autograded/*/*/result.json"))) < count // 2:
        if process.poll() is not None:
            raise RuntimeError(f"the command ended by itself: {process.stderr.read()[-3000:]}")
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    asked = time.perf_counter()
    process.communicate()
    stopped = time.perf_counter()
    resumed = command(submitted, out, jobs)
    print(
        f"interrupted half way: ended {stopped - asked:.1f} s after it; {stopped - began:.1f} s and, resumed, "
        f"{resumed['end']:.1f} s, against {undisturbed:.1f} s undisturbed"
    )


def write_class(submitted: Path, unit: str, count: int) -> None:
    """Notebooks of `count` students, with the bank's answers in turn."""
    from autograder.bank import sample_class  # not above: `graded` begins workers before nbgrader is imported

    released = nbformat.read(ROOT / "notebooks" / unit / f"{unit}.ipynb", as_version=4)
    exercises = exercises_of(released)
    bank = {exercise.name: sample_class.bank_of(unit, exercise.name) for exercise in exercises}
    for number in range(count):
        sources = {}
        for place, (name, answers) in enumerate(bank.items()):
            kind = answers["right" if (number + place) % 4 else "wrong"]
            sources[name] = kind[(7 * number + place) % len(kind)]
        notebook = sample_class.answer(released, sources)
        sample_class.write(notebook, submitted / f"s{number:05}" / unit / f"{unit}.ipynb")


def command(submitted: Path, out: Path, jobs: int) -> dict[str, float]:
    """One grading command: its seconds to the first notebook, to the end and computed by itself; its bytes at most."""
    process = start_command(submitted, out, jobs)
    said, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"grading failed:\n{errors[-3000:]}")
    return json.loads(said.splitlines()[-1])


def start_command(submitted: Path, out: Path, jobs: int) -> subprocess.Popen:
    out.mkdir(exist_ok=True)
    code = "import sys; from benchmarks import grading_load; grading_load.graded(*sys.argv[1:])"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    line = [sys.executable, "-c", code, str(time.time()), str(submitted), str(out), str(jobs)]
    return subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def graded(began: str, submitted: str, out: str, jobs: str) -> None:
    """What the process of `command` does, in the order of ``autograder grade``. `began` is when it was started."""
    from autograder.grading.early import begin_workers

    begun = begin_workers(Path(submitted), Path(out), [], int(jobs))
    from autograder.grading import classes
    from autograder.grading.submissions import Options
    from autograder.reports import feedback

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background command would ignore it
    clock = {}
    grade = classes.grade_submission

    def first_noted(*what, **how):
        clock.setdefault("first", time.time() - float(began))
        return grade(*what, **how)

    classes.grade_submission = first_noted
    with contextlib.suppress(KeyboardInterrupt):
        result = classes.grade_class(Path(submitted), Path(out), [], Options(int(jobs)), feedback, begun=begun)
        if result.refused:
            raise RuntimeError(str(result.refused))
    clock["end"] = time.time() - float(began)
    clock["computed"] = time.process_time()
    # Not `getrusage`, whose peak begins with what the process was forked from.
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    clock["peak"] = int(peak.split()[1]) * 1024
    print(json.dumps(clock))


def size(place: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = [place] if place.is_file() else place.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


if __name__ == "__main__":
    main()
