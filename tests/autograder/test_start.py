"""What a command loads before it does anything."""

import subprocess
import sys

import pytest

from autograder import ROOT


def loaded_by(module: str, *names: str) -> set[str]:
    """Which of these modules are there once a fresh Python has imported one."""
    program = f"import sys, {module}; print(*({set(names)!r} & set(sys.modules)))"
    return set(subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).split())


def test_no_grammar_of_web_addresses_is_built():
    if not loaded_by("jsonschema", "lark"):
        pytest.skip("this jsonschema builds none")
    assert loaded_by("autograder.__main__", "jsonschema", "nbformat", "lark") == {"jsonschema", "nbformat"}


def test_the_packages_themselves_load_nothing_large():
    large = ("torch", "numpy", "nbformat", "jsonschema", "nbgrader", "matplotlib")
    assert loaded_by("course_utils, autograder", *large) == set()
