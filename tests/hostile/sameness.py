"""One class, graded in many ways: quietly, beside busy processes, interrupted, killed, with other jobs, by nbgrader.

Every honest and every wrong submission must have the same marks in all of them, hostile ones beside it or not.

    python -m tests.hostile.sameness --moments 20 --busy 8

prints for each way how many runs it took and how many marks differ.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder import ROOT
from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.nbgrader_bridge import open_gradebook
from tests.hostile.attacks import ATTACKS
from tests.hostile.hostile_class import RIGHT, UNIT, answered, hand_in, make_course, released

CELL_SECONDS = 3
Marks = dict[str, dict[str, tuple[float | None, bool]]]

DOUBLE = "def double(x):\n    return 2 * x"
# What is in front of a right answer, or inside it, in the styles of honest students.
STYLES = {
    "warns": "import warnings\ndef double(x):\n    warnings.warn('careful')\n    return 2 * x",
    "prints-to-stderr": "import sys\ndef double(x):\n    print(x, file=sys.stderr)\n    return 2 * x",
    "logs": "import logging\ndef double(x):\n    logging.warning('doubling')\n    return 2 * x",
    "shows-progress": "from tqdm import tqdm\ndef double(x):\n    return sum(x for _ in tqdm(range(2)))",
    "owns-names-of-python": f"list = [1]\nsum = range = dict = max = 5\n{DOUBLE}",
    "sets-threads": f"import torch\ntorch.set_num_threads(4)\n{DOUBLE}",
    "compiles": f"import torch\n@torch.compile\n{DOUBLE}",
    "computes": f"import time\nend = time.process_time() + 1\nwhile time.process_time() < end:\n    pass\n{DOUBLE}",
    "sleeps": f"import time\ntime.sleep(4)\n{DOUBLE}",
    "starts-a-program": f"import subprocess\nsubprocess.run(['true'])\n{DOUBLE}",
    "draws": f"import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n{DOUBLE}",
    "trains": (
        "import torch\nlayer = torch.nn.Linear(2, 2)\nlayer(torch.ones(1, 2)).sum().backward()\n"
        f"print(float(layer(torch.ones(1, 2)).sum()))\n{DOUBLE}"
    ),
}
WRONG = {
    "identity": "def double(x):\n    return x",
    "right-for-one": "def double(x):\n    return 2 if x == 1 else 0",
    "raises": "def double(x):\n    raise ValueError('not yet')",
    "syntax-error": "def double(x:\n    return",
    "never-ends": "def double(x):\n    while True:\n        pass",
    "cell-never-ends": "while True:\n    pass",
}
HOSTILE = (
    "loop-that-swallows-interrupts",
    "stalls-the-next-student",
    "os-exit",
    "fork-bomb",
    "memory-bomb",
    "forged-results",
)


def _no_metadata(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = {}


def _copied_cell(notebook: nbformat.NotebookNode) -> None:
    task = next(cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") == "double")
    copy = new_code_cell("print('a copy')", metadata=task.metadata)
    notebook.cells.insert(notebook.cells.index(task), copy)


def _deleted_test(notebook: nbformat.NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") != "double-plain"]


FILES: dict[str, Callable[[nbformat.NotebookNode], None]] = {
    "no-metadata": _no_metadata,
    "copied-cell": _copied_cell,
    "deleted-test": _deleted_test,
    "byte-order-mark": lambda notebook: None,
}

# The grader on this course, as a process that can be stopped.
GRADER = """
import sys
from pathlib import Path
from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
from autograder.reports import feedback
from autograder.sandbox.sandbox import Limits
root, output, jobs, seconds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
units.SOLUTIONS, units.ANSWERS = root / "solutions", root / "answers"
elsewhere = None
if len(sys.argv) > 5:
    from autograder.cluster.cluster import Cluster
    elsewhere = lambda: Cluster(sys.argv[5])
if __name__ == "__main__":
    try:
        graded = grade_class(
            root / "submitted", output, [], Options(jobs, limits=Limits(seconds)), feedback, elsewhere=elsewhere
        )
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit("; ".join(graded.refused.values()) or 0)
"""


@dataclass(frozen=True)
class Class:
    """The class in its course's folder; `compared` are the students whose marks must be the same."""

    root: Path
    compared: frozenset[str]

    def start(self, output: Path, jobs: int = 2, scheduler: str = "") -> subprocess.Popen:
        """Start the grader, as the first of a process group of its own; with a scheduler, on its cluster."""
        command = [
            sys.executable,
            str(self.root / "grader.py"),
            str(self.root),
            str(output),
            str(jobs),
            str(CELL_SECONDS),
            *[scheduler] * bool(scheduler),
        ]
        return subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A shell's background job ignores the interrupt, and hands that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def finish(self, output: Path, jobs: int = 2) -> Marks:
        """Grade to the end."""
        process = self.start(output, jobs)
        _, said = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the grader ended with exit code {process.returncode}:\n{said.decode()[-3000:]}")
        return marks(output / "gradebook.db")

    def different(self, one: Marks, other: Marks) -> list[str]:
        """Students who are compared and do not have the same marks."""
        return sorted(student for student in self.compared if one.get(student) != other.get(student))


