"""A class whose marks and results are given, in the gradebook and in `autograded/` as the grader writes them."""

import functools
import shutil
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.grading import finished, gradebook
from autograder.grading.results import Result
from autograder.nbgrader_bridge import open_gradebook
from tests.autograder.demo_course import UNIT

CELLS = {"double-plain": 1, "double-hard": 1, "double_all-plain": 1, "double_all-hard": 1, "written": 2}
STUB = "NotImplementedError: this answer is not written yet"


def cell(name: str, score: float | None = None, message: str = "", cause: str = "") -> dict:
    """A graded cell of a result; without a message it has all its points, with one none."""
    given = (0 if message else CELLS[name]) if score is None else score
    return {"id": name, "score": given, "max_score": CELLS[name], "message": message, "cause": cause}


def result(student: str, *cells: dict, status: str = "graded", unit: str = UNIT, **more) -> Result:
    """A result in which each cell that is not given has full marks, and the written answer waits for a person."""
    found = {name: cell(name) for name in CELLS} | {c["id"]: c for c in cells}
    if "written" not in {c["id"] for c in cells}:
        found["written"] |= {"score": None, "message": "waits for a person"}
    score = sum(c["score"] or 0 for c in found.values())
    return Result(student, unit, status, score, sum(CELLS.values()), list(found.values()), seconds=2.0, **more)


def write_units(root, *units: str) -> None:
    """The gradebook of a class, with these units and nobody's work."""
    root.mkdir(exist_ok=True)
    if not (root / "gradebook.db").exists():
        shutil.copyfile(Path(_empty_gradebook().name) / "gradebook.db", root / "gradebook.db")
    with open_gradebook(root / "gradebook.db") as opened:
        for unit in units:
            _add_unit(opened, unit)


@functools.cache
def _empty_gradebook() -> tempfile.TemporaryDirectory:
    """nbgrader starts another program to make one, which takes two seconds: it is made once."""
    folder = tempfile.TemporaryDirectory(prefix="empty-gradebook-")
    open_gradebook(Path(folder.name) / "gradebook.db").close()
    return folder


def write_class(root, *results: Result, keep: bool = True) -> None:
    """These results in the gradebook, and kept in `autograded/`."""
    write_units(root, *dict.fromkeys(r.unit for r in results))
    gradebook.record(root / "gradebook.db", results, {}, {}, lambda changes: None)
    for r in results if keep else ():
        finished.save(root, r, None)


def _add_unit(opened: Gradebook, unit: str) -> None:
    try:
        opened.find_assignment(unit)
        return
    except MissingEntry:
        opened.add_assignment(unit)
    opened.add_notebook(unit, unit)
    for name, points in CELLS.items():
        kind = "markdown" if name == "written" else "code"
        opened.add_grade_cell(name, unit, unit, max_score=points, cell_type=kind)
