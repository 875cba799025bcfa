"""What nbgrader's exchange asks for when a student's page is released there."""

from __future__ import annotations

import contextlib
from pathlib import Path

from autograder.files import write_bytes
from autograder.grading.results import Result

# Written by `nbgrader submit`: when it was handed in, and what only the student and the exchange know of it.
NAMES = ("timestamp.txt", "submission_secret.txt")
MOST = 1000  # bytes


def copy_to_feedback(submitted: Path, output: Path, results: list[Result]) -> None:
    """Put these files beside each page, as nbgrader's own feedback has them; without an exchange there are none."""
    for result in results:
        folder = output / "feedback" / result.student / result.unit
        if folder.is_dir():
            for name in NAMES:
                content = _content(submitted / result.student / result.unit / name)
                if content is not None and content != _content(folder / name):
                    write_bytes(folder / name, content)


def _content(path: Path) -> bytes | None:
    """What is in a small file; None where it is none, as a link, which could point anywhere."""
    with contextlib.suppress(OSError):
        if not path.parent.is_symlink() and not path.is_symlink() and path.is_file() and path.stat().st_size <= MOST:
            return path.read_bytes()
    return None
