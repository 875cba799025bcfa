"""Checks of shapes that name the axis and the sizes they met."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from course_utils.checks.causes import none_hint
from course_utils.checks.errors import CheckError


def check_shape(actual: torch.Tensor | Sequence[int], expected: Sequence[int | str | None], name: str) -> None:
    """Check a tensor's shape, or a shape, against a pattern.

    >>> import torch
    >>> from course_utils.checks import check_shape
    >>> check_shape(torch.zeros(4, 1, 28, 28), ("N", 1, 28, 28), "images")  # right: nothing is said
    >>> check_shape(torch.zeros(4, 28, 28, 1), ("N", 1, 28, 28), "images")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: images has shape (4, 28, 28, 1)
      expected: (N, 1, 28, 28); axis 1 is 28 and should be 1

    Args:
        actual: a tensor, or its shape.
        expected: one entry an axis: an int (exactly that), None (any) or a letter (any, but the same wherever
            the letter stands again). ``("N", 1, 28, 28)`` is any batch of such images.
        name: how the message calls `actual`.

    Raises:
        CheckError: `actual` is no tensor and no shape, or the number of axes or a size differs; the message names
            the axis.
    """
    if type(actual) in (torch.Tensor, nn.Parameter):
        actual = actual.shape
    if type(actual) not in (tuple, list, torch.Size) or any(type(size) is not int for size in actual):
        came = f"{name} is {actual!r:.120}, of type {type(actual).__name__}"
        raise CheckError(f"{came}\n  expected: a tensor, or a shape of ints", none_hint(actual))
    shape = tuple(actual)
    pattern = "(" + ", ".join("any" if want is None else str(want) for want in expected) + ")"
    if len(shape) != len(expected):
        raise CheckError(
            f"{name} has shape {shape}, which is {len(shape)} axes\n  expected: {pattern}, which is {len(expected)}"
        )
    letters: dict[str, int] = {}
    for axis, (got, want) in enumerate(zip(shape, expected, strict=True)):
        if isinstance(want, str):
            want = letters.setdefault(want, got)
        if want is not None and got != want:
            raise CheckError(
                f"{name} has shape {shape}\n  expected: {pattern}; axis {axis} is {got} and should be {want}"
            )
