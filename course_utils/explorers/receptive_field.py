"""The receptive field explorer: what a unit of any layer sees of a picture, and how much each pixel counts for it.

The geometry comes from `course_utils.receptive_field`; the page computes effective fields, and chains of layers that a
student changes, in ``pages/receptive_field.js``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from course_utils import receptive_field as fields_of
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.network import Node, nodes, packed, values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_SIDE = 256  # rows and columns: more have no room in the page, and cost too much for each frame
MOST_WEIGHTS = 150_000  # they are sent to the page: 0.8 MB
MOST_PRODUCTS = 4_000_000  # so that a pass through the network takes about a frame
SEES, HEAT = "#0f8f9f", (1.0, 0.47, 0.0)


def receptive_field(model: nn.Module, image: torch.Tensor) -> Explorer:
    """What the units of each layer see of a picture, to touch: choose a layer, and point at a unit or a pixel.

    As the last line of a cell it shows itself. Sizes, windows and exact bounds are those of
    `course_utils.receptive_field.receptive_field`. The effective field, the absolute gradient of the chosen unit with
    respect to this picture, is computed in the page for models of at most 150,000 parameters and 4 million products.
    Where the model is a chain of convolutions, poolings, activations and batch norms, its layers can be changed.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.explorers import receptive_field
    >>> layer = nn.Conv2d(1, 1, 3, stride=2, padding=1, bias=False)
    >>> layer.weight = nn.Parameter(torch.ones(1, 1, 3, 3))
    >>> receptive_field(layer, torch.zeros(8, 8))  # in a notebook to touch; without one, in words
    Picture of 8 by 8 pixels. Layer 0 (Conv2d): output 1 by 4 by 4, window 3 by 3, jump 2. \
