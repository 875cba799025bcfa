"""What was handed in: who, which units, and each notebook, read as data."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dateutil.tz import gettz
from nbformat import NotebookNode

from autograder.course import units
from autograder.grading.roster import is_student_name
from course_utils.corrections.reading import read_notebook

MAX_BYTES = 20_000_000
MAX_TIMESTAMP = 100  # bytes


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one unit; `problem` says why it cannot be graded, `status` then has the kind.

    `content` is the file and `digest` stands for it, if it could be read.
    """

    student: str
    unit: str
    notebook: NotebookNode | None = None
    status: str = ""
    problem: str = ""
    digest: str = ""
    content: bytes = b""


def find_students(submitted: Path, roster: Iterable[str]) -> list[str]:
    """Students with a folder in `submitted`, or in the roster."""
    folders = {path.name for path in submitted.iterdir() if path.is_dir() and not path.name.startswith(".")}
    return sorted(folders | set(roster))


def find_units(submitted: Path, asked: list[str]) -> list[str]:
    """The units asked for, or else every unit of which at least one student has a folder.

    Raises:
        ValueError: a unit was asked for that does not exist.
    """
    known = units.unit_names()
    for unit in asked:
        if unit not in known:
            raise ValueError(f"there is no unit {unit!r}; the units are {', '.join(known)}")
    return asked or [unit for unit in known if any(submitted.glob(f"*/{unit}"))]


def read_submission(submitted: Path, student: str, unit: str) -> Submission:
    """Read one submission; whatever is there, the answer is a submission with a notebook or with a problem."""
    content = _content(submitted, student, unit)
    if isinstance(content, Submission):
        return content
    digest = hashlib.sha256(content).hexdigest()
    try:
        notebook = read_notebook(content)
    except ValueError as error:
        problem = f"{unit}.ipynb is not a Jupyter notebook: {error}"
        return Submission(student, unit, None, "invalid", problem, digest)
    return Submission(student, unit, notebook, digest=digest, content=content)


def digest_of(submitted: Path, student: str, unit: str) -> str:
    """Stands for the file that was handed in; empty if there is none, or none that would be read."""
    content = _content(submitted, student, unit)
    return "" if isinstance(content, Submission) else hashlib.sha256(content).hexdigest()


def handed_in_at(submitted: Path, student: str, unit: str) -> str:
    """The time in ``timestamp.txt``, which nbgrader's collect writes, as UTC without a zone; empty if there is none."""
    path = submitted / student / unit / "timestamp.txt"
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_TIMESTAMP:
            return ""
        return _as_utc(path.read_text(encoding="utf-8").strip()).isoformat(" ")
    except (ValueError, OverflowError, OSError):
        return ""


def _as_utc(text: str) -> datetime:
    """nbgrader's `parse_utc`, but an offset such as +0100 is an hour, which there is a hundred seconds, and a zone that
    is not known is an error, which there is UTC: nobody is late for how a time was written.
    """
    from nbgrader.utils import parse_utc  # here, since it takes half a second, see `early`

    *rest, zone = text.split(" ")
    if len(rest) == 2:
        if re.fullmatch(r"[+-]\d\d:?\d\d", zone):
            text = "T".join(rest) + zone
        elif not zone or gettz(zone) is None:
            raise ValueError(f"the zone {zone!r} is not known")
    return parse_utc(text)


def _content(submitted: Path, student: str, unit: str) -> bytes | Submission:
    """The bytes of what was handed in, or what is wrong with it."""
    if not is_student_name(student):
        problem = (
            f"the folder's name {student!r} is not a letter or digit, then letters, digits and . _ - + @: rename it"
        )
        return Submission(student, unit, None, "invalid", problem)
    path = submitted / student / unit / f"{unit}.ipynb"
    try:
        # lstat and islink: what lies there is the student's, and a link could point anywhere.
        if path.parent.is_symlink() or not path.parent.is_dir() or not os.path.lexists(path):
            return _without_notebook(submitted, student, unit)
        problem = _problem(path)
        return Submission(student, unit, None, "invalid", problem) if problem else path.read_bytes()
    except OSError as error:  # a matter of this machine: earlier marks stay
        problem = f"{path.name} cannot be read here ({error.strerror}): mend that and grade again"
        return Submission(student, unit, None, "unclear", problem)


def _problem(path: Path) -> str:
    """Why a file is not read at all; empty if it is."""
    information = path.lstat()
    if not stat.S_ISREG(information.st_mode):
        return f"{path.name} is not a regular file"
    if information.st_size > MAX_BYTES:
        size = f"{information.st_size / 1e6:.0f} MB"
        return f"{path.name} has {size}, more than {MAX_BYTES / 1e6:.0f} MB: clear its outputs, save, hand in again"
    return ""


def _without_notebook(submitted: Path, student: str, unit: str) -> Submission:
    home = submitted / student
    near = [path for path in (*home.glob("*"), *(home / unit).glob("*")) if path.is_file() and not path.is_symlink()]
    candidates = [path for path in near if unit in path.name or path.parent.name == unit]
    if not candidates:
        return Submission(student, unit, None, "missing", f"no {unit}/{unit}.ipynb")
    names = ", ".join(sorted(path.relative_to(home).as_posix() for path in candidates)[:3])
    problem = f"found {names}; expected {unit}/{unit}.ipynb: put the notebook there under this name and grade again"
    return Submission(student, unit, None, "invalid", problem)
