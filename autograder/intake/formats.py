"""Whose a file is, by its name in a download.

Sources: Moodle, "Download all submissions" (``Firstname Lastname_12345_assignsubmission_file_/name`` or the same
without a folder; the number is the participant's in this assignment); Canvas, "Download Submissions"
(``lastfirst_LATE_12345_67890_name-1.ipynb``: the user's id and the attachment's); nbgrader's exchange
(``inbound/student+unit+timestamp+random/unit.ipynb``); a folder for each student, as ``submitted/`` is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.course.finder import stem_of

MOODLE = re.compile(r"(?P<name>[^_/]+(?:_[^_/]+)*?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?")
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
EXCHANGE = re.compile(r"(?P<student>[^+/]+)\+(?P<unit>[^+/]+)\+(?P<time>[^+/]+?)(?:\+[^/]*)?")


@dataclass(frozen=True)
class Sender:
    """Who a file's name says it is from; what it does not say is empty.

    Args:
        id: the student's id in the roster.
        name: first and last name, or for Canvas last and first without anything between.
        lms_id: the user's number in the learning management system.
        number: Moodle's participant number, which another assignment does not repeat.
    """

    id: str = ""
    name: str = ""
    lms_id: str = ""
    number: str = ""


@dataclass(frozen=True)
class Named:
    """What a file's path in a download says: its sender, its own name, and which of several copies it is."""

    sender: Sender
    file: str
    again: tuple[int, int] = (0, 0)


def moodle(path: PurePosixPath) -> Named | None:
    """As Moodle names it; None for any other name."""
    for k, part in enumerate(path.parts):
        if found := MOODLE.match(part):
            rest = part[found.end() :]
            file = path.name if k < len(path.parts) - 1 else rest
            name = "" if found["name"].casefold() == "participant" else found["name"]
            sender = Sender(name=name, number=found["number"])
            return Named(sender, file, (stem_of(file)[1], 0))
    return None


def canvas(path: PurePosixPath) -> Named | None:
    """As Canvas names it; None for any other name."""
    found = CANVAS.fullmatch(path.name)
    if found is None:
        return None
    sender = Sender(name=found["name"], lms_id=found["user"])
    return Named(sender, found["file"], (stem_of(found["file"])[1], int(found["attachment"])))


def folder(path: PurePosixPath) -> Named | None:
    """As nbgrader's exchange has it, or in a folder with the student's id; None for a file outside any folder."""
    for part in path.parts[:-1]:
        if found := EXCHANGE.fullmatch(part):
            return Named(Sender(id=found["student"]), path.name, (stem_of(path.name)[1], 0))
    if len(path.parts) < 2:
        return None
    return Named(Sender(id=path.parts[0]), path.name, (stem_of(path.name)[1], 0))


FORMATS: dict[str, Callable[[PurePosixPath], Named | None]] = {"moodle": moodle, "canvas": canvas, "folder": folder}


def recognised(paths: list[PurePosixPath]) -> str:
    """The format that these paths are in, the most special one that knows at least half of the notebooks.

    Raises:
        ValueError: none does.
    """
    notebooks = [path for path in paths if path.suffix.lower() == ".ipynb"]
    for name, known in FORMATS.items():
        if notebooks and 2 * sum(known(path) is not None for path in notebooks) >= len(notebooks):
            return name
    raise ValueError(
        f"{len(notebooks)} notebooks are in it, and their names are none of Moodle's, Canvas's or nbgrader's, nor in a "
        "folder for each student: give --format, or look whether this is the right file"
    )
