"""A student's notebook in one process: cells run by IPython, outputs caught in order, graded cells in forks."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import linecache
import os
import signal
import socket
import stat
import sys
import traceback
from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

from autograder.sandbox.inside.answering import answer_questions
from autograder.sandbox.inside.main_module import new_main, seed, seed_from
from autograder.sandbox.inside.outputs import Hook, Outputs, Publisher, Stream, error_output, json_line
from autograder.sandbox.inside.proxies import answers
from autograder.sandbox.inside.wire import Link, WireError
from course_utils.checks import CheckError
from course_utils.data.judging import use_judging_file

SEED = 20260901
GRADED_CELL = "<graded cell>"  # in tracebacks


class Interpreter:
    """The interpreter in which a submission runs. Made once in the warm worker; every submission has a fork of it.

    `modules` are imported beforehand, so that no submission pays for them.
    """

    def __init__(self, modules: list[str]) -> None:
        _import_course(modules)
        self.shell = _Shell.instance()  # `display` looks for the one instance
        if "matplotlib" in sys.modules:  # importing it later switches its backend on too
            self.shell.enable_matplotlib("inline")
        self.shell.run_cell("1 / 0", store_history=False)  # loads what draws tracebacks
        _rehearse(modules)
        _leave_one_thread_and_no_compiler()
        seed(SEED)
        # What the worker holds stays out of the garbage collector's way, so that forks share its memory.
        gc.collect()
        gc.freeze()

    def serve(self, channel: socket.socket) -> None:
        """Run each cell that comes in as a JSON line, and send back what it gave; or fork a snapshot for a graded one.

        `channel` leads to the worker. First come sockets that lead there too, one for each snapshot that it will ask
        for, in this order.
        """
        _, ends, _, _ = socket.recv_fds(channel, 1, 253)
        snapshots = [socket.socket(fileno=end) for end in ends]
        for line in channel.makefile("rb"):
            command = json.loads(line)
            answer = {"id": command["id"]}
            if "snapshot" in command:
                number = command["snapshot"]
                if os.fork() == 0:
                    try:
                        mine = snapshots[number]
                        for end in (channel, *snapshots[:number], *snapshots[number + 1 :]):
                            end.close()
                        self._be_snapshot(mine)
                    finally:
                        os._exit(0)
                snapshots[number].close()
            else:
                answer["outputs"] = self.shell.run(command["source"])
            channel.sendall(json_line(answer))

    def serve_judges(self, channel: socket.socket) -> None:
        """Fork a judge for each socket that comes in, which leads to the worker.

        No student's code has run in this process, nor in any that it comes from.
        """
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
        while True:
            message, ends, _, _ = socket.recv_fds(channel, 1, 1)
            if not message:
                return
            worker = socket.socket(fileno=ends[0])
            if os.fork() == 0:
                try:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    channel.close()
                    self._be_judge(worker)
                finally:
                    os._exit(0)
            worker.close()

    def _be_judge(self, worker: socket.socket) -> None:
        """Run a graded cell, whose answer is in a snapshot, and tell the worker what it gave.

        The snapshot's socket comes first; with it the open file of the judging images, if the host has it.
        """
        worker.sendall(b"{}\n")
        _, ends, _, _ = socket.recv_fds(worker, 1, 2)
        if not ends:
            return  # the worker needs no more judges
        for images in ends[1:]:
            use_judging_file(images)
        snapshot = socket.socket(fileno=ends[0])
        command = json.loads(worker.makefile("rb").readline())
        snapshot.setblocking(True)  # the worker's timeouts had changed that for every holder of this end
        link = Link(snapshot)
        seed_from(command["source"])
        outputs = self.shell.run_judge(command["source"], command["imports"], lambda: answers(link, command["answers"]))
        verdict = {"id": command["id"], "outputs": outputs, "cause": self.shell.cause}
        worker.sendall(json_line(verdict | {"gone": link.is_gone, "lied": WireError.raised}))

    def _be_snapshot(self, worker: socket.socket) -> None:
        """Greet the worker, then answer what a judge asks, to whom the other end is handed."""
        _let_go_of_pipes()
        worker.sendall(b"{}\n")
        self.shell.run_quietly(lambda: answer_questions(Link(worker), self.shell.user_ns))


class _Shell(InteractiveShell):
    """IPython's shell that hands out each cell's outputs, in order, in the notebook format."""

    cause = ""  # of the last failed check, as the check has it, not as its text says

    def __init__(self) -> None:
        self.outputs = Outputs()
        super().__init__(display_pub_class=Publisher, displayhook_class=Hook)
        self.display_pub.outputs = self.displayhook.outputs = self.outputs
        self.history_manager.enabled = False

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to open."""

    def run(self, source: str) -> list[dict]:
        """Run a cell as the notebook would; never raises."""
        return self._catch(lambda: self.run_cell(source, store_history=True))

    def run_judge(self, source: str, imports: str, answers: Callable[[], dict[str, object]]) -> list[dict]:
        """Run a graded cell on imports, and on the student's answers as `answers` gives them; never raises.

        Plain Python runs without IPython, which takes longer than most cells. What the cell writes to the error
        stream counts as printed: by nbgrader's rule a warning would cost the mark.
        """
        names = new_main(imports)

        def judge() -> None:
            names.update(answers())
            self._execute(source, names)

        return _as_printed(self._catch(judge))

    def run_quietly(self, work: Callable[[], None]) -> None:
        """Do something whose output nobody reads."""
        self._catch(work)

    def _execute(self, source: str, names: dict[str, object]) -> None:
        try:
            code = compile(source, GRADED_CELL, "exec", dont_inherit=True)
        except SyntaxError:  # a magic, or await outside of functions
            self.run_cell(source)
            return
        # Tracebacks and `inspect` read the cell's lines from here.
        linecache.cache[GRADED_CELL] = len(source), None, source.splitlines(keepends=True), GRADED_CELL
        try:
            exec(code, names)
        except BaseException as error:
            self.cause = _cause(error)
            error.__traceback__ = error.__traceback__.tb_next  # without this line of ours
            if hasattr(error, "_render_traceback_"):  # IPython asks for it too
                lines = error._render_traceback_()
            else:
                lines = "".join(traceback.format_exception(error)).splitlines()
            self.outputs.add(error_output(type(error).__name__, _text(error), lines))

    def _catch(self, cell: Callable[[], object]) -> list[dict]:
        """Call what runs a cell, and give the cell's outputs."""
        self.outputs.start()
        # A student's handler would make the next cell deaf to the interrupt too.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        streams = Stream(self.outputs, "stdout"), Stream(self.outputs, "stderr")
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = streams
        try:
            cell()
        except BaseException as error:  # also what a student's hook made IPython itself raise
            self.outputs.add(error_output(type(error).__name__, str(error)[:2000]))
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sys.stdout, sys.stderr = kept
        return self.outputs.take()

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.cause = _cause(evalue)
        self.outputs.add(error_output(etype.__name__, _text(evalue), stb))


