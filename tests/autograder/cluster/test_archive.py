"""What each worker gets once: the same from the same files, and complete."""

import io
import json
import subprocess
import sys
import zipfile

import nbformat
import pytest

from autograder.cluster import archive
from autograder.cluster.archive import differences, load_units, own_versions, pack
from autograder.grading.grading_units import GradingUnit
from tests.autograder.demo_course import UNIT, demo_notebook


@pytest.fixture
def unit():
    notebook = nbformat.from_dict(demo_notebook())
    limits = {("grade_id", "double"): 120, ("id", "imports"): 2.5}
    return GradingUnit(UNIT, {"source": "ab"}, notebook, notebook, "import math", {"double-plain": ["double"]}, limits)


@pytest.fixture
def unpacked(unit, tmp_path):
    with zipfile.ZipFile(io.BytesIO(pack([unit]).content)) as packed:
        packed.extractall(tmp_path)
    return tmp_path


def test_its_name_is_its_content(unit):
    first, second, none = pack([unit]), pack([unit]), pack([])
    assert first == second
    assert first.name != none.name


def test_units_come_out_as_they_went_in(unit, unpacked):
    assert load_units(unpacked) == {UNIT: unit}


def test_the_code_runs_from_where_it_was_unpacked(unpacked):
    code = "import autograder.cluster.slot, course_utils; print(autograder.__file__, course_utils.__file__)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, env={"PYTHONPATH": str(unpacked)}, capture_output=True, text=True
    )
    assert ran.stdout.split() == [str(unpacked / name / "__init__.py") for name in ("autograder", "course_utils")]
    assert (unpacked / "autograder" / "images" / "judging.npz").is_file()


def test_other_versions_are_named(unpacked, monkeypatch):
    assert differences(unpacked) == ""
    written = json.loads((unpacked / "versions.json").read_text())
    assert written == own_versions()
    assert "+" not in "".join(written.values())
    (unpacked / "versions.json").write_text(json.dumps(written | {"torch": "1.0", "Python": "3.9"}))
    said = differences(unpacked)
    assert f"torch {written['torch']} in place of 1.0" in said
    assert "Python 3.1" in said
    assert "nbformat" not in said
    monkeypatch.setattr(archive, "PACKAGES", ("no-such-package",))
    assert own_versions()["no-such-package"] == "none"
