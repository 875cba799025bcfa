"""Whatever happens to a cluster, each submission is in the gradebook once, with the mark that one machine gives."""

import contextlib
import importlib.util
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.nbgrader_bridge import open_gradebook
from autograder.sandbox import outer_wall
from tests.hostile import sameness
from tests.hostile.hostile_class import UNIT
from tests.hostile.machines import Machines, can_make_networks, can_slow_down, machines

pytestmark = [
    pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}"),
    pytest.mark.skipif(not importlib.util.find_spec("distributed"), reason="requirements-cluster.txt is not installed"),
]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """The class, and its marks on one machine."""
    root = tmp_path_factory.mktemp("class")
    class_ = sameness.write_class(root / "course", ["os-exit"])
    return class_, class_.finish(root / "quiet")


@pytest.mark.slow
def test_a_worker_and_the_coordinator_are_killed(quiet, tmp_path):
    class_, expected = quiet
    with machines(tmp_path / "machines") as cluster:
        lost, _, _ = cluster.add(), cluster.add(), cluster.add()
        first = class_.start(tmp_path / "out", scheduler=cluster.address)
        wait_until(lambda: executed(tmp_path) >= 4, first)
        lost.kill()
        wait_until(lambda: executed(tmp_path) >= 10, first)
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()
        before = executed(tmp_path)
        said = finish(class_, cluster, tmp_path)
        assert before >= 10
        assert "does not grade" not in said
        demand_same(class_, expected, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not can_slow_down(), reason="no worker can be slowed down here: there are no groups of processes")
def test_one_worker_is_slow_by_ten(quiet, tmp_path):
    class_, expected = quiet
    with machines(tmp_path / "machines") as cluster:
        for slower in (10, 1, 1):
            cluster.add(slower)
        finish(class_, cluster, tmp_path)
        demand_same(class_, expected, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not can_make_networks(), reason="no worker can have a network of its own here: that needs root")
def test_one_worker_loses_its_network_for_a_minute(quiet, tmp_path):
    class_, expected = quiet
    with machines(tmp_path / "machines") as cluster:
        workers = [cluster.add() for _ in range(3)]

        def cut() -> None:
            for worker in workers[:1]:
                cluster.cut(worker)
            time.sleep(60)
            for worker in workers[:1]:
                cluster.mend(worker)

        finish(class_, cluster, tmp_path, cut)
        demand_same(class_, expected, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, 60])
def test_the_scheduler_is_killed_and_started_again(quiet, tmp_path, seconds):
    class_, expected = quiet
    with machines(tmp_path / "machines") as cluster:
        for _ in range(3):
            cluster.add()

        def restart() -> None:
            cluster.kill_scheduler()
            time.sleep(seconds)
            cluster.start_scheduler()

        said = finish(class_, cluster, tmp_path, restart)
        assert ("does not answer" in said) == ("is there again" in said)
        assert seconds < 60 or "is there again" in said
        demand_same(class_, expected, tmp_path)


@pytest.mark.slow
def test_a_submission_with_which_the_only_worker_dies_each_time(quiet, tmp_path):
    class_, _ = quiet
    small = tmp_path / "course"
    shutil.copytree(class_.root, small)
    for folder in (small / "submitted").iterdir():
        if folder.name not in ("honest-plain", "honest-sleeps"):
            shutil.rmtree(folder)
    with machines(tmp_path / "machines") as cluster:
        cluster.add()
        process = sameness.Class(small, frozenset()).start(tmp_path / "out", scheduler=cluster.address)
        wait_until(lambda: executed(tmp_path) == 1, process)
        killed = 0
        while process.poll() is None:
            # As if the other one, which sleeps for four seconds, brought its machine down each time.
            if slots := below(cluster.scratch, "autograder.cluster.slot"):
                for worker in below(cluster.scratch, "dask worker") | below(cluster.scratch, "spawn_main"):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
                killed += 1
                while slots & below(cluster.scratch, "autograder.cluster.slot"):
                    time.sleep(0.2)
            time.sleep(0.2)
    assert process.returncode == 0, process.stderr.read().decode()[-3000:]
    assert killed == 6  # three times among the others, three times alone
    assert sorted(path.parents[1].name for path in tmp_path.glob("out/autograded/*/*/result.json")) == ["honest-plain"]


def below(folder: Path, command: str) -> set[int]:
    """The Python processes that work in this folder, of which this is part of the command."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            ours = said.startswith(sys.executable) and command in said and "--check" not in said
            if ours and str(folder) in os.readlink(process / "cwd"):
                found.add(int(process.name))
    return found


def finish(class_: sameness.Class, cluster: Machines, scratch: Path, disturb: Callable[[], None] | None = None) -> str:
    """Grade to the end, disturbed after a few results; return what was said."""
    process = class_.start(scratch / "out", scheduler=cluster.address)
    try:
        if disturb is not None:
            wait_until(lambda: executed(scratch) >= 4, process)
            disturb()
        _, said = process.communicate(timeout=900)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0, said.decode()[-3000:]
    return said.decode()


def executed(scratch: Path) -> int:
    return len(list(scratch.glob("out/autograded/*/*/result.json")))


def wait_until(true: Callable[[], bool], process, seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert process.poll() is None, process.stderr.read().decode()[-3000:]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def demand_same(class_: sameness.Class, expected: sameness.Marks, scratch: Path) -> None:
    database = scratch / "out" / "gradebook.db"
    found = sameness.marks(database)
    assert class_.different(expected, found) == []
    assert found.keys() == expected.keys()
    with open_gradebook(database) as book:
        often = Counter(submission.student.id for submission in book.assignment_submissions(UNIT))
    assert set(often.values()) == {1}
