"""Files that are written whole or not at all, and read the same on every system."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: an interrupted run leaves the old file or none, never half a file."""
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
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows, where nothing is graded
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def portable_bytes(path: Path) -> bytes:
    """A file's bytes; text with the line ends that git keeps, since a checkout on Windows may have others."""
    content = path.read_bytes()
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")


def is_scratch(path: Path) -> bool:
    """Whether a file is a cache that Python or Jupyter left behind."""
    return any(part in ("__pycache__", ".ipynb_checkpoints") for part in path.parts)
