"""The students' zip: what a student gets, the same bytes from the same files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from autograder import ROOT
from autograder.files import is_scratch, portable_bytes

ZIP = Path("dist") / "convnet-course.zip"
# What a student gets. pyproject.toml and LICENSE make `pip install -r requirements.txt` install course_utils.
FOR_STUDENTS = (
    "README.md",
    "LICENSE",
    "pyproject.toml",
    "requirements.txt",
    "environment.yml",
    "course_utils",
    "docs/student.md",
    "docs/images/explorers.gif",
    "docs/images/explorers.png",
    "notebooks",
    ".devcontainer/devcontainer.json",
    ".vscode/extensions.json",
    ".vscode/settings.json",
)
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def students_zip(root: Path = ROOT) -> bytes:
    """The students' zip; the same files give the same bytes.

    Raises:
        FileNotFoundError: a file that students need is not there.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in _students_files(root):
            # Names, dates and modes do not depend on the machine.
            entry = zipfile.ZipInfo(f"convnet-course/{path.relative_to(root).as_posix()}", date_time=_NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, portable_bytes(path))
    return buffer.getvalue()


def _students_files(root: Path) -> list[Path]:
    files = []
    for name in FOR_STUDENTS:
        path = root / name
        if not path.exists():
            raise FileNotFoundError(f"{name} is missing, and the students' zip needs it")
        files += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and not is_scratch(p)]
    return sorted(files)