Layer 0, unit [2, 2]: rows 3 to 5, columns 3 to 5. Window 3 by 3, all in the picture. \
A gradient arrives at 9 of its 9 pixels. 11 % of the effective field lies in the middle half of the window.

    Args:
        model: any module that takes (N, C, H, W) and that torch.fx can trace; it stays as it is.
        image: (H, W) or (C, H, W), numbers as the model takes them, at most 256 rows and columns.

    Raises:
        ValueError: the image has another shape or numbers that are not finite, the model has no layer, or is not 2-d.
        ReceptiveFieldError: the model cannot be followed; see `course_utils.receptive_field.receptive_field`.
        TypeError: `model` is not a module.
    """
    picture = _picture(image)
    fields = fields_of.receptive_field(model, tuple(picture.shape))
    if not len(fields) or len(fields.input_size) != 2:
        what = "has no layer to look at" if not len(fields) else "does not work on rows and columns"
        raise ValueError(f"the model {what}: expected a model that takes (N, C, H, W)")
    computed, why = _nodes(model, picture, len(fields))
    start = max((n for n, field in enumerate(fields) if not field.sees_everything), default=len(fields) - 1)
    state = {
        "shape": list(picture.shape),
        "picture": packed(picture),
        "layers": [_layer(field) for field in fields],
        "nodes": computed,
        "why": why,
        "start": start,
        "most": MOST_PRODUCTS,
    }
    unit = tuple(n // 2 for n in fields[start].grid)
    heat = _effective(model, picture, start, fields[start].grid, unit) if computed else None
    text = _in_words(fields, start, unit, heat, why)
    return Explorer(
        "receptive_field",
        state,
        lambda: _draw(picture, fields[start], unit, heat),
        text,
        parts=("picture", "network", "chain"),
    )


def _picture(image: torch.Tensor) -> torch.Tensor:
    """(C, H, W) of float32."""
    tensor = torch.as_tensor(image).detach().cpu().float()
    shape = tuple(tensor.shape)
    if tensor.ndim not in (2, 3) or 0 in shape:
        raise ValueError(f"image has shape {shape}; expected (rows, columns) or (channels, rows, columns)")
    if max(shape[-2:]) > MAX_SIDE:
        raise ValueError(
            f"image has shape {shape}; the page takes at most {MAX_SIDE} rows and columns: cut a piece out, or scale "
            "it down"
        )
    if not tensor.isfinite().all():
        raise ValueError("image has a number that is not finite: expected finite ones")
    return tensor.reshape(-1, *shape[-2:])


def _layer(field: fields_of.LayerField) -> dict[str, Any]:
    """A layer as the page takes it; `window` is that of unit 0, None where the units lie at unequal steps."""
    return {
        "name": field.layer,
        "type": field.kind,
        "output": list(field.output_shape),
        "size": list(field.size),
        "jump": list(field.jump),
        "center": list(field.center),
        "everything": field.sees_everything,
        "window": None if None in field.jump else [list(ends) for ends in field.bounds((0, 0), clip=False)],
        "spans": field.spans,
    }


def _nodes(model: nn.Module, picture: torch.Tensor, layers: int) -> tuple[list[Node] | None, str]:
    """The model for the page, a node for the input and for each layer; or None, and why the page has no use of it."""
    weights = sum(parameter.numel() for parameter in model.parameters())
    if weights > MOST_WEIGHTS:
        return None, f"the model has {weights:,} parameters, and the page computes with at most {MOST_WEIGHTS:,}"
    try:
        written = nodes(model, picture.shape)
    except ValueError as error:
        return None, str(error)
    many = sum(_products(node, written) for node in written[1:])
    if many > MOST_PRODUCTS:
        return None, f"one pass takes {many:,} products, and the page computes with at most {MOST_PRODUCTS:,}"
    if len(written) != layers + 1:
        return None, "its steps could not be told apart"
    return written, ""


def _products(node: Node, written: list[Node]) -> int:
    """How many numbers are multiplied or compared in a node."""
    size = math.prod(node["shape"])
    if node["kind"] == "conv":
        return size * math.prod(node["kernel"]) * written[node["of"][0]]["shape"][0] // node["groups"]
    if node["kind"] == "linear":
        return size * math.prod(written[node["of"][0]]["shape"])
    if node["kind"] in ("max", "mean"):
        read = [sum(end - first for first, end, _ in node[axis]) for axis in ("rows", "columns")]
        return node["shape"][0] * math.prod(read)
    return size


def _effective(
    model: nn.Module, picture: torch.Tensor, layer: int, grid: Sequence[int], unit: Sequence[int]
) -> torch.Tensor:
    """|d unit / d pixel|, the unit's channels summed before and the picture's channels after: (H, W)."""
    x = picture[None].clone().requires_grad_()
    maps = values(model, x * 1)[layer + 1].reshape(-1, *grid)  # times 1: a layer may work in place
    (gradient,) = torch.autograd.grad(maps[:, unit[0], unit[1]].sum(), x, materialize_grads=True)
    return gradient[0].abs().sum(0)


def _in_words(
    fields: fields_of.ReceptiveFields, start: int, unit: tuple[int, ...], heat: torch.Tensor | None, why: str
) -> str:
    """What the still figure shows, and the windows of all layers."""
    said = [f"Picture of {_by(fields.input_size)} pixels."]
    for field in fields:
        step = _by(field.jump[:1] if len(set(field.jump)) == 1 else field.jump)
        window = "sees everything" if field.sees_everything else f"window {_by(field.size)}, jump {step}"
        said.append(f"Layer {field.layer} ({field.kind}): output {_by(field.output_shape)}, {window}.")
    said.append(_unit_in_words(fields[start], unit, fields.input_size, heat))
    if why:
        said.append(f"The effective field is left out: {why}.")
    return " ".join(said)


def _unit_in_words(
    field: fields_of.LayerField, unit: tuple[int, ...], sizes: tuple[int, ...], heat: torch.Tensor | None
) -> str:
    """As the page says it of the chosen unit; `sizes` are those of the picture."""
    seen, window = field.bounds(unit), _window(field, unit)
    said = [f"Layer {field.layer}, unit {list(unit)}: nothing but padding."]
    if seen:
        (top, bottom), (left, right) = seen
        said = [f"Layer {field.layer}, unit {list(unit)}: {_range('row', seen[0])}, {_range('column', seen[1])}."]
    if window:
        ends = zip(window, sizes, strict=True)
        over = [n for (first, last), pixels in ends for n in (-first, last - pixels + 1)]
        beyond = [f"{n} {side}" for n, side in zip(over, ("above", "below", "left", "right"), strict=True) if n > 0]
        where = f"over the edge by {', '.join(beyond)}" if beyond else "all in the picture"
        said.append(f"Window {_by(field.size)}, {where}.")
    if heat is not None and seen:
        said.append(
            f"A gradient arrives at {int((heat > 0).sum())} of its {(bottom - top + 1) * (right - left + 1)} pixels."
        )
        if window and heat.any():
            share = 100 * heat[_middle(window, heat.shape)].sum() / heat.sum()
            said.append(f"{share:.0f} % of the effective field lies in the middle half of the window.")
    return " ".join(said)


def _window(field: fields_of.LayerField, unit: tuple[int, ...]) -> Sequence[tuple[int, int]] | None:
    """The window of the recurrence, which ignores borders; None where there is none."""
    return None if field.sees_everything or None in field.jump else field.bounds(unit, clip=False)


def _middle(window: Sequence[tuple[int, int]], shape: Sequence[int]) -> tuple[slice, ...]:
    """The pixels within a quarter of the window's height and width from its middle."""
    slices = []
    for (first, last), pixels in zip(window, shape, strict=True):
        center, reach = (first + last) / 2, (last - first + 1) / 4
        slices.append(slice(max(0, math.ceil(center - reach)), max(0, min(pixels, math.floor(center + reach) + 1))))
    return tuple(slices)


