"""Which mistake gives this value: the likely cause in a check's message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from course_utils.checks.plain_values import identical, is_number, plain


def likely_cause(actual: Any, likely: Mapping[str, Any]) -> str:
    """The mistake, of `likely`, that gives what came; empty if none does, or if two do and either could be meant."""
    found = [mistake for mistake, value in likely.items() if _same(actual, value)]
    return found[0] if len(found) == 1 else ""


def _same(actual: Any, value: Any) -> bool:
    if isinstance(actual, torch.Tensor) and isinstance(value, torch.Tensor):
        a, b = (tensor.detach().cpu().double() for tensor in (actual, value))
        return a.shape == b.shape and torch.allclose(a, b, rtol=1e-5, atol=1e-8)
    if isinstance(actual, torch.Tensor) or isinstance(value, torch.Tensor):
        return False
    if is_number(actual) and is_number(value):
        return abs(actual - value) <= 1e-8 + 1e-5 * abs(value)
    return identical(actual, plain(value))


def usual_cause(value: torch.Tensor, target: torch.Tensor, rtol: float, atol: float) -> str:
    """The mistake that a wrong tensor shows by itself: signs, axes, a factor, an offset; empty if none is seen."""

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


def none_hint(actual: Any) -> str:
    """The cause where None came."""
    return "the function ends without `return`" if actual is None else ""
