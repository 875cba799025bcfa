"""What each PyTorch operation does to the receptive field: a rule for each, and the table of all, `RULES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch

from course_utils.receptive_field.pixel_masks import (
    Factor,
    Field,
    ReceptiveFieldError,
    broadcast,
    meet,
    refold,
)

Arguments = dict[str, Any]
Rule = Callable[[Field, Arguments, torch.Tensor], Field]
"""A rule takes the field of the operation's input, its arguments by name and its (first) output."""


NORMS = {"batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm"}


# --- windows ---------------------------------------------------------------------------------------------------


def _convolution(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    spatial = a["weight"].dim() - 2
    kernel = a["weight"].shape[2:]
    stride, dilation = _each(a["stride"], spatial), _each(a["dilation"], spatial)
    padding = a["padding"]
    if isinstance(padding, str):  # "same" puts the odd pixel behind, "valid" pads nothing
        padding = [d * (k - 1) // 2 if padding == "same" else 0 for k, d in zip(kernel, dilation, strict=True)]
    channels = -spatial - 1
    mixed = field.mixed and a["groups"] > 1
    field = field.mix(channels, out.shape[channels])
    field = _slide_all(field, out, kernel, stride, _each(padding, spatial), dilation)
    return Field(field.dims, field.axes, field.terms, mixed)


def _pool(field: Field, a: Arguments, out: torch.Tensor, spatial: int) -> Field:
    kernel = _each(a["kernel_size"], spatial)
    stride = _each(a["stride"], spatial) if a["stride"] else kernel
    dilation = _each(a.get("dilation", 1), spatial)
    return _slide_all(field, out, kernel, stride, _each(a["padding"], spatial), dilation)


def _slide_all(
    field: Field, out: torch.Tensor, kernel: Sequence, stride: Sequence, padding: Sequence, dilation: Sequence
) -> Field:
    """A window over the last dimensions. Taps in the padding, and rows that no window reaches, are not seen."""
    for back, (k, s, p, d) in enumerate(reversed(list(zip(kernel, stride, padding, dilation, strict=True))), start=1):
        units = _size(field, -back)
        sources = [
            [j for j in range(s * i - p, s * i - p + d * (k - 1) + 1, d) if 0 <= j < units]
            for i in range(out.shape[-back])
        ]
        field = field.slide(-back, sources, stride=s, first=-p, last=d * (k - 1) - p)
    return field


def _adaptive_pool(field: Field, a: Arguments, out: torch.Tensor, spatial: int) -> Field:
    """PyTorch's window ``i`` of ``m`` over ``n`` units goes from floor(i n / m) to ceil((i + 1) n / m)."""
    for back in range(1, spatial + 1):
        n, m = _size(field, -back), out.shape[-back]
        axis = field.axis_of(-back)
        sources = [range(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
        steps = {(b.start - a.start, b.stop - a.stop) for a, b in pairwise(sources)}
        if m == 1:
            field = field.mix(-back, 1).with_dim(-back, (Factor(1, axis),))
        elif len(steps) == 1 and len(set(*steps)) == 1:
            field = field.slide(-back, sources, stride=sources[1].start, first=0, last=len(sources[0]) - 1)
        else:
            field = field.slide(-back, sources, stride=1, first=0, last=0)
            if axis is not None and not field.axes[axis].everything:
                field = field.uneven(axis)
    return field


def _pad(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    """Zeros are not seen; "reflect", "replicate" and "circular" show pixels of the map again."""
    for back, before in enumerate(a["pad"][::2], start=1):
        n = _size(field, -back)
        sources = [_padded(i - before, n, a["mode"]) for i in range(out.shape[-back])]
        field = field.slide(-back, sources, stride=1, first=-before, last=-before)
    return field


def _padded(j: int, n: int, mode: str) -> list[int]:
    """The unit that stands at place `j` of a map of `n` units padded in `mode`, as a list; none for a constant."""
    if 0 <= j < n:
        return [j]
    match mode:
        case "reflect":
            return [-j if j < 0 else 2 * (n - 1) - j]
        case "replicate":
            return [min(max(j, 0), n - 1)]
        case "circular":
            return [j % n]
    return []


# --- all positions or channels at once -------------------------------------------------------------------------


def _linear(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    # Along rows or columns alone, the channels stay as different as they were.
    mixed = field.mixed and all(factor.axis is not None for factor in field.dims[-1])
    sizes = out.shape[-1:] if a["weight"].dim() > 1 else ()  # a weight with one dimension takes the last one away
    field = field.mix(-1, 1)
    return Field((*field.dims[:-1], *((Factor(n, None),) for n in sizes)), field.axes, field.terms, mixed)


def _reduce(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    """Mean, sum, maximum over some dimensions."""
    given = a.get("dim")
    given = [] if given is None else _listed(given)
    dims = {d % len(field.dims) for d in given} or set(range(len(field.dims)))
    kept = []
    for dim in range(len(field.dims)):
        if dim not in dims:
            kept.append(field.dims[dim])
            continue
        factors = tuple(Factor(1, f.axis) for f in factors_along(field, dim))
        field = field.mix(dim, 1)
        if a.get("keepdim"):
            kept.append(factors or (Factor(1, None),))
    return Field(tuple(kept), field.axes, field.terms, field.mixed)


def _softmax(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    if factors_along(field, a["dim"]):
        raise ReceptiveFieldError(
            "softmax over positions makes each unit depend on all of them (as in attention); there is no rule for it"
        )
    return field


def _glu(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    return _narrow(field, a, out)


# --- the same units in another order ---------------------------------------------------------------------------


def _unchanged(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    return field


def _reshape(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    if [_size(field, d) for d in range(len(field.dims))] == list(out.shape):
        return field
    return _with_dims(field, refold(field.dims, out.shape))


def _permute(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    return _with_dims(field, [field.dims[d] for d in a["dims"]])


def _transpose(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    dims = list(field.dims)
    i, j = a.get("dim0", 0), a.get("dim1", -1)
    dims[i], dims[j] = dims[j], dims[i]
    return _with_dims(field, dims)


def _squeeze(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    dim = a.get("dim")
    asked = {d % len(field.dims) for d in (range(len(field.dims)) if dim is None else _listed(dim))}
    return _with_dims(field, [dims for d, dims in enumerate(field.dims) if d not in asked or _size(field, d) != 1])


def _unsqueeze(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    dims = list(field.dims)
    dims.insert(a["dim"] % out.dim(), (Factor(1, None),))
    return _with_dims(field, dims)


def _expand(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    return meet([field], broadcast([field], out.shape))


def _slice(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    start, _, step = slice(a["start"], a["end"], a["step"]).indices(_size(field, a["dim"]))
    return _take(field, a["dim"], start, step, out.shape[a["dim"]])


def _narrow(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    """A part of one dimension, where every part sees the same: channels only, unless a start is given."""
    dim, size = a.get("dim", 0), out.shape[a.get("dim", 0)]
    if "start" in a:
        return _take(field, dim, int(a["start"]) % _size(field, dim), 1, size)
    if factors_along(field, dim):
        raise ReceptiveFieldError("it splits a map into parts along rows or columns; slice it instead")
    return field.with_dim(dim, (Factor(size, None),))


def _select(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    dim = a["dim"] % len(field.dims)
    field = _take(field, dim, a["index"] % _size(field, dim), 1, 1)
    return _with_dims(field, field.dims[:dim] + field.dims[dim + 1 :])


def _unbind(field: Field, a: Arguments, out: torch.Tensor) -> Field:
    dim = a["dim"] % len(field.dims)
    if factors_along(field, dim):
        raise ReceptiveFieldError("it splits a map into parts along rows or columns; slice it instead")
    return _with_dims(field, field.dims[:dim] + field.dims[dim + 1 :])


def _take(field: Field, dim: int, start: int, step: int, size: int) -> Field:
    sources = [[start + step * i] for i in range(size)]
    if len(sources) == _size(field, dim):
        return field
    return field.slide(dim, sources, stride=step, first=start, last=start)


def join(name: str, inputs: list[Field], a: Arguments, out: torch.Tensor) -> Field:
    """Concatenation or stacking along channels (or a new dimension)."""
    dim = a["dim"] % out.dim()
    if name == "stack":
        inputs = [_unsqueeze(field, a, out) for field in inputs]
    if any(factors_along(field, dim) for field in inputs):
        raise ReceptiveFieldError(
            f"{name} joins maps side by side, so that the units no longer lie on one grid; join along channels"
        )
    channels = (Factor(out.shape[dim], None),)
    inputs = [field.with_dim(dim, channels) for field in inputs]
    field = meet(inputs, broadcast(inputs, out.shape))
    mixed = field.mixed or any(other.terms != field.terms for other in inputs)
    return Field(field.dims, field.axes, field.terms, mixed)


def _windows(rule: Callable, spatial: int) -> Rule:
    return lambda field, a, out: rule(field, a, out, spatial)


TAKES_CHANNELS = {
    *("slice", "select", "narrow", "chunk", "split", "split_with_sizes", "tensor_split", "unbind", "glu"),
}

RULES: dict[str, Rule] = {
    **{f"conv{n}d": _convolution for n in (1, 2, 3)},
    **{f"{kind}_pool{n}d": _windows(_pool, n) for kind in ("max", "avg") for n in (1, 2, 3)},
    **{f"max_pool{n}d_with_indices": _windows(_pool, n) for n in (1, 2, 3)},
    **{
        f"{prefix}adaptive_{kind}_pool{n}d": _windows(_adaptive_pool, n)
        for prefix in ("", "_")
        for kind in ("max", "avg")
        for n in (1, 2, 3)
    },
    "pad": _pad,
    "linear": _linear,
    **dict.fromkeys(("mean", "sum", "amax", "amin", "max", "min", "var", "std", "norm", "logsumexp"), _reduce),
    "linalg_vector_norm": _reduce,
    "softmax": _softmax,
    "log_softmax": _softmax,
    **dict.fromkeys(NORMS, _unchanged),
    "channel_shuffle": _unchanged,
    **dict.fromkeys(("view", "_unsafe_view", "reshape", "view_as", "reshape_as", "flatten", "unflatten"), _reshape),
    "permute": _permute,
    **dict.fromkeys(("transpose", "t", "swapaxes", "swapdims"), _transpose),
    "squeeze": _squeeze,
    "unsqueeze": _unsqueeze,
    "expand": _expand,
    "expand_as": _expand,
    "slice": _slice,
    "select": _select,
    "unbind": _unbind,
    "glu": _glu,
    **dict.fromkeys(("narrow", "chunk", "split", "split_with_sizes", "tensor_split"), _narrow),
}


def _each(value: int | Sequence[int], count: int) -> list[int]:
    """One number for each axis; PyTorch accepts one for all."""
    values = _listed(value)
    return values * count if len(values) == 1 else values


def _listed(value: int | Sequence[int]) -> list[int]:
    return [value] if isinstance(value, int) else list(value)


def _size(field: Field, dim: int) -> int:
    return math.prod(factor.size for factor in field.dims[dim])


def factors_along(field: Field, dim: int) -> list[Factor]:
    """The parts of dimension `dim` that run along an axis of the input."""
    return [factor for factor in field.dims[dim] if factor.axis is not None]


def _with_dims(field: Field, dims: Sequence) -> Field:
    return Field(tuple(dims), field.axes, field.terms, field.mixed)
