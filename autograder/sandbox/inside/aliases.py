"""Which tensors share their memory: a copy in another process would hide it.

A tensor that shares its storage with a known one is told as a *view*: the known tensor's name, and where in its values,
row by row, the other's lie. Both ends then see a change of the one in the other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import torch

from autograder.sandbox.inside.wire import WireError


def views(tensors: list[torch.Tensor], known: list[tuple[Any, torch.Tensor]]) -> list[list[Any]]:
    """For each tensor that is, or shares memory with, a known one: its place, the known one's name, and the view.

    The view is None for the known tensor itself, else a list: size, stride and offset in the known one's values.
    """
    found, by_storage = [], defaultdict(list)
    for name, other in known if tensors else ():
        by_storage[storage(other)].append((name, other))
    for place, tensor in enumerate(tensors):
        near = by_storage.get(storage(tensor), [])
        same = [name for name, other in near if other is tensor]
        if same:
            found.append([place, same[0], None])
        elif near:
            name, other = near[0]
            offset = tensor.storage_offset() - other.storage_offset()
            if other.is_contiguous() and offset >= 0 and other.dtype == tensor.dtype:
                found.append([place, name, [list(tensor.shape), list(tensor.stride()), offset]])
    return found


def view(known: torch.Tensor, told: list[Any] | None) -> torch.Tensor:
    """The tensor that was told as a view of this one, or the tensor itself.

    Raises:
        WireError: it does not lie within it.
    """
    if told is None:
        return known
    size, stride, offset = told
    numbers = [*size, *stride, offset]
    if len(size) != len(stride) or not all(type(number) is int and number >= 0 for number in numbers):
        raise WireError("a view of no size")
    last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    if 0 in size or last >= known.numel() or not known.is_contiguous():
        raise WireError("a view beyond its tensor")
    return known.detach().as_strided(size, stride, known.storage_offset() + offset)


def storage(tensor: torch.Tensor) -> int:
    """Where a tensor's storage lies; an empty one shares with nobody."""
    return tensor.untyped_storage().data_ptr() if tensor.numel() else id(tensor)
