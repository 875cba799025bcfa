"""What has been executed already, and what of it is in the gradebook: a folder for each submission.

A run that was interrupted, by Ctrl-C or by kill -9, goes on from here; a submission, a unit or a grader that changed
has another key and is graded again. Each file is there whole or not at all.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import ROOT
from autograder.course import units
from autograder.files import exclusive, is_scratch, write_bytes, write_text
from autograder.grading.results import Result

RESULT, RECORDED = "result.json", "recorded.json"
OWN_FOLDER = ".grading"  # beside the gradebook: what is kept of the units, and the lock


def unit_key(unit: str) -> dict[str, str]:
    """Digests of all that a unit's marks depend on besides the submission: its source, its answer bank, our code.

    Our code includes the pictures of the course, and those by which networks are judged.
    """
    return {"source": _digest(units.SOLUTIONS / unit), "bank": _digest(units.ANSWERS / unit), "grader": _our_code()}


def key_of(submission: str, unit: dict[str, str]) -> dict[str, str]:
    """The key under which a result is kept: the digest of what was handed in, and `unit_key`."""
    return {"submission": submission, **unit}


def load(output: Path, unit: str, student: str, key: dict[str, str]) -> Result | None:
    """The kept result, if it was made from the same submission, source and code."""
    result = last_kept(output, unit, student)
    return result if result is not None and result.key == key else None


def last_kept(output: Path, unit: str, student: str) -> Result | None:
    """The kept result, whatever it was made from: as it was executed, without a person's marks."""
    try:
        return Result(**_read(_folder(output, unit, student) / RESULT))
    except TypeError:  # none, or one of an earlier form
        return None


def last_executed(output: Path, unit: str, student: str) -> NotebookNode:
    """The executed notebook that is kept beside `last_kept`.

    Raises:
        OSError, ValueError: there is none, or it is no notebook.
    """
    return nbformat.read(_folder(output, unit, student) / f"{unit}.ipynb", as_version=4)


def save(output: Path, result: Result, executed: NotebookNode | None) -> None:
    """Keep a result and its executed notebook, if there is one. The result is written last: it vouches for both."""
    if executed is None and last_kept(output, result.unit, result.student) == result:
        return  # nothing is written where nothing is new
    folder = _folder(output, result.unit, result.student)
    (folder / RESULT).unlink(missing_ok=True)
    if executed is not None:
        write_bytes(folder / f"{result.unit}.ipynb", nbformat.writes(executed).encode("utf-8"))
    write_text(folder / RESULT, json.dumps(asdict(result)))


def recorded(output: Path, result: Result) -> dict:
    """What of this submission was in the gradebook last: its ``key`` and its ``answers``; empty if nothing is known."""
    return _read(_folder(output, result.unit, result.student) / RECORDED)


def save_recorded(output: Path, result: Result) -> None:
    """Remember that this result is in the gradebook now."""
    now = {"key": result.key, "answers": result.answers}
    if recorded(output, result) != now:
        write_text(_folder(output, result.unit, result.student) / RECORDED, json.dumps(now))


def only_grader(output: Path) -> contextlib.AbstractContextManager[None]:
    """Within, no other grader writes below `output`; one that does is waited for."""
    return exclusive(output / OWN_FOLDER / "lock", _say_that_we_wait)


def _say_that_we_wait() -> None:
    print("autograder: another grader works in this folder; waiting until it is done", file=sys.stderr)


def _folder(output: Path, unit: str, student: str) -> Path:
    return output / "autograded" / student / unit


def _read(path: Path) -> dict:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


@functools.cache
def _our_code() -> str:
    return _digest(ROOT / "course_utils", ROOT / "autograder", ROOT / "nbgrader_config.py")


def _digest(*places: Path) -> str:
    """Stands for the notebooks, the code and the pictures in these folders or files."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(_files(place)):
            digest.update(path.relative_to(place.parent).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _files(place: Path) -> Iterable[Path]:
    files = [place] if place.is_file() else place.rglob("*")
    return (path for path in files if path.suffix in (".ipynb", ".py", ".npz") and not is_scratch(path))
