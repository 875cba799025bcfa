"""The warm worker, run inside the outer box: ``python -m autograder.warm MODULE ...``.

Two processes that never mix. The *template* imports the modules once; each submission is a fork of it. The
worker speaks with the host and holds the hidden tests; no student's process is a fork of it, so none finds them in its
memory. A submission goes in two phases:

1. The student's process runs the notebook. At each graded cell it forks a *snapshot* of its state, which waits.
2. The student's process and all that it started are killed. Only then each snapshot is given its hidden test, one at a
   time: whatever listens, draws or writes to files in phase 1 meets no test, and no snapshot meets another.

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
    _tell({"ready": True})
    for line in sys.stdin.buffer:
        _Submission(template, pid, boxed, json.loads(line)).grade()


class _Submission:
    """One student's processes in their inner box, seen from the worker."""

    def __init__(self, template: socket.socket, pid: int, boxed: bool, request: dict):
        self.template, self.boxed = template, boxed
        self.outside = {1, os.getpid(), pid}  # processes that are no student's
        self.shared = _status(pid, "VmRSS")  # kB that every fork of the template starts with
        self.cells = request["cells"]
        self.cell_seconds, self.seconds = request["cell_seconds"], request["seconds"]
        self.gate, gate = _pair()
        self.student, student = _pair()
        ends = [gate, student]
        # A graded cell has a snapshot of its own. Graded cells that follow each other find the student's state as it
        # was before the first, so they share the snapshot in which answers known to be wrong are tried.
        self.groups = _groups(self.cells)
        self.tests: dict[int, _Snapshot] = {}
        self.controls: dict[int, _Snapshot] = {}
        for group in self.groups:
            places = [(self.tests, index) for index in group]
            if any(self.cells[index].get("controls") for index in group):
                places.append((self.controls, group[-1]))
            for snapshots, index in places:
                ours, theirs = _pair()
                snapshots[index] = _Snapshot(ours, len(ends) - 2)
                ends.append(theirs)
        self.snapshots = [*self.tests.values(), *self.controls.values()]
        socket.send_fds(template, [b"s"], [end.fileno() for end in ends])
        for end in ends:
            end.close()
        self.first = 0  # the first process in the inner box; all others end with it
        self.main = 0  # the process that runs the notebook
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
        end = time.monotonic() + START_SECONDS
        for _ in ("gate", "first"):
            if self._receive(self.gate, end) is None:
                raise _Stopped("crashed", "the box did not start")
            gate, self.first = self.first, self.gate.sender
        self.outside.add(gate)
        if self._receive(self.student, end) is None:
            raise _Stopped("crashed", "the box did not start")
        self.main = self.student.sender

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
            for snapshots in (self.tests, self.controls):
                if index in snapshots:
                    self._ask({"snapshot": snapshots[index].number}, FORK_SECONDS)
                    snapshots[index].taken = True

    def _greet_snapshots(self) -> None:
        """Learn which processes the snapshots are. They got ready while the notebook went on."""
        for snapshot in self.snapshots:
            if snapshot.taken:
                try:
                    if self._receive(snapshot.channel, time.monotonic() + FORK_SECONDS) is None:
                        raise _Stopped("crashed", "the process could not be forked for a graded cell")
                    if snapshot.channel.sender in (self.main, self.first):
                        raise _Stopped("tampered", "the process posed as its own snapshot")
                    snapshot.pid = snapshot.channel.sender
                except _Stopped as stop:
                    self._go_on_after(stop)

    def _run_tests(self, end: float) -> None:
        """Phase 2: each graded cell in its snapshot; where it passes, also with answers known to be wrong."""
        for group in self.groups:
            control = self.controls.get(group[-1])
            if control and not control.pid:
                continue  # the student's process ended before it: what could not be controlled does not count
            outputs: dict[int, list[dict]] = {}
            for index in group:
                if time.monotonic() > end:
                    raise _Stopped("timeout", "the notebook as a whole ran out of time")
                if self.tests[index].pid:
                    [outputs[index]] = self._test(self.tests[index], [[self.cells[index]["source"]]])
            passed = [index for index, shown in outputs.items() if not _failed(shown)]
            tampered = self._passed_with_wrong_answers(control, passed) if control else set()
            for index, shown in outputs.items():
                _tell({"index": index, "outputs": shown, "tampered": index in tampered})

    def _passed_with_wrong_answers(self, control: _Snapshot, passed: list[int]) -> set[int]:
        """Which graded cells of a group, passed by the student, are passed by an answer known to be wrong too."""
        runs = {
            (index, number): [wrong, self.cells[index]["source"]]
            for index in passed
            for number, wrong in enumerate(self.cells[index].get("controls", []))
        }
        if not runs:
            return set()
        outputs = self._test(control, list(runs.values()))
        return {index for (index, _), shown in zip(runs, outputs, strict=True) if not _failed(shown)}

    def _test(self, snapshot: _Snapshot, runs: list[list[str]]) -> list[list[dict]]:
        """The outputs of each run's last cell in a snapshot, all other processes of the student being dead or waiting.

        An answer that takes long, or ends the process, has failed in all runs.
        """
        seconds = self.cell_seconds * len(runs)
        self._kill_others()
        nonce = secrets.token_hex(8)
        try:
            snapshot.channel.send({"id": nonce, "runs": runs}, seconds)
            answer = self._receive(snapshot.channel, time.monotonic() + seconds)
        except _Stopped as stop:
            if stop.final:
                raise
            ended = f"the process ended while it ran this cell: {stop.reason}"
            return [[_error("CrashError", ended)]] * len(runs)
        finally:
            snapshot.pid = 0
        if answer is None:
            self.status = "timeout"
            late = f"the cell ran for {seconds:.0f} seconds and was stopped: is there an endless loop?"
            return [[_error("CellTimeoutError", late)]] * len(runs)
        outputs = answer.get("outputs")
        known = isinstance(outputs, list) and len(outputs) == len(runs)
        known = known and all(isinstance(shown, list) and all(isinstance(o, dict) for o in shown) for shown in outputs)
        if answer.get("id") != nonce or not known:
            raise _Stopped("tampered", "a process sent results that nobody asked for")
        # nbgrader reads a cell's value as partial credit, even if an error follows it.
        return [[o for o in shown if o.get("output_type") != "execute_result"] for shown in outputs]

    def _ask(self, command: dict, seconds: float) -> dict:
        """Have the student's process do something; interrupt it when its time is up, and stop if that is no use."""
        nonce = secrets.token_hex(8)
        self.student.send(command | {"id": nonce}, seconds)
        answer = self._receive(self.student, time.monotonic() + seconds)
        if answer is None:
            self.status = "timeout"
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.main, signal.SIGINT)
            answer = self._receive(self.student, time.monotonic() + GRACE_SECONDS)
        if answer is None:
            raise _Stopped("timeout", f"a cell ran for {seconds:.0f} seconds and could not be interrupted")
        if answer.get("id") != nonce:
            raise _Stopped("tampered", "the process sent results that nobody asked for")
        return answer

    def _receive(self, channel: _Channel, deadline: float) -> dict | None:
        """The next message, or None at the deadline; the student's processes are watched meanwhile."""
        # The first process in the box tells when the student's ends.
        sources = [channel, self.gate] if channel is self.student else [channel]
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
        if channel is not self.student:
            return "it is gone"
        end = time.monotonic() + GRACE_SECONDS
        while (line := self.gate.line()) is None:
            if not select.select([self.gate], [], [], max(0.0, end - time.monotonic()))[0] or not self.gate.read():
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
        most = box.PROCESSES + 2 + len(self.snapshots)
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
        keep = {self.first} | {snapshot.pid for snapshot in self.snapshots}
        end = time.monotonic() + GRACE_SECONDS
        if not self.boxed:
            # There is no box whose processes could be listed: the student's own process is all that is known.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.main, signal.SIGKILL)
            return
        while living := [pid for pid in self._inside() if pid not in keep and _alive(pid)]:
            if time.monotonic() > end:
                raise _Stopped("crashed", "the student's processes could not be ended", final=True)
            for pid in living:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)

    def _inside(self) -> list[int]:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) not in self.outside]

    def _end(self) -> None:
        pids = {self.first, self.main, *(snapshot.pid for snapshot in self.snapshots)}
        for pid in pids - {0}:
            # The inner box's first process takes all others with it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for channel in (self.gate, self.student, *(snapshot.channel for snapshot in self.snapshots)):
            channel.close()
        self.template.recv(1)  # the box is empty


