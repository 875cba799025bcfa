"""An instructor's computer: a course of one small unit, its class, and JupyterLab as `make instructor` starts it."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course.cells import nbgrader_tag
from tests.autograder.demo_course import OPTIONS, RIGHT, UNIT, cell, demo_notebook
from tests.browser.server import Server

CODE = ("autograder", "course_utils")


class Instructor(Server):
    """A folder with the course in it; its unit is the demo unit with a second question in words, `why`."""

    def __init__(self, folder: Path):
        super().__init__(folder, ["-m", "jupyterlab", f"--ServerApp.root_dir={folder}"], folder)
        self.environment |= {"OMP_NUM_THREADS": "1"}
        for name in CODE:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "nbgrader_config.py", folder)
        (folder / "solutions" / UNIT).mkdir(parents=True)
        nbformat.write(source(), folder / "solutions" / UNIT / f"{UNIT}.ipynb")
        self.run("nbgrader", "generate_assignment", UNIT)

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
        """Run ``python -m autograder grade``."""
        return self.run("autograder", "grade", *([] if OPTIONS.sandbox else ["--no-sandbox"]))

    def hand_in(self, student: str, own: str = "", **written: str) -> None:
        """What a student hands in: the right code, then code of the student's own, and answers in words by grade_id."""
        released = nbformat.read(self.folder / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)
        notebook = answer(released, RIGHT)
        for each in notebook.cells:
            name = nbgrader_tag(each).get("grade_id")
            if each.cell_type == "markdown" and name:
                each.source = written.get(name, next(c.source for c in released.cells if c.id == each.id))
        notebook.cells += [new_code_cell(own)] * bool(own)
        path = self.folder / "submitted" / student / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def page(self, student: str) -> str:
        """The feedback page of a student."""
        return (self.folder / "feedback" / student / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")


def source() -> nbformat.NotebookNode:
    """The demo unit, and a second question in words."""
    notebook = demo_notebook()
    rubric = "### BEGIN SOLUTION\n**Rubric**, one mark each: (1) RUBRIC-ONE $2^3$ · (2) RUBRIC-TWO.\n\n**Model answer.** Words.\n### END SOLUTION"
    notebook.cells.append(new_markdown_cell("## In words again", id="heading-why"))
    notebook.cells.append(cell(new_markdown_cell, "why", rubric, grade=True, solution=True, points=2))
    return notebook
