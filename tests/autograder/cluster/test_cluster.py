"""A class on a Dask cluster: everything as on one machine."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder import ROOT
from autograder.cluster.cluster import Cluster
from autograder.grading.classes import Graded, grade_class
from autograder.reports import feedback
from autograder.sandbox import outer_wall
from autograder.sandbox.sandbox import SandboxError
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT
from tests.hostile.machines import machines
from tests.hostile.test_interrupted import marks

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
]

GRADER = """
import sys
from pathlib import Path
from autograder.cluster.cluster import Cluster
from autograder.course import units
from autograder.grading.classes import grade_class
from autograder.grading.submissions import Options
root = Path(sys.argv[1])
units.SOLUTIONS, units.ANSWERS = root / "course" / "solutions", root / "course" / "answers"
if __name__ == "__main__":
    try:
        grade_class(root / "submitted", root / "out", [], Options(), elsewhere=lambda: Cluster("local:2"))
    except KeyboardInterrupt:
        sys.exit(130)
"""


def grade(handed_in, output: Path, address: str = "", **options) -> Graded:
    elsewhere = (lambda: Cluster(address)) if address else None
    choices = dataclasses.replace(OPTIONS, **options)
    return grade_class(handed_in.submitted, output, [], choices, feedback, elsewhere=elsewhere)


def shown(graded: Graded) -> list[dict]:
    """The results without their seconds."""
    return [result.as_json() | {"seconds": 0, "waiting": result.waiting} for result in graded.results]


def files_of(folder: Path) -> dict:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_results_are_those_of_one_machine(handed_in, tmp_path):
    handed_in("ada", RIGHT)
    handed_in("bob", RIGHT | {"double_all": "def double_all(x):\n    return 3 if x == 1 else 6"})
    handed_in("cyd", {})
    handed_in("dan", {}).write_text("{")
    handed_in("eve", RIGHT | {"double": "import os\nos._exit(1)"})
    handed_in("fay", RIGHT | {"double": "import matplotlib.pyplot as p\np.plot([1])\np.show()\n" + RIGHT["double"]})
    one = grade(handed_in, tmp_path / "one")
    preview = grade(handed_in, tmp_path / "many", "local:2", preview=True)
    assert not (tmp_path / "many").exists()
    many = grade(handed_in, tmp_path / "many", "local:2")
    assert shown(many) == shown(preview) == shown(one)
    assert [result.status for result in many.results] == ["graded"] * 3 + ["invalid", "crashed", "graded"]
    assert marks(tmp_path / "many") == marks(tmp_path / "one")
    figures = [(tmp_path / way / "autograded" / "fay" / UNIT / f"{UNIT}.ipynb").read_bytes() for way in ("one", "many")]
    assert b"image/png" in figures[0]
    assert figures[0] == figures[1]
    # What is known needs no cluster: at this address there is none.
    before = files_of(tmp_path / "many")
    again = grade(handed_in, tmp_path / "many", "tcp://127.0.0.1:9")
    assert shown(again) == shown(many)
    assert files_of(tmp_path / "many") == before


def test_a_worker_without_bubblewrap_refuses_and_the_others_go_on(handed_in, tmp_path, capsys):
    handed_in("ada", RIGHT)
    with machines(tmp_path / "machines") as cluster:
        cluster.add(PATH=os.path.dirname(sys.executable))
        with pytest.raises(SandboxError, match=r"none of the 1 workers at .* can grade \(.*: bubblewrap is missing"):
            grade(handed_in, tmp_path / "out", cluster.address)
        assert not (tmp_path / "out" / "autograded").exists()
        cluster.add()
        capsys.readouterr()
        (result,) = grade(handed_in, tmp_path / "out", cluster.address).results
    assert (result.status, result.score) == ("graded", 4)
    assert "does not grade: bubblewrap is missing" in capsys.readouterr().err


def test_ctrl_c_ends_every_process_and_keeps_what_was_executed(handed_in, tmp_path):
    for name in ("ada", "bob"):
        handed_in(name, RIGHT)
    handed_in("cyd", RIGHT | {"double": "import time\ntime.sleep(200)\n" + RIGHT["double"]})
    handed_in("dan", RIGHT | {"double": "import time\ntime.sleep(200)\n" + RIGHT["double"]})
    (tmp_path / "grader.py").write_text(GRADER)
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "grader.py"), str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    wait_until(lambda: len(list(tmp_path.glob("out/autograded/*/*/result.json"))) == 2)
    assert started_below(tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    pressed = time.monotonic()
    _, said = process.communicate()
    assert process.returncode == 130, said.decode()[-2000:]
    assert time.monotonic() - pressed < 60  # on a busy machine everything takes longer; the cells sleep 200
    assert b"Traceback" not in said
    wait_until(lambda: not started_below(tmp_path))
    kept = {path.parents[1].name for path in tmp_path.glob("out/autograded/*/*/result.json")}
    assert kept == {"ada", "bob"}


def wait_until(true, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def started_below(folder: Path) -> list[str]:
    """The commands of all processes that work in this folder: slots, and what they started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if str(folder) in command or str(folder) in os.readlink(process / "cwd"):
                found.append(command)
        except OSError:
            continue
    return found
