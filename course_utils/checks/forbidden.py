"""Library operations that an answer must not use, blocked while it is tested."""

from __future__ import annotations

import contextlib
import functools
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from course_utils.checks.errors import CheckError

# What can be forbidden: public name -> (pattern of the names of the ATen operations behind it, what to do instead).
# The operation is what counts: it is the same however the function was imported or renamed.
_OPERATIONS = {
    "torch.conv2d": (
        "conv(?!ert)",
        "write the sliding sum yourself: slices, Tensor.unfold, einsum and matmul are allowed",
    ),
    "torch.max_pool2d": (
        "pool",
        "write the windows yourself: slices, Tensor.unfold, amax and mean are allowed",
    ),
    "torch.nn.functional.unfold": (
        "im2col",
        "build the columns yourself: slices, F.pad and Tensor.unfold are allowed",
    ),
    # Normalisation of a layer, a group or an instance does the work of a batch norm once the axes are arranged.
    "torch.nn.functional.batch_norm": (
        "(batch|layer|group|instance|rms)_norm",
        "write the normalisation yourself: mean, var, sqrt and broadcasting are allowed",
    ),
    # On the CPU PyTorch's dropout is bernoulli_ and mul, as an answer's own may be. So it is recognised only in
    # inference mode, where it is not taken apart before it is seen.
    "torch.nn.functional.dropout": (
        "dropout",
        "write the mask yourself: rand_like, bernoulli and comparisons are allowed",
    ),
}
_AUTOGRAD = "torch.autograd"

# The blocks of `forbid` that are running now, the innermost last.
_active: list[forbid] = []


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

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        for block in _active:
            if name in block.functions:
                block.refuse(f"{name} is what you are asked to write here, so it cannot be used: compute it yourself")
        return function(*args, **kwargs)

    guarded.forbiddable_name = name
    return guarded


class forbid(contextlib.AbstractContextManager):  # lower case: it reads as a statement
    """Block library operations while a block runs, under whatever name they were imported.

    ``with forbid("torch.conv2d"): corr2d(x, kernel)`` raises if the block reaches any convolution of PyTorch,
    in one, two or three dimensions, also from a module, an alias bound beforehand, or in inference mode. What
    runs in another thread is not seen.

    >>> import torch
    >>> from course_utils.checks import forbid
    >>> with forbid("torch.conv2d"):
    ...     torch.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 3, 3))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: torch.conv2d and its relatives are blocked here
        (aten.convolution was called): write the sliding sum yourself:
        slices, Tensor.unfold, einsum and matmul are allowed

    Args:
        *names: ``"torch.conv2d"`` (every convolution), ``"torch.max_pool2d"`` (every pooling),
            ``"torch.nn.functional.unfold"``, ``"torch.nn.functional.batch_norm"`` (every normalisation by the library),
            ``"torch.nn.functional.dropout"`` (on the CPU only within `torch.inference_mode`), ``"torch.autograd"``
            (every backward pass, and operations that are one, as those behind `torch.nn.grad`), or a function of
            course_utils marked `forbiddable`, as ``"course_utils.shapes.conv_output_size"``.

    Raises:
        CheckError: at the forbidden call; again at the end of the block if the call's error was swallowed.
        ValueError: for a name that cannot be forbidden.
    """

    def __init__(self, *names: str):
        self.names = names
        of_torch = [name for name in names if name in _OPERATIONS or name == _AUTOGRAD]
        self.functions = {_forbiddable_name(name) for name in names if name not in of_torch}
        self._mode = _Watch(self, of_torch)
        self._caught = ""

    def refuse(self, message: str) -> None:
        """Raise `CheckError`, and remember it in case that the block swallows it."""
        self._caught = message
        raise CheckError(message)

    def __enter__(self) -> forbid:
        self._caught = ""
        self._mode.__enter__()
        _active.append(self)
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        _active.remove(self)
        self._mode.__exit__(kind, error, traceback)
        if kind is None and self._caught:
            raise CheckError(self._caught)


def forbidden_now() -> list[str]:
    """The names that the blocks of `forbid` around this call block.

    >>> from course_utils.checks.forbidden import forbid, forbidden_now
    >>> with forbid("torch.conv2d"):
    ...     forbidden_now()
    ['torch.conv2d']
    """
    return [name for block in _active for name in block.names]


def _forbiddable_name(name: str) -> str:
    found = None
    if name.startswith("course_utils."):
        with contextlib.suppress(ImportError, AttributeError):
            found = getattr(pkgutil.resolve_name(name), "forbiddable_name", None)
    if found is None:
        known = ", ".join([*_OPERATIONS, _AUTOGRAD])
        raise ValueError(f"cannot forbid {name!r}; known: {known}, or a function of course_utils marked forbiddable")
    return found


class _Watch(TorchDispatchMode):
    """Sees every ATen operation just before it runs, and refuses the forbidden ones."""

    def __init__(self, block: forbid, names: list[str]):
        super().__init__()
        self.block = block
        self.operations = {name: _OPERATIONS[name] for name in names if name in _OPERATIONS}
        self.no_backward = _AUTOGRAD in names

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Nothing is compiled while a check runs. True, the default, imports the compiler: seconds at the first check.
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        operation = func.overloadpacket.__name__
        for name, (pattern, instead) in self.operations.items():
            if re.search(pattern, operation):
                self.block.refuse(f"{name} and its relatives are blocked here (aten.{operation} was called): {instead}")
        # The id is -1 except while the autograd engine is running.
        running = torch._C._current_graph_task_id() != -1
        if self.no_backward and (running or operation.endswith("_backward")):
            self.block.refuse("autograd is blocked here: compute the gradients with your own sums")
        return func(*args, **(kwargs or {}))
