"""The warm worker, run inside the outer box: ``python -m autograder.warm MODULE ...``.

Two processes that never mix. The *template* imports the modules once; each submission is a fork of it. The
worker speaks with the host and holds the hidden tests; no student's process is a fork of it, so none finds them in its
memory. A submission goes in two phases:

1. The student's process runs the notebook. At each graded cell it forks a *snapshot* of its state, which waits.
2. The student's process and all that it started are killed. Only then each snapshot is given its hidden test, one at a
   time: whatever listens, draws or writes to files in phase 1 meets no test, and no snapshot meets another. A snapshot
   whose test passes is given answers known to be wrong, and the test again: it must fail now. What the student's
   answer has patched by then, be it while the test called it, is still there and shows.

The box of the next submission is made while one runs.

The worker speaks JSON lines with the host over stdin and stdout:

    host:   {"cells": [{"source", "graded", "controls": [source, ...]}], "cell_seconds", "seconds"}
    worker: {"index", "outputs", "tampered"} for each cell that ran, graded ones last; {"stopped": reason} where the
            notebook ended early; then {"done": status}
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder import box, huge_pages

MAX_LINE = 16 * 2**20  # bytes of one cell's outputs, as JSON
START_SECONDS = 60.0  # for the box; a busy machine is slow
GRACE_SECONDS = 2.0  # between the interrupt and the kill
FORK_SECONDS = 20.0  # for a snapshot
WATCH_SECONDS = 0.1
_PF_EXITING = 4  # of linux/sched.h
# Before a wrong answer: it may look right where an honest one has left gradients switched off, or another default type.
DEFAULTS = """import torch
torch.set_grad_enabled(True)
torch.set_default_dtype(torch.float32)
torch.set_default_device(None)"""


def main() -> None:
    """Serve submissions until the host closes stdin."""
    modules = [name for name in sys.argv[1:] if name != "--no-sandbox"]
    boxed = "--no-sandbox" not in sys.argv
    template, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        template.close()
        _be_template(theirs, modules, boxed)
    theirs.close()
    if not template.recv(1):
        sys.exit("the course's imports failed")
    here = _Box(template)
    _tell({"ready": True})
    for line in sys.stdin.buffer:
        following = _Box(template)
        _Submission(here, following, pid, boxed, json.loads(line)).grade()
        here = following


class _Box:
    """An inner box that the template makes when asked, for one submission: its processes and the ways to them.

    `first` is the first process inside, all others end with it; `main` runs the notebook; `gate` stands outside.
    """

    def __init__(self, template: socket.socket):
        self.gate_channel, gate = _pair()
        self.student, student = _pair()
        self.gate = self.first = self.main = 0
        socket.send_fds(template, [b"s"], [gate.fileno(), student.fileno()])
        gate.close()
        student.close()

    def wait(self) -> None:
        """Wait until it is ready, and know its processes; call it as often as you like."""
        end = time.monotonic() + START_SECONDS
        if not self.gate:
            self.gate = self._hear(self.gate_channel, end)
        if not self.first:
            self.first = self._hear(self.gate_channel, end)
        if not self.main:
            self.main = self._hear(self.student, end)

    def _hear(self, channel: _Channel, end: float) -> int:
        """The process that says hello on this channel."""
        while channel.line() is None:
            if not select.select([channel], [], [], max(0.0, end - time.monotonic()))[0] or not channel.read():
                raise _Stopped("crashed", "the box did not start", final=True)
        return channel.sender

    def close(self) -> None:
        """End every process inside, and wait until the box is empty."""
        for pid in {self.first, self.main} - {0}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.student.close()
        # The gate ends after everything inside; then nobody holds the other end.
        with contextlib.suppress(_Stopped):
            while self.gate_channel.read():
                pass
        self.gate_channel.close()


class _Submission:
    """One student's processes in their inner box, seen from the worker; `following` is the next one's box."""

    def __init__(self, here: _Box, following: _Box, template: int, boxed: bool, request: dict):
        self.box, self.following, self.boxed = here, following, boxed
        self.template = template
        self.shared = _status(template, "VmRSS")  # kB that every fork of the template starts with
        self.cells = request["cells"]
        self.cell_seconds, self.seconds = request["cell_seconds"], request["seconds"]
        self.snapshots: dict[int, _Snapshot] = {}  # by the index of their graded cell
        self.status, self.watched = "graded", 0.0

    def grade(self) -> None:
        """Run the notebook, then its graded cells, and tell the host."""
        try:
            self._start()
            try:
                self._run_notebook(time.monotonic() + self.seconds)
            except _Stopped as stop:
                self._go_on_after(stop)
            self._greet_snapshots()
            self._run_tests(time.monotonic() + self.seconds)
        except _Stopped as stop:
            self._note(stop)
        # The host goes on with the marks while the box is emptied.
        _tell({"done": self.status})
        self._end()

    def _go_on_after(self, stop: _Stopped) -> None:
        """The notebook ended early; the graded cells before that are still tested, unless the stop is final."""
        if stop.final:
            raise stop
        self._note(stop)

    def _note(self, stop: _Stopped) -> None:
        self.status = stop.status
        _tell({"stopped": stop.reason})

    def _start(self) -> None:
        """Hand the student's process the sockets of its snapshots."""
        self.box.wait()
        ends = []
        for index, cell in enumerate(self.cells):
            if cell["graded"]:
                ours, theirs = _pair()
                self.snapshots[index] = _Snapshot(ours, len(ends))
                ends.append(theirs)
        with contextlib.suppress(OSError):  # it is gone, as the next read will say
            socket.send_fds(self.box.student.end, [b"s"], [end.fileno() for end in ends])
        for end in ends:
            end.close()

    def _run_notebook(self, end: float) -> None:
        """Phase 1: the student's process runs the cells; of a graded one it makes snapshots."""
        for index, cell in enumerate(self.cells):
            seconds = min(self.cell_seconds, end - time.monotonic())
            if seconds <= 0:
                raise _Stopped("timeout", "the notebook as a whole ran out of time")
            if not cell["graded"]:
                answer = self._ask({"source": cell["source"]}, seconds)
                _tell({"index": index, "outputs": answer.get("outputs")})
                continue
            self._ask({"snapshot": self.snapshots[index].number}, FORK_SECONDS)
            self.snapshots[index].taken = True

    def _greet_snapshots(self) -> None:
        """Learn which processes the snapshots are. They got ready while the notebook went on."""
        for snapshot in self.snapshots.values():
            if snapshot.taken:
                try:
                    if self._receive(snapshot.channel, time.monotonic() + FORK_SECONDS) is None:
                        raise _Stopped("crashed", "the process could not be forked for a graded cell")
                    if snapshot.channel.sender in (self.box.main, self.box.first):
                        raise _Stopped("tampered", "the process posed as its own snapshot")
                    snapshot.pid = snapshot.channel.sender
                except _Stopped as stop:
                    self._go_on_after(stop)

    def _run_tests(self, end: float) -> None:
        """Phase 2: each graded cell in its snapshot; where it passes, also with answers known to be wrong."""
        with contextlib.suppress(_Stopped):  # the submission that moves in there says so
            self.following.wait()
        for index, snapshot in self.snapshots.items():
            if time.monotonic() > end:
                raise _Stopped("timeout", "the notebook as a whole ran out of time")
            if snapshot.pid:
                outputs = self._test(snapshot, self.cells[index])
                tampered = not _failed(outputs) and self._passes_with_wrong_answers(snapshot, self.cells[index])
                snapshot.pid = 0
                _tell({"index": index, "outputs": outputs, "tampered": tampered})

    def _test(self, snapshot: _Snapshot, cell: dict) -> list[dict]:
        """The outputs of a graded cell; one that takes long, or ends its process, has failed."""
        try:
            return self._run(snapshot, [cell["source"]])
        except _Stopped as stop:
            if stop.final:
                raise
            if stop.status == "timeout":
                self.status = "timeout"
                return [_error("CellTimeoutError", f"{stop.reason}: is there an endless loop?")]
            return [_error("CrashError", f"the process ended while it ran this cell: {stop.reason}")]

    def _passes_with_wrong_answers(self, snapshot: _Snapshot, cell: dict) -> bool:
        """Whether a graded cell that the student passed is passed by an answer known to be wrong too."""
        for wrong in cell.get("controls", []):
            try:
                if not _failed(self._run(snapshot, [DEFAULTS, wrong, cell["source"]])):
                    return True
            except _Stopped as stop:
                if stop.final:
                    raise
                return True  # it ran the test a moment ago, and does not answer now
        return False

    def _run(self, snapshot: _Snapshot, sources: list[str]) -> list[dict]:
        """Run cells in a snapshot, all other processes of the student dead or waiting; the last one's outputs."""
        self._kill_others()
        nonce = secrets.token_hex(8)
        snapshot.channel.send({"id": nonce, "sources": sources}, self.cell_seconds)
        answer = self._receive(snapshot.channel, time.monotonic() + self.cell_seconds)
        if answer is None:
            raise _Stopped("timeout", f"the cell ran for {self.cell_seconds:.0f} seconds and was stopped")
        outputs = answer.get("outputs")
        known = isinstance(outputs, list) and all(isinstance(output, dict) for output in outputs)
        if answer.get("id") != nonce or not known:
            raise _Stopped("tampered", "a process sent results that nobody asked for")
        # nbgrader reads a cell's value as partial credit, even if an error follows it.
        return [output for output in outputs if output.get("output_type") != "execute_result"]

    def _ask(self, command: dict, seconds: float) -> dict:
        """Have the student's process do something; interrupt it when its time is up, and stop if that is no use."""
        nonce = secrets.token_hex(8)
        self.box.student.send(command | {"id": nonce}, seconds)
        answer = self._receive(self.box.student, time.monotonic() + seconds)
        if answer is None:
            self.status = "timeout"
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.box.main, signal.SIGINT)
            answer = self._receive(self.box.student, time.monotonic() + GRACE_SECONDS)
        if answer is None:
            raise _Stopped("timeout", f"a cell ran for {seconds:.0f} seconds and could not be interrupted")
        if answer.get("id") != nonce:
            raise _Stopped("tampered", "the process sent results that nobody asked for")
        return answer

    def _receive(self, channel: _Channel, deadline: float) -> dict | None:
        """The next message, or None at the deadline; the student's processes are watched meanwhile."""
        # The first process in the box tells when the student's ends.
        sources = [channel, self.box.gate_channel] if channel is self.box.student else [channel]
        while (line := channel.line()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            ready = select.select(sources, [], [], min(left, WATCH_SECONDS))[0]
            if channel in ready:
                if not channel.read():
                    raise _Stopped("crashed", self._how_it_died(channel))
            elif ready:
                raise _Stopped("crashed", self._how_it_died(channel))
            self._watch()
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError
        except (ValueError, RecursionError):
            # Only a process that student code got hold of writes anything else.
            raise _Stopped("tampered", "the process sent lines that are not results") from None
        return message

    def _how_it_died(self, channel: _Channel) -> str:
        """What the first process in the box says of the student's."""
        if channel is not self.box.student:
            return "it is gone"
        end = time.monotonic() + GRACE_SECONDS
        gate = self.box.gate_channel
        while (line := gate.line()) is None:
            if not select.select([gate], [], [], max(0.0, end - time.monotonic()))[0] or not gate.read():
                return "the process closed its results"
        code = json.loads(line)["ended"]
        if code < 0:
            return f"the process was ended by {signal.Signals(-code).name}"
        return f"the process ended itself with exit code {code}"

    def _watch(self) -> None:
        """Stop a submission whose processes together hold too much memory, or are too many.

        Limits of a single process do not add up, and the limit on processes does not bind root.
        """
        if not self.boxed or time.monotonic() < self.watched + WATCH_SECONDS:
            return  # outside the box, /proc shows everybody's processes
        pids = self._inside()
        most = box.PROCESSES + 2 + len(self.snapshots) + 3  # those of the following box
        # The number alone first: while a fork bomb goes off, there is no time to read about each.
        threads = len(pids) if len(pids) > most else sum(_status(pid, "Threads") for pid in pids)
        if threads > most:
            raise _Stopped("crashed", f"more than {box.PROCESSES} processes or threads", final=True)
        # Quick and too high: what each has beyond the template, though forks share more. Where that is too much, each
        # process's share, which is right but takes the kernel some milliseconds.
        held = (_status(pid, "VmRSS") + _status(pid, "VmSwap") - self.shared for pid in pids)
        if sum(max(0, kilobytes) for kilobytes in held) * 1024 > box.MEMORY_BYTES:
            shares = [_status(pid, "Pss", "smaps_rollup") + _status(pid, "SwapPss", "smaps_rollup") for pid in pids]
            if sum(shares) * 1024 > box.MEMORY_BYTES:
                raise _Stopped("crashed", f"more than {box.MEMORY_BYTES / 2**30:.0f} GB of memory")
        self.watched = time.monotonic()

    def _kill_others(self) -> None:
        """Kill what runs in the inner box, but for its first process and the snapshots that wait."""
        keep = {self.box.first} | {snapshot.pid for snapshot in self.snapshots.values()}
        end = time.monotonic() + GRACE_SECONDS
        if not self.boxed:
            # There is no box whose processes could be listed: the student's own process is all that is known.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.box.main, signal.SIGKILL)
            return
        while living := [pid for pid in self._inside() if pid not in keep and _alive(pid)]:
            if time.monotonic() > end:
                raise _Stopped("crashed", "the student's processes could not be ended", final=True)
            for pid in living:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.0003)

    def _inside(self) -> list[int]:
        others = (self.box.gate, self.following.gate, self.following.first, self.following.main)
        outside = {1, os.getpid(), self.template, *others}
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) not in outside]

    def _end(self) -> None:
        for snapshot in self.snapshots.values():
            if snapshot.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(snapshot.pid, signal.SIGKILL)
            snapshot.channel.close()
        self.box.close()