def _range(name: str, ends: tuple[int, int]) -> str:
    return f"{name} {ends[0]}" if ends[0] == ends[1] else f"{name}s {ends[0]} to {ends[1]}"


def _by(numbers: Sequence[int | None]) -> str:
    return " by ".join("–" if n is None else str(n) for n in numbers)


def _draw(
    picture: torch.Tensor, field: fields_of.LayerField, unit: tuple[int, ...], heat: torch.Tensor | None
) -> Figure:
    """The picture, the root of the effective field over it, what the unit sees (solid) and its window (dashed)."""
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(3.6, 3.6), layout="constrained")
    shown = (picture - picture.min()) / (picture.max() - picture.min()).clamp_min(1e-12)
    axis.imshow((shown.permute(1, 2, 0) if len(shown) == 3 else shown.mean(0)).numpy(), cmap="gray")
    if heat is not None:
        cover = torch.tensor(HEAT).expand(*heat.shape, 3)
        axis.imshow(torch.cat([cover, 0.85 * (heat / heat.max().clamp_min(1e-30)).sqrt()[..., None]], -1).numpy())
    window, seen = _window(field, unit), field.bounds(unit)
    if window:
        _outline(axis, window, "--")
    if seen:
        _outline(axis, seen, "-")
    axis.set_title(f"layer {field.layer}, unit {list(unit)}", fontsize=9, loc="left")
    axis.set_axis_off()
    return figure


def _outline(axis: Axes, bounds: Sequence[tuple[int, int]], style: str) -> None:
    from matplotlib.patches import Rectangle

    (top, bottom), (left, right) = bounds
    corner, width, height = (left - 0.5, top - 0.5), right - left + 1, bottom - top + 1
    axis.add_patch(
        Rectangle(corner, width, height, fill=False, edgecolor=SEES, linewidth=2, linestyle=style, clip_on=False)
    )
