"""Opening the course: new notebooks arrive, a student's own are never written over."""

import os
import subprocess
import sys

import pytest

from course_utils.lab import copy_new


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "notebooks" / "01" / "figures").mkdir(parents=True)
    (tmp_path / "notebooks" / "01" / "01.ipynb").write_text("released")
    (tmp_path / "notebooks" / "01" / "figures" / "a.svg").write_text("figure")
    return tmp_path / "notebooks", tmp_path / "work"


def test_the_first_time_everything_is_copied(folders):
    notebooks, work = folders
    assert [path.as_posix() for path in copy_new(notebooks, work)] == ["01/01.ipynb", "01/figures/a.svg"]
    assert (work / "01" / "01.ipynb").read_text() == "released"


def test_a_students_file_stays_and_a_new_unit_arrives(folders):
    notebooks, work = folders
    copy_new(notebooks, work)
    (work / "01" / "01.ipynb").write_text("my answer")
    (notebooks / "01" / "01.ipynb").write_text("released again")
    (notebooks / "02").mkdir()
    (notebooks / "02" / "02.ipynb").write_text("new")
    assert [path.as_posix() for path in copy_new(notebooks, work)] == ["02/02.ipynb"]
    assert (work / "01" / "01.ipynb").read_text() == "my answer"


@pytest.mark.skipif(os.name == "nt", reason="links need special rights on Windows")
def test_a_students_dangling_link_stays(folders):
    notebooks, work = folders
    (work / "01").mkdir(parents=True)
    (work / "01" / "01.ipynb").symlink_to("nowhere")
    copy_new(notebooks, work)
    assert (work / "01" / "01.ipynb").is_symlink()


def test_hidden_folders_are_left_out(folders):
    notebooks, work = folders
    (notebooks / "01" / ".ipynb_checkpoints").mkdir()
    (notebooks / "01" / ".ipynb_checkpoints" / "01.ipynb").write_text("old")
    copy_new(notebooks, work)
    assert not (work / "01" / ".ipynb_checkpoints").exists()


def test_the_wrong_folder_is_said(tmp_path):
    result = subprocess.run([sys.executable, "-m", "course_utils.lab"], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 2
    assert "there is no folder notebooks/" in result.stderr
    assert "Traceback" not in result.stderr
