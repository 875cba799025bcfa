"""The warm worker, run inside the outer box: ``python -m autograder.sandbox.inside.worker MODULE ...``.

Two processes that never mix. The *template* imports the modules once; each submission is a fork of it. The
worker speaks with the host and holds the hidden tests; no student's process is a fork of it, so none finds them in its
memory. A submission goes in two phases:

1. The student's process runs the notebook. At each graded cell it forks a *snapshot* of its state, which waits.
2. The student's process and all that it started are killed. Only then each graded cell is run, one at a time, in a
   judge, which asks the answer in the snapshot.

The box of the next submission is made while one runs.

The worker speaks JSON lines with the host over stdin, a socket, and stdout:

    host:   one byte, and with it the open file of the judging images, if there is one
    host:   {"cells": [{"source", "graded", "seconds", "answers": [name, ...]}], "imports", "seconds", "wall_factor"}
    worker: {"index", "outputs", "late"} for each cell that ran, graded ones last, which have "cause" in place of
            `late`: the mistake that a check has found. `late` says why a cell was interrupted.
            {"stopped": reason, "status", "cell": index} where the notebook ended early; then {"done": status,
            "doubtful"}
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import sys
import time

from autograder.sandbox.inside.boxes import Box, JudgesBox, be_template
from autograder.sandbox.inside.channel import GRACE_SECONDS, Channel, Stopped, images_from_host, pair, tell
from autograder.sandbox.inside.snapshots import Snapshot, error_of
from autograder.sandbox.inside.watch import WATCH_SECONDS, Watch

FORK_SECONDS = 20.0  # for a snapshot
NOTEBOOK_WALL_FACTOR = 3  # how many times its computing time a notebook may take by the clock


def main() -> None:
    """Serve submissions until the host closes stdin."""
    modules = [name for name in sys.argv[1:] if name != "--no-sandbox"]
    boxed = "--no-sandbox" not in sys.argv
    template, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        template.close()
        be_template(theirs, modules, boxed)
    theirs.close()
    if not template.recv(1):
        sys.exit("the course's imports failed")
    here, judges = Box(template), JudgesBox(template, images_from_host())
    judges.wait()
    tell({"ready": True})
    for line in sys.stdin.buffer:
        following = Box(template)
        watch = Watch(here, following, judges, pid, boxed)
        _Submission(here, following, judges, watch, json.loads(line)).grade()
        here = following


class _Submission:
    """One student's processes in their inner box, seen from the worker; `following` is the next one's box."""

    def __init__(self, here: Box, following: Box, judges: JudgesBox, watch: Watch, request: dict):
        self.box, self.following, self.judges, self.watch = here, following, judges, watch
        self.cells, self.imports = request["cells"], request["imports"]
        self.seconds, self.wall_factor = request["seconds"], request["wall_factor"]
        self.nonce = ""  # what the next answer of the student's process has to carry
        self.snapshots: dict[int, Snapshot] = {}  # by the index of their graded cell
        # Doubtful: a busy machine can have been the cause. Waited: the last wait was ended by the clock.
        self.status, self.doubtful, self.waited = "graded", False, False

    def grade(self) -> None:
        """Run the notebook, then its graded cells, and tell the host."""
        try:
            self._start()
            try:
                self._run_notebook()
            except Stopped as stop:
                self._go_on_after(stop)
            self._greet_snapshots()
            self._run_tests()
        except Stopped as stop:
            self._note(stop)
        # The host goes on with the marks while the box is emptied.
        tell({"done": self.status, "doubtful": self.doubtful})
        self._end()

    def _go_on_after(self, stop: Stopped) -> None:
        """The notebook ended early; the graded cells before that are still tested, unless the stop is final."""
        if stop.final:
            raise stop
        self._note(stop)

    def _note(self, stop: Stopped) -> None:
        self.status = stop.status
        self.doubtful |= stop.doubtful
        tell({"stopped": stop.reason, "status": stop.status, "cell": stop.cell})

    def _start(self) -> None:
        """Hand the student's process the sockets of its snapshots."""
        self.box.wait()
        ends = []
        for index, cell in enumerate(self.cells):
            if cell["graded"]:
                ours, theirs = pair()
                self.snapshots[index] = Snapshot(ours, len(ends))
                ends.append(theirs)
        with contextlib.suppress(OSError):  # it is gone, as the next read will say
            socket.send_fds(self.box.student.end, [b"s"], [end.fileno() for end in ends])
        for end in ends:
            end.close()

    def _run_notebook(self) -> None:
        """Phase 1: the student's process runs the cells; of a graded one it makes snapshots."""
        began, computed = time.monotonic(), self._cpu_seconds()
        for index, cell in enumerate(self.cells):
            self._demand_time(began, computed)
            if cell["graded"]:
                self._send({"snapshot": self.snapshots[index].number}, FORK_SECONDS)
                if self._answer(FORK_SECONDS) is None:
                    reason = f"the process was not forked for a graded cell within {FORK_SECONDS:.0f} seconds"
                    raise Stopped("timeout", reason, doubtful=self.waited)
                self.snapshots[index].taken = True
                continue
            self._send({"source": cell["source"]}, cell["seconds"])
            try:
                outputs, late = self._outputs_in_time(cell["seconds"])
            except Stopped as stop:
                stop.blame(index)
                raise
            tell({"index": index, "outputs": outputs, "late": late})

    def _demand_time(self, began: float, computed: float) -> None:
        """Stop where the notebook, or its graded cells together, have used up their time."""
        passed = time.monotonic() - began
        if passed > self.seconds and self._cpu_seconds() - computed > self.seconds:
            raise Stopped(
                "timeout", f"the notebook as a whole used up its {self.seconds:.0f} seconds of computing time"
            )
        if passed > self.seconds * NOTEBOOK_WALL_FACTOR:
            reason = f"the notebook as a whole took {passed:.0f} seconds, most of them waiting"
            raise Stopped("timeout", reason, doubtful=True)

    def _cpu_seconds(self) -> float:
        return self.watch.cpu_seconds([self.box.main, *(snapshot.pid for snapshot in self.snapshots.values())])

    def _greet_snapshots(self) -> None:
        """Learn which processes the snapshots are. They got ready while the notebook went on."""
        for snapshot in self.snapshots.values():
            if snapshot.taken:
                try:
                    if self._receive(snapshot.channel, FORK_SECONDS) is None:
                        raise Stopped("crashed", "the process could not be forked for a graded cell")
                    if snapshot.channel.sender in (self.box.main, self.box.first):
                        raise Stopped("tampered", "the process posed as its own snapshot")
                    snapshot.pid = snapshot.channel.sender
                except Stopped as stop:
                    self._go_on_after(stop)

    def _run_tests(self) -> None:
        """Phase 2: each graded cell in a judge of its own."""
        with contextlib.suppress(Stopped):  # the submission that moves in there says so
            self.following.wait()
        began, computed = time.monotonic(), self._cpu_seconds()
        for index, snapshot in self.snapshots.items():
            self._demand_time(began, computed)
            if snapshot.pid:
                cell = self.cells[index]
                verdict = self._test(snapshot, cell)
                snapshot.pid = 0
                tell({"index": index} | verdict)

    def _test(self, snapshot: Snapshot, cell: dict) -> dict:
        """A graded cell's outputs and cause; one that takes long, or ends its process, has failed."""
        try:
            return self._judge(snapshot, cell)
        except Stopped as stop:
            if stop.final:
                raise
            self.doubtful |= stop.doubtful
            if stop.status == "timeout":
                self.status = "timeout"
                return {"outputs": [error_of("CellTimeoutError", stop.reason)]}
            said = f"the process ended while it ran this cell: {stop.reason}"
            return {"outputs": [error_of("CrashError", said)]}

    def _judge(self, snapshot: Snapshot, cell: dict) -> dict:
        """Outputs and cause of a graded cell that runs in a judge, which calls the answer in its snapshot."""
        waiting = [self.judges.waiting_judge().sender, *(snapshot.pid for snapshot in self.snapshots.values())]
        self.watch.kill_all_but(set(waiting))
        channel = self.judges.hand_over(snapshot.channel)
        try:
            parts = {key: cell[key] for key in ("source", "answers")}
            channel.send(parts | {"id": 0, "imports": self.imports}, cell["seconds"])
            answer = self._receive(channel, cell["seconds"])
        finally:
            for pid in (channel.sender, snapshot.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            channel.close()
        if answer is None:
            late, advice = self._lateness(cell["seconds"])
            raise Stopped("timeout", f"the cell {late}: {advice}", doubtful=self.waited)
        if answer["lied"]:
            raise Stopped("tampered", "a process sent results that nobody asked for")
        self.doubtful |= answer["gone"]
        # nbgrader reads a cell's value as partial credit, even if an error follows it.
        outputs = [output for output in answer["outputs"] if output.get("output_type") != "execute_result"]
        return {"outputs": outputs, "cause": answer["cause"]}

    def _send(self, command: dict, seconds: float) -> None:
        """Have the student's process do something, which it has so many seconds to take."""
        self.nonce = secrets.token_hex(8)
        self.box.student.send(command | {"id": self.nonce}, seconds)

    def _answer(self, seconds: float) -> dict | None:
        """What it answers; None when its time is up."""
        answer = self._receive(self.box.student, seconds)
        if answer is not None and answer.get("id") != self.nonce:
            raise Stopped("tampered", "the process sent results that nobody asked for")
        return answer

    def _outputs_in_time(self, seconds: float) -> tuple[object, str]:
        """A cell's outputs, and why it was interrupted if it was; stop if it cannot be."""
        answer, late = self._answer(seconds), ""
        if answer is None:
            self.status = "timeout"
            self.doubtful |= self.waited
            late, advice = self._lateness(seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.box.main, signal.SIGINT)
            answer = self._answer(GRACE_SECONDS)
            if answer is None:
                raise Stopped("timeout", f"{late}, and could not be interrupted: {advice}", doubtful=self.doubtful)
            late = f"{late}, and was interrupted: {advice}"
        return answer.get("outputs"), late

    def _lateness(self, seconds: float) -> tuple[str, str]:
        """What is said of a cell with so many seconds that was just waited for in vain, and what to do about it."""
        if self.waited:
            most = f"was not done after {seconds * self.wall_factor:.0f} seconds, most of them waiting"
            return most, "does it sleep, or wait?"
        return f"used up its {seconds:.0f} seconds of computing time", "is there an endless loop, or can it do less?"

    def _receive(self, channel: Channel, seconds: float) -> dict | None:
        """The next message; None once the student's processes have computed for so many seconds, or waited far longer.

        They are watched meanwhile. A busy machine makes them wait, and waiting is not computing.
        """
        deadline, computed, next_look = time.monotonic() + seconds * self.wall_factor, None, 0.0
        # The first process in the box tells when the student's ends.
        sources = [channel, self.box.gate_channel] if channel is self.box.student else [channel]
        while (line := channel.line()) is None:
            now = time.monotonic()
            self.waited = now > deadline
            if self.waited:
                return None
            if now > next_look:
                # The first look comes after a moment: most cells are done by then, and a look costs more than they do.
                if next_look:
                    used = self._cpu_seconds()
                    computed = used if computed is None else computed
                    if used - computed > seconds:
                        return None
                next_look = now + WATCH_SECONDS
            ready = select.select(sources, [], [], min(deadline - now, WATCH_SECONDS))[0]
            if channel in ready:
                if not channel.read():
                    raise Stopped("crashed", self._how_it_died(channel))
            elif ready:
                raise Stopped("crashed", self._how_it_died(channel))
            self.watch.look(len(self.snapshots))
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError
        except (ValueError, RecursionError):
            # Only a process that student code got hold of writes anything else.
            raise Stopped("tampered", "the process sent lines that are not results") from None
        return message

    def _how_it_died(self, channel: Channel) -> str:
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

    def _end(self) -> None:
        for snapshot in self.snapshots.values():
            if snapshot.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(snapshot.pid, signal.SIGKILL)
            snapshot.channel.close()
        self.box.close()


if __name__ == "__main__":
    main()
