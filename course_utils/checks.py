"""Checks that explain: what came, what was expected, and the likely cause.

Every check raises `CheckError`, which Jupyter shows as a short message without a traceback.
Values are compared only after their type is known to be right, because an object of the student's own
making could call itself equal to everything.
"""

from __future__ import annotations

import contextlib
import functools
import numbers
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class CheckError(AssertionError):
    """An answer is not right yet. The message says what came, what was expected and the likely cause."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it prints a traceback of its own.
        return [f"Not yet: {self}"]


def check_close(
    actual: Any,
    expected: torch.Tensor | float,
    name: str = "the result",
    *,
    likely: Mapping[str, Any] | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-8,
) -> None:
    """Check that a number or tensor has the expected value, within ``atol + rtol * |expected|``.

    Args:
        actual: what the student's code gave. For a number: int, float or 0-d tensor. For a tensor: exactly
            `torch.Tensor` (or `Parameter`), of a floating type and of the shape of `expected`.
        expected: the right value, a number or a tensor of any shape.
        name: how the message calls `actual`, for instance ``"corr2d(x, kernel)"``.
        likely: a mistake in words -> the value that this mistake gives. If `actual` has that value, the message
            names the mistake.

    Raises:
        CheckError: type, shape or value differ, or a value is not finite.
    """
    if isinstance(expected, torch.Tensor) and expected.dim() > 0:
        _check_tensor(actual, expected, name, likely or {}, rtol, atol)
    else:
        _check_number(actual, float(expected), name, likely or {}, rtol, atol)


def check_equal(
    actual: Any, expected: Any, name: str = "the result", *, likely: Mapping[str, Any] | None = None
) -> None:
    """Check that a whole number, a tuple of them, a string, a bool or None is exactly the expected one.

    A tuple (a shape, for instance) may come as tuple, list or `torch.Size`; a whole number as int, float or 0-d
    tensor. `likely` is as in `check_close`.

    Raises:
        CheckError: type or value differ.
    """
    plain = _plain(actual)
    if _identical(plain, _plain(expected)):
        return
    raise CheckError(_message(name, _show(actual), _show(expected), _none_hint(actual) or _cause(plain, likely or {})))


def check_raises(error: type[Exception], function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Check that ``function(*args, **kwargs)`` raises `error`.

    Raises:
        CheckError: the call returned, or raised something else.
    """
    arguments = ", ".join([*map(_show, args), *(f"{key}={_show(value)}" for key, value in kwargs.items())])
    call = f"{getattr(function, '__name__', 'the function')}({arguments})"
    try:
        value = function(*args, **kwargs)
    except error:
        return
    except Exception as other:
        raise CheckError(f"{call} raised {type(other).__name__}: {other}\n  expected: {error.__name__}") from None
    raise CheckError(f"{call} returned {_show(value)}\n  expected: {error.__name__}, because no right answer exists")


@contextlib.contextmanager
def unchanged(name: str, **inputs: torch.Tensor) -> Iterator[None]:
    """Check that the block leaves the tensors in `inputs` as they were; `name` is the function under test.

    Raises:
        CheckError: a tensor changed in value or shape.
    """
    before = {key: tensor.detach().clone() for key, tensor in inputs.items()}
    yield
    for key, tensor in inputs.items():
        if not torch.equal(before[key], tensor.detach()):
            raise CheckError(
                f"{name} changed its input `{key}`\n  expected: the caller's tensor stays as it was\n"
                f"  likely cause: an assignment into `{key}` or an in-place operation; work on `{key}.clone()`"
            )


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
    """Mark a function of course_utils that `forbid` can block, so that nobody hands it in as their own answer."""
    name = f"{function.__module__}.{function.__qualname__}"

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


