"""A Dask cluster of several processes, each worker in a network of its own where that can be made.

The workers have none of our code on their path: they grade with what the coordinator sends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CPU_GROUPS = Path("/sys/fs/cgroup/cpu")  # of version 1
PERIOD = 100_000  # microseconds


@dataclass
class Machine:
    """A worker that is started again whenever it ends, as a department's are; `link` is its cable, if it has one."""

    name: str
    process: subprocess.Popen
    link: str = ""

    def kill(self) -> None:
        """End it at once and for good, nanny and all."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Machines:
    """A scheduler and its workers; `bridge` is the network between them, empty where none can be made."""

    scratch: Path
    host: str
    port: int
    bridge: str
    scheduler: subprocess.Popen | None = None
    workers: list[Machine] = field(default_factory=list)
    groups: list[Path] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Of the scheduler."""
        return f"tcp://{self.host}:{self.port}"

    def start_scheduler(self) -> None:
        """Start it, or start it again in the same place."""
        command = ["scheduler", "--host", self.host, "--port", str(self.port), "--no-dashboard"]
        self.scheduler = subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            cwd=self.scratch,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1):
                return
            time.sleep(0.2)
        raise TimeoutError("the scheduler does not listen")

    def kill_scheduler(self) -> None:
        """End it at once."""
        os.killpg(self.scheduler.pid, signal.SIGKILL)
        self.scheduler.wait()

    def add(self, slower: int = 1, **environment: str) -> Machine:
        """Start a worker with one thread; one that is `slower` gets so small a part of a core."""
        number = len(self.workers)
        folder = self.scratch / f"worker-{number}"
        folder.mkdir()
        command = [sys.executable, "-m", "dask", "worker", self.address, "--nthreads", "1", "--memory-limit", "0"]
        command += ["--no-dashboard", "--local-directory", str(folder), "--death-timeout", "60"]
        link = ""
        if self.bridge:
            link, host = f"{self.bridge}v{number}", f"{self.host.rpartition('.')[0]}.{number + 2}"
            space = f"{self.bridge}n{number}"
            _ip(f"netns add {space}")
            _ip(f"link add {link} type veth peer name eth0 netns {space}")
            _ip(f"link set {link} master {self.bridge} up")
            _ip(f"-n {space} address add {host}/24 dev eth0")
            _ip(f"-n {space} link set eth0 up")
            _ip(f"-n {space} link set lo up")
            command = [shutil.which("ip"), "netns", "exec", space, *command, "--host", host]
        again = ["/bin/sh", "-c", 'while :; do "$@"; sleep 1; done', "sh", *command]
        group = self._group(slower, number) if slower > 1 else None
        process = subprocess.Popen(
            again,
            cwd=folder,
            env=_environment() | environment,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
            start_new_session=True,
            preexec_fn=None if group is None else lambda: (group / "tasks").write_text(str(os.getpid())),
        )
        self.workers.append(Machine(f"worker-{number}", process, link))
        return self.workers[-1]

    def cut(self, machine: Machine) -> None:
        """Lose what it sends and what is sent to it; nobody is told."""
        _ip(f"link set {machine.link} nomaster")

    def mend(self, machine: Machine) -> None:
        """Carry it again."""
        _ip(f"link set {machine.link} master {self.bridge}")

    def end(self) -> None:
        """End all processes, and take the networks away."""
        for machine in self.workers:
            machine.kill()
        if self.scheduler is not None and self.scheduler.poll() is None:
            self.kill_scheduler()
        time.sleep(1)  # for the slots, which see that their worker is gone
        for group in self.groups:
            with contextlib.suppress(OSError):
                group.rmdir()
        if self.bridge:
            for number in range(len(self.workers)):
                _ip(f"netns delete {self.bridge}n{number}")
            _ip(f"link delete {self.bridge}")

    def _group(self, slower: int, number: int) -> Path:
        group = CPU_GROUPS / f"grader-{os.getpid()}-{number}"
        group.mkdir()
        self.groups.append(group)
        (group / "cpu.cfs_period_us").write_text(str(PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(PERIOD // slower))
        return group


@contextlib.contextmanager
def machines(scratch: Path) -> Iterator[Machines]:
    """A scheduler, to which workers are added; at the end all are gone."""
    scratch.mkdir()
    bridge = f"g{os.getpid()}"
    host = "127.0.0.1"
    if can_make_networks():
        host = f"10.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.1"
        _ip(f"link add {bridge} type bridge")
        _ip(f"address add {host}/24 dev {bridge}")
        _ip(f"link set {bridge} up")
    else:
        print("no networks of their own can be made here: all workers share this machine's")
        bridge = ""
    with socket.socket() as free:
        free.bind((host, 0))
        port = free.getsockname()[1]
    made = Machines(scratch, host, port, bridge)
    try:
        made.start_scheduler()
        yield made
    finally:
        made.end()


def can_make_networks() -> bool:
    """Whether a worker can have a network of its own here."""
    if os.getuid() != 0 or shutil.which("ip") is None:
        return False
    name = f"t{os.getpid()}"
    made = [_tried(f"netns add {name}"), _tried(f"link add {name}b type bridge"), _tried(f"link delete {name}b")]
    return all([*made, _tried(f"netns delete {name}")])


def can_slow_down() -> bool:
    """Whether a worker can get a part of a core here."""
    return os.access(CPU_GROUPS, os.W_OK) and (CPU_GROUPS / "cpu.cfs_quota_us").exists()


def _environment() -> dict[str, str]:
    """Quick to notice what is gone; and without our code on the path."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return kept | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "15s", "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "15s"}


def _ip(arguments: str) -> None:
    subprocess.run(["ip", *arguments.split()], check=True, capture_output=True)


def _tried(arguments: str) -> bool:
    return subprocess.run(["ip", *arguments.split()], capture_output=True).returncode == 0
