"""The released notebooks: ``notebooks/`` from ``solutions/``, checked against what is committed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from autograder import ROOT
from autograder.course import units
from autograder.files import is_scratch, portable_bytes, write_bytes
from autograder.nbgrader_bridge import generate_assignment, nbgrader_at
from autograder.release.exercise_tables import write_tables
from autograder.release.students_zip import ZIP, students_zip
from course_utils.session.table import FOLDER as TABLES


def generate(target: Path) -> None:
    """Write the released form of every unit below `target`, by nbgrader's generate_assignment.

    A notebook beside the units, as the guide, holds no task and is released as it is.
    """
    with tempfile.TemporaryDirectory() as scratch:
        api = nbgrader_at(Path(scratch), Path(scratch) / "gradebook.db")
        for unit in units.unit_names():
            shutil.copytree(generate_assignment(api, unit), target / unit)
    for page in units.SOLUTIONS.glob("*.ipynb"):
        shutil.copyfile(page, target / page.name)


def differences(expected: Path, actual: Path) -> list[str]:
    """Files that are missing, left over or different in `actual`, as sentences."""
    files = {
        folder: {path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and not is_scratch(path)}
        for folder in (expected, actual)
    }
    missing = [f"{name} is missing" for name in files[expected] - files[actual]]
    extra = [f"{name} has no source" for name in files[actual] - files[expected]]
    both = files[expected] & files[actual]
    changed = [
        f"{name} differs from its source"
        for name in both
        if portable_bytes(expected / name) != portable_bytes(actual / name)
    ]
    return sorted(missing + extra + changed)


def release() -> int:
    """Write ``notebooks/`` and the tables of exercises, check that they are committed, write the zip; the exit code."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "notebooks"
        generate(fresh)
        write_tables(fresh)
        found = differences(fresh, units.RELEASE)
        if found:
            _replace_folder(fresh, units.RELEASE)
    uncommitted = _uncommitted()
    for line in uncommitted:
        print(f"release: not committed: {line}")
    if uncommitted:
        print(
            "release: what is released is written, the zip is not; look at the changes, commit them and run this again"
        )
        return 1
    write_bytes(ROOT / ZIP, students_zip())
    print(f"release: {len(units.unit_names())} units in notebooks/, as committed; students' zip: {ZIP}")
    return 0


def _replace_folder(new: Path, old: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
    shutil.move(new, old)


def _uncommitted() -> list[str]:
    git = ["git", "-C", str(ROOT), "status", "--porcelain", "--", str(units.RELEASE), str(TABLES)]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=True).stdout.splitlines()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            "git is missing: install it, since a release is checked against what is committed"
        ) from error
    except subprocess.CalledProcessError as error:
        raise OSError(f"git cannot tell what is committed: {error.stderr.strip()}") from error
