"""What a student's JupyterLab shows and leaves out, by the code that reads its settings, and by a server that runs."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from jupyter_core.paths import jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from jupyterlab.commands import get_app_dir
from jupyterlab_server.config import get_federated_extensions, get_static_page_config
from jupyterlab_server.settings_utils import get_settings

from autograder import ROOT
from course_utils import lab
from tests.course_utils.progress.conftest import small_chapter

FOR_INSTRUCTORS = {"assignment-list", "course-list", "create-assignment", "formgrader", "menu"}
NOTIFICATIONS = "@jupyterlab/apputils-extension:notification"


@pytest.fixture
def as_student(monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(lab.CONFIG))


def disabled() -> set[str]:
    return {name for name, off in get_static_page_config().get("disabledExtensions", {}).items() if off}


def servers() -> dict[str, bool]:
    return ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()


def test_nbgraders_tools_for_instructors_are_off_and_validate_is_on(as_student):
    assert disabled() == {f"@jupyter/nbgrader:{name}" for name in FOR_INSTRUCTORS}
    assert {name.rpartition(".")[2] for name, on in servers().items() if on and name.startswith("nbgrader")} == {
        "validate_assignment"
    }


def test_instructors_keep_them(monkeypatch):
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    assert not {name for name in disabled() if name.startswith("@jupyter/nbgrader")}
    assert sum(on for name, on in servers().items() if name.startswith("nbgrader")) == 4


def test_the_names_are_those_of_nbgraders_extension():
    folder = Path(get_federated_extensions(jupyter_path("labextensions"))["@jupyter/nbgrader"]["ext_path"])
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("static/*.js"))
    assert set(re.findall(r'"@jupyter/nbgrader:([a-z-]+)"', code)) - {"validate-assignment"} == FOR_INSTRUCTORS


def setting(name: str, settings: Path) -> dict:
    """The defaults of a part of JupyterLab and what the user set, as the page gets them."""
    schemas = Path(get_app_dir(), "schemas")
    found, warnings = get_settings(str(settings), str(schemas), str(settings), name)
    assert warnings == [None]
    return {key: value.get("default") for key, value in found["schema"]["properties"].items()} | found["settings"]


def test_no_news_are_fetched_and_none_are_offered(as_student, tmp_path):
    found = setting(NOTIFICATIONS, tmp_path)
    assert (found["fetchNews"], found["checkForUpdates"]) == ("false", False)


def test_what_a_student_sets_goes_before_it(as_student, tmp_path):
    own = tmp_path / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    own.parent.mkdir(parents=True)
    own.write_text('{"fetchNews": "true"}')
    assert setting(NOTIFICATIONS, tmp_path)["fetchNews"] == "true"


def test_notebooks_come_before_other_files(as_student, tmp_path):
    assert setting("@jupyterlab/filebrowser-extension:browser", tmp_path)["sortNotebooksFirst"] is True


@pytest.mark.parametrize("path", sorted(lab.CONFIG.rglob("*.json")), ids=lambda path: path.stem)
def test_the_settings_come_with_the_package(path):
    """A pattern of pyproject.toml names each file, or a course that was installed would not have it."""
    assert json.loads(path.read_text(encoding="utf-8"))
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    assert any(path.relative_to(lab.CONFIG.parent).match(pattern) for pattern in patterns["course_utils"])


def once_there(address: str) -> str:
    """The page at an address, of which a server speaks a moment before it listens."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(address).read().decode()
        except urllib.error.URLError:
            time.sleep(0.2)
    raise TimeoutError(address)


@pytest.mark.real_path
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent to a process group")
def test_the_course_opens_at_the_guide_with_the_progress_and_ends_with_ctrl_c(tmp_path):
    """The command as a student gives it: what it says, the page that the server sends, the guide, an orderly end."""
    release = tmp_path / "notebooks" / "01-small" / "01-small.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(small_chapter()))
    (tmp_path / "notebooks" / "guide.ipynb").write_bytes((ROOT / "notebooks" / "guide.ipynb").read_bytes())
    runtime = tmp_path / "runtime"
    own = {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_PATH": ""}
    own |= {"JUPYTER_RUNTIME_DIR": str(runtime)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", "--IdentityProvider.token=", f"--ServerApp.port={port}"]
    keyboard, terminal = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "course_utils.lab", *options],
        cwd=tmp_path,
        env=os.environ | own,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            said = ""
            while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S*", said)):
                said += (line := server.stdout.readline())
                assert line, said
            page = once_there(found[0])
            assert list(runtime.glob("jpserver-*.json"))
        finally:
            os.killpg(server.pid, signal.SIGINT)
            os.write(keyboard, b"y\n")
            server.communicate(timeout=60)
            os.close(keyboard)
            os.close(terminal)
    assert found[0].endswith("/lab/tree/guide.ipynb")
    assert "0 of 2 exercises done; 6.5 of 6.5 points wait\nnext: Exercise 1 · Doubling" in said
    assert "@jupyter/nbgrader:formgrader" in page
    assert "6.5 of 6.5" in (tmp_path / "work" / "guide.ipynb").read_text(encoding="utf-8")
    assert server.returncode == 0
    assert not list(runtime.glob("jpserver-*.json")), "the server was killed, and could not clear up"
