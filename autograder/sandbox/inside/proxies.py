"""The side of the judge: names of a student's answer, whose values and calls come from another process.

A graded cell runs on these names unchanged. Nothing of the student's runs where it runs.
"""

from __future__ import annotations

import builtins
import hashlib
from typing import Any

import torch

from autograder.sandbox.inside.wire import Link
from course_utils.checks import CheckError
from course_utils.checks.forbidden import forbidden_now


def answers(link: Link, names: list[str]) -> dict[str, Any]:
    """These names of the student's notebook, as far as it has them: values, and functions that are called there."""
    found = {}
    for name in names:
        reply = _ask(link, {"get": name})
        if reply.get("kind") == "function":
            found[name] = Function(link, name)
        elif reply.get("kind") == "value":
            found[name] = reply.get("value")
        elif reply.get("kind") != "missing":
            link.refuse("a name that is neither there nor missing")
    return found


class Function:
    """A function of the student's: called here, run there, with copies of its arguments."""

    def __init__(self, link: Link, name: str) -> None:
        self._link, self.__name__ = link, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the answer gives for these arguments; what it changes in them is changed here too."""
        question = {"call": self.__name__, "args": args, "kwargs": kwargs, "forbidden": forbidden_now()}
        reply = _ask(self._link, question | _settings())
        if reply.get("drew"):
            torch.rand(1)  # the next call gets other numbers, as it would in one process
        if "changed" in reply:
            _bring_back([args, kwargs], reply["changed"])
        if "error" in reply:
            raise _error(self._link, reply)
        return reply.get("value")


def _settings() -> dict[str, Any]:
    """What an answer would find here: a seed, the same for the same state of the generator, and settings of torch."""
    state = torch.get_rng_state().numpy().tobytes()
    return {
        "seed": int.from_bytes(hashlib.sha256(state).digest()[:4]),
        "gradients": torch.is_grad_enabled(),
        "double": torch.get_default_dtype() is torch.float64,
    }


def _ask(link: Link, question: dict) -> dict:
    link.send(question)
    reply = link.receive()
    if type(reply) is not dict:
        link.refuse("a reply that is none")
    return reply


def _bring_back(mine: Any, now: Any) -> None:
    """Change the caller's arguments as the answer changed its copies."""
    if type(mine) is not type(now):
        return
    if isinstance(mine, torch.Tensor):
        _bring_back_tensor(mine, now)
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


def _bring_back_tensor(mine: torch.Tensor, now: torch.Tensor) -> None:
    with torch.no_grad():
        if mine.shape != now.shape or mine.dtype != now.dtype:
            mine.data = now.detach()
        elif not torch.equal(mine, now):
            mine.copy_(now)
    if mine.is_leaf:
        mine.requires_grad_(now.requires_grad)
        mine.grad = now.grad


def _error(link: Link, reply: dict) -> Exception:
    """The answer's error: of its first builtin base, with its name and its text."""
    name, bases, text = reply["error"], reply.get("bases"), reply.get("text")
    if not (type(name) is type(text) is str and type(bases) is list):
        link.refuse("an error that is none")
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
