"""The demo course in place of the real one."""

import sys

import nbformat
import pytest

from autograder.course import units
from tests.autograder.demo_course import RIGHT, UNIT, demo_notebook


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """The demo course in place of the real one; returns its folder."""
    root = tmp_path / "course"
    (root / "solutions" / UNIT / "figures").mkdir(parents=True)
    nbformat.write(demo_notebook(), root / "solutions" / UNIT / f"{UNIT}.ipynb")
    (root / "solutions" / UNIT / "figures" / "plot.svg").write_text("<svg/>")
    for name, source in RIGHT.items():
        bank = root / "answers" / UNIT / name
        bank.mkdir(parents=True)
        (bank / "right-plain.py").write_text(source)
        (bank / "wrong-identity.py").write_text(f"# gives back what came\ndef {name}(x):\n    return x\n")
    # The bank's interpreter puts itself in the place of the running program.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(units, "SOLUTIONS", root / "solutions")
    monkeypatch.setattr(units, "ANSWERS", root / "answers")
    return root
