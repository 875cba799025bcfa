"""Notebook in, executed notebook out: the host's side of the box, and its place in nbgrader.

`BoxedExecute` stands where nbgrader's `Execute` does (nbgrader_config.py), so that `nbgrader autograde` and the
formgrader's button run students' code in the box too.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Integer

from autograder import box, course

CELL_SECONDS = 30
NOTEBOOK_SECONDS = 300
START_SECONDS = 120


class BoxError(RuntimeError):
    """The box itself failed, or cannot be had on this machine; the message says the mend."""


@dataclass(frozen=True)
class Execution:
    """How a notebook's run ended: `status` is graded, timeout, crashed or tampered; `reason` says why it stopped."""

    status: str
    reason: str = ""


class Worker:
    """One warm worker in its outer box. It runs one notebook after the other and is started anew if it dies.

    Without the sandbox a student's code can do whatever you can.
    """

    def __init__(self, sandbox: bool = True) -> None:
        if not hasattr(os, "fork"):
            raise BoxError("the grader forks its processes, which Windows cannot: grade in WSL or in a Linux container")
        if sandbox and (problem := box.problem()):
            raise BoxError(
                f"students' code is not run without a sandbox: {problem}. --no-sandbox runs it as you, with your rights"
            )
        self._sandbox = sandbox
        self._start()

    def run(
        self,
        notebook: NotebookNode,
        controls: dict[str, list[str]] | None = None,
        cell_seconds: float = CELL_SECONDS,
        seconds: float = NOTEBOOK_SECONDS,
    ) -> Execution:
        """Run the code cells of `notebook` and put their outputs in.

        Args:
            notebook: changed in place.
            controls: for a graded cell's grade_id, TODO cells known to be wrong. If the graded cell passes with
                the student's answer and with one of these too, somebody disabled the check.
            cell_seconds: limit for one cell.
            seconds: limit for the notebook, and again for its graded cells.
        """
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(code, start=1):
            cell.outputs, cell.execution_count = [], number
        request = [
            {
                "source": cell.source,
                "graded": course.is_autograded(cell),
                "controls": (controls or {}).get(course.mark(cell).get("grade_id"), []),
            }
            for cell in code
        ]
        try:
            self._send({"cells": request, "cell_seconds": cell_seconds, "seconds": seconds})
            return self._collect(code, time.monotonic() + 2 * seconds + START_SECONDS)
        except (BrokenPipeError, EOFError, TimeoutError):
            self.close()
            self._start()
            reason = "the sandbox ended with the submission in it"
            for cell in code:
                _fail(cell, "NotRun", f"not run: {reason}")
            return Execution("crashed", reason)

    def close(self) -> None:
        """End the worker and everything in its box."""
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def _start(self) -> None:
        command = [sys.executable, "-m", "autograder.warm"]
        environment = None
        if self._sandbox:
            command = [*box.command(), *command]
        else:
            command = [*command, "--no-sandbox"]
            environment = os.environ | {
                "PYTHONPATH": str(course.ROOT),
                "OMP_NUM_THREADS": "1",
                "MPLBACKEND": box.BACKEND,
            }
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._buffer = b""
        try:
            self._receive(time.monotonic() + START_SECONDS)
        except (EOFError, TimeoutError) as error:
            self.close()
            said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True).stderr[-2000:]
            raise BoxError(f"the sandbox's worker did not start:\n{said}") from error

    def _collect(self, code: list[NotebookNode], deadline: float) -> Execution:
        waiting, tampered, reason = set(range(len(code))), [], ""
        while "done" not in (message := self._receive(deadline)):
            if "stopped" in message:
                reason = message["stopped"]
                continue
            waiting.discard(message["index"])
            cell = code[message["index"]]
            cell.outputs = _valid_outputs(message.get("outputs"))
            if message.get("tampered"):
                name = course.mark(cell).get("grade_id")
                tampered.append(f"{name} passes with an answer known to be wrong")
                _fail(cell, "Tampered", "this check passes with wrong answers too; a person will look at it")
        for index in waiting:
            _fail(code[index], "NotRun", f"not run: {reason}")
        return Execution("tampered" if tampered else message["done"], "; ".join([reason] * bool(reason) + tampered))

    def _send(self, request: dict) -> None:
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()

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


class BoxedExecute(NbGraderPreprocessor):
    """nbgrader's `Execute`, in the box. One worker serves all notebooks of a process."""

    timeout = Integer(CELL_SECONDS, help="seconds that a cell may run").tag(config=True)
    sandbox = Bool(True, help="False runs students' code as you, with your rights").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each submission."""
        execution = shared_worker(self.sandbox).run(nb, cell_seconds=self.timeout)
        if execution.status != "graded":
            self.log.warning("%s: %s", execution.status, execution.reason)
        return nb, resources


@functools.cache
def shared_worker(sandbox: bool) -> Worker:
    """The worker of this process, started at its first use and ended with it."""
    worker = Worker(sandbox)
    atexit.register(worker.close)
    return worker


def _fail(cell: NotebookNode, name: str, message: str) -> None:
    """Give a cell an error for its output: a graded one without any would count as passed."""
    cell.outputs = [_output("error", ename=name, evalue=message, traceback=[message])]


def _valid_outputs(outputs: object) -> list[NotebookNode]:
    """Outputs in the notebook format. What comes out of the box is not trusted to be that."""
    import nbformat

    valid = []
    for output in outputs if isinstance(outputs, list) else []:
        try:
            node = from_dict(_printable(output))
            nbformat.validate(node, ref="output", version=4)
            valid.append(node)
        except Exception:
            valid.append(_output("error", ename="InvalidOutput", evalue="no notebook output", traceback=[]))
    return valid


def _printable(value: object) -> object:
    """JSON without halves of surrogate pairs: they cannot be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(entry) for key, entry in value.items()}
    return value


def _output(kind: str, **fields) -> NotebookNode:
    return from_dict({"output_type": kind} | fields)
