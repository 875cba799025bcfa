"""Whatever happens to a cluster, each submission is in the gradebook once, with the mark that one machine gives."""

import contextlib
import importlib.util
import os
import signal
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


@pytest.mark.real_path
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
