"""Look at an answer where it is: a probe does something with it and brings back plain data.

A loop, a loader, a transform or an optimizer cannot be copied into another process, and what it does can be told in
numbers. In a notebook a probe is an ordinary function. When a judge runs a graded cell apart from the answer, the probe
runs where the answer is, and only what it brings back travels: None, numbers, strings, tuples, lists, dictionaries and
tensors.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

PROBES: dict[str, Callable] = {}  # by name: what a judge may ask the process of an answer to run
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
    PROBES[look.__name__] = look

    @functools.wraps(look)
    def wherever(*args: Any, **kwargs: Any) -> Any:
        return look(*args, **kwargs) if _ask is None else _ask(look.__name__, args, kwargs)

    return wherever


def send_probes(ask: Callable[[str, tuple, dict], Any]) -> None:
    """From now on every probe runs where the answers are: ``ask(name, args, kwargs)`` gives what it brings back."""
    global _ask
    _ask = ask