@dataclass
class _Snapshot:
    """A fork of the student's process that waits for its test: its socket and that socket's place.

    `taken` once the student's process has made it; `pid` from its greeting to the end of its test.
    """

    channel: _Channel
    number: int
    taken: bool = False
    pid: int = 0


class _Channel:
    """JSON lines over a socket, capped in size; `sender` is who wrote last, as the kernel says."""

    def __init__(self, end: socket.socket):
        self.end, self.buffer, self.sender = end, b"", 0
        end.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)

    def fileno(self) -> int:
        return self.end.fileno()

    def close(self) -> None:
        self.end.close()

    def send(self, message: dict, seconds: float) -> None:
        self.end.settimeout(max(seconds, GRACE_SECONDS))
        try:
            self.end.sendall(json.dumps(message).encode() + b"\n")
        except TimeoutError:
            raise _Stopped("timeout", "the process does not take its next cell") from None
        except OSError:
            pass  # it is gone, as the next read will say

    def read(self) -> bool:
        """Read what is there; False at the end."""
        try:
            data, ancillary, _, _ = self.end.recvmsg(2**20, socket.CMSG_SPACE(12))
        except ConnectionResetError:
            return False
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and data:
                self.sender = struct.unpack("3i", content[:12])[0]
        self.buffer += data
        if len(self.buffer) > MAX_LINE:
            raise _Stopped("crashed", f"more than {MAX_LINE / 2**20:.0f} MB of output in one cell")
        return bool(data)

    def line(self) -> bytes | None:
        """The next whole line, if there is one."""
        if b"\n" not in self.buffer:
            return None
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line


