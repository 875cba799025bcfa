"""Look at an answer where it is: a probe does something with it and brings back plain data.

A loop, a loader, a transform or an optimizer cannot be copied into another process, and what it does can be told in
numbers. In a notebook a probe is an ordinary function. When a judge runs a graded cell apart from the answer, the probe
runs where the answer is, and only what it brings back travels: None, numbers, strings, tuples, lists, dictionaries and
tensors.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

_probes: dict[str, Callable] = {}  # by module and name
_ask: Callable[[str, tuple, dict], Any] | None = None


def probe(look: Callable) -> Callable:
    """Make a function a probe: it gets the answer and plain arguments, and gives facts, never a verdict.

    >>> from course_utils.checks.probes import probe
    >>> @probe
    ... def length_of(answer):
    ...     return len(answer)
    >>> length_of([3, 1, 4])
    3
    """
    name = f"{look.__module__}:{look.__name__}"
    _probes[name] = look

    @functools.wraps(look)
    def wherever(*args: Any, **kwargs: Any) -> Any:
        return look(*args, **kwargs) if _ask is None else _ask(name, args, kwargs)

    return wherever


def send_probes(ask: Callable[[str, tuple, dict], Any] | None) -> None:
    """From now on every probe runs where the answers are: ``ask(name, args, kwargs)`` gives what it brings back.

    With None they are ordinary functions again.
    """
    global _ask
    _ask = ask


def answers_are_elsewhere() -> bool:
    """Whether this process judges answers of another one."""
    return _ask is not None


def probe_called(name: str) -> Callable:
    """The probe that a judge asks for, as ``module:name``; its module is imported if need be."""
    importlib.import_module(name.partition(":")[0])
    return _probes[name]
