"""Today's release for a student: every file of ``notebooks/`` in ``work/``, and nothing of the student's lost.

``work/.released/`` holds each file as it was given, and in ``.before`` as it was given before the last correction. What
is still so is replaced. A notebook that the student has begun gets today's release around what the student wrote. Every
file is written whole or not at all, and the copy in ``.released`` last: whenever this is interrupted, the next run does
what is left.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePath

import nbformat

from course_utils.corrections.merging import Doubtful, merge
from course_utils.corrections.reading import read_or_none
from course_utils.corrections.sentences import told
from course_utils.corrections.untouched import is_untouched, went_back
from course_utils.files import exclusive, portable, write_bytes

GIVEN = ".released"
BACKUPS = "backups"
LOST = (
    "a program took the marks by which its cells are known; rename it, open the course once more, and copy your "
    "answers into the fresh one"
)


def deliver(release: Path, work: Path, wait: Callable[[], None] = lambda: None) -> list[str]:
    """Bring every file of `release` to `work`; return what was done, as sentences, and none if nothing was.

    Args:
        release: the folder of today's released notebooks.
        work: the student's folder; made if it is missing.
        wait: called once if another process brings files to `work` at the moment, before we wait for it.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.corrections.delivery import deliver
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     release, work = Path(folder, "notebooks"), Path(folder, "work")
    ...     release.mkdir()
    ...     _ = (release / "notes.txt").write_text("a kernal")
    ...     first = deliver(release, work)
    ...     _ = (release / "notes.txt").write_text("a kernel")
    ...     first, deliver(release, work), deliver(release, work), (work / "notes.txt").read_text()
    (['work/: 1 new file'], ['work/: 1 file that you had not changed is replaced by its correction'], [], 'a kernel')

    Raises:
        FileNotFoundError: `release` is not a folder.
    """
    if not release.is_dir():
        raise FileNotFoundError(
            f"there is no folder {release.name}/ in {release.parent}; run this in the course's folder, "
            "the one that holds README.md"
        )
    delivery = _Delivery(release, work)
    with _alone(work / GIVEN / ".lock", wait):
        today = _files(release)
        for name in today:
            delivery.guarded(delivery.bring, name)
        for name in sorted(set(_files(work / GIVEN)) - set(today)):
            delivery.guarded(delivery.take_out, name)
    return delivery.said()


@contextlib.contextmanager
def _alone(lock: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock, or none where there can be none, as on some network drives: every file is written whole anyway."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.enter_context(exclusive(lock, wait))
        yield


def _files(folder: Path) -> list[PurePath]:
    """Every file below a folder by its name from there, hidden ones left out."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [name for name in names if not any(part.startswith(".") for part in name.parts)]


