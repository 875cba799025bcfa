"""JupyterLab as a process of its own, which finds nothing of whoever runs the tests."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

SECONDS_TO_START = 180
OWN_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
OWN_FOLDERS += ("JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


class Server:
    """JupyterLab in a folder.

    Args:
        folder: where it runs, and what it keeps its settings, its log and all else in.
        command: what is run there, as arguments of Python.
        code: where it finds `course_utils` and `autograder`.
    """

    def __init__(self, folder: Path, command: list[str], code: Path):
        self.folder, self._command = folder, command
        self.environment = os.environ | {name: str(folder / "home" / name.lower()) for name in OWN_FOLDERS}
        self.environment["PYTHONPATH"] = str(code)
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self._server: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")

    def command(self) -> list[str]:
        """What starts JupyterLab at the port, with the token."""
        options = ["--ServerApp.port", self.port, "--ServerApp.port_retries", 0, "--IdentityProvider.token", self.token]
        options += ["--no-browser", *(["--allow-root"] if hasattr(os, "getuid") and os.getuid() == 0 else [])]
        return [sys.executable, *self._command, *map(str, options)]

    def start(self) -> None:
        """Run the command, and wait until JupyterLab answers."""
        with (self.folder / "server.log").open("wb") as log:
            self._server = subprocess.Popen(
                self.command(), cwd=self.folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
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
        """Let the next test begin without what the last one ran and set; its files stay as they are."""
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
