"""A download as files: a zip or a folder, read without trusting it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.grading.handed_in import MAX_BYTES

MAX_FILES = 100_000
# What a zip may hold for each byte of its own: text packs to a tenth, a bomb to a thousandth.
MAX_RATIO = 200
# Bits of a zip entry.
ENCRYPTED, UTF8_NAMES = 0x1, 0x800


@dataclass(frozen=True)
class File:
    """A file of a download.

    Args:
        path: inside the download, with ``/``.
        time: of its last change, in UTC; None where the download says none.
        read: its bytes; raises `ValueError` with a sentence for what must not be read.
        problem: a sentence, where already its entry says that it must not be read, whatever kind of file it is.
    """

    path: PurePosixPath
    time: datetime | None
    read: Callable[[], bytes]
    problem: str = ""


def refused(path: PurePosixPath, problem: str) -> File:
    """A file that must not be read."""

    def read() -> bytes:
        raise ValueError(problem)

    return File(path, None, read, problem)


def files_of(source: Path) -> Iterator[File]:
    """Every file of a zip or a folder, in the order of their names.

    Raises:
        ValueError: there is nothing there, it is no zip, or it has more files than any class.
    """
    if source.is_dir():
        yield from _of_folder(source)
    elif source.is_file():
        yield from _of_zip(source)
    else:
        raise ValueError(f"there is no file or folder {source}")


def _of_folder(source: Path) -> Iterator[File]:
    for path in sorted(source.rglob("*")):
        inside = PurePosixPath(path.relative_to(source).as_posix())
        if path.is_symlink():
            yield refused(inside, "it is a link")
        elif path.is_file():
            information = path.lstat()
            time = datetime.fromtimestamp(information.st_mtime, UTC)
            yield File(inside, time, partial(_read, partial(path.open, "rb")))


def _of_zip(source: Path) -> Iterator[File]:
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError(f"{source.name} cannot be read as a zip: {error}") from None
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise ValueError(f"{source.name} has {len(entries)} files, more than {MAX_FILES}: it is no class's work")
    for entry in sorted(entries, key=_name):
        path = PurePosixPath(_name(entry).replace("\\", "/"))
        if problem := _problem(entry, path):
            yield refused(path, problem)
        elif not entry.is_dir():
            yield File(path, _time(entry), partial(_read, partial(archive.open, entry)))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name in a zip: UTF-8 where the entry says so, or where its bytes can be nothing else; cp437 otherwise."""
    if entry.flag_bits & UTF8_NAMES:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _time(entry: zipfile.ZipInfo) -> datetime | None:
    """A zip has local times without a zone; they are taken for this machine's."""
    try:
        return datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _problem(entry: zipfile.ZipInfo, path: PurePosixPath) -> str:
    """Why an entry of a zip must not be read; empty if it may."""
    if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
        return "its name leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & ENCRYPTED:
        return "it is encrypted"
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1024):
        megabytes = entry.file_size / 1e6
        return f"its {megabytes:.0f} MB are packed into {entry.compress_size} bytes, as in a zip bomb"
    return ""


def _read(open_: Callable[[], IO[bytes]]) -> bytes:
    try:
        with open_() as file:
            content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise ValueError(f"it cannot be unpacked: {error}") from None
    if len(content) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES / 1e6:.0f} MB")
    return content