def _check_tensor(
    actual: Any, expected: torch.Tensor, name: str, likely: Mapping[str, Any], rtol: float, atol: float
) -> None:
    if type(actual) not in (torch.Tensor, torch.nn.Parameter):
        came = f"{_show(actual)}, of type {type(actual).__name__}"
        raise CheckError(_message(name, came, f"a tensor of shape {tuple(expected.shape)}", _none_hint(actual)))
    if actual.shape != expected.shape:
        came, wanted = f"shape {tuple(actual.shape)}", f"shape {tuple(expected.shape)}"
        cause = _cause(actual, likely)
        if not cause and expected.dim() > 1 and actual.shape == expected.mT.shape:
            cause = "height and width are swapped"
        raise CheckError(_message(name, came, wanted, cause))
    if not actual.is_floating_point():
        cause = "the result was built as integers, for instance by torch.tensor(0) or dtype=torch.int64"
        raise CheckError(_message(name, f"dtype {actual.dtype}", f"a floating type such as {expected.dtype}", cause))
    value, target = actual.detach().cpu().double(), expected.detach().cpu().double()
    if not value.isfinite().all():
        place = tuple((~value.isfinite()).nonzero()[0].tolist())
        cause = _cause(value, likely) or "a division by zero, or memory that was never filled (torch.empty)"
        raise CheckError(_message(name, f"{value[place].item()} at {list(place)}", "finite numbers only", cause))
    wrong = (value - target).abs() > atol + rtol * target.abs()
    if not wrong.any():
        return
    worst = torch.where(wrong, (value - target).abs(), -1.0).argmax()
    place = tuple(int(i) for i in torch.unravel_index(worst, value.shape))
    came = f"{value[place].item():.6g} at index {list(place)}; {int(wrong.sum())} of {wrong.numel()} values are off"
    cause = _cause(value, likely) or _usual_cause(value, target, rtol, atol)
    raise CheckError(_message(name, came, f"{target[place].item():.6g} at that index", cause))


def _check_number(actual: Any, expected: float, name: str, likely: Mapping[str, Any], rtol: float, atol: float) -> None:
    plain = _plain(actual)
    if not _is_number(plain):
        came = f"{_show(actual)}, of type {type(actual).__name__}"
        raise CheckError(_message(name, came, f"a number, {expected:.6g}", _none_hint(actual)))
    if abs(plain - expected) <= atol + rtol * abs(expected):
        return
    raise CheckError(_message(name, f"{plain:.6g}", f"{expected:.6g}", _cause(plain, likely)))


def _message(name: str, came: str, expected: str, cause: str = "") -> str:
    tail = f"\n  likely cause: {cause}" if cause else ""
    return f"{name} is not right.\n  came:     {came}\n  expected: {expected}{tail}"


def _cause(actual: Any, likely: Mapping[str, Any]) -> str:
    return next((mistake for mistake, value in likely.items() if _same(actual, value)), "")


def _same(actual: Any, value: Any) -> bool:
    if isinstance(actual, torch.Tensor) and isinstance(value, torch.Tensor):
        a, b = (tensor.detach().cpu().double() for tensor in (actual, value))
        return a.shape == b.shape and torch.allclose(a, b, rtol=1e-5, atol=1e-8)
    if isinstance(actual, torch.Tensor) or isinstance(value, torch.Tensor):
        return False
    if _is_number(actual) and _is_number(value):
        return abs(actual - value) <= 1e-8 + 1e-5 * abs(value)
    return _identical(actual, _plain(value))


def _identical(actual: Any, value: Any) -> bool:
    """Equality of plain values that asks no object of the student's own making."""
    if _is_number(actual) and _is_number(value):
        return actual == value
    if type(actual) is not type(value):
        return False
    if type(value) is tuple:
        return len(actual) == len(value) and all(map(_identical, actual, value))
    return actual == value


def _usual_cause(value: torch.Tensor, target: torch.Tensor, rtol: float, atol: float) -> str:
    def close(a: torch.Tensor, b: torch.Tensor) -> bool:
        return a.shape == b.shape and torch.allclose(a, b, rtol=rtol, atol=atol)

    if not value.any():
        return "every value is zero: the result is made, but never filled"
    if value.numel() < 2:
        return ""  # of a single number each of the following could be said
    if close(value, -target):
        return "every sign is reversed"
    if value.dim() >= 2 and close(value, target.transpose(-1, -2)):
        return "rows and columns are swapped"
    factor = (value * target).sum() / (target * target).sum().clamp_min(1e-30)
    if close(value, factor * target):
        return (
            f"every value is {factor.item():.4g} times the expected one: a sum where a mean is meant, or a wrong count"
        )
    offset = (value - target).mean()
    if close(value, target + offset):
        return f"every value is off by {offset.item():.4g}: is something added that should not be, or left out?"
    return ""


def _plain(value: Any) -> Any:
    """A 0-d tensor as its number, and a list, tuple or torch.Size as a tuple of plain values; else as it is."""
    if type(value) in (torch.Tensor, torch.nn.Parameter) and value.dim() == 0:
        return value.item()
    if type(value) in (tuple, list, torch.Size):
        return tuple(_plain(entry) for entry in value)
    if isinstance(value, numbers.Number) and type(value).__module__ == "numpy":
        return value.item()
    return value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _none_hint(actual: Any) -> str:
    return "the function ends without `return`" if actual is None else ""


def _show(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        if value.dim() == 0:
            return f"{value.item():.6g}"
        return f"a tensor of shape {tuple(value.shape)}"
    text = repr(tuple(value) if isinstance(value, torch.Size) else value)
    return text if len(text) <= 120 else text[:117] + "..."
