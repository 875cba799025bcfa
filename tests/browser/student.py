"""A student's computer: a folder with the released notebooks, and JupyterLab in it, as `make lab` starts it."""

import copy
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from autograder import ROOT
from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.exercises import exercises_of

SECONDS_TO_START = 180
MARKERS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
OWN_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
OWN_FOLDERS += ("JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


class Student:
    """A student's folder with ``notebooks/`` in it; `work` is where `start` lets JupyterLab put the student's copies.

    JupyterLab keeps settings, signatures and all else in this folder, and finds nothing of whoever runs the tests.
    """

    def __init__(self, folder: Path):
        self.folder, self.work = folder, folder / "work"
        shutil.copytree(units.RELEASE, folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        self.environment = os.environ | {name: str(folder / "home" / name.lower()) for name in OWN_FOLDERS}
        self.environment["PYTHONPATH"] = str(ROOT)
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self._server: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Run ``python -m course_utils.lab`` here, and wait until JupyterLab answers."""
        options = ["--ServerApp.port", self.port, "--ServerApp.port_retries", 0, "--IdentityProvider.token", self.token]
        options += ["--no-browser", *(["--allow-root"] if hasattr(os, "getuid") and os.getuid() == 0 else [])]
        command = [sys.executable, "-m", "course_utils.lab", *map(str, options)]
        with (self.folder / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"JupyterLab does not answer at {self.address}:\n{self.log}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server, with its kernels; by force, if it takes longer than 30 seconds on a busy machine."""
        if self._server is None:
            return
        self.ask("api/shutdown", "POST")
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def begin_anew(self) -> None:
        """Let the next test begin without what the last one ran and set; the notebooks stay as they are."""
        shutil.rmtree(self.environment["JUPYTERLAB_SETTINGS_DIR"], ignore_errors=True)
        for session in json.loads(self.ask("api/sessions")):
            self.ask(f"api/sessions/{session['id']}", "DELETE")

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
        """What the server answers at `path`.

        Raises:
            OSError: it does not answer, or with an error.
        """
        request = urllib.request.Request(self.address + path, body, {"Authorization": f"token {self.token}"})
        request.method = method
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.read()

    def _answers(self) -> bool:
        try:
            self.ask("api/status")
        except OSError:
            return False
        return True

    def notebook(self, unit: str) -> Path:
        """Where the student's copy of a unit's notebook lies."""
        return self.work / unit / f"{unit}.ipynb"

    def put(self, unit: str, notebook: nbformat.NotebookNode, *, trusted: bool = True) -> None:
        """Save `notebook` as the student's; JupyterLab trusts what was run here, and cleans the outputs of the rest."""
        nbformat.write(notebook, self.notebook(unit))
        if trusted:
            data = Path(self.environment["JUPYTER_DATA_DIR"])
            notary = NotebookNotary(data_dir=str(data))
            notary.sign(nbformat.read(self.notebook(unit), as_version=4))
            notary.store.close()


def released(unit: str) -> nbformat.NotebookNode:
    """The notebook of a unit as students get it."""
    return nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)


def answered(unit: str) -> nbformat.NotebookNode:
    """The released notebook with the solution's answers; nothing has run."""
    source = units.source_notebook(unit)
    answers = {exercise.name: source.cells[exercise.task].source for exercise in exercises_of(source)}
    return answer(released(unit), {name: MARKERS.sub("", text).rstrip() for name, text in answers.items()})


def solved(unit: str) -> nbformat.NotebookNode:
    """The released notebook with the solution's answers and the outputs of its run, as a student saved it."""
    outputs = {cell.id: cell for cell in units.source_notebook(unit).cells if cell.cell_type == "code"}
    notebook = answered(unit)
    for cell in notebook.cells:
        if cell.id in outputs:  # the cell that installs the course is in no source, and prints nothing
            cell.outputs = copy.deepcopy(outputs[cell.id].outputs)
            cell.execution_count = outputs[cell.id].execution_count
    return notebook


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
