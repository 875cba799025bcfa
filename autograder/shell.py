"""A student's notebook in one process: cells run by IPython, outputs caught in order, graded cells in forks."""

from __future__ import annotations

import builtins
import gc
import importlib
import json
import linecache
import os
import random
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from autograder.library import Library

MAX_OUTPUT = 4 * 2**20  # characters of one cell's outputs
MAX_OUTPUTS = 1000  # separate outputs of one cell
SEED = 20260901
GRADED_CELL = "<graded cell>"  # in tracebacks


class Student:
    """The interpreter in which a submission runs. Made once in the warm worker; every submission has a fork of it.

    `modules` are imported beforehand, so that no submission pays for them.
    """

    def __init__(self, modules: list[str]) -> None:
        _import_course(modules)
        self.shell = _Shell.instance()  # `display` looks for the one instance
        if "matplotlib" in sys.modules:  # importing it later switches its backend on too
            self.shell.enable_matplotlib("inline")
        self.shell.run_cell("1 / 0", store_history=False)  # loads what draws tracebacks
        _rehearse()
        _seed()
        self.library = Library([_Shell, _Outputs, _Publisher, _Hook, _Stream, Student, json, os, socket])
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
            channel.sendall(_line(answer))

    def _be_snapshot(self, worker: socket.socket) -> None:
        """Run cells on the state that this fork has, and send back what the last of them gave, again and again."""
        # The student's threads are not in a fork; hooks, patches and replaced names go here.
        self.shell.drop_hooks()
        self.library.restore()
        worker.sendall(b"{}\n")
        for line in worker.makefile("rb"):
            command = json.loads(line)
            outputs = [self.shell.run_plain(source) for source in command["sources"]][-1]
            worker.sendall(_line({"id": command["id"], "outputs": outputs}))


