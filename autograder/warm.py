"""The warm worker, run inside the outer box: ``python -m autograder.warm``.

It imports what the course needs once and runs no student's code itself. For each submission it forks; the fork enters
the inner box and runs cells as the worker sends them, graded cells in forks of its own. The worker speaks JSON lines
with the host over stdin and stdout:

    host:   {"cells": [{"source", "graded", "controls": [source, ...]}], "cell_seconds", "seconds"}
    worker: {"index", "outputs", "status", "tampered"} for each cell, then {"done": status}
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path

from autograder import box
from autograder.shell import Student

MAX_LINE = 12 * 2**20  # bytes of one cell's outputs, as JSON
GRACE_SECONDS = 2.0  # between the interrupt and the kill
WATCH_SECONDS = 0.1


def main() -> None:
    """Serve submissions until the host closes stdin."""
    boxed = "--no-sandbox" not in sys.argv
    student = Student()
    anonymous = _anonymous_bytes("self") if boxed else 0
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _Submission(student, anonymous, boxed).grade(request)


class _Submission:
    """One student's process in its inner box, seen from the worker."""

    def __init__(self, student: Student, anonymous: int, boxed: bool):
        self.anonymous, self.boxed = anonymous, boxed
        commands, self.commands = os.pipe()
        self.results, results = os.pipe()
        self.gate = os.fork()
        if self.gate == 0:
            os.close(self.commands)
            os.close(self.results)
            _become_student(student, commands, results, boxed)
        os.close(commands)
        os.close(results)
        self.pid = 0
        self.buffer = b""

    def grade(self, request: dict) -> None:
        end = time.monotonic() + request["seconds"]
        status = "graded"
        try:
            self.pid = self._receive(time.monotonic() + 10)["pid"]
            for index, cell in enumerate(request["cells"]):
                left = min(request["cell_seconds"], end - time.monotonic())
                answer = self._run(cell, max(left, 0.1))
                if answer.pop("late", False) or answer.get("status") == "timeout":
                    status = "timeout"
                print(json.dumps({"index": index} | answer), flush=True)
                if time.monotonic() > end:
                    raise _Stopped("timeout", "the notebook as a whole ran out of time")
        except _Stopped as stop:
            status = stop.status
            print(json.dumps({"stopped": stop.reason}), flush=True)
        finally:
            self._kill()
        print(json.dumps({"done": status}), flush=True)

    def _run(self, cell: dict, seconds: float) -> dict:
        """Have the student's process run a cell; interrupt it when its time is up, and kill it if that is no use."""
        self._send(cell | {"seconds": seconds})
        # A graded cell's fork is stopped by its own parent; this deadline is for the case that this fails.
        controls = len(cell.get("controls", []))
        allowed = seconds * (1 + controls) + GRACE_SECONDS if cell["graded"] else seconds
        answer = self._receive(time.monotonic() + allowed, may_end=True)
        if answer is not None:
            return answer
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)
        answer = self._receive(time.monotonic() + GRACE_SECONDS, may_end=True)
        if answer is None:
            raise _Stopped("timeout", f"a cell ran for {seconds:.0f} seconds and could not be interrupted")
        return answer | {"late": True}

    def _send(self, command: dict) -> None:
        data = json.dumps(command).encode() + b"\n"
        while data:
            try:
                data = data[os.write(self.commands, data) :]
            except BrokenPipeError:
                raise _Stopped("crashed", self._how_it_died()) from None

    def _receive(self, deadline: float, may_end: bool = False) -> dict | None:
        """The next line of the student's process; None at the deadline if that `may_end` here."""
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                if may_end:
                    return None
                raise _Stopped("crashed", "the box did not start")
            if select.select([self.results], [], [], min(left, WATCH_SECONDS))[0]:
                chunk = os.read(self.results, 2**20)
                if not chunk:
                    raise _Stopped("crashed", self._how_it_died())
                self.buffer += chunk
                if len(self.buffer) > MAX_LINE + 2**20:
                    raise _Stopped("crashed", f"more than {MAX_LINE / 2**20:.0f} MB of output in one cell")
            self._watch()
        line, _, self.buffer = self.buffer.partition(b"\n")
        try:
            answer = json.loads(line)
            if not isinstance(answer, dict):
                raise ValueError
            return answer
        except ValueError:
            # Only a process that student code got hold of writes anything else.
            raise _Stopped("tampered", "the process sent lines that are not results") from None

    def _watch(self) -> None:
        """Stop a submission whose processes together hold too much memory, or are too many.

        Limits of a single process do not add up, and the limit on processes does not bind root.
        """
        if not self.boxed:
            return  # outside the box, /proc shows everybody's processes
        processes, held = 0, 0
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) not in (1, os.getpid(), self.gate):
                processes += 1
                held += max(0, _anonymous_bytes(entry) - self.anonymous)
        if processes > box.PROCESSES:
            raise _Stopped("crashed", f"more than {box.PROCESSES} processes")
        if held > box.MEMORY_BYTES:
            raise _Stopped("crashed", f"more than {box.MEMORY_BYTES / 2**30:.0f} GB of memory")

    def _how_it_died(self) -> str:
        # The gate passes on how the first process of the inner box ended.
        wait = os.waitpid(self.gate, 0)[1]
        self.gate = 0
        code = os.waitstatus_to_exitcode(wait)
        if code >= 128:
            return f"the process was ended by {signal.Signals(code - 128).name}"
        return f"the process ended itself with exit code {code}"

    def _kill(self) -> None:
        os.close(self.commands)
        os.close(self.results)
        # The inner box's first process takes all others of its namespace with it.
        with contextlib.suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)
            elif self.gate:
                os.kill(self.gate, signal.SIGKILL)
        if self.gate:
            os.waitpid(self.gate, 0)


class _Stopped(Exception):
    """A submission's end before its last cell."""

    def __init__(self, status: str, reason: str):
        super().__init__(reason)
        self.status, self.reason = status, reason


def _become_student(student: Student, commands: int, results: int, boxed: bool) -> None:
    """Enter the inner box, then run cells until the worker closes the pipe. Never returns."""
    try:
        if boxed:
            held = box.address_space()
            box.enter()
        ready, go = os.pipe()
        pid = os.fork()
        if pid:
            os.write(results, json.dumps({"pid": pid}).encode() + b"\n")
            os.write(go, b"!")
            for descriptor in (ready, go, commands, results):
                os.close(descriptor)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            os._exit(code if code >= 0 else 128 - code)
        os.read(ready, 1)
        os.close(ready)
        os.close(go)
        # The worker's own stdin and stdout lead to the host: nothing here may hold them.
        null = os.open("/dev/null", os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.close(null)
        if boxed:
            box.confine(held)
        student.serve(commands, results)
    finally:
        os._exit(70)


def _anonymous_bytes(pid: str) -> int:
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
