"""The notebook of a push: the file that is named, or the one of the course in a repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from autograder.course.finder import UnitFinder
from autograder.grading.handed_in import MAX_BYTES

MOST_FILES = 200_000  # of a repository that are looked at; a larger one is no student's work
MOST_NOTEBOOKS = 200
MOST_BYTES = 5 * MAX_BYTES  # of all notebooks of a repository together
# The release, and what the course keeps of a notebook before it corrects it: they count where there is no other.
SET_ASIDE = {"notebooks", "backups"}


class UnusableError(ValueError):
    """There is no notebook that could be graded; the message is a sentence for its author."""


def find_notebook(place: Path, unit: str = "") -> tuple[bytes, str]:
    """The bytes of a notebook and its unit.

    Args:
        place: a notebook of any name, or a folder with one of the course at any depth.
        unit: in a folder, only a notebook of this unit; "" for any.

    Raises:
        UnusableError: there is none, there are several, or it cannot be read.
    """
    if place.is_symlink() or not place.exists():
        raise UnusableError(f"There is no file {place.name}: was the notebook deleted or renamed?")
    finder = UnitFinder()
    if place.is_file():
        return _read(place, finder)
    found, reasons = [], []
    for path in _notebooks(place):
        try:
            of_unit = _read(path, finder)[1]
        except UnusableError as error:
            reasons.append(str(error))
        else:
            if unit in ("", of_unit):
                found.append(path)
    own = [path for path in found if not SET_ASIDE & set(path.relative_to(place).parts)]
    candidates = own or found
    if len(candidates) == 1:
        return _read(candidates[0], finder)
    what = unit or "the course"
    names = ", ".join(path.relative_to(place).as_posix() for path in candidates[:5])
    raise UnusableError(
        f"{len(candidates)} notebooks of {what} are there ({names}): keep one, or name the one to grade."
        if candidates
        else " ".join([f"There is no notebook of {what} here: was it deleted or renamed?", *reasons[:3]])
    )


def _notebooks(folder: Path) -> list[Path]:
    """The notebooks below a folder, sorted; links and hidden folders, as ``.git``, are passed over.

    Raises:
        UnusableError: there are more files or bytes than a student's work has.
    """
    found = []
    for number, path in enumerate(_files(folder)):
        if number == MOST_FILES:
            raise UnusableError(f"The repository has more than {MOST_FILES:,} files: take out what is not your work.")
        if path.suffix.lower() == ".ipynb" and path.is_file() and not path.is_symlink():
            found.append(path)
    size = sum(path.stat().st_size for path in found)
    if len(found) > MOST_NOTEBOOKS or size > MOST_BYTES:
        raise UnusableError(
            f"The repository has {len(found)} notebooks with {size / 1e6:.0f} MB; {MOST_NOTEBOOKS} and "
            f"{MOST_BYTES / 1e6:.0f} MB are looked at: take out other ones, or clear their outputs."
        )
    return sorted(found)


def _files(folder: Path) -> Iterator[Path]:
    for home, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(home, name) for name in files)


def _read(path: Path, finder: UnitFinder) -> tuple[bytes, str]:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnusableError(
            f"{path.name} has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB: clear its outputs."
        )
    content = path.read_bytes()
    try:
        return content, finder.find(path.name, content)
    except ValueError as error:
        raise UnusableError(f"{path.name} cannot be graded: {error}.") from None
