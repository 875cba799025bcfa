"""Every run of a solution notebook gives the stored outputs, whatever the number of threads."""

import os
import subprocess
import sys

import pytest

from autograder import ROOT
from autograder.course import units

RUNS = 5


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("unit", units.unit_names())
def test_outputs_are_the_same_in_every_run(unit, threads):
    sanitize = ROOT / "tests" / "nbval_sanitize.cfg"
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-sanitize-with", str(sanitize)]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", "-q", str(units.SOLUTIONS / unit)]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MPLBACKEND": "agg"}
    for run in range(RUNS):
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"run {run + 1} with {threads} threads:\n{done.stdout[-3000:]}"
