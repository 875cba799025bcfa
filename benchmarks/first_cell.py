"""From the command that opens the course to a chapter's imports run, against plain JupyterLab: ``first_cell``.

``python -m benchmarks first_cell``. In turns: `make lab`'s command, and JupyterLab in the same folder without the
course's settings, with the same imports. No browser takes part: a kernel is asked for as the page asks for it, and the
cell is sent to it. Processor time is that of the server and the kernel together; the clock is given too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from jupyter_client import BlockingKernelClient

from autograder import ROOT
from autograder.course import units
from benchmarks.chapter_imports import imports_of_first_cell

COMMANDS = {
    "the course": ["-m", "course_utils.lab"],
    "plain JupyterLab": ["-m", "jupyterlab", "--ServerApp.root_dir=work"],
}


def answer(address: str, content: dict | None = None) -> dict:
    """What the server answers, as soon as it listens."""
    data = None if content is None else json.dumps(content).encode()
    for _ in range(600):
        try:
            with urllib.request.urlopen(urllib.request.Request(address, data)) as reply:
                return json.load(reply)
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing listens at {address}")


def run_cell(runtime: Path, kernel: str, source: str) -> None:
    """Have a kernel of the server run a cell, and wait until it has."""
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # a busy machine's kernel may miss a beat
    client.wait_for_ready(timeout=300)
    reply = client.execute_interactive(source, timeout=300, output_hook=lambda message: None)
    client.stop_channels()
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"the imports failed: {reply['content']}")


def opened(command: list[str], folder: Path, unit: str) -> tuple[float, float]:
    """Seconds from the start of a command until a unit's imports are run, by the processor and by the clock."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    runtime = folder / "runtime"
    own = {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_PATH": "", "PYTHONPATH": str(ROOT)}
    options = ["--no-browser", "--allow-root", f"--ServerApp.port={port}", "--IdentityProvider.token="]
    options += ["--ServerApp.disable_check_xsrf=True"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, *command, *options],
        cwd=folder,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        page = f"http://127.0.0.1:{port}"
        kernel = answer(f"{page}/api/kernels", {"name": "python3", "path": f"{unit}/{unit}.ipynb"})["id"]
        run_cell(runtime, kernel, "\n".join(imports_of_first_cell(unit)))
        clock = time.perf_counter() - start
        urllib.request.urlopen(f"{page}/api/shutdown", b"").close()  # ends its kernels, so that their time is counted
        server.wait(60)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def main(options: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks first_cell", description=__doc__)
    parser.add_argument("--turns", type=int, default=5, help="each command is started as often, in turns (default 5)")
    parser.add_argument("--unit", default=units.unit_names()[0], help="whose imports are run (default: the first)")
    arguments = parser.parse_args(options)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as scratch:
        for copy in ("notebooks", "work"):
            shutil.copytree(units.RELEASE, Path(scratch, copy))
        for _ in range(arguments.turns):
            for name, command in COMMANDS.items():
                times[name].append(opened(command, Path(scratch), arguments.unit))
    print(f"seconds until the imports of {arguments.unit} are run, median of {arguments.turns} turns")
    for name, found in times.items():
        processor, clock = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:16} {processor:6.2f} of the processor, {clock:6.2f} by the clock")
    ratios = [ours[0] / plain[0] for ours, plain in zip(*times.values(), strict=True)]
    print(f"the course / plain, by the processor: {statistics.median(ratios):.2f}")
