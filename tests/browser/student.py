"""A student's computer: a folder with the released notebooks, and JupyterLab in it, as `make lab` starts it."""

import copy
import re
import shutil
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import exercises_of
from tests.browser.server import Server

MARKERS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)


class Student(Server):
    """A student's folder with ``notebooks/`` in it; in `work` JupyterLab's start puts the student's copies."""

    def __init__(self, folder: Path):
        super().__init__(folder, ["-m", "course_utils.lab"], ROOT)
        self.work = folder / "work"
        shutil.copytree(units.RELEASE, folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))

    def notebook(self, unit: str) -> Path:
        """Where the student's copy of a unit's notebook lies."""
        return self.work / unit / f"{unit}.ipynb"

    def put(self, unit: str, notebook: nbformat.NotebookNode, *, trusted: bool = True) -> None:
        """Save `notebook` as the student's; JupyterLab trusts what was run here, and cleans the outputs of the rest."""
        nbformat.write(notebook, self.notebook(unit))
        if trusted:
            data = Path(self.environment["JUPYTER_DATA_DIR"])
            notary = NotebookNotary(data_dir=str(data))
            notary.sign(nbformat.read(self.notebook(unit), as_version=4))
            notary.store.close()


def released(unit: str) -> nbformat.NotebookNode:
    """The notebook of a unit as students get it."""
    return nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)


def answered(unit: str) -> nbformat.NotebookNode:
    """The released notebook with the solution's answers; nothing has run."""
    source = units.source_notebook(unit)
    answers = {exercise.name: source.cells[exercise.task].source for exercise in exercises_of(source)}
    return answer(released(unit), {name: MARKERS.sub("", text).rstrip() for name, text in answers.items()})


def solved(unit: str) -> nbformat.NotebookNode:
    """The released notebook with the solution's answers and the outputs of its run, as a student saved it."""
    outputs = {cell.id: cell for cell in units.source_notebook(unit).cells if cell.cell_type == "code"}
    notebook = answered(unit)
    for cell in notebook.cells:
        if cell.id in outputs:  # the cell that installs the course is in no source, and prints nothing
            cell.outputs = copy.deepcopy(outputs[cell.id].outputs)
            cell.execution_count = outputs[cell.id].execution_count
    return notebook