class _Shell(InteractiveShell):
    """IPython's shell that hands out each cell's outputs, in order, in the notebook format."""

    def __init__(self) -> None:
        self.outputs = _Outputs()
        super().__init__(display_pub_class=_Publisher, displayhook_class=_Hook)
        self.display_pub.outputs = self.displayhook.outputs = self.outputs
        self.history_manager.enabled = False

    def enable_gui(self, gui: str | None = None) -> None:
        """There is no window to open."""

    def run(self, source: str) -> list[dict]:
        """Run a cell as the notebook would; never raises."""
        return self._catch(lambda: self.run_cell(source, store_history=True))

    def run_plain(self, source: str) -> list[dict]:
        """Run a graded cell; never raises. Plain Python runs without IPython, which takes longer than most cells."""
        return self._catch(lambda: self._execute(source))

    def _execute(self, source: str) -> None:
        try:
            code = compile(source, GRADED_CELL, "exec", dont_inherit=True)
        except SyntaxError:  # a magic, or await outside of functions
            self.run_cell(source)
            return
        # Tracebacks and `inspect` read the cell's lines from here.
        linecache.cache[GRADED_CELL] = len(source), None, source.splitlines(keepends=True), GRADED_CELL
        self.user_ns["__builtins__"] = builtins
        try:
            exec(code, self.user_ns)
        except BaseException as error:
            error.__traceback__ = error.__traceback__.tb_next  # without this line of ours
            if hasattr(error, "_render_traceback_"):  # IPython asks for it too
                lines = error._render_traceback_()
            else:
                lines = "".join(traceback.format_exception(error)).splitlines()
            self.outputs.add(_error(type(error).__name__, _text(error), lines))

    def _catch(self, cell: Callable[[], object]) -> list[dict]:
        """Call what runs a cell, and give the cell's outputs."""
        self.outputs.start()
        # A student's handler would make the next cell deaf to the interrupt too.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        streams = _Stream(self.outputs, "stdout"), _Stream(self.outputs, "stderr")
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = streams
        try:
            cell()
        except BaseException as error:  # also what a student's hook made IPython itself raise
            self.outputs.add(_error(type(error).__name__, str(error)[:2000]))
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            sys.stdout, sys.stderr = kept
        return self.outputs.take()

    def drop_hooks(self) -> None:
        """Forget whatever changes how a cell is read, run or shown."""
        sys.settrace(None)
        sys.setprofile(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.input_transformer_manager = TransformerManager()
        self.ast_transformers = []
        self.set_custom_exc((), None)
        ours = ("run_plain", "_execute", "_catch", "_showtraceback")
        for name in (*ours, "run_cell", "run_cell_async", "run_code", "run_ast_nodes", "showtraceback"):
            self.__dict__.pop(name, None)
        for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
            self.events.callbacks[event] = []
        sys.displayhook = self.displayhook
        warn = sys.modules.get("warnings")
        if warn is not None:
            warn.simplefilter("default")

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add(_error(etype.__name__, _text(evalue), stb))


class _Outputs:
    """The outputs of the cell that runs now, capped in number and size."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.items: list[dict] = []
        self.size = 0
        self.cut = False
        self.displays: dict[str, dict] = {}

    def take(self) -> list[dict]:
        return self.items

    def add(self, output: dict) -> None:
        size = len(_line(output))
        if self.cut and output["output_type"] != "error":
            return
        if self.size + size > MAX_OUTPUT or len(self.items) >= MAX_OUTPUTS:
            self.cut = True
            self.items.append(_stream("stdout", "\n[output cut: more than 4 MB or 1,000 outputs in one cell]\n"))
            if output["output_type"] != "error":
                return
            output = _error(output["ename"], output["evalue"][:2000])
        self.size += size
        self.items.append(output)

    def write(self, name: str, text: str) -> None:
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name and not self.cut:
            room = MAX_OUTPUT - self.size
            last["text"] += text[:room]
            self.size += len(text)
            if len(text) > room:
                self.add(_stream(name, text))
        elif text:
            self.add(_stream(name, text))


class _Stream:
    """Stands in for sys.stdout and sys.stderr while a cell runs."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, outputs: _Outputs, name: str):
        self._outputs, self.name = outputs, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.write(self._stream, text)
        return len(text)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Publisher(DisplayPublisher):
    """Catches what `display` shows: figures, HTML, progress bars."""

    outputs: Any = None

    def publish(self, data, metadata=None, *, transient=None, update=False, **kwargs) -> None:
        output = {"output_type": "display_data", "data": _jsonable(data), "metadata": metadata or {}}
        name = (transient or {}).get("display_id")
        if update and name in self.outputs.displays:
            shown = self.outputs.displays[name]
            self.outputs.size += len(_line(output)) - len(_line(shown))
            if self.outputs.size <= MAX_OUTPUT:
                shown.update(output)
            return
        self.outputs.add(output)
        if name and self.outputs.items and self.outputs.items[-1] is output:
            self.outputs.displays[name] = output

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.items.clear()
        self.outputs.size = 0


class _Hook(DisplayHook):
    """Catches the value of a cell's last expression."""

    outputs: Any = None

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict, md_dict=None) -> None:
        self.outputs.add(
            {
                "output_type": "execute_result",
                "data": _jsonable(format_dict),
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        pass


def _import_course(modules: list[str]) -> None:
    """Import what the notebooks import."""
    # torch imports it where it can, 70 MB that every fork copies the tables of; without a GPU nothing uses it.
    sys.modules["triton"] = None
    for name in modules:
        importlib.import_module(name)


def _rehearse() -> None:
    """Train: what torch sets up or imports at its first use is then there for every submission."""
    import torch
    from torch.nn import functional as F

    # Twice, since what the first step of an optimizer imports empties caches of `isinstance` that torch filled before.
    for _ in range(2):
        model = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 3), torch.nn.Flatten(), torch.nn.Linear(9, 2))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        # Two images: for a single small one torch does not start oneDNN.
        F.cross_entropy(model(torch.zeros(2, 1, 5, 5)), torch.tensor([0, 1])).backward()
        optimizer.step()


def _seed() -> None:
    import numpy as np
    import torch

    random.seed(SEED)
    np.random.seed(SEED)
    torch.manual_seed(SEED)


def _error(name: str, value: str, lines: list[str] | None = None) -> dict:
    cut = [str(line)[:20_000] for line in (lines or [f"{name}: {value}"])][-100:]
    return {"output_type": "error", "ename": str(name)[:200], "evalue": value[:20_000], "traceback": cut}


def _stream(name: str, text: str) -> dict:
    return {"output_type": "stream", "name": name, "text": text}


def _line(message: dict) -> bytes:
    """A line of JSON. An object can show itself as something that JSON has no form for."""
    return json.dumps(message, default=str, skipkeys=True).encode() + b"\n"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return traceback.format_exception_only(type(error), None)[0].strip()


def _jsonable(data: dict) -> dict:
    """Display data with bytes, as of pictures, in base64, as the notebook format wants it."""
    import base64

    return {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value for kind, value in data.items()
    }
