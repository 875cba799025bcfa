"""Whatever happens to the grader, an honest or a wrong answer has the mark that it has on a quiet machine."""

import random
import signal
import time

import pytest

from autograder.sandbox import outer_wall
from tests.hostile import sameness

pytestmark = pytest.mark.skipif(bool(problem := outer_wall.problem()), reason=f"no sandbox here: {problem}")


@pytest.mark.real_path
def test_disturbed_in_every_way_at_once(tmp_path):
    class_ = sameness.write_class(tmp_path / "course", ["loop-that-swallows-interrupts", "os-exit", "fork-bomb"])
    began = time.monotonic()
    quiet = class_.finish(tmp_path / "quiet")
    whole = time.monotonic() - began
    for student, marks in quiet.items():
        if student.startswith("honest-") and student != "honest-untouched":
            assert sum(mark for mark, waits in marks.values() if not waits) == 4, student
    draw = random.Random(14)
    with sameness.busy(8):
        for number in (signal.SIGINT, signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
            sameness.stopped(class_, tmp_path / "disturbed", number, 1, whole, draw)
        disturbed = class_.finish(tmp_path / "disturbed", jobs=1)
    assert class_.different(quiet, disturbed) == []


@pytest.mark.slow
def test_each_way_by_itself():
    assert sameness.main([]) == 0
