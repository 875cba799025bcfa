"""What has been executed already: one folder for each submission, whole or not there at all.

A run that was interrupted, by Ctrl-C or by kill -9, goes on from here; a submission, a unit or a grader that changed
has another key and is graded again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import ROOT
from autograder.course import units
from autograder.files import write_bytes, write_text
from autograder.grading.results import Result

RESULT = "result.json"


def unit_key(unit: str) -> str:
    """Stands for all that a unit's marks depend on besides the submission: its source, its bank, our code."""
    digest = hashlib.sha256()
    folders = (units.SOLUTIONS / unit, units.ANSWERS / unit, ROOT / "course_utils", ROOT / "autograder")
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".ipynb", ".py")):
            name = path.relative_to(folder).as_posix()
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def key_of(notebook: NotebookNode, unit: str) -> str:
    """The key under which the result of this submission is kept; `unit` is the unit's key."""
    return hashlib.sha256(unit.encode() + json.dumps(notebook, sort_keys=True).encode()).hexdigest()


def load(output: Path, unit: str, student: str, key: str) -> Result | None:
    """The kept result, if it was made from the same submission, source and code."""
    path = output / "autograded" / student / unit / RESULT
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return Result(**kept["result"]) if kept["key"] == key else None


def save(output: Path, result: Result, executed: NotebookNode, key: str) -> None:
    """Keep an executed notebook and its result. The result is written last: it vouches for the notebook."""
    folder = output / "autograded" / result.student / result.unit
    (folder / RESULT).unlink(missing_ok=True)
    write_bytes(folder / f"{result.unit}.ipynb", nbformat.writes(executed).encode("utf-8"))
    write_text(folder / RESULT, json.dumps({"key": key, "result": asdict(result)}))
