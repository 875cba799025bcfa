"""An instructor's computer: a course of one small unit, its class, and JupyterLab as `make instructor` starts it."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.release.notebooks import generate
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT, cell, demo_notebook
from tests.browser.server import Server

WHY = """### BEGIN SOLUTION
**Rubric**, one mark each: (1) RUBRIC-ONE, with $2^3$ · (2) RUBRIC-TWO.

**Model answer.** Words of the model.
### END SOLUTION"""


class Instructor(Server):
    """A folder with the course in it; its unit is the demo unit with a second question in words, `why`.

    Args:
        folder: empty.
        settings: lines for ``nbgrader_config.py``.
    """

    def __init__(self, folder: Path, settings: str = ""):
        super().__init__(folder, ["-m", "jupyterlab", f"--ServerApp.root_dir={folder}"], folder)
        self.environment |= {"OMP_NUM_THREADS": "1"}
        for name in ("autograder", "course_utils"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        (folder / "nbgrader_config.py").write_text(f"{config}\n{settings}\n", encoding="utf-8")
        notebook = demo_notebook()
        notebook.cells.append(new_markdown_cell("## In words again", id="heading-why"))
        notebook.cells.append(cell(new_markdown_cell, "why", WHY, grade=True, solution=True, points=2))
        (folder / "solutions" / UNIT).mkdir(parents=True)
        nbformat.write(notebook, folder / "solutions" / UNIT / f"{UNIT}.ipynb")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(units, "SOLUTIONS", folder / "solutions")
            generate(folder / "notebooks")

    def run(self, *command: str) -> str:
        """Run ``python -m`` with these arguments in the course's folder; returns what it printed.

        Raises:
            RuntimeError: it failed; the message is what it said.
        """
        run = [sys.executable, "-m", *command]
        done = subprocess.run(run, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(run)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def grade(self) -> str:
        """Run ``python -m autograder grade``; returns the table."""
        return self.run("autograder", "grade", *([] if OPTIONS.sandbox else ["--no-sandbox"]))

    def hand_in(self, student: str, *own: str, **written: str) -> Path:
        """A notebook with the right code, then cells of the student's own, and answers in words by grade_id.

        Returns:
            The folder in which it lies.
        """
        released = nbformat.read(self.folder / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)
        blank = {each.id: each.source for each in released.cells}
        notebook = answer(released, RIGHT)
        for each in notebook.cells:
            if each.cell_type == "markdown" and nbgrader_tag(each):
                each.source = written.get(nbgrader_tag(each)["grade_id"], blank[each.id])
        notebook.cells += [new_code_cell(source) for source in own]
        path = self.folder / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path.parent

    def feedback(self, student: str) -> str:
        """What lies for a student in ``feedback/``."""
        return (self.folder / "feedback" / student / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
