"""The side of the judge: names of a student's answer, whose values and calls come from another process.

A graded cell runs on these names unchanged. Nothing of the student's runs where it runs.
"""

from __future__ import annotations

import builtins
import hashlib
import itertools
from typing import Any

import torch

from autograder.sandbox.inside.aliases import view
from autograder.sandbox.inside.main_module import change_settings, settings
from autograder.sandbox.inside.mirrors import Function, Mirrors, with_gradients
from autograder.sandbox.inside.modules import parts_of, swap, write
from autograder.sandbox.inside.wire import Link, WireError
from course_utils.checks import CheckError
from course_utils.checks.forbidden import forbidden_now
from course_utils.checks.probes import send_probes

MISSING = object()
NO_STATE = {"nodes": {}, "tensors": {}, "shared": []}
NO_TRACE = {"tensors": [], "calls": [], "gone": []}


def answers(link: Link, names: list[str]) -> dict[str, Any]:
    """These names of the student's notebook, as far as it has them: values, modules, and functions called there.

    Probes run there too from now on.
    """
    caller, found = Caller(link), {}
    send_probes(lambda name, args, kwargs: caller.call("probe", name, None, args, kwargs))
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
        if kind == "value":
            self._mirrors.take(reply.get("state", NO_STATE))
            value = self._mirrors.receive(reply.get("value"))
            if isinstance(value, Function):
                value.__name__ = name  # messages call it so
            return value
        if kind != "class":
            raise WireError("a name that is neither there nor missing")
        try:
            mirror = self._mirrors.kind(reply.get("name"), reply.get("base"))
        except (TypeError, ValueError) as error:
            raise WireError("a class of no module") from error
        mirror._name = name
        return mirror

    def call(self, how: str, what: str, of: Any, args: tuple, kwargs: dict) -> Any:
        """Do something over there, see `Mirrors`; what that changes in the arguments is changed here too."""
        mirrors, arguments = self._mirrors, [args, kwargs]
        tensors = parts_of(arguments, torch.Tensor)
        (of_sent, sent), given = mirrors.hand_over([of, arguments])
        inputs, weights = [tensor for tensor in tensors if tensor.requires_grad], mirrors.weights(given)
        # Of a module that is called here torch calls the hooks itself.
        hooked = mirrors.hooked(given, but=of if how == "thing" else None)
        self._calls += 1
        question = {"call": self._calls, "how": how, "what": what, "of": of_sent, "arguments": sent}
        question |= {"weights": list(weights), "hooked": hooked, "state": mirrors.state(given)}
        question |= {"seed": _seed(), "settings": settings(), "inference": torch.is_inference_mode_enabled()}
        reply = self._ask(question | {"forbidden": forbidden_now()})
        if reply.get("drew"):
            torch.rand(1)  # the next call gets other numbers, as it would in one process
        mirrors.take(reply.get("state", NO_STATE))
        if "changed" in reply:
            _bring_back(arguments, mirrors.receive(reply["changed"]))
        mirrors.fire(reply.get("trace", NO_TRACE))
        _change_settings(reply.get("settings", settings()))
        if "error" in reply:
            raise _error(reply)
        value, inputs = mirrors.receive(reply.get("value")), [*inputs, *weights.values()]
        if inputs and torch.is_grad_enabled():
            number = self._calls
            value = with_gradients(value, inputs, lambda *question: self._backward(number, *question))
        return self._with_shared(value, reply.get("shared", []), tensors)

    def _with_shared(self, value: Any, shared: Any, arguments: list[torch.Tensor]) -> Any:
        """The value whose tensors are, or share memory with, the arguments and weights as they do over there."""
        found = {}
        try:
            for place, (kind, number), told in shared:
                mine = arguments[number] if kind == "argument" else self._mirrors.tensor(number)
                if told is None or mine.is_contiguous():
                    found[place] = view(mine, told)
        except (LookupError, TypeError, ValueError) as error:
            raise WireError("what came describes no shared memory") from error
        places = itertools.count()

        def share(tensor: torch.Tensor) -> torch.Tensor:
            mine = found.get(next(places), tensor)
            return mine if mine.requires_grad == tensor.requires_grad or mine is tensor else tensor

        return swap(value, torch.Tensor, share) if found else value

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


def _seed() -> int:
    """A seed for an answer, the same for the same state of the generator here; nobody can tell that state from it."""
    return int.from_bytes(hashlib.sha256(torch.get_rng_state().numpy().tobytes()).digest()[:4])


def _change_settings(now: Any) -> None:
    """Settings of torch that the answer changed are changed here too, as in one process."""
    try:
        change_settings(now)
    except (LookupError, TypeError) as error:
        raise WireError("settings that are none") from error


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
    """The answer's error: of its first builtin base, with its name, its text, and the line that it came from."""
    name, bases, text, where = reply["error"], reply.get("bases"), reply.get("text"), reply.get("where", "")
    if not (type(name) is type(text) is type(where) is str and type(bases) is list):
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
    if where:
        error.add_note(where)
    return error
