"""The release: ``notebooks/`` from ``solutions/``, and the students' zip."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from autograder import ROOT, course
from autograder.files import write_bytes
from autograder.gradebook import generate_assignment, nbgrader_at

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
    "docs/images",
    "notebooks",
)
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def generate(target: Path) -> None:
    """Write the released form of every unit below `target`, by nbgrader's generate_assignment.

    A notebook beside the units, as the guide, holds no task and is released as it is.
    """
    with tempfile.TemporaryDirectory() as scratch:
        api = nbgrader_at(Path(scratch), Path(scratch) / "gradebook.db")
        for unit in course.units():
            shutil.copytree(generate_assignment(api, unit), target / unit)
    for page in course.SOLUTIONS.glob("*.ipynb"):
        shutil.copyfile(page, target / page.name)


def differences(expected: Path, actual: Path) -> list[str]:
    """Files that are missing, left over or different in `actual`, as sentences."""
    files = {
        folder: {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not _is_scratch(path)}
        for folder in (expected, actual)
    }
    missing = [f"{name} is missing" for name in files[expected] - files[actual]]
    extra = [f"{name} has no source" for name in files[actual] - files[expected]]
    both = files[expected] & files[actual]
    changed = [
        f"{name} differs from its source" for name in both if _content(expected / name) != _content(actual / name)
    ]
    return sorted(missing + extra + changed)


def release() -> int:
    """Generate into ``notebooks/``, check that this is what is committed, write the zip; return the exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "notebooks"
        generate(fresh)
        found = differences(fresh, course.RELEASE)
        if found:
            _replace_folder(fresh, course.RELEASE)
    uncommitted = _uncommitted()
    for line in uncommitted:
        print(f"release: not committed: {line}")
    if uncommitted:
        print("release: notebooks/ is written, the zip is not; look at the changes, commit them and run this again")
        return 1
    write_bytes(ROOT / ZIP, students_zip())
    print(f"release: {len(course.units())} units in notebooks/, as committed; students' zip: {ZIP}")
    return 0


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
            archive.writestr(entry, _content(path))
    return buffer.getvalue()


def _students_files(root: Path) -> list[Path]:
    files = []
    for name in FOR_STUDENTS:
        path = root / name
        if not path.exists():
            raise FileNotFoundError(f"{name} is missing, and the students' zip needs it")
        files += [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file() and not _is_scratch(p)]
    return sorted(files)


def _content(path: Path) -> bytes:
    """A file's bytes; text with the line ends that git keeps, since a checkout on Windows may have others."""
    content = path.read_bytes()
    return content if b"\0" in content else content.replace(b"\r\n", b"\n")


def _is_scratch(path: Path) -> bool:
    return any(part in ("__pycache__", ".ipynb_checkpoints") for part in path.parts)


def _replace_folder(new: Path, old: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
    shutil.move(new, old)


def _uncommitted() -> list[str]:
    git = ["git", "-C", str(ROOT), "status", "--porcelain", "--", course.RELEASE.name]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.splitlines()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            "git is missing: install it, since a release is checked against what is committed"
        ) from error
    except subprocess.CalledProcessError as error:
        raise OSError(f"git cannot tell what is committed: {error.stderr.strip()}") from error