def write_class(root: Path, hostile: Iterable[str] = HOSTILE) -> Class:
    """Write the course, and a class of 30 with every style, fault and a few attacks."""
    make_course(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "SOLUTIONS", root / "solutions")
        patch.setattr(units, "ANSWERS", root / "answers")
        blank = released(root / "notebooks")
    answers = {f"honest-{name}": RIGHT | {"double": code} for name, code in STYLES.items()}
    answers |= {f"wrong-{name}": RIGHT | {"double": code} for name, code in WRONG.items()}
    answers |= {"honest-plain": RIGHT, "honest-untouched": {}}
    compared = set(answers)
    answers |= {f"hostile-{name}": RIGHT | {"double": ATTACKS[name].code} for name in hostile}
    for student, sources in answers.items():
        hand_in(root / "submitted", student, answered(blank, sources))
    for name, change in FILES.items():
        notebook = answered(blank, RIGHT)
        change(notebook)
        path = hand_in(root / "submitted", f"honest-{name}", notebook)
        if name == "byte-order-mark":
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        compared.add(f"honest-{name}")
    (root / "grader.py").write_text(GRADER)
    return Class(root, frozenset(compared))


def marks(database: Path) -> Marks:
    """By student and graded cell: the automatic mark, and whether a person is still to look."""
    with open_gradebook(database) as book:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.assignment_submissions(UNIT)
        }


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes beside it that compute all the time."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def stopped(class_: Class, output: Path, number: int, moments: int, whole: float, draw: random.Random) -> list[float]:
    """Send this signal to the grader's group at drawn moments, each time starting again; how long each took to end.

    The moments lie anywhere in what an undisturbed run takes, and get nearer to its end as work is left over.
    """
    took = []
    for _ in range(moments):
        process = class_.start(output)
        time.sleep(draw.uniform(0.05, 1) * whole / 2)
        os.killpg(process.pid, number)
        sent = time.monotonic()
        process.communicate()
        took.append(time.monotonic() - sent)
    return took


def nbgrader_marks(class_: Class) -> Marks:
    """The marks by `nbgrader autograde`, boxed, for which the course's folder gets our code and configuration."""
    for folder in ("autograder", "course_utils"):
        shutil.copytree(ROOT / folder, class_.root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", class_.root)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    environment = os.environ | {"PYTHONPATH": str(class_.root), "PATH": path, "OMP_NUM_THREADS": "1"}
    autograde = ["autograde", UNIT, f"--BoxedExecute.timeout={CELL_SECONDS}"]
    for arguments in (["generate_assignment", UNIT, "--force"], autograde):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=class_.root, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"nbgrader {arguments[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return marks(class_.root / "gradebook.db")


def main(arguments: list[str] | None = None) -> int:
    """Grade the class in every way, and print the table; return 1 if a mark differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=20, help="interrupts, and as many kills")
    parser.add_argument("--busy", type=int, default=8, help="processes that compute beside it")
    options = parser.parse_args(arguments)
    draw = random.Random(14)
    with tempfile.TemporaryDirectory(prefix="sameness-") as scratch:
        class_ = write_class(Path(scratch) / "course")
        out = Path(scratch)
        began = time.monotonic()
        quiet = class_.finish(out / "quiet")
        whole = time.monotonic() - began
        ways: dict[str, Marks] = {}
        for jobs in (1, 4):
            ways[f"{jobs} jobs"] = class_.finish(out / f"jobs-{jobs}", jobs)
        with busy(options.busy):
            ways[f"beside {options.busy} busy processes"] = class_.finish(out / "busy")
        for number in (signal.SIGINT, signal.SIGKILL):
            took = stopped(class_, out / number.name, number, options.moments, whole, draw)
            name = f"{number.name} at {options.moments} drawn moments (ended within {max(took):.1f} s)"
            ways[name] = class_.finish(out / number.name)
        ways["nbgrader autograde"] = nbgrader_marks(class_)
    print(f"{len(class_.compared)} honest and wrong of {len(quiet)} submissions, quietly in {whole:.0f} s")
    faults = {name: class_.different(quiet, found) for name, found in ways.items()}
    for name, different in faults.items():
        print(f"{name:<70}{len(different):>3} differ {' '.join(different)}")
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