@dataclass
class _Snapshot:
    """A fork of the student's process that waits for a test: its socket and that socket's place.

    `taken` once the student's process has made it; `pid` from its greeting to its test.
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
        while True:
            message, ends, _, _ = socket.recv_fds(spawn, 1, 253)
            if not message:
                os._exit(0)
            gate = os.fork()
            if gate == 0:
                spawn.close()
                _enter_box(student, [socket.socket(fileno=end) for end in ends], boxed)
            for end in ends:
                os.close(end)
            os.waitpid(gate, 0)
            spawn.sendall(b"e")
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _enter_box(student, ends: list[socket.socket], boxed: bool) -> None:
    """The gate: make the inner box, fork its first process, and wait for its end. Never returns."""
    gate, channel, *snapshots = ends
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
                student.serve(channel, snapshots)
                os._exit(0)
            for end in (channel, *snapshots):
                end.close()
            gate.sendall(b"{}\n")
            while True:
                # Reap whatever is left without a parent; the worker ends this process, and all others with it.
                try:
                    ended, status = os.wait()
                except ChildProcessError:
                    signal.pause()
                if ended == pid:
                    gate.sendall(json.dumps({"ended": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
        for end in ends:
            end.close()
        os.waitpid(first, 0)
    finally:
        os._exit(70)


def _groups(cells: list[dict]) -> list[list[int]]:
    """The graded cells, as runs of cells with no other one between them."""
    groups: list[list[int]] = []
    for index, cell in enumerate(cells):
        if cell["graded"]:
            if groups and groups[-1][-1] == index - 1:
                groups[-1].append(index)
            else:
                groups.append([index])
    return groups


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
