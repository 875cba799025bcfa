"""The unit in the middle of what a layer gives.

Which dimensions of the output run over positions comes from `layout`, or from the caller.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from math import prod

import torch
from torch import nn

from course_utils.operations import tensors_in
from course_utils.receptive_field.layout import LayoutTracker
from course_utils.receptive_field.pixel_masks import Field

LAYERS_NAMED = 5


def output_of(model: nn.Module, batch: torch.Tensor, layer: str) -> torch.Tensor:
    """The one tensor of floats that `layer` gives; "" is the model itself.

    Raises:
        ValueError: it gives none or several, or is not called.
    """
    found: list[torch.Tensor | None] = []
    giving: dict[str, None] = {}

    def note(name: str, output: object) -> None:
        floats = [t for t in tensors_in(output) if t.is_floating_point()]
        if len(floats) == 1:
            giving[name] = None
        if name == layer:
            # A copy, because an in-place ReLU behind the layer would change what the layer gave.
            found.append(floats[0].clone() if len(floats) == 1 else None)

    hooks = [
        module.register_forward_hook(lambda *call, name=name: note(name, call[-1]))
        for name, module in model.named_modules()
    ]
    try:
        model(batch)
    finally:
        for hook in hooks:
            hook.remove()
    if not found:
        raise ValueError(
            f"{_title(layer)} is not called when the model runs; give another layer, or None for the output"
        )
    if found[-1] is None:
        raise ValueError(
            f"{_title(layer)} gives several tensors of floats, or none; ask for a layer that gives one, by layer=...; "
            f"the last of those that do: {_last(giving)}"
        )
    return found[-1]


def followed_layout(model: nn.Module, batch: torch.Tensor, layer: str) -> Field | None:
    """Which dimensions of the layer's output run over positions, followed from the input; None where unknown."""
    with torch.inference_mode():
        batch, tracker = batch.clone(), LayoutTracker()
        tracker.start(batch)
        with tracker:
            return tracker.field(output_of(model, batch, layer))


def middle_unit(maps: torch.Tensor, layout: Field | None, space_dims: Sequence[int] | None, layer: str) -> torch.Tensor:
    """The unit at the middle position, summed over everything else.

    Raises:
        ValueError: the positions are not known, or `space_dims` are not dimensions of `maps`.
    """
    if space_dims is not None:
        places = [(dim, [maps.shape[dim] // 2]) for dim in _checked(space_dims, maps)]
    else:
        places = middle(layout, maps.shape) if layout is not None else None
    if places is None:
        raise ValueError(
            f"{_title(layer)} gives a tensor of shape {tuple(maps.shape)}, and which of its dimensions run over "
            "positions could not be followed from the input. Say it: space_dims=(1, 2) for (N, H, W, C), (2, 3) for "
            "(N, C, H, W), (1,) for tokens (N, T, C), () for (N, features)"
        )
    for dim, indices in places:
        maps = maps.index_select(dim, torch.tensor(indices, device=maps.device))
    return maps.sum()


def middle(layout: Field, shape: Sequence[int]) -> list[tuple[int, list[int]]] | None:
    """The dimensions that run over positions and, for each, the indices that stand for the middle position.

    A dimension that a flatten made of channels and positions has an index for each channel. None if the layout does
    not fit `shape`.

    >>> from course_utils.receptive_field.layout import channels_first
    >>> from course_utils.receptive_field.middle import middle
    >>> middle(channels_first((16, 8, 6, 5), spatial=2), (16, 8, 6, 5))
    [(2, [3]), (3, [2])]
    """
    if len(layout.dims) != len(shape):
        return None
    places = []
    for dim, factors in enumerate(layout.dims):
        if all(factor.axis is None for factor in factors):
            continue
        if prod(factor.size for factor in factors) != shape[dim]:
            return None
        indices = [0]
        for size, axis in factors:
            chosen = range(size) if axis is None else [size // 2]
            indices = [i * size + j for i in indices for j in chosen]
        places.append((dim, indices))
    return places


def _checked(space_dims: Sequence[int], maps: torch.Tensor) -> list[int]:
    try:
        dims = [operator.index(dim) for dim in space_dims]
    except TypeError:
        raise TypeError(f"space_dims is {space_dims!r}; expected a sequence of whole numbers such as (1, 2)") from None
    if any(not -maps.dim() <= dim < maps.dim() for dim in dims) or len({d % maps.dim() for d in dims}) < len(dims):
        raise ValueError(
            f"space_dims is {tuple(dims)}; expected different dimensions of an output of shape {tuple(maps.shape)}"
        )
    return dims


def _title(layer: str) -> str:
    return f"layer {layer!r}" if layer else "the model"


def _last(names: Iterable[str]) -> str:
    named = [repr(name) for name in names if name]
    return ", ".join(named[-LAYERS_NAMED:]) or "none (let forward return one tensor)"
