"""All that runs in a Dask worker. It travels there by value, so it imports nothing of ours, whatever is installed.

A worker keeps the unpacked archive in its own scratch folder, and one `slot` process for each notebook at a time, from
that folder. A slot that ends, or hangs, takes no Dask worker with it; a Dask worker that ends takes its slots with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

SLOT = "autograder.cluster.slot"
LENGTH_BYTES = 8
LOOK_SECONDS = 0.5  # how often it is asked whether an answer is still wanted
CHECK_SECONDS = 120


class SlotEndedError(RuntimeError):
    """A slot's process ended before its answer."""


class Slots(WorkerPlugin):
    """The slots of a Dask worker for one archive; `name` is the archive's."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self._folder = name, folder
        self._free: list[_Slot] = []
        self._lock = threading.Lock()

    def teardown(self, worker: Worker) -> None:
        """End the slots; Dask calls it when the worker closes."""
        with self._lock:
            for slot in self._free:
                slot.end()
            self._free.clear()

    def ask(self, request: bytes, wanted: Callable[[], bool]) -> bytes:
        """The answer of a free slot, or of a new one; empty where nobody wants it any more.

        Raises:
            SlotEndedError: its process ended before.
            OSError: no process can be started here.
        """
        with self._lock:
            slot = self._free.pop() if self._free else None
        if slot is not None and slot.is_gone():  # it had nothing to do for a minute
            slot.end()
            slot = None
        slot = slot or _Slot(self._folder)
        try:
            answer = slot.ask(request, wanted)
        except BaseException:
            slot.end()
            raise
        with self._lock:
            self._free.append(slot)
        return answer


class _Slot:
    """One slot's process."""

    def __init__(self, folder: Path) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed in `end`
        self._process = subprocess.Popen(
            [sys.executable, "-m", SLOT],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,  # an interrupt at a terminal is the coordinator's
        )

    def is_gone(self) -> bool:
        return self._process.poll() is not None

    def ask(self, request: bytes, wanted: Callable[[], bool]) -> bytes:
        try:
            self._process.stdin.write(len(request).to_bytes(LENGTH_BYTES, "big") + request)
            self._process.stdin.flush()
            length = int.from_bytes(self._read(LENGTH_BYTES, wanted), "big")
            return self._read(length, wanted)
        except (BrokenPipeError, EOFError):
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace").strip().splitlines()
            raise SlotEndedError(f"its process ended ({said[-1][:300] if said else 'no message'})") from None

    def _read(self, length: int, wanted: Callable[[], bool]) -> bytes:
        content, descriptor = b"", self._process.stdout.fileno()
        while len(content) < length:
            while not select.select([descriptor], [], [], LOOK_SECONDS)[0]:
                if not wanted():
                    raise asyncio.CancelledError
            chunk = os.read(descriptor, length - len(content))
            if not chunk:
                raise EOFError
            content += chunk
        return content

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for file in (self._process.stdin, self._process.stdout, self._said):
            with contextlib.suppress(OSError):
                file.close()


async def prepare(name: str, content: bytes | None, dask_worker: Worker) -> str | None:
    """Unpack the archive and make the worker ready for tasks that ask for it.

    Returns:
        Empty when it is ready; a sentence that says why it cannot grade; None where it needs the archive's content.
    """
    folder = Path(dask_worker.local_directory, name)
    if not folder.is_dir():
        if content is None:
            return None
        await asyncio.to_thread(_unpack, content, folder)
    if problem := await asyncio.to_thread(_problem, folder):
        return problem
    if name not in dask_worker.plugins:
        await dask_worker.plugin_add(plugin=Slots(name, folder), name=name)
    await dask_worker.set_resources(**{name: dask_worker.state.nthreads})
    return ""


async def withdraw(name: str, dask_worker: Worker) -> None:
    """Take no more tasks that ask for this archive."""
    await dask_worker.set_resources(**{name: 0})


def grade(name: str, request: bytes) -> tuple[str, bytes, str]:
    """The task: the worker's address, a slot's answer, and what went wrong with this machine, which is mostly empty."""
    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state in ("executing", "long-running", "resumed")

    try:
        return worker.address, worker.plugins[name].ask(request, wanted), ""
    except asyncio.CancelledError:
        return worker.address, b"", "nobody waits for it"
    except Exception as error:  # whatever it is, it is no student's fault
        return worker.address, b"", " ".join(f"{type(error).__name__}: {error}".split())[:500]


def _unpack(content: bytes, folder: Path) -> None:
    scratch = Path(tempfile.mkdtemp(dir=folder.parent))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(scratch)
    try:
        os.rename(scratch, folder)
    except OSError:  # it was unpacked by another call meanwhile
        shutil.rmtree(scratch)


def _problem(folder: Path) -> str:
    command = [sys.executable, "-m", SLOT, "--check"]
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=CHECK_SECONDS
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return f"its Python cannot run the grader ({last[:300]}): install the course's requirements there"
    return done.stdout.strip()


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
