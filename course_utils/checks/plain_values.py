"""What came, as plain values that can be compared and shown without asking an object of the student's own making."""

from __future__ import annotations

import numbers
from typing import Any

import torch


def identical(actual: Any, value: Any) -> bool:
    """Equality of plain values that asks no object of the student's own making."""
    if is_number(actual) and is_number(value):
        return actual == value
    if type(actual) is not type(value):
        return False
    if type(value) is tuple:
        return len(actual) == len(value) and all(map(identical, actual, value))
    return actual == value


def plain(value: Any) -> Any:
    """A 0-d tensor as its number, and a list, tuple or torch.Size as a tuple of plain values; else as it is."""
    if type(value) in (torch.Tensor, torch.nn.Parameter) and value.dim() == 0:
        return value.item()
    if type(value) in (tuple, list, torch.Size):
        return tuple(plain(entry) for entry in value)
    if isinstance(value, numbers.Number) and type(value).__module__ == "numpy":
        return value.item()
    return value


def is_number(value: Any) -> bool:
    """Whether a plain value is a number; a bool is none."""
    return type(value) in (int, float)


def show(value: Any) -> str:
    """A value as a message says it, in at most 120 characters."""
    if isinstance(value, torch.Tensor):
        if value.dim() == 0:
            return f"{value.item():.6g}"
        return f"a tensor of shape {tuple(value.shape)}"
    text = repr(tuple(value) if isinstance(value, torch.Size) else value)
    return text if len(text) <= 120 else text[:117] + "..."