@dataclass
class _Delivery:
    """One run: where from, where to, and what was done so far."""

    release: Path
    work: Path
    new: int = 0
    replaced: int = 0
    taken_out: int = 0
    saved: int = 0
    sentences: list[str] = field(default_factory=list)
    backup: Path | None = None

    def said(self) -> list[str]:
        """All that was done, the counted things first."""
        counted = [
            (self.new, "new file", "new files"),
            (
                self.replaced,
                "file that you had not changed is replaced by its correction",
                "files that you had not changed are replaced by their corrections",
            ),
            (
                self.saved,
                f"file is replaced by its correction; as it was, it is in {self.work.name}/{BACKUPS}/",
                f"files are replaced by their corrections; as they were, they are in {self.work.name}/{BACKUPS}/",
            ),
            (
                self.taken_out,
                "file that no chapter needs any more and you had not changed is gone",
                "files that no chapter needs any more and you had not changed are gone",
            ),
        ]
        place = self.work.name
        return [f"{place}/: {n} {one if n == 1 else many}" for n, one, many in counted if n] + self.sentences

    def guarded(self, step: Callable[[PurePath], None], name: PurePath) -> None:
        """One file after the other: what stops one of them, as a full disk, is said and stops no other."""
        try:
            step(name)
        except OSError as error:
            self._say(name, f"is as it was; its correction did not arrive ({error.strerror or error})")
        except Exception as error:  # a student's notebook has found a fault of ours: the course opens all the same
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            self._say(name, f"is as it was; its correction did not arrive ({reason}): tell your instructor")

    def bring(self, name: PurePath) -> None:
        """Today's release of one file."""
        target, kept = self.work / name, self.work / GIVEN / name
        new = (self.release / name).read_bytes()
        _sweep(target)
        _sweep(kept)
        if not os.path.lexists(target):
            # First what was given, so that a file that stands there is never without it.
            write_bytes(kept, new)
            write_bytes(target, new)
            self.new += 1
            return
        if target.is_symlink() or not target.is_file():
            return
        base, theirs, before = kept.read_bytes() if kept.is_file() else None, target.read_bytes(), self._before(name)
        if base is not None and portable(base) == portable(new):
            if not before.is_file() or not went_back(theirs, before.read_bytes(), new):
                return
            base = before.read_bytes()
        if portable(theirs) != portable(new):
            if not target.stat().st_mode & stat.S_IWUSR:
                self._say(name, "is read-only and stays as it is; its correction is in " + self._shown_release(name))
                return
            arrived = self._notebook if name.suffix == ".ipynb" else self._other
            if not arrived(name, theirs, base, new):
                return
        if base is not None:
            write_bytes(before, base)
        write_bytes(kept, new)

    def take_out(self, name: PurePath) -> None:
        """A file that is no longer in the release goes if nobody changed it and no notebook there names it."""
        target, kept = self.work / name, self.work / GIVEN / name
        if target.is_file() and not target.is_symlink():
            if is_untouched(name, target.read_bytes(), kept.read_bytes()):
                if self._is_named(name):
                    return
                target.unlink()
                self.taken_out += 1
            else:
                self._say(name, "is no longer part of the course; you changed it, so it stays")
        kept.unlink()
        self._before(name).unlink(missing_ok=True)
        for empty in (target.parent, kept.parent):
            if empty.is_dir() and empty != self.work and not any(empty.iterdir()):
                empty.rmdir()

    def _is_named(self, name: PurePath) -> bool:
        """Whether a notebook in the file's unit shows it, as one that the student copied, or a text that stayed."""
        link = PurePath(*name.parts[1:]).as_posix().encode()
        return any(link in path.read_bytes() for path in (self.work / name.parts[0]).glob("*.ipynb"))

    def _other(self, name: PurePath, theirs: bytes, base: bytes | None, new: bytes) -> bool:
        """A figure or another file that is no notebook."""
        beside = None
        if base is None:
            self._save(name, theirs)
        elif not is_untouched(name, theirs, base):
            beside = _kept_beside(self.work / name, theirs)
        if not self._replace(name, theirs, new):
            return False
        self.saved += base is None
        self.replaced += base is not None and beside is None
        if beside is not None:
            self._say(name, f"is replaced by its correction; yours is beside it, as {beside.name}")
        return True

    def _notebook(self, name: PurePath, theirs: bytes, base: bytes | None, new: bytes) -> bool:
        """A notebook, begun or not."""
        mine, released = read_or_none(theirs), read_or_none(new)
        if released is None:
            raise OSError(f"{self._shown_release(name)} is not a notebook: get the course anew")
        if mine is None:
            self._say(name, "is not a notebook that can be read and stays as it is; rename it, and it comes as new")
            return False
        if base is not None and is_untouched(name, theirs, base):
            arrived = self._replace(name, theirs, new)
            self.replaced += arrived
            return arrived
        was = None if base is None else read_or_none(base)
        try:
            merged, changes = merge(mine, released, was)
        except Doubtful:
            self._say(name, f"stays as it is: {LOST}")
            return False
        if merged == mine:
            return True
        content = (nbformat.writes(merged).rstrip("\n") + "\n").encode()
        saved = self._save(name, theirs)
        if not self._replace(name, theirs, content):
            return False
        self._say(name, f"is corrected; as you had it: {saved}")
        self.sentences += [f"    {line}" for line in told(changes, released)]
        return True

    def _replace(self, name: PurePath, theirs: bytes, content: bytes) -> bool:
        """Write a file that is still as it was read; whether it was."""
        target = self.work / name
        if target.read_bytes() != theirs:
            self._say(name, "was saved at this moment; open the course once more for its correction")
            return False
        write_bytes(target, content)
        return True

    def _save(self, name: PurePath, content: bytes) -> str:
        """Where a back-up with this content lies: one that is there, or one made now that replaces none."""
        folder = self.work / BACKUPS
        there = [path / name for path in folder.glob("*")]
        for path in there:
            _sweep(path)
        found = next((path for path in there if path.is_file() and path.read_bytes() == content), None)
        if found is None:
            self.backup = self.backup or _new_folder(folder)
            found = self.backup / name
            write_bytes(found, content)
        return self._shown(found)

    def _before(self, name: PurePath) -> Path:
        """Where that lies of a file which was given before the last correction."""
        return self.work / GIVEN / ".before" / name

    def _say(self, name: PurePath, sentence: str) -> None:
        self.sentences.append(f"{self._shown(self.work / name)} {sentence}")

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.work.parent).as_posix()

    def _shown_release(self, name: PurePath) -> str:
        return f"{self.release.name}/{name.as_posix()}"


def _kept_beside(path: Path, content: bytes) -> Path:
    """Write this content beside a file, as ``name-yours.ending``, replacing nothing."""
    number = 1
    while True:
        beside = path.with_name(f"{path.stem}-yours{'' if number == 1 else number}{path.suffix}")
        _sweep(beside)
        if not os.path.lexists(beside):
            write_bytes(beside, content)
            return beside
        if beside.is_file() and beside.read_bytes() == content:  # from a run that was interrupted
            return beside
        number += 1


def _new_folder(backups: Path) -> Path:
    """A folder for this run's back-ups, named by the time; no other run has it."""
    time = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    while True:
        folder = backups / (time if number == 1 else f"{time}-{number}")
        try:
            folder.mkdir(parents=True)
            return folder
        except FileExistsError:
            number += 1


def _sweep(path: Path) -> None:
    """Remove what an interrupted `write_bytes` left beside a file."""
    if path.parent.is_dir():
        for name in os.listdir(path.parent):
            begins = f".{path.name}."
            if name.startswith(begins) and len(name) == len(begins) + 8:
                (path.parent / name).unlink()
