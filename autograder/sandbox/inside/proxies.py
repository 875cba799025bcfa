"""The side of the judge: names of a student's answer, whose values and calls come from another process.

A graded cell runs on these names unchanged. Nothing of the student's runs where it runs.
"""

from __future__ import annotations

import builtins
import hashlib
from typing import Any

import torch

from autograder.sandbox.inside.mirrors import Mirrors, with_gradients
from autograder.sandbox.inside.modules import parts_of, write
from autograder.sandbox.inside.wire import Link, WireError
from course_utils.checks import CheckError
from course_utils.checks.forbidden import forbidden_now

MISSING = object()
NO_STATE = {"nodes": {}, "tensors": {}}
NO_TRACE = {"tensors": [], "calls": []}


def answers(link: Link, names: list[str]) -> dict[str, Any]:
    """These names of the student's notebook, as far as it has them: values, modules, and functions called there."""
    caller, found = Caller(link), {}
    for name in names:
        value = caller.look_up(name)
        if value is not MISSING:
            found[name] = value
    return found


class Caller:
    """Looks up the student's names, and calls what stands there."""

    def __init__(self, link: Link) -> None:
        self._link, self._mirrors, self._calls = link, Mirrors(self.call), 0
        self._ask({"begin": True})

    def look_up(self, name: str) -> Any:
        """What stands under a name, or `MISSING`."""
        reply = self._ask({"get": name})
        kind = reply.get("kind")
        if kind == "missing":
            return MISSING
        if kind == "function":
            return Function(self, name)
        if kind == "value":
            self._mirrors.take(reply.get("state", NO_STATE))
            return self._mirrors.receive(reply.get("value"))
        if kind != "class":
            raise WireError("a name that is neither there nor missing")
        try:
            mirror = self._mirrors.kind(reply.get("name"), reply.get("base"))
        except (TypeError, ValueError) as error:
            raise WireError("a class of no module") from error
        mirror._name = name
        return mirror

    def call(self, how: str, what: str | int, args: tuple, kwargs: dict) -> Any:
        """Call, there, a name or a module, or copy a module; what that changes in the arguments is changed here too."""
        mirrors, arguments = self._mirrors, [args, kwargs]
        sent, given = mirrors.hand_over(arguments)
        if how != "name":
            given.append(mirrors.module(what))
        inputs, weights = [t for t in parts_of(arguments, torch.Tensor) if t.requires_grad], mirrors.weights(given)
        hooked = [number for number in mirrors.hooked(given) if how != "module" or number != what]  # torch calls those
        self._calls += 1
        question = {"call": self._calls, how: what, "arguments": sent, "weights": list(weights), "hooked": hooked}
        question |= {"state": mirrors.state(given), "forbidden": forbidden_now()} | _settings()
        reply = self._ask(question)
        if reply.get("drew"):
            torch.rand(1)  # the next call gets other numbers, as it would in one process
        mirrors.take(reply.get("state", NO_STATE))
        if "changed" in reply:
            _bring_back(arguments, mirrors.receive(reply["changed"]))
        mirrors.fire(reply.get("trace", NO_TRACE))
        if "error" in reply:
            raise _error(reply)
        value, inputs = mirrors.receive(reply.get("value")), [*inputs, *weights.values()]
        if not inputs or not torch.is_grad_enabled():
            return value
        number = self._calls
        return with_gradients(value, inputs, lambda *question: self._backward(number, *question))

    def _backward(self, call: int, gradients: tuple, keep: bool) -> Any:
        reply = self._ask({"backward": call, "gradients": gradients, "keep": keep})
        if "error" in reply:
            raise _error(reply)
        return reply.get("value")

    def _ask(self, question: dict) -> dict:
        self._link.send(question)
        reply = self._link.receive()
        if type(reply) is not dict:
            raise WireError("a reply that is none")
        return reply


class Function:
    """A function of the student's: called here, run there, with copies of its arguments."""

    def __init__(self, caller: Caller, name: str) -> None:
        self._caller, self.__name__ = caller, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the answer gives for these arguments."""
        return self._caller.call("name", self.__name__, args, kwargs)


def _settings() -> dict[str, Any]:
    """What an answer would find here: a seed, the same for the same state of the generator, and settings of torch."""
    state = torch.get_rng_state().numpy().tobytes()
    return {
        "seed": int.from_bytes(hashlib.sha256(state).digest()[:4]),
        "inference": torch.is_inference_mode_enabled(),
        "gradients": torch.is_grad_enabled(),
        "double": torch.get_default_dtype() is torch.float64,
    }


def _bring_back(mine: Any, now: Any) -> None:
    """Change the caller's arguments as the answer changed its copies."""
    if type(mine) is not type(now):
        return
    if isinstance(mine, torch.Tensor):
        write(mine, now)
    elif isinstance(mine, tuple):
        for one, other in zip(mine, now, strict=False):
            _bring_back(one, other)
    elif isinstance(mine, list):
        kept = [_kept(one, other) for one, other in zip(mine, now, strict=False)]
        mine[:] = kept + now[len(kept) :]
    elif isinstance(mine, dict):
        kept = {key: _kept(mine[key], value) if key in mine else value for key, value in now.items()}
        mine.clear()
        mine.update(kept)


def _kept(mine: Any, now: Any) -> Any:
    """The caller's own object with its new content where that can be, else what it is now."""
    if type(mine) is type(now) is tuple and len(mine) == len(now):
        return tuple(map(_kept, mine, now))
    if type(mine) is type(now) and isinstance(mine, (torch.Tensor, list, dict)):
        _bring_back(mine, now)
        return mine
    return now


def _error(reply: dict) -> Exception:
    """The answer's error: of its first builtin base, with its name and its text."""
    name, bases, text = reply["error"], reply.get("bases"), reply.get("text")
    if not (type(name) is type(text) is str and type(bases) is list):
        raise WireError("an error that is none")
    base: Any = RuntimeError
    for entry in bases:
        known = CheckError if entry == "CheckError" else getattr(builtins, str(entry), None)
        if isinstance(known, type) and issubclass(known, Exception) and known is not Exception:
            base = known
            break
    if base is CheckError:
        return CheckError(text)
    kind = type(name if name.isidentifier() else "Error", (base,), {"__str__": lambda self: text})
    error = kind.__new__(kind)
    error.args = (text,)
    return error
