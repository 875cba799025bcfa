"""Checks of numbers, tensors, errors and side effects: what came, what was expected, and the likely cause.

Values are compared only after their type is known to be right, because an object of the student's own
making could call itself equal to everything.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from course_utils.checks.causes import likely_cause, none_hint, usual_cause
from course_utils.checks.errors import CheckError
from course_utils.checks.failures import failure
from course_utils.checks.plain_values import identical, is_number, plain, show


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

    >>> import torch
    >>> from course_utils.checks import check_close
    >>> check_close(0.1 + 0.2, 0.3, "the sum")  # right: nothing is said
    >>> check_close(torch.tensor([2.0, 4.0]), torch.tensor([1.0, 2.0]), "the mean")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the mean is not right.
      came:     4 at index [1]; 2 of 2 values are off
      expected: 2 at that index
      likely cause: every value is 2 times the expected one: a sum where a mean is meant, or a wrong count

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

    >>> from course_utils.checks import check_equal
    >>> check_equal([1, 26, 26], (1, 26, 26), "the shape")  # right: nothing is said
    >>> check_equal(28, 26, "the width", likely={"the input is padded, and should not be": 28})
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the width is not right.
      came:     28
      expected: 26
      likely cause: the input is padded, and should not be

    Raises:
        CheckError: type or value differ.
    """
    came = plain(actual)
    if identical(came, plain(expected)):
        return
    cause = none_hint(actual) or likely_cause(came, likely or {})
    raise failure(f"{name} is not right.", show(actual), show(expected), cause)


def check_raises(error: type[Exception], function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Check that ``function(*args, **kwargs)`` raises `error`.

    >>> from course_utils.checks import check_raises
    >>> check_raises(ValueError, int, "three")  # right: nothing is said
    >>> check_raises(ValueError, int, "3")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: int('3') returned 3
      expected: ValueError, because no right answer exists

    Raises:
        CheckError: the call returned, or raised something else.
    """
    arguments = ", ".join([*map(show, args), *(f"{key}={show(value)}" for key, value in kwargs.items())])
    call = f"{getattr(function, '__name__', 'the function')}({arguments})"
    try:
        value = function(*args, **kwargs)
    except error:
        return
    except Exception as other:
        raise CheckError(f"{call} raised {type(other).__name__}: {other}\n  expected: {error.__name__}") from None
    raise CheckError(f"{call} returned {show(value)}\n  expected: {error.__name__}, because no right answer exists")


@contextlib.contextmanager
def unchanged(name: str, **inputs: torch.Tensor | torch.nn.Module) -> Iterator[None]:
    """Check that the block leaves tensors, and the weights and buffers of networks, as they were.

    Without it, a function could erase what it was given, and be right about what is left.

    >>> import torch
    >>> from course_utils.checks import unchanged
    >>> x = torch.zeros(2)
    >>> with unchanged("add_one", x=x):
    ...     x += 1
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: add_one changed its input `x`
      expected: the caller's tensor stays as it was
      likely cause: an assignment into `x` or an in-place operation; work on `x.clone()`

    Args:
        name: of the function under test, for messages.
        inputs: what it is given.

    Raises:
        CheckError: a tensor, a weight or a buffer changed in value or shape.
    """
    before = {key: [tensor.detach().clone() for tensor in _tensors_of(given)] for key, given in inputs.items()}
    yield
    for key, given in inputs.items():
        now = [tensor.detach() for tensor in _tensors_of(given)]
        if len(now) == len(before[key]) and all(map(torch.equal, before[key], now)):
            continue
        if isinstance(given, torch.Tensor):
            raise CheckError(
                f"{name} changed its input `{key}`\n  expected: the caller's tensor stays as it was",
                f"an assignment into `{key}` or an in-place operation; work on `{key}.clone()`",
            )
        raise CheckError(
            f"{name} changed the weights or buffers of `{key}`\n  expected: the caller's network stays as it was",
            _why_changed(before[key], now, len(list(given.parameters()))),
        )


def _tensors_of(given: torch.Tensor | torch.nn.Module) -> list[torch.Tensor]:
    return [given] if isinstance(given, torch.Tensor) else [*given.parameters(), *given.buffers()]


def _why_changed(before: list[torch.Tensor], now: list[torch.Tensor], weights: int) -> str:
    """The cause, where a network has as many tensors as before, of which the first are weights and the rest buffers."""
    if len(before) != len(now):
        return ""
    if all(map(torch.equal, before[:weights], now[:weights])):
        return "it ran in training mode, in which batch norms note what they see; `.eval()` stops that"
    return "an operation in place, or a step of an optimizer; work on a copy"


def _check_tensor(
    actual: Any, expected: torch.Tensor, name: str, likely: Mapping[str, Any], rtol: float, atol: float
) -> None:
    if type(actual) not in (torch.Tensor, torch.nn.Parameter):
        came = f"{show(actual)}, of type {type(actual).__name__}"
        raise failure(f"{name} is not right.", came, f"a tensor of shape {tuple(expected.shape)}", none_hint(actual))
    if actual.shape != expected.shape:
        came, wanted = f"shape {tuple(actual.shape)}", f"shape {tuple(expected.shape)}"
        cause = likely_cause(actual, likely)
        if not cause and expected.dim() > 1 and actual.shape == expected.mT.shape:
            cause = "height and width are swapped"
        raise failure(f"{name} is not right.", came, wanted, cause)
    if not actual.is_floating_point():
        cause = "the result was built as integers, for instance by torch.tensor(0) or dtype=torch.int64"
        raise failure(
            f"{name} is not right.", f"dtype {actual.dtype}", f"a floating type such as {expected.dtype}", cause
        )
    value, target = actual.detach().cpu().double(), expected.detach().cpu().double()
    if not value.isfinite().all():
        place = tuple((~value.isfinite()).nonzero()[0].tolist())
        cause = likely_cause(value, likely) or "a division by zero, or memory that was never filled (torch.empty)"
        raise failure(f"{name} is not right.", f"{value[place].item()} at {list(place)}", "finite numbers only", cause)
    wrong = (value - target).abs() > atol + rtol * target.abs()
    if not wrong.any():
        return
    worst = torch.where(wrong, (value - target).abs(), -1.0).argmax()
    place = tuple(int(i) for i in torch.unravel_index(worst, value.shape))
    came = f"{value[place].item():.6g} at index {list(place)}; {int(wrong.sum())} of {wrong.numel()} values are off"
    cause = likely_cause(value, likely) or usual_cause(value, target, rtol, atol)
    raise failure(f"{name} is not right.", came, f"{target[place].item():.6g} at that index", cause)


def _check_number(actual: Any, expected: float, name: str, likely: Mapping[str, Any], rtol: float, atol: float) -> None:
    value = plain(actual)
    if not is_number(value):
        came = f"{show(actual)}, of type {type(actual).__name__}"
        raise failure(f"{name} is not right.", came, f"a number, {expected:.6g}", none_hint(actual))
    if abs(value - expected) <= atol + rtol * abs(expected):
        return
    raise failure(f"{name} is not right.", f"{value:.6g}", f"{expected:.6g}", likely_cause(value, likely))
