"""The release of a small unit: what students get, what they never get, and the same bytes each time."""

import io
import shutil
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.course import units
from autograder.course.cells import LONG_CHECK
from autograder.nbgrader_bridge import NbgraderError
from autograder.release import notebooks, students_zip
from tests.autograder.demo_course import UNIT


@pytest.mark.real_path
def test_the_release_has_stubs_and_no_secret(demo, tmp_path):
    notebooks.generate(tmp_path / "notebooks")
    text = (tmp_path / "notebooks" / UNIT / f"{UNIT}.ipynb").read_text()
    assert text.count("raise NotImplementedError") == 2
    for secret in ("SECRET", "HIDDEN TESTS", "BEGIN SOLUTION", "The rubric", "return 2 * x"):
        assert secret not in text
    assert "![A drawn figure](data:image/svg+xml;base64," in text
    assert [path.name for path in (tmp_path / "notebooks" / UNIT).iterdir()] == [f"{UNIT}.ipynb"]


@pytest.mark.real_path
def test_graded_cells_and_long_checks_are_collapsed_and_the_source_is_not(demo, tmp_path):
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    source = nbformat.read(path, as_version=4)
    for index, name, lines in ((3, "double-check", LONG_CHECK), (7, "double_all-check", LONG_CHECK + 1)):
        source.cells.insert(index, new_code_cell("\n".join(["# Check yourself"] * lines), id=name))
    nbformat.write(source, path)
    notebooks.generate(tmp_path / "notebooks")
    released = nbformat.read(tmp_path / "notebooks" / UNIT / f"{UNIT}.ipynb", as_version=4)
    collapsed = {cell.id for cell in released.cells if cell.metadata.get("jupyter", {}).get("source_hidden")}
    assert collapsed == {
        "install",
        "double-plain",
        "double-hard",
        "double_all-plain",
        "double_all-hard",
        "double_all-check",
    }
    assert all(cell.source.startswith("# ") for cell in released.cells if cell.id in collapsed)
    assert not [cell.id for cell in units.source_notebook(UNIT).cells if "jupyter" in cell.metadata]


@pytest.mark.real_path
def test_the_same_source_gives_the_same_bytes(demo, tmp_path):
    for name in ("one", "two"):
        notebooks.generate(tmp_path / name)
    assert notebooks.differences(tmp_path / "one", tmp_path / "two") == []


@pytest.mark.real_path
def test_differences_are_named(demo, tmp_path):
    notebooks.generate(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / UNIT / f"{UNIT}.ipynb").write_text("{}")
    (tmp_path / "two" / "old.ipynb").write_text("{}")
    (tmp_path / "one" / "new.ipynb").write_text("{}")
    found = notebooks.differences(tmp_path / "one", tmp_path / "two")
    assert [line.split(" ", 1)[1] for line in found] == ["differs from its source", "is missing", "has no source"]


@pytest.mark.real_path
def test_a_source_that_nbgrader_refuses_is_an_error(demo, tmp_path):
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source = "### BEGIN SOLUTION\nwithout an end"
    nbformat.write(notebook, path)
    with pytest.raises(NbgraderError, match="no end solution statement found"):
        notebooks.generate(tmp_path / "notebooks")


def test_line_ends_of_the_checkout_do_not_matter(tmp_path):
    for name, end in (("unix", "\n"), ("windows", "\r\n")):
        for file in students_zip.FOR_STUDENTS:
            path = tmp_path / name / file
            path = path if path.suffix or path.name == "LICENSE" else path / "a.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(f"one{end}two{end}".encode())
    assert students_zip.students_zip(tmp_path / "unix") == students_zip.students_zip(tmp_path / "windows")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"README\.md is missing"):
        students_zip.students_zip(tmp_path)


def test_the_students_zip_holds_no_answer():
    with zipfile.ZipFile(io.BytesIO(students_zip.students_zip())) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    tops = {name.split("/")[1] for name in contents}
    assert tops.isdisjoint({"solutions", "autograder", "tests", "tools", "gradebook.db"})
    assert {"notebooks", "course_utils", "requirements.txt", "pyproject.toml"} <= tops
    assert not [name for name in contents if "judging" in name and not name.endswith(".py")]
    for name, content in contents.items():
        if name.endswith(".ipynb"):
            for secret in (b"BEGIN SOLUTION", b"HIDDEN TESTS", b"MARK SCHEME"):
                assert secret not in content, name
