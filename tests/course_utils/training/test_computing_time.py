"""The clock of a training cell: it counts computing, of helpers too, and no waiting."""

import re
import subprocess
import sys
import time

import pytest

from course_utils.training import ComputingTime

BUSY = "import time\nwhile time.process_time() < {}: pass"


def compute(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_was_computed_since_it_was_made_counts_and_waiting_does_not():
    compute(0.1)
    clock = ComputingTime(limit=60)
    compute(0.2)
    used = clock.used()
    assert used == pytest.approx(0.2, abs=0.06)  # the system counts in ticks of 0.01 seconds
    time.sleep(0.3)
    assert clock.used() - used < 0.06


def test_it_agrees_with_the_process_clock():
    clock, start = ComputingTime(limit=60), time.process_time()
    for _ in range(5):
        compute(0.05)
        assert clock.used() == pytest.approx(time.process_time() - start, abs=0.03)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not count what ended children computed")
def test_a_helper_that_has_ended_counts_as_with_the_grader():
    clock = ComputingTime(limit=60)
    subprocess.run([sys.executable, "-c", BUSY.format(0.4)], check=True)
    assert clock.used() >= 0.35


def test_the_report_says_seconds_used_and_seconds_given(capsys):
    ComputingTime(limit=120).report()
    assert capsys.readouterr().out == "Your training took 0 of 120 seconds of computing time.\n"


def test_beyond_the_limit_the_report_says_what_the_grader_does(capsys):
    clock = ComputingTime(limit=0.1)
    compute(0.15)
    clock.report()
    said = capsys.readouterr().out
    assert re.match(r"Your training took 0 of 0\.1 seconds of computing time\.\n", said)
    assert "stops a cell at its limit: train for fewer epochs" in said


@pytest.mark.parametrize("limit", [0, -1, "60", None, True, float("nan")])
def test_a_limit_that_is_no_time_is_refused(limit):
    with pytest.raises(ValueError, match="expected a number of seconds above 0"):
        ComputingTime(limit)
