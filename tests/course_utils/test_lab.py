"""Opening the course: new notebooks arrive, a student's own are never written over, Validate knows the limits."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import Execute
from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler

from autograder import ROOT
from course_utils import lab
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


@pytest.fixture
def at_students(folders, monkeypatch):
    """The environment that `lab` gives to JupyterLab, in a folder as a student has it."""
    started = {}

    def run(command, env):
        started.update(env)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.chdir(folders[0].parent)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "of-their-own")
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", run)
        assert lab.main([]) == 0
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", started["JUPYTER_CONFIG_PATH"])
    return folders[1]


class Validate(ValidateAssignmentHandler):
    """What the button asks, without a server around it."""

    root_dir = "."
    log = None

    def __init__(self):
        """There is no request."""


LONG, SHORT = new_code_cell(metadata={"course": {"seconds": 120}}), new_code_cell()


def limits(config) -> list[float]:
    execute = Execute(config=config)
    return [execute._get_timeout(cell) for cell in (LONG, SHORT)]


def test_validate_gives_a_cell_its_own_limit(at_students):
    assert os.environ["JUPYTER_CONFIG_PATH"].split(os.pathsep) == [str(lab.CONFIG), "of-their-own"]
    assert limits(Validate().load_config()) == [120, 30]


def test_validate_does_so_in_the_courses_folder_too(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert limits(Validate().load_config()) == [120, 30]


@pytest.mark.real_path
def test_validate_ends_a_cell_at_its_limit(at_students):
    """By the real button's code: two graded cells sleep for four seconds, of which one may take no more than one."""
    cells = []
    for name, seconds in (("may", 30), ("may-not", 1)):
        tag = {"grade": True, "locked": False, "solution": False, "task": False, "points": 1, "schema_version": 3}
        metadata = {"nbgrader": tag | {"grade_id": name, "cell_type": "code"}, "course": {"seconds": seconds}}
        cells.append(new_code_cell(f"import time  # {name}\ntime.sleep(4)", metadata=metadata))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), "unit.ipynb")
    answer = Validate().validate_notebook("unit.ipynb")
    assert answer["success"], answer["value"]
    assert [cell["source"].partition("# ")[2][:7] for cell in answer["value"]["failed"]] == ["may-not"]