def _as_printed(outputs: list[dict]) -> list[dict]:
    """What a graded cell wrote to the error stream counts as printed."""
    return [output | {"name": "stdout"} if output["output_type"] == "stream" else output for output in outputs]


def _import_course(modules: list[str]) -> None:
    """Import what the notebooks import, see `units.modules_to_load`."""
    # torch imports it where it can, 70 MB that every fork copies the tables of; without a GPU nothing uses it.
    sys.modules["triton"] = None
    for name in modules:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name or not hasattr(sys.modules.get(name.rpartition(".")[0]), name.rpartition(".")[2]):
                raise  # else it is what a module of that name holds, as `units.modules_to_load` cannot tell


def _rehearse(modules: list[str]) -> None:
    """Train, and forbid: what torch sets up or imports at its first use is then there for every submission.

    An optimizer and a given gradient import a compiler and a library for formulas, a second of computing: only for
    those whose `modules` say that they are used.
    """
    import torch
    from torch.nn import functional as F

    from course_utils.checks.forbidden import OPERATIONS, forbid

    with forbid(*OPERATIONS):
        pass

    # Twice, since what the first step of an optimizer imports empties caches of `isinstance` that torch filled before.
    for _ in range(2):
        model = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 3), torch.nn.Flatten(), torch.nn.Linear(9, 2))
        # Two images: for a single small one torch does not start oneDNN.
        F.cross_entropy(model(torch.zeros(2, 1, 5, 5)), torch.tensor([0, 1])).backward()
        if "torch.optim" in modules:
            torch.optim.SGD(model.parameters(), lr=0.1).step()
    if "torch.autograd" in modules:
        x = torch.ones(2, requires_grad=True)
        torch.autograd.grad(2 * x, x, torch.ones(2))


def _leave_one_thread_and_no_compiler() -> None:
    """Make `torch.set_num_threads` and `torch.compile` do nothing: both are fine on a laptop.

    Here a fork of a process with several threads hangs in its first parallel operation, and there is no compiler.
    """
    import torch

    def as_it_is(model=None, **settings):
        return model if model is not None else as_it_is  # ``@torch.compile(mode=...)`` is called before it decorates

    torch.compile = as_it_is
    torch.nn.Module.compile = lambda self, *settings, **more: None
    torch.set_num_threads = torch.set_num_interop_threads = lambda threads: None


def _let_go_of_pipes() -> None:
    """Close the ends that are written to: a program of the student's would wait for them as long as this fork lives."""
    for number in range(3, os.sysconf("SC_OPEN_MAX")):
        with contextlib.suppress(OSError):
            is_pipe = stat.S_ISFIFO(os.fstat(number).st_mode)
            if is_pipe and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                os.close(number)


def _cause(error: BaseException) -> str:
    """The mistake that a check has found. An error that came from an answer has none: it is made anew from its text."""
    return error.cause if isinstance(error, CheckError) else ""


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return traceback.format_exception_only(type(error), None)[0].strip()
