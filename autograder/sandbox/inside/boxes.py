"""The warm template, and the inner boxes that are forked from it, one for each submission."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable

from autograder.sandbox.inside import huge_pages, inner_wall
from autograder.sandbox.inside.channel import Channel, Stopped, pair

START_SECONDS = 60.0  # for the box; a busy machine is slow
RUN_NOTEBOOK, SERVE_JUDGES = b"n", b"j"  # what a box is for, as the template is told


class Box:
    """An inner box that the template makes when asked: its processes and the ways to them.

    One is for one submission, whose notebook `main` runs; or it is a `JudgesBox`. `first` is the first process inside,
    all others end with it; `gate` stands outside.
    """

    def __init__(self, template: socket.socket, what_for: bytes = RUN_NOTEBOOK):
        self.gate_channel, gate = pair()
        self.student, student = pair()
        self.gate = self.first = self.main = 0
        socket.send_fds(template, [what_for], [gate.fileno(), student.fileno()])
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

    def _hear(self, channel: Channel, end: float) -> int:
        """The process that says hello on this channel."""
        while channel.line() is None:
            if not select.select([channel], [], [], max(0.0, end - time.monotonic()))[0] or not channel.read():
                raise Stopped("crashed", "the box did not start", final=True)
        return channel.sender

    def close(self) -> None:
        """End every process inside, and wait until the box is empty."""
        for pid in {self.first, self.main} - {0}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.student.close()
        # The gate ends after everything inside; then nobody holds the other end.
        with contextlib.suppress(Stopped):
            while self.gate_channel.read():
                pass
        self.gate_channel.close()


class JudgesBox(Box):
    """The box in which `main` forks the judges of all submissions.

    `images` has the descriptor of the judging images, if there are any. The template does not hold it, and so no
    student's process can; each judge gets it with its snapshot's socket.
    """

    def __init__(self, template: socket.socket, images: list[int]):
        super().__init__(template, SERVE_JUDGES)
        self.images = images
        self._next = self._fork()

    def waiting_judge(self) -> Channel:
        """The channel to a judge that has started, and is told nothing yet."""
        if not self._next.sender:
            self._hear(self._next, time.monotonic() + START_SECONDS)
        return self._next

    def hand_over(self, snapshot: Channel) -> Channel:
        """Let the waiting judge ask this snapshot; the channel leads to the judge. The next one starts meanwhile."""
        judge, self._next = self._next, self._fork()
        with contextlib.suppress(OSError):  # it is gone, as the next read will say
            socket.send_fds(judge.end, [b"s"], [snapshot.fileno(), *self.images])
        return judge

    def _fork(self) -> Channel:
        channel, theirs = pair()
        with theirs:
            socket.send_fds(self.student.end, [b"j"], [theirs.fileno()])
        return channel


def be_template(spawn: socket.socket, modules: list[str], boxed: bool) -> None:
    """Import the modules, then fork for each submission. Runs no student's code and knows no test. Never returns."""
    try:
        # The worker's own stdin and stdout lead to the host: nothing from here on may hold them.
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        from autograder.sandbox.inside.interpreter import Interpreter

        interpreter = Interpreter(modules)
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
                serve = interpreter.serve_judges if message == SERVE_JUDGES else interpreter.serve
                _enter_box(serve, *(socket.socket(fileno=end) for end in ends), boxed)
            for end in ends:
                os.close(end)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _enter_box(
    serve: Callable[[socket.socket], None], gate: socket.socket, channel: socket.socket, boxed: bool
) -> None:
    """The gate: make the inner box, fork its first process, and wait for its end. Never returns."""
    try:
        held = 0
        if boxed:
            held = inner_wall.address_space()
            inner_wall.enter()
        gate.sendall(b"{}\n")
        first = os.fork()
        if first == 0:
            if boxed:
                inner_wall.confine(held)
            # A signal to the own process group crosses pid namespaces: it would reach the worker.
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            pid = os.fork()
            if pid == 0:
                gate.close()
                channel.sendall(b"{}\n")
                serve(channel)
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
