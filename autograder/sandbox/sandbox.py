"""Notebook in, executed notebook out: the host's side of the sandbox."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nbformat import NotebookNode, from_dict

from autograder import ROOT
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.limits import Place, place_of
from autograder.course.skipping import NOTE
from autograder.sandbox import outer_wall
from autograder.sandbox.from_the_box import valid_cause, valid_outputs

START_SECONDS = 120
# By these the judges measure trained networks. The file is in no box: the worker gets it open.
JUDGING_IMAGES = ROOT / "autograder" / "images" / "judging.npz"


@dataclass(frozen=True)
class Limits:
    """What a submission may take, in seconds of computing time of all its processes together.

    Attributes:
        cell_seconds: for one cell.
        seconds: for the notebook, and again for its graded cells.
        wall_factor: by the clock a cell may take so many times as long, since on a busy machine it waits; a notebook
            three times.
        own: for the cells that have a limit of their own in the source; what they may take beyond `cell_seconds`, the
            notebook may take too.
    """

    cell_seconds: float = 30
    seconds: float = 300
    wall_factor: float = 10
    own: Mapping[Place, float] = field(default_factory=dict)

    def of_cell(self, cell: NotebookNode) -> float:
        """For this cell, in whatever version of the notebook it stands."""
        return self.own.get(place_of(cell), self.cell_seconds)

    def of_notebook(self) -> float:
        """For the notebook, and again for its graded cells."""
        return self.seconds + sum(max(0, seconds - self.cell_seconds) for seconds in self.own.values())


class SandboxError(RuntimeError):
    """The box itself failed, or cannot be had on this machine; the message says the mend."""


@dataclass(frozen=True)
class Execution:
    """How a notebook's run ended: `status` is graded, timeout, crashed or tampered; `reasons` say why.

    `doubtful` where a busy machine or a lost worker can have been the cause. `ended_by` is the index of the cell that
    ended the run, among those that ran. `causes`: by the grade_id of a failed graded cell, the mistake that its check
    found, in a line of `from_the_box.MAX_CAUSE` characters at most.
    """

    status: str
    reasons: tuple[str, ...] = ()
    doubtful: bool = False
    ended_by: int | None = None
    causes: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reasons in one line."""
        return "; ".join(self.reasons)


class SandboxStopped(RuntimeError):
    """The sandbox was stopped from here while a submission ran in it: nothing is known of that submission."""


