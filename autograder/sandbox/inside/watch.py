"""The processes of a submission, seen from the worker: how much memory they hold, how many they are, and their end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from autograder.sandbox.inside import inner_wall
from autograder.sandbox.inside.boxes import Box
from autograder.sandbox.inside.channel import GRACE_SECONDS, Stopped

WATCH_SECONDS = 0.1
_PF_EXITING = 4  # of linux/sched.h
_TICKS = os.sysconf("SC_CLK_TCK")  # a second, in the times of /proc


class Watch:
    """Looks after the processes in one submission's inner box, the judge that tests it, and the one that waits.

    `following` is the next submission's box, `judges` the one of all judges, `template` forks them all.
    """

    def __init__(self, box: Box, following: Box, judges: Box, template: int, boxed: bool):
        self._box, self._following, self._judges = box, following, judges
        self._template, self._boxed = template, boxed
        self._shared = status_number(template, "VmRSS")  # kB that every fork of the template starts with
        self._looked = 0.0

    def look(self, snapshots: int) -> None:
        """Stop a submission whose processes together hold too much memory, or are too many.

        So many `snapshots` are among them and wait for their tests. Limits of a single process do not add up, and the
        limit on processes does not bind root.
        """
        if not self._boxed or time.monotonic() < self._looked + WATCH_SECONDS:
            return  # outside the box, /proc shows everybody's processes
        pids = self._pids()
        most = inner_wall.PROCESSES + 2 + snapshots + 3 + 2  # those of the following box, and two judges
        # The number alone first: while a fork bomb goes off, there is no time to read about each.
        threads = len(pids) if len(pids) > most else sum(status_number(pid, "Threads") for pid in pids)
        if threads > most:
            raise Stopped("crashed", f"more than {inner_wall.PROCESSES} processes or threads", final=True)
        # Quick and too high: what each has beyond the template, though forks share more. Where that is too much, each
        # process's share, which is right but takes the kernel some milliseconds.
        held = (status_number(pid, "VmRSS") + status_number(pid, "VmSwap") - self._shared for pid in pids)
        if sum(max(0, kilobytes) for kilobytes in held) * 1024 > inner_wall.MEMORY_BYTES:
            shares = [status_number(pid, name, "smaps_rollup") for pid in pids for name in ("Pss", "SwapPss")]
            if sum(shares) * 1024 > inner_wall.MEMORY_BYTES:
                raise Stopped("crashed", f"more than {inner_wall.MEMORY_BYTES / 2**30:.0f} GB of memory")
        self._looked = time.monotonic()

    def cpu_seconds(self, processes: list[int]) -> float:
        """Seconds that the box's processes have computed so far; without a box, that these `processes` have."""
        return sum(map(_cpu_seconds, self._pids() if self._boxed else processes))

    def kill_all_but(self, waiting: set[int]) -> None:
        """Kill what runs in the inner box, but for its first process, and but for what waits: snapshots, a judge."""
        keep = {self._box.first} | waiting
        end = time.monotonic() + GRACE_SECONDS
        if not self._boxed:
            # There is no box whose processes could be listed: the student's own process is all that is known.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._box.main, signal.SIGKILL)
            return
        while living := [pid for pid in self._pids() if pid not in keep and is_alive(pid)]:
            if time.monotonic() > end:
                raise Stopped("crashed", "the student's processes could not be ended", final=True)
            for pid in living:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.0003)

    def _pids(self) -> list[int]:
        others = [self._box.gate]
        for box in (self._following, self._judges):
            others += [box.gate, box.first, box.main]
        outside = {1, os.getpid(), self._template, *others}
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) not in outside]


def status_number(pid: int, field: str, file: str = "status") -> int:
    """A number of a process's status, memory in kB; 0 if the process or the field is gone."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    _, found, rest = text.partition(f"\n{field}:")
    return int(rest.split(None, 1)[0]) if found else 0


def _cpu_seconds(pid: int) -> float:
    """Seconds that a process and its ended children have computed; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def is_alive(pid: int) -> bool:
    """Whether a process can still run its code; one that the kernel is taking apart cannot."""
    try:
        states = [task.read_text().rpartition(") ")[2].split() for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return os.path.exists(f"/proc/{pid}")
    return any(state[0] not in "ZX" and not int(state[6]) & _PF_EXITING for state in states)
