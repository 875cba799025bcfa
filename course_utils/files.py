"""Files that are written whole or not at all, and read the same on every system."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: an interrupted run leaves the old file or none, never half a file.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.files import write_bytes
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "new", "a.txt")
    ...     write_bytes(path, b"whole")
    ...     path.read_bytes()
    b'whole'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def write_text(path: Path, content: str) -> None:
    """As `write_bytes`, in UTF-8 with the line ends as given."""
    write_bytes(path, content.encode("utf-8"))


@contextlib.contextmanager
def exclusive(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock that this file stands for; `wait` is called once if another process holds it, then we wait.

    The system gives it free when its process ends, however that is.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.files import exclusive
    >>> with tempfile.TemporaryDirectory() as folder, exclusive(Path(folder, ".lock"), lambda: print("waits")):
    ...     print("alone")
    alone
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            _lock(file.fileno(), at_once=True)
        except (BlockingIOError, PermissionError):  # the second is Windows'
            wait()
            _lock(file.fileno(), at_once=False)
        yield


def _lock(handle: int, at_once: bool) -> None:
    """Lock an open file; `at_once`, it is an error if another process has it."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        import msvcrt

        # LK_LOCK tries for ten seconds and is an OSError then.
        msvcrt.locking(handle, msvcrt.LK_NBLCK if at_once else msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if at_once else 0))


def portable_bytes(path: Path) -> bytes:
    """A file's bytes; text with the line ends that git keeps, since a checkout on Windows may have others."""
    return portable(path.read_bytes())


def portable(content: bytes) -> bytes:
    """As `portable_bytes`, of what was read."""
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")