class Sandbox:
    """One warm worker in its outer box. It runs one notebook after the other and is started anew if it dies.

    Args:
        modules: what the notebooks import; imported once, so that no notebook waits for it.
        sandbox: without it a student's code can do whatever you can.

    Raises:
        SandboxError: there is no sandbox on this machine, or the worker does not start in it.
    """

    def __init__(self, modules: Iterable[str], sandbox: bool = True) -> None:
        if not hasattr(os, "fork"):
            raise SandboxError(
                "the grader forks its processes, which Windows cannot: grade in WSL or in a Linux container"
            )
        if sandbox and (problem := outer_wall.problem()):
            raise SandboxError(
                f"students' code is not run without a sandbox: {problem}. --no-sandbox runs it as you, with your rights"
            )
        self.modules, self._sandbox = frozenset(modules), sandbox
        self._process, self._is_ready, self._stopped = None, False, False

    def run(
        self,
        notebook: NotebookNode,
        imports: str = "",
        answers: Mapping[str, list[str]] = MappingProxyType({}),
        limits: Limits = Limits(),
        last_try: bool = False,
        skipped: Collection[int] = (),
    ) -> Execution:
        """Run the code cells of `notebook` and put their outputs in.

        A cell that cannot be stopped, or ends its process, is left out, and the others run once more: then everything
        behind it counts. Where the end is doubtful, that is done on the last try only: the cell may be innocent.

        Args:
            notebook: changed in place.
            imports: the import statements that graded cells count on, whatever the student imported.
            answers: for the grade_id of each graded cell the names that its judge asks for in the student's process.
            limits: see `Limits`.
            last_try: whoever calls will not run it again, however doubtful the end.
            skipped: indices of cells that are not run; a note stands in place of their outputs.

        Raises:
            SandboxStopped: `stop` was called meanwhile.
        """
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(code, start=1):
            cell.execution_count = number
        for cell in (notebook.cells[index] for index in skipped):
            cell.execution_count, cell.outputs = None, [_output("stream", name="stdout", text=NOTE)]
        code = [cell for cell in code if cell.execution_count is not None]
        first = self._run_once(code, imports, answers, limits)
        if first.ended_by is None or (first.doubtful and not last_try):
            return first
        left_out = code.pop(first.ended_by)
        again = self._run_once(code, imports, answers, limits)
        (error,) = left_out.outputs
        then = "was left out, and the notebook run again without it"
        fail_cell(left_out, error.ename, f"{error.evalue}; this cell {then}")
        status = again.status if again.status == "tampered" else first.status
        reasons = dict.fromkeys((*first.reasons, f"{_name(left_out)} {then}", *again.reasons))
        return Execution(status, tuple(reasons), again.doubtful, causes=again.causes)

    def _run_once(
        self,
        code: list[NotebookNode],
        imports: str,
        answers: Mapping[str, list[str]],
        limits: Limits,
    ) -> Execution:
        """Run these cells in a fresh box, and put their outputs in."""
        if not self._is_ready:
            self.start()
        request = []
        for cell in code:
            cell.outputs = []
            asked = answers.get(nbgrader_tag(cell).get("grade_id"), [])
            about = {"graded": is_autograded(cell), "seconds": limits.of_cell(cell), "answers": asked}
            request.append({"source": cell.source} | about)
        seconds = limits.of_notebook()
        longest = max((cell["seconds"] for cell in request), default=0)
        try:
            self._send({"cells": request, "imports": imports, "seconds": seconds, "wall_factor": limits.wall_factor})
            return self._collect(code, time.monotonic() + limits.wall_factor * (seconds + longest) + START_SECONDS)
        except (ConnectionError, EOFError, TimeoutError) as error:
            if self._stopped:
                raise SandboxStopped("the sandbox was stopped") from error
            self.close()
            self.start()
            reason = "the sandbox ended with the submission in it"
            for cell in code:
                fail_cell(cell, "NotRun", f"not run: {reason}")
            return Execution("crashed", (reason,), doubtful=True)

    def stop(self) -> None:
        """End the worker at once, from whatever thread: whoever waits for it gets `SandboxStopped`."""
        self._stopped = True
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the worker and everything in its box; also done when nobody holds the worker, or at exit."""
        if self._process is not None:
            self._end()
            self._process, self._is_ready = None, False

    def begin(self) -> None:
        """Begin to start the worker, unless it has begun, and do not wait until it has imported the modules.

        It ends with the thread that calls this.
        """
        if self._process is not None:
            return
        environment = None
        if not self._sandbox:
            environment = os.environ | {
                "PYTHONPATH": str(ROOT),
                "OMP_NUM_THREADS": "1",
                "MPLBACKEND": outer_wall.BACKEND,
            }
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._command(),
                env=environment,
                stdin=theirs,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt of the grader is not one of the student's code
            )
        if self._stopped:  # while the process was made
            self._process.kill()
        self._end = weakref.finalize(self, _end_process, self._process, self._requests)
        self._buffer = b""

    def start(self) -> None:
        """Start the worker, which imports the modules; `run` does so if nobody did before.

        Raises:
            SandboxError: it does not start.
            SandboxStopped: `stop` was called.
        """
        self.begin()
        try:
            self._send_images()
            self._receive(time.monotonic() + START_SECONDS)
            if self._stopped:
                raise EOFError
        except (ConnectionError, EOFError, TimeoutError) as error:
            self.close()
            if self._stopped:
                raise SandboxStopped("the sandbox was stopped") from error
            tried = subprocess.run(self._command(), stdin=subprocess.DEVNULL, capture_output=True, text=True)
            raise SandboxError(f"the sandbox's worker did not start:\n{tried.stderr[-2000:]}") from error
        self._is_ready = True

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "autograder.sandbox.inside.worker", *sorted(self.modules)]
        return [*outer_wall.command(), *command] if self._sandbox else [*command, "--no-sandbox"]

    def _collect(self, code: list[NotebookNode], deadline: float) -> Execution:
        """Put in the outputs as they come, until the run is done."""
        waiting, reasons, stopped, ended_by = set(range(len(code))), [], "", None
        causes: dict[str, str] = {}
        while "done" not in (message := self._receive(deadline)):
            if "stopped" in message:
                stopped = message["stopped"]
                if (index := message["cell"]) is not None:
                    ended_by = index
                    waiting.discard(index)
                    name = "CellTimeoutError" if message["status"] == "timeout" else "CrashError"
                    fail_cell(code[index], name, f"this cell {stopped}")
                    stopped = f"{_name(code[index])} {stopped}"
                reasons.append(stopped)
                continue
            waiting.discard(message["index"])
            cell = code[message["index"]]
            cell.outputs = valid_outputs(message.get("outputs"))
            if is_autograded(cell) and (cause := valid_cause(message.get("cause"))):
                causes[nbgrader_tag(cell)["grade_id"]] = cause
            if late := message.get("late"):
                reasons.append(f"{_name(cell)} {late}")
                _say_late(cell, f"this cell {late}")
        for index in waiting:
            fail_cell(code[index], "NotRun", f"not run: {stopped}")
        return Execution(message["done"], tuple(reasons), bool(message.get("doubtful")), ended_by, causes)

    def _send_images(self) -> None:
        """Hand the worker the open file of the judging images, if it is there."""
        with contextlib.ExitStack() as opened:
            files = [opened.enter_context(JUDGING_IMAGES.open("rb"))] if JUDGING_IMAGES.is_file() else []
            socket.send_fds(self._requests, [b"i"], [file.fileno() for file in files])

    def _send(self, request: dict) -> None:
        self._requests.sendall(json.dumps(request).encode() + b"\n")

    def _receive(self, deadline: float) -> dict:
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            chunk = os.read(descriptor, 2**20)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)


def _end_process(process: subprocess.Popen, requests: socket.socket) -> None:
    process.kill()
    process.wait()
    requests.close()
    process.stdout.close()


def fail_cell(cell: NotebookNode, name: str, message: str) -> None:
    """Give a cell an error for its output: a graded one without any would count as passed."""
    cell.outputs = [_output("error", ename=name, evalue=message, traceback=[message])]


def _name(cell: NotebookNode) -> str:
    """A cell's name in a sentence."""
    name = nbgrader_tag(cell).get("grade_id")
    return f"cell {cell.execution_count} of the notebook" if name is None else f"cell `{name}`"


def _say_late(cell: NotebookNode, message: str) -> None:
    """Put the limit in place of the interrupt, as which the cell saw it."""
    kept = [output for output in cell.outputs if output.get("ename") != "KeyboardInterrupt"]
    cell.outputs = [*kept, _output("error", ename="CellTimeoutError", evalue=message, traceback=[message])]


def _output(kind: str, **fields) -> NotebookNode:
    return from_dict({"output_type": kind} | fields)
