"""Every notebook on a second device, with and without float64; in processes, as the device cannot be taken away."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import exercises_of
from tests.devices import second_device

pytestmark = [
    pytest.mark.real_path,
    pytest.mark.skipif(bool(second_device.missing()), reason=second_device.missing()),
]

# What computes on the device. The other units train nothing.
ON_THE_DEVICE = {
    "03-receptive-fields",
    "04-first-cnn",
    "05-lenet",
    "06-cnn-vs-mlp",
    "07-going-deeper",
    "08-capstone",
}
# Their training is long, so they get a tenth of the images. These cells may then say that a network learned too little.
TRAINED_TOO_LITTLE = {
    "04-first-cnn": {"trained_model-accuracy"},
    "05-lenet": {"learn-curve", "make_optimizer-learns"},
    "06-cnn-vs-mlp": set(),
    "07-going-deeper": {"results-check", "results-form"},
    "08-capstone": {
        *(f"{name}-{judged}" for name in ("SimpleCNN", "ColourNet") for judged in ("learns", "accuracy")),
        *("digits-check", "colour-check", "budget-check"),
        "BudgetNet-80",
        "BudgetNet-84",
    },
}
CUTS_ITS_SETS = {
    unit for unit in TRAINED_TOO_LITTLE if unit != "03-receptive-fields"
}  # by numbers that a tenth of the set would not have


def runs_on_second_device(unit: str, notebook: Path) -> None:
    command = [sys.executable, "-m", "tests.devices.on_second_device", str(notebook)]
    if unit in TRAINED_TOO_LITTLE:
        command += ["--fewer-images", "loaders" if unit in CUTS_ITS_SETS else "sets"]
    environment = os.environ | {"PYTHONUTF8": "1", "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        command, cwd=units.ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    runs = json.loads(ended.stdout.splitlines()[-1])["runs"]
    assert not any(run["errors"] for run in runs.values()), ended.stdout
    refused = {cell for run in runs.values() for cell in run["refused"]}
    assert refused <= TRAINED_TOO_LITTLE.get(unit, set()), ended.stdout
    used = [name for name, run in runs.items() if run["operations"]]
    assert used == (["float64", "no float64"] if unit in ON_THE_DEVICE else [])


@pytest.mark.parametrize("unit", units.unit_names())
def test_a_solution_runs(unit):
    runs_on_second_device(unit, units.SOLUTIONS / unit / f"{unit}.ipynb")


def all_but_the_quickest_slow() -> list:
    """The units; `make test` has the two that use the device and take the least time, `make test-all` the others."""
    quickest = {"03-receptive-fields", "04-first-cnn"}
    return [pytest.param(unit, marks=() if unit in quickest else pytest.mark.slow) for unit in units.unit_names()]


@pytest.mark.parametrize("unit", all_but_the_quickest_slow())
def test_a_released_notebook_with_the_answers_filled_in_runs(unit, tmp_path):
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    source = units.source_notebook(unit)
    answered = answer(released, {e.name: source.cells[e.task].source for e in exercises_of(source)})
    nbformat.write(answered, tmp_path / f"{unit}.ipynb")
    runs_on_second_device(unit, tmp_path / f"{unit}.ipynb")
