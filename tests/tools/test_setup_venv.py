"""What the set-up says of a machine that lacks something."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

_path = Path(__file__).parents[2] / "tools" / "setup_venv.py"
_spec = importlib.util.spec_from_file_location("setup_venv", _path)
setup_venv = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(setup_venv)


@pytest.fixture
def roomy(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100e9, 0, 100e9))


@pytest.mark.usefixtures("roomy")
def test_this_machine_has_everything():
    assert setup_venv.missing(".venv") == ""


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_another_python_is_named_with_the_mend(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    said = setup_venv.missing(".venv")
    assert f"this is Python {version[0]}.{version[1]}" in said
    assert "make PYTHON=python3.12" in said


@pytest.mark.usefixtures("roomy")
def test_a_python_without_ensurepip_names_the_package(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    assert f"sudo apt install python3.{sys.version_info[1]}-venv" in setup_venv.missing(".venv")


def test_a_full_disk_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100e9, 99e9, 1e9))
    assert setup_venv.missing(".venv").startswith("1.0 GB are free here and the set-up needs 9 GB")
