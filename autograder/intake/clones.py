"""The notebooks in the clones that the roster names in its column ``repository``."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.grading.roster import Roster
from autograder.intake.formats import Named, Sender
from autograder.intake.sources import File, files_of, refused

# git asks the clone's own settings for programs to run; these are switched off.
SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*"]


def clones_of(source: Path, roster: Roster) -> Iterator[tuple[Named, File]]:
    """Every file of each clone below `source`, whose it is, with the time of the commit that last changed it.

    Raises:
        ValueError: the roster names no repository.
    """
    listed = {student: facts["repository"] for student, facts in roster.items() if facts.get("repository")}
    if not listed:
        raise ValueError("roster.csv has no column `repository`: it says which clone is whose")
    names = {student: _name(address) for student, address in listed.items()}
    for student, name in names.items():
        sender, clone = Sender(id=student), source / name
        others = [other for other in names if other != student and names[other] == name]
        if others:
            why = f"the roster gives {student} and {' and '.join(others)} this one repository"
            yield Named(sender, ""), refused(PurePosixPath(name), why)
        elif not clone.is_dir() or clone.is_symlink():
            why = "the roster names this repository, and no clone of it is there"
            yield Named(sender, ""), refused(PurePosixPath(name), why)
        else:
            for file in files_of(clone):
                if ".git" not in file.path.parts and file.path.suffix.lower() == ".ipynb":
                    time = _committed(clone, file.path) or file.time
                    yield Named(sender, file.path.name), File(PurePosixPath(name) / file.path, time, file.read)


def _name(address: str) -> str:
    """The folder that ``git clone`` makes of an address."""
    return re.split(r"[/:]", re.sub(r"/*(\.git)?/*$", "", address))[-1]


def _committed(clone: Path, path: PurePosixPath) -> datetime | None:
    """When a file last changed, by git; None if it is not committed."""
    command = ["git", *SAFE, "-C", str(clone), "log", "-1", "--format=%cI", "--", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return datetime.fromisoformat(said).astimezone(UTC) if said else None
