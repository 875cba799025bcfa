"""What importing a part of the course brings in, so that a notebook and a command pay only for what they use."""

import subprocess
import sys

import pytest

from autograder import ROOT

LARGE = {"IPython", "jupyter_server", "matplotlib", "nbformat", "nbgrader", "numpy", "pandas", "sklearn", "torch"}
# What a kernel, torch and matplotlib have not loaded already, and a chapter that needs it imports by itself.
BEYOND = {"anywidget", "ipywidgets", "nbformat", "nbgrader", "pandas", "scipy", "seaborn", "sklearn", "sympy"}
BEYOND |= {"torchinfo", "torchvision", "tqdm"}


def loaded_by(statement: str, names: set[str]) -> set[str]:
    """Which of these modules are there once a fresh Python has imported something."""
    program = f"import sys\n{statement}\nprint(*({names!r} & set(sys.modules)))"
    return set(subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split())


@pytest.mark.parametrize("module", ["course_utils.lab", "course_utils.progress.__main__", "course_utils.exercises"])
def test_the_commands_for_students_load_nothing_large(module):
    assert loaded_by(f"import {module}", LARGE) == set()


def test_what_notebooks_import_brings_no_library_of_its_own():
    rooms = "checks, data, explorers, plots, receptive_field, shapes, training"
    assert loaded_by(f"import torch, matplotlib.pyplot\nfrom course_utils import {rooms}", BEYOND) <= loaded_by(
        "import torch, matplotlib.pyplot", BEYOND
    )
