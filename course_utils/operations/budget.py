"""A forward pass that stops before it gets large, so that it may be tried with real numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from math import ceil, prod
from typing import Any

import torch

from course_utils.operations.watching import OperationWatcher, arguments_of, tensors_in

# These give hardly more than they are given: padding of a pooling is at most half of its window.
NOT_LARGER = re.compile(r"norm|softmax|(?<!adaptive_)(?:max|avg)_pool|clone|_to_copy|contiguous")
PRODUCTS = {"mm", "addmm", "bmm", "baddbmm", "matmul"}


class OverBudget(BaseException):
    """The next operation may give more numbers than are left. It is no `Exception`, so that no model catches it.

    >>> import torch
    >>> from course_utils.operations import Budget, OverBudget
    >>> try:
    ...     with Budget(1000):
    ...         x = torch.zeros(10000)
    ... except OverBudget as error:
    ...     print(error)
    zeros may give 10001 numbers; 1000 are left
    """


class Budget(OperationWatcher):
    """While active, stops with `OverBudget` before operations give more than `numbers` numbers in all.

    What an operation may give is computed from its arguments: nearly exactly for layers and elementwise operations, and
    far too high rather than too low for all others. Sizes that come from values (`torch.bincount`) are not foreseen.

    >>> import torch
    >>> from course_utils.operations import Budget
    >>> with Budget(1000) as budget:
    ...     x = torch.zeros(2, 3) + 1
    >>> budget.left
    988
    """

    def __init__(self, numbers: int) -> None:
        super().__init__()
        if numbers < 0:
            raise OverBudget(f"{-numbers} numbers too many are there already")
        self.left = numbers

    def __torch_dispatch__(self, op: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run `op` if it fits, and subtract what it gave."""
        kwargs = kwargs or {}
        if all(result.alias_info is not None for result in op._schema.returns):  # views, and writing in place
            return op(*args, **kwargs)
        most = _most(op, arguments_of(op, args, kwargs))
        if most > self.left:
            raise OverBudget(f"{_name(op)} may give {most} numbers; {self.left} are left")
        outputs = op(*args, **kwargs)
        self.left -= sum(tensor.numel() for tensor in tensors_in(outputs))
        return outputs


def _most(op: Any, a: dict[str, Any]) -> int:
    """How many numbers `op` gives at most, from its arguments by name."""
    tensors, name = list(tensors_in(a)), _name(op)
    if "conv" in name and "weight" in a:
        return _convolution(name, a)
    if name == "linear" and a["weight"].dim() == 2:
        return a["input"].numel() // max(1, a["weight"].shape[-1]) * a["weight"].shape[0]
    if NOT_LARGER.search(name):
        return 2**3 * max((tensor.numel() for tensor in tensors), default=0)
    if name in ("cat", "stack"):
        return sum(tensor.numel() for tensor in tensors)
    if torch.Tag.pointwise in op.tags:
        # As torch.broadcast_shapes, which imports sympy.
        return prod(map(max, zip_longest(*(reversed(tensor.shape) for tensor in tensors), fillvalue=1)))
    if name in PRODUCTS and all(tensor.dim() > 1 for tensor in tensors[-2:]):
        left, right = tensors[-2:]
        return left.numel() // max(1, left.shape[-1]) * right.numel() // max(1, right.shape[-2])
    # Sizes, repeats, paddings, scales: whatever they mean, they make a tensor larger at most by their product.
    numbers = prod(1 + ceil(abs(number)) for number in _numbers(list(a.values())))
    # An identity has its size twice, a mesh a grid for each tensor, and indices come one for each dimension.
    twice = numbers if name == "eye" else 1
    many = max(1, len(tensors)) * max((tensor.dim() for tensor in tensors), default=1)
    return prod(max(1, tensor.numel()) for tensor in tensors) * numbers * twice * max(1, many)


def _convolution(name: str, a: dict[str, Any]) -> int:
    weight, sizes = a["weight"], a["input"].shape
    n = weight.dim() - 2
    if n < 1 or len(sizes) < n:  # PyTorch refuses it
        return 0
    transposed = a.get("transposed", "transpose" in name)
    stride, dilation = _each(a["stride"], n), _each(a["dilation"], n)
    # "same" pads by less than the kernel's extent, and a transposed convolution takes its padding away.
    padding = [0] * n if isinstance(a["padding"], str) or transposed else _each(a["padding"], n)
    places = 1
    for size, k, s, p, d in zip(sizes[-n:], weight.shape[2:], stride, padding, dilation, strict=False):
        if transposed:
            places *= size * s + d * (k - 1) + s + d  # the output's own padding is less than stride or dilation
        else:
            places *= size if isinstance(a["padding"], str) else max(0, size + 2 * p - d * (k - 1)) // max(1, s) + 1
    batch = sizes[0] if len(sizes) == n + 2 else 1
    channels = weight.shape[1] * a["groups"] if transposed else weight.shape[0]
    return batch * channels * places


def _numbers(value: Any) -> Iterator[int | float]:
    """The plain numbers in a value made of tuples and lists."""
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from _numbers(entry)


def _each(value: int | list[int], count: int) -> list[int]:
    values = [value] if isinstance(value, int) else list(value)
    return values * count if len(values) == 1 else values


def _name(op: Any) -> str:
    return op._schema.name.removeprefix("aten::")
