"""A sample class, made from the answer bank: what the grader does before any student has handed in."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from autograder.course.exercises import WRITTEN, exercises_of
from autograder.release.notebooks import generate


def write_class(submitted: Path, unit: str, scratch: Path) -> list[str]:
    """Write ten submissions of `unit` below `submitted`, each named after what it shows; return the names."""
    generate(scratch / "released")
    released = nbformat.read(scratch / "released" / unit / f"{unit}.ipynb", as_version=4)
    exercises = exercises_of(released)
    answers = {exercise.name: bank_of(unit, exercise.name) for exercise in exercises}
    right = {name: bank["right"][0] for name, bank in answers.items()}
    right_too = {name: bank["right"][-1] for name, bank in answers.items()}
    half = {name: right[name] for name in list(right)[::2]} | {
        name: answers[name]["wrong"][0] for name in list(right)[1::2]
    }
    first = exercises[0].name
    class_ = {
        "full-marks": answer(released, right),
        "other-style": answer(released, right_too),
        "half-right": answer(released, half),
        "untouched": answer(released, {}),
        "syntax-error": answer(released, right | {first: "def broken(:\n    return"}),
        "endless-loop": answer(released, right | {first: "while True:\n    pass"}),
        "deleted-test-cell": _without(answer(released, right), next(iter(exercises[0].graded))),
        "deleted-task-cell": _without(answer(released, right), first),
    }
    for student, notebook in class_.items():
        write(notebook, submitted / student / unit / f"{unit}.ipynb")
    write(class_["full-marks"], submitted / "wrong-file-name" / unit / f"{unit} (1).ipynb")
    (submitted / "empty-folder" / unit).mkdir(parents=True)
    return sorted([*class_, "wrong-file-name", "empty-folder"])


def answer(released: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    """A student's copy of a released notebook with these TODO cells filled in, by exercise, and a written answer."""
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        if sources and nbgrader_tag(cell).get("grade_id") == WRITTEN:
            cell.source = "A written answer waits for a person to read it."
    for exercise in exercises_of(notebook):
        if exercise.name in sources:
            notebook.cells[exercise.task].source = sources[exercise.name]
    return notebook


def bank_of(unit: str, exercise: str) -> dict[str, list[str]]:
    """The bank's answers to an exercise, as ``right`` and ``wrong``, by their files' names."""
    folder = units.ANSWERS / unit / exercise
    bank = {
        kind: [path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"{kind}-*.py"))]
        for kind in ("right", "wrong")
    }
    if not bank["right"] or not bank["wrong"]:
        raise ValueError(f"{folder} needs a right-<name>.py and a wrong-<name>.py for the sample class")
    return bank


def _without(notebook: NotebookNode, name: str) -> NotebookNode:
    notebook.cells = [cell for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") != name]
    return notebook


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook to a folder that may not be there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
