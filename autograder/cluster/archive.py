"""What each worker gets once: the code that grades, the units, and the versions that it has to have, in one zip.

A worker unpacks it and grades with what is in it, so that it makes no difference which version of ours is installed
there, or none. Its name is the digest of its content.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import platform
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat

from autograder import ROOT
from autograder.files import is_scratch
from autograder.grading.grading_units import GradingUnit

FOLDERS = ("autograder", "course_utils")
UNITS, VERSIONS = "units", "versions.json"
# Marks depend on what these compute and how they read a notebook.
PACKAGES = ("torch", "torchvision", "numpy", "scikit-learn", "matplotlib", "ipython", "nbgrader", "nbformat")
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclasses.dataclass(frozen=True)
class Archive:
    """The zip, and the name by which workers know it."""

    name: str
    content: bytes


def pack(units: Iterable[GradingUnit]) -> Archive:
    """The archive for these units; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in [*_code(), *_units(units), (VERSIONS, json.dumps(own_versions()).encode())]:
            entry = zipfile.ZipInfo(name, date_time=_NO_DATE)
            # The pictures of the course are compressed already.
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".npz") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    content = buffer.getvalue()
    return Archive(f"autograder-{hashlib.sha256(content).hexdigest()[:32]}", content)


def load_units(folder: Path) -> dict[str, GradingUnit]:
    """The units of an unpacked archive, by name."""
    loaded = {}
    for path in sorted((folder / UNITS).glob("*.json")):
        fields = json.loads(path.read_text(encoding="utf-8"))
        for name in ("source", "released"):
            fields[name] = nbformat.from_dict(fields[name])
        fields["own_seconds"] = {(kind, name): seconds for kind, name, seconds in fields["own_seconds"]}
        loaded[fields["name"]] = GradingUnit(**fields)
    return loaded


def own_versions() -> dict[str, str]:
    """Versions of Python and of the packages that marks depend on, without a build's name as in ``2.13.0+cpu``."""
    versions = {"Python": ".".join(platform.python_version_tuple()[:2])}
    for package in PACKAGES:
        try:
            versions[package] = version(package).partition("+")[0]
        except PackageNotFoundError:
            versions[package] = "none"
    return versions


def differences(folder: Path) -> str:
    """What is installed in another version here than where the archive was packed; empty if nothing is."""
    here, there = own_versions(), json.loads((folder / VERSIONS).read_text(encoding="utf-8"))
    others = [f"{name} {here[name]} in place of {wanted}" for name, wanted in there.items() if here[name] != wanted]
    return f"it has {', '.join(others)}: marks could differ, so install there what is installed here" if others else ""


def _code() -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not is_scratch(path):
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _units(units: Iterable[GradingUnit]) -> Iterator[tuple[str, bytes]]:
    for unit in units:
        fields = {field.name: getattr(unit, field.name) for field in dataclasses.fields(unit)}
        fields["own_seconds"] = [[*place, seconds] for place, seconds in unit.own_seconds.items()]
        yield f"{UNITS}/{unit.name}.json", json.dumps(fields).encode()
