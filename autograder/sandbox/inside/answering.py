"""The side of the answer: a snapshot of the student's process does what a judge asks, and tells only results.

The judge sends names and arguments; a hidden test's text, what it expects and its verdict never come here.
"""

from __future__ import annotations

import contextlib
import copy
import pickle
import random
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from autograder.sandbox.inside.aliases import views
from autograder.sandbox.inside.main_module import change_settings, seed, settings
from autograder.sandbox.inside.modules import Modules, own, parts_of, swap, torch_base
from autograder.sandbox.inside.wire import MAX_DEPTH, Handle, Link, pack
from course_utils.checks import CheckError
from course_utils.checks.probes import probe_called
from course_utils.checks.standing import Standing

MAX_TEXT = 2000  # characters of an error's message
MAX_GRAPHS = 16  # of the last calls are kept for a backward pass


def answer_questions(link: Link, names: dict[str, Any]) -> None:
    """Do what the judge at the other end asks, with the notebook's names, until it is gone."""
    answer = Answer(names)
    while True:
        question = link.receive()
        if "begin" in question:  # another judge, who knows nothing of what the last one knew
            answer = Answer(names)
        reply = answer.reply(question)
        try:
            link.send(reply)
        except Exception as error:  # too large, or a tensor of which no copy can be made
            answer.forget()
            link.send(_of_error(ValueError(f"the result cannot be sent to the test: {error}")))


class Answer:
    """The names of a student's notebook, and what the judge has seen of them."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names, self._modules = names, _Modules(1)
        self._graphs: dict[int, tuple[list, list]] = {}  # inputs and outputs of the last calls
        self._standing = Standing()

    def reply(self, question: dict) -> dict:
        """What the judge is told."""
        try:
            if "begin" in question:
                return {}
            if "get" in question:
                return self._look_up(question["get"])
            return self._backward(question) if "backward" in question else self._call(question)
        except BaseException as error:  # also SystemExit: it ends nothing here
            return _of_error(error)

    def forget(self) -> None:
        """A reply was lost."""
        self._modules.forget()

    def _look_up(self, name: str) -> dict:
        """What stands under a name: nothing, a class of modules, or whatever else."""
        if name not in self._names:
            return {"kind": "missing"}
        value = _plain(self._names[name])
        if isinstance(value, type) and issubclass(value, nn.Module):
            return {"kind": "class", "name": value.__name__, "base": torch_base(value).__name__}
        value, modules = self._modules.hand_over(value)
        return {"kind": "value", "value": value, "state": self._modules.state(modules)}

    def _call(self, question: dict) -> dict:
        """Call an answer; what it changed in its arguments, and in modules, goes back with the result."""
        modules = self._modules
        modules.take(question["state"])
        function, arguments = self._function(question), modules.receive(question["arguments"])
        given = parts_of([modules.receive(question["of"]), arguments], nn.Module)
        tensors = parts_of(arguments, torch.Tensor)
        before = pack(modules.hand_over(arguments)[0])
        hooked = [(number, modules.module(number)) for number in question["hooked"]]
        seed(question["seed"])
        drawn = _generators()
        inputs = self._inputs(question, tensors)
        trace, value = Trace(hooked), None
        try:
            change_settings(question["settings"])
            inference = torch.inference_mode() if question["inference"] else contextlib.nullcontext()
            with inference, trace, self._forbidden(question["forbidden"]):
                value = _plain(function(*arguments[0], **arguments[1]))
            reply = {}
        except BaseException as error:  # also SystemExit: it ends nothing here
            reply = _of_error(error)
        reply["settings"] = settings()
        reply["drew"] = _generators() != drawn
        self._keep_graph(question["call"], inputs, value)
        reply["value"], found = modules.hand_over(value)
        changed, more = modules.hand_over(arguments)
        if pack(changed) != before:
            reply["changed"] = changed
            found += more
        reply |= {"trace": trace.as_plain(), "state": modules.state([*given, *found])}
        known = [*(("argument", *pair) for pair in enumerate(tensors)), *modules.tensors([*given, *found])]
        known = [([kind, number], tensor) for kind, number, tensor in known]
        return reply | {"shared": views(parts_of(value, torch.Tensor), known)}

    def _forbidden(self, names: list[str]) -> contextlib.AbstractContextManager:
        """A block of `forbid`, as the judge has one around the call."""
        if names:
            return self._standing.block(tuple(names))
        self._standing.lift()
        return contextlib.nullcontext()

    def _function(self, question: dict) -> Callable:
        """What the judge wants to call."""
        how, what = question["how"], question["what"]
        if how == "name":
            return self._names[what]
        if how == "probe":
            return probe_called(what)
        thing = self._modules.receive(question["of"])
        if how == "copy":
            return lambda: copy.deepcopy(thing)
        if how == "attribute":
            return lambda: getattr(thing, what)
        return getattr(thing, what) if how == "method" else thing

    def _inputs(self, question: dict, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """What gradients of a call lead to: arguments, and weights of the modules in it."""
        inputs = [tensor for tensor in tensors if tensor.requires_grad]
        return inputs + [self._modules.tensor(number) for number in question["weights"]]

    def _keep_graph(self, call: int, inputs: list[torch.Tensor], value: Any) -> None:
        """Keep what a backward pass through this call needs."""
        outputs = [tensor for tensor in parts_of(value, torch.Tensor) if tensor.requires_grad]
        if inputs and outputs:
            self._graphs[call] = inputs, outputs
        while len(self._graphs) > MAX_GRAPHS:
            del self._graphs[min(self._graphs)]

    def _backward(self, question: dict) -> dict:
        """The gradients of a call's inputs, from those of its outputs."""
        if question["backward"] not in self._graphs:
            raise RuntimeError("a backward pass through a call that lies too far back")
        self._standing.lift()
        inputs, outputs = self._graphs[question["backward"]]
        pairs = [(o, g) for o, g in zip(outputs, question["gradients"], strict=True) if g is not None]
        ends, seen = [output for output, _ in pairs], [gradient for _, gradient in pairs]
        keep = question["keep"]  # as over there: who drags a graph along gets the same error
        gradients = torch.autograd.grad(ends, inputs, seen, retain_graph=keep, allow_unused=True)
        return {"value": list(gradients)}


