"""Python functions that an answer must not use: the course's own, and those of other libraries that do the same work.

A function is refused however it is held, since its code is replaced and not its name.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

# Functions of other libraries that do the same work; of PyTorch's, those that gradients pass by which need no engine.
ELSEWHERE = {
    "torch.conv2d": {
        "scipy.signal": ("correlate", "correlate2d", "convolve", "convolve2d", "fftconvolve", "oaconvolve"),
        "scipy.ndimage": ("correlate", "correlate1d", "convolve", "convolve1d", "generic_filter"),
    },
    "torch.max_pool2d": {
        "scipy.ndimage": ("maximum_filter", "minimum_filter", "uniform_filter", "rank_filter", "generic_filter"),
    },
    "torch.autograd": {
        "torch._functorch.eager_transforms": ("grad_increment_nesting", "jvp_increment_nesting"),
        "torch.autograd.forward_ad": ("make_dual",),
    },
}
# The own code of the functions that are blocked now.
_codes: dict[Callable[..., Any], types.CodeType] = {}


def forbiddable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function of course_utils that `forbid` can block, so that nobody hands it in as their own answer.

    >>> from course_utils.checks import forbid
    >>> from course_utils.shapes import conv_output_size  # ``@forbiddable`` stands above its def
    >>> with forbid("course_utils.shapes.conv_output_size"):
    ...     conv_output_size(28, 5)  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: course_utils.shapes.conv_output_size is what you are asked
        to write here, so it cannot be used: compute it yourself
    """
    # The room's name, from where everybody imports it, and not that of the module inside.
    name = ".".join([*function.__module__.split(".")[:2], function.__qualname__])
    function.forbiddable_name = name  # type: ignore[attr-defined]
    return function


def elsewhere(operations: list[str]) -> dict[str, Callable[..., Any]]:
    """Functions of other libraries that do a blocked operation's work, of the modules that are loaded."""
    found = {}
    for operation in operations:
        for module, names in ELSEWHERE.get(operation, {}).items():
            if module in sys.modules:
                there = {name: getattr(sys.modules[module], name, None) for name in names}
                functions = {f"{module}.{name}": inspect.unwrap(f) for name, f in there.items() if f is not None}
                found.update({name: f for name, f in functions.items() if isinstance(f, types.FunctionType)})
    return found


@contextlib.contextmanager
def nothing_loaded_from_elsewhere(operations: list[str], refuse: Callable[[str], None]) -> Iterator[None]:
    """Refuse at the end of a block that loaded another library's functions: they were not there to be blocked."""
    modules = {module for operation in operations for module in ELSEWHERE.get(operation, {})}
    missing = [module for module in sorted(modules) if module not in sys.modules]
    yield
    for module in (module for module in missing if module in sys.modules):
        refuse(f"{', '.join(operations)}: {module} was imported, whose functions are blocked here too")


@contextlib.contextmanager
def code_replaced(name: str, function: Callable[..., Any], is_blocked: Callable[[str], bool]) -> Iterator[None]:
    """Have a function refuse, however it is held: its own code is another as long as `is_blocked` says so."""

    def refused(*args: Any, **kwargs: Any) -> Any:
        from course_utils.checks.forbidden import refuse_function

        refuse_function("NAME")

    _codes.setdefault(function, function.__code__)
    constants = tuple(name if constant == "NAME" else constant for constant in refused.__code__.co_consts)
    function.__code__ = refused.__code__.replace(co_consts=constants)
    try:
        yield
    finally:
        if not is_blocked(name):
            function.__code__ = _codes.pop(function)
