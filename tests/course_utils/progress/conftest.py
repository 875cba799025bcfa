"""A course of one small chapter as files: the release and, beside it, a student's folder."""

import copy
import json

import pytest

from course_utils.progress.states import checksum

UNIT = "01-small"
STUB = 'def double(x):\n    raise NotImplementedError("this answer is not written yet")'


def _tagged(cell: dict, **tag) -> dict:
    cell["metadata"]["nbgrader"] = tag
    if tag.get("solution"):
        tag["checksum"] = checksum(cell)
    return cell


def _cell(kind: str, name: str, source: str) -> dict:
    ran = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": {}, "source": source} | ran


def small_chapter() -> dict:
    """An exercise of two and a half points and a question in words of four, as released."""
    cells = [
        _cell("markdown", "title", "# 01 · Small"),
        _cell("markdown", "ex1", "## Exercise 1 · Doubling · difficulty 1 of 5 · 2.5 points"),
        _tagged(_cell("code", "double-task", STUB), grade_id="double", grade=False, solution=True),
        _cell("code", "double-check", "check_equal(double(2), 4)"),
        _tagged(
            _cell("code", "double-plain", "check_equal(double(3), 6)"), grade_id="double-plain", grade=True, points=2.5
        ),
        _cell("markdown", "words", "## In words"),
        _tagged(
            _cell("markdown", "written", "YOUR ANSWER HERE"), grade_id="written", grade=True, solution=True, points=4
        ),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def ran(cell: dict, count: int | None, error: str = "") -> None:
    """Leave a cell as a run does, with its number, and an error if it ended in one."""
    cell["execution_count"] = count
    cell["outputs"] = [{"output_type": "error", "ename": error, "evalue": "", "traceback": []}] if error else []


class Student:
    """A student's notebook: its cells by id, and the file that holds them."""

    def __init__(self, root):
        self.root, self.folder, self.notebook = root, root / "work", small_chapter()
        self.path = self.folder / UNIT / f"{UNIT}.ipynb"
        self.path.parent.mkdir(parents=True)
        self.save()

    def __getitem__(self, name: str) -> dict:
        return next(cell for cell in self.notebook["cells"] if cell["id"] == name)

    def remove(self, name: str) -> None:
        self.notebook["cells"].remove(self[name])

    def solve(self) -> None:
        """Answer the exercise and run it, then its check."""
        self["double-task"]["source"] = "def double(x):\n    return 2 * x"
        ran(self["double-task"], 3)
        ran(self["double-check"], 4)

    def save(self) -> None:
        """Write the file as Jupyter does, the text as a list of lines."""
        notebook = copy.deepcopy(self.notebook)
        for cell in notebook["cells"]:
            cell["source"] = cell["source"].splitlines(keepends=True)
        self.path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def student(tmp_path):
    return Student(tmp_path)


@pytest.fixture
def released(student):
    """The release beside the student's folder."""
    path = student.root / "notebooks" / UNIT / f"{UNIT}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(small_chapter()), encoding="utf-8")
    return path