class _Modules(Modules):
    """As the judge's; a class of the test's own comes pickled from there."""

    def _kind(self, node: dict[str, Any]) -> type[nn.Module]:
        return pickle.loads(node["class"]) if "class" in node else super()._kind(node)


class Trace(contextlib.ExitStack):
    """What modules get and give while a block runs, each tensor once, as it was at that moment."""

    def __init__(self, hooked: list[tuple[int, nn.Module]]) -> None:
        super().__init__()
        self._calls: list[list] = []
        self._places: dict[tuple[int, int], int] = {}
        self._tensors: list[torch.Tensor] = []
        self._originals: list[torch.Tensor] = []  # kept, so that no other tensor gets their ids
        self._gone: list[int] = []
        for number, module in hooked:
            handle = nn.Module.register_forward_hook(module, _Hook(self, number))
            self.callback(self._let_go, number, module, handle)

    def as_plain(self) -> dict:
        """The calls, in order, with handles of the tensors; and the modules whose hooks were removed meanwhile."""
        return {"tensors": self._tensors, "calls": self._calls, "gone": self._gone}

    def _let_go(self, number: int, module: nn.Module, handle: RemovableHandle) -> None:
        if handle.id not in own(module)["_forward_hooks"]:
            self._gone.append(number)
        handle.remove()

    def record(self, number: int, module: nn.Module, args: tuple, output: Any) -> None:
        """A call of a module: the mode that it had, what it got and what it gave."""
        self._calls.append([number, own(module)["training"], *swap([args, output], torch.Tensor, self._place)])

    def _place(self, tensor: torch.Tensor) -> Handle:
        key = id(tensor), 0 if tensor.is_inference() else tensor._version
        if key not in self._places:
            self._places[key] = len(self._tensors)
            self._tensors.append(tensor.detach().clone().requires_grad_(tensor.requires_grad))
            self._originals.append(tensor)
        return Handle(self._places[key])


class _Hook:
    """Stands for a hook of the test's. Copies of its module keep it, as they would keep the test's."""

    def __init__(self, trace: Trace, number: int) -> None:
        self._trace, self._number = trace, number

    def __call__(self, module: nn.Module, args: tuple, output: Any) -> None:
        self._trace.record(self._number, module, args, output)

    def __deepcopy__(self, memo: dict) -> _Hook:
        return self


def _plain(value: Any, depth: int = 0) -> Any:
    """The value with plain containers in place of named tuples, ordered dictionaries and the like."""
    kind = type(value)
    if depth < MAX_DEPTH:
        if issubclass(kind, tuple) and kind is not torch.Size:
            return tuple(_plain(part, depth + 1) for part in tuple.__iter__(value))
        if issubclass(kind, list):
            return [_plain(part, depth + 1) for part in list.__iter__(value)]
        if issubclass(kind, dict):
            return {key: _plain(part, depth + 1) for key, part in dict.items(value)}
    return value


def _generators() -> tuple:
    """The states of all generators of random numbers that an answer may draw from."""
    return random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes()


def _of_error(error: BaseException) -> dict:
    """An error as its name, its message and the builtin errors that it is one of."""
    kind = type(error)
    bases = ["CheckError"] if isinstance(error, CheckError) else []
    bases += [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    try:
        text = str(error)
    except Exception:
        text = "an error that has no text"
    return {"error": kind.__name__[:80], "bases": bases, "text": text[:MAX_TEXT], "where": _where(error)}


def _where(error: BaseException) -> str:
    """The last line of the notebook that an error came through."""
    lines = [entry for entry in traceback.extract_tb(error.__traceback__) if "ipython-input" in entry.filename]
    return (
        f"in your code, line {lines[-1].lineno}, in {lines[-1].name}:\n  {lines[-1].line}"[:MAX_TEXT] if lines else ""
    )
