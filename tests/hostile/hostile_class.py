"""The demo course, with a bank that names what each wrong answer loses, and a class that is out to harm."""

from __future__ import annotations

from pathlib import Path

import nbformat

from autograder.bank import sample_class
from autograder.release.notebooks import generate
from tests.autograder.demo_course import RIGHT, UNIT, demo_notebook

HONEST = {
    "honest-ada": (RIGHT, 4),
    "honest-bob": (RIGHT | {"double": "def double(x):\n    return x"}, 2),
    "honest-cyd": ({}, 0),
}


def make_course(root: Path) -> None:
    """Write the demo unit and its answer bank."""
    (root / "solutions" / UNIT).mkdir(parents=True)
    notebook = demo_notebook()
    notebook.cells[1].source = "import matplotlib.pyplot"  # in a fork it would take longer than a cell may run here
    nbformat.write(notebook, root / "solutions" / UNIT / f"{UNIT}.ipynb")
    for name, source in RIGHT.items():
        bank = root / "answers" / UNIT / name
        bank.mkdir(parents=True)
        (bank / "right-plain.py").write_text(source)
        wrong = f"# gives back what came\n# loses: {name}-plain, {name}-hard\ndef {name}(x):\n    return x\n"
        (bank / "wrong-identity.py").write_text(wrong)


def released(scratch: Path) -> nbformat.NotebookNode:
    """The demo unit as students get it; `course` has to point at it."""
    generate(scratch)
    return nbformat.read(scratch / UNIT / f"{UNIT}.ipynb", as_version=4)


def hand_in(submitted: Path, student: str, notebook: nbformat.NotebookNode | None) -> Path:
    """Write a student's notebook, or only make its folder; return the notebook's path."""
    path = submitted / student / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    if notebook is not None:
        nbformat.write(notebook, path)
    return path


def answered(notebook: nbformat.NotebookNode, sources: dict[str, str]) -> nbformat.NotebookNode:
    """The notebook with these answers."""
    return sample_class.answer(notebook, sources)
