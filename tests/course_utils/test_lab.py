"""Opening the course: what arrived is said, and Validate knows the limits."""

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


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "notebooks" / "01" / "figures").mkdir(parents=True)
    (tmp_path / "notebooks" / "01" / "01.ipynb").write_text("released")
    (tmp_path / "notebooks" / "01" / "figures" / "a.svg").write_text("figure")
    return tmp_path / "notebooks", tmp_path / "work"


def test_what_arrived_is_said_and_nothing_where_nothing_did(folders, monkeypatch, capsys):
    monkeypatch.chdir(folders[0].parent)
    monkeypatch.setattr(subprocess, "run", lambda command, env: subprocess.CompletedProcess(command, 0))
    assert lab.main([]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == "work/: 2 new files"
    assert lab.main([]) == 0
    assert "work/:" not in capsys.readouterr().out


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