class _Stopped(Exception):
    """A submission's end before its last cell."""

    def __init__(self, status: str, reason: str, final: bool = False):
        super().__init__(reason)
        self.status, self.reason = status, reason
        # Its snapshots are not asked: they lie, or a fork bomb goes off that only the end of the box puts out.
        self.final = final or status == "tampered"


def _be_template(spawn: socket.socket, modules: list[str], boxed: bool) -> None:
    """Import the modules, then fork for each submission. Runs no student's code and knows no test. Never returns."""
    try:
        # The worker's own stdin and stdout lead to the host: nothing from here on may hold them.
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        from autograder.shell import Student

        student = Student(modules)
        huge_pages.collapse()
        os.dup2(null, 2)
        spawn.sendall(b"r")
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the gates
        while True:
            message, ends, _, _ = socket.recv_fds(spawn, 1, 2)
            if not message:
                os._exit(0)
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                spawn.close()
                _enter_box(student, *(socket.socket(fileno=end) for end in ends), boxed)
            for end in ends:
                os.close(end)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _enter_box(student, gate: socket.socket, channel: socket.socket, boxed: bool) -> None:
    """The gate: make the inner box, fork its first process, and wait for its end. Never returns."""
    try:
        held = 0
        if boxed:
            held = box.address_space()
            box.enter()
        gate.sendall(b"{}\n")
        first = os.fork()
        if first == 0:
            if boxed:
                box.confine(held)
            # A signal to the own process group crosses pid namespaces: it would reach the worker.
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            pid = os.fork()
            if pid == 0:
                gate.close()
                channel.sendall(b"{}\n")
                student.serve(channel)
                os._exit(0)
            channel.close()
            gate.sendall(b"{}\n")
            while True:
                # Reap whatever is left without a parent; the worker ends this process, and all others with it.
                try:
                    ended, status = os.wait()
                except ChildProcessError:
                    signal.pause()
                if ended == pid:
                    gate.sendall(json.dumps({"ended": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
        channel.close()
        os.waitpid(first, 0)
    finally:
        os._exit(70)


def _pair() -> tuple[_Channel, socket.socket]:
    ours, theirs = socket.socketpair()
    return _Channel(ours), theirs


def _tell(message: dict) -> None:
    print(json.dumps(message), flush=True)


def _status(pid: int, field: str, file: str = "status") -> int:
    """A number of a process's status, memory in kB; 0 if the process or the field is gone."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    _, found, rest = text.partition(f"\n{field}:")
    return int(rest.split(None, 1)[0]) if found else 0


def _alive(pid: int) -> bool:
    """Whether a process can still run its code; one that the kernel is taking apart cannot."""
    try:
        states = [task.read_text().rpartition(") ")[2].split() for task in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return os.path.exists(f"/proc/{pid}")
    return any(state[0] not in "ZX" and not int(state[6]) & _PF_EXITING for state in states)


def _failed(outputs: list[dict]) -> bool:
    """nbgrader's rule: an error, or anything on the error stream."""
    return any(
        output.get("output_type") == "error"
        or (output.get("output_type") == "stream" and output.get("name") == "stderr")
        for output in outputs
    )


def _error(name: str, value: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}


if __name__ == "__main__":
    main()
