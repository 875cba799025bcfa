"""The settings for containers, VS Code and Binder: they can be read, and the commands in them run."""

import json
import os
import shlex
import subprocess
import sys
import tomllib

import pytest
import yaml

from autograder import ROOT

CONTAINER = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
EDITOR = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / ".vscode").glob("*.json")}


def test_the_container_has_a_python_that_the_course_supports():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = CONTAINER["image"].rpartition(":")[2]
    lowest, above = (bound.strip("<>=") for bound in project["requires-python"].split(","))
    assert [int(part) for part in lowest.split(".")] <= [int(part) for part in version.split(".")]
    assert [int(part) for part in version.split(".")] < [int(part) for part in above.split(".")]


@pytest.mark.real_path
def test_the_containers_command_finds_everything_it_asks_for():
    """The command itself, but pip only says what it would do, and builds with what is here already."""
    command = shlex.split(CONTAINER["postCreateCommand"])
    assert command[0] == "python"
    environment = os.environ | {"PIP_DRY_RUN": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    done = subprocess.run([sys.executable, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    would = [line for line in done.stdout.splitlines() if line.startswith("Would install")]
    assert [line.split()[2:] for line in would] in ([], [["convnet-course-0.1.0"]])


def test_vs_code_is_offered_the_same_extensions_everywhere():
    assert CONTAINER["customizations"]["vscode"]["extensions"] == EDITOR["extensions"]["recommendations"]


def test_vs_code_runs_a_notebook_where_it_lies_with_the_set_ups_python():
    assert EDITOR["settings"]["jupyter.notebookFileRoot"] == "${fileDirname}"
    assert EDITOR["settings"]["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv/bin/python"


def test_binder_and_conda_get_the_packages_of_the_requirements_file():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"][-1] == {"pip": ["-r requirements.txt"]}
    assert environment["dependencies"][0] == "python>=3.11,<3.14"
