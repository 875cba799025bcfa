"""The still figure of the explorer of a network's inside: its first picture, as the page begins with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional as F

from course_utils.explorers.network import values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACCENT = "#1565c0"
HEAT = "#ff7800"
COLUMNS = 8  # maps beside each other
NAMED = 3  # classes that the text names with their probabilities


@dataclass(frozen=True)
class Seen:
    """What the network gives for one picture, and the pixel that stands out.

    Attributes:
        picture: (C, H, W).
        logits: (classes).
        maps: (C', h, w), of the node that Grad-CAM asks.
        cam: (H, W), Grad-CAM of the highest class.
        saliency: (H, W), its saliency.
        map, row, column: the place of the highest number in the maps.
    """

    picture: torch.Tensor
    logits: torch.Tensor
    maps: torch.Tensor
    cam: torch.Tensor
    saliency: torch.Tensor
    map: int
    row: int
    column: int

    @classmethod
    def of(cls, model: nn.Module, picture: torch.Tensor, evidence: int) -> Seen:
        """Ask the model; `evidence` is the node that Grad-CAM asks."""
        kept = values(model, picture[None].clone().requires_grad_())
        maps, logits = kept[evidence], kept[-1][0]
        of_pixels, of_maps = torch.autograd.grad(logits.max(), (kept[0], maps))
        weighted = (of_maps.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1, keepdim=True).relu()
        cam = F.interpolate(weighted, size=picture.shape[1:], mode="bilinear", align_corners=False)[0, 0]
        place = torch.unravel_index(maps[0].argmax(), maps[0].shape)
        return cls(
            picture,
            logits.detach(),
            maps[0].detach(),
            _with_maximum_1(cam.detach()),
            _with_maximum_1(of_pixels[0].abs().amax(dim=0)),
            *(int(number) for number in place),
        )


def _with_maximum_1(numbers: torch.Tensor) -> torch.Tensor:
    return numbers / numbers.max() if numbers.any() else numbers


def in_words(seen: Seen, control: Seen, state: dict[str, Any]) -> str:
    """What the still figure shows; `control` is the same picture with random weights."""
    classes = state["classes"]
    layer = state["layers"][state["start"]["layer"]]
    number = f"row {seen.row}, column {seen.column}, is {seen.maps.max().item():.3f}".replace("-", "−")
    bounds = _reads(seen, layer)
    area = "nothing but padding"
    if bounds is not None:
        (top, last), (left, right) = bounds
        area = f"rows {top} to {last} and columns {left} to {right} of the picture, which are outlined"
    return (
        f"Picture 0, {seen.picture.shape[1]} by {seen.picture.shape[2]}, is labelled {classes[state['labels'][0]]}. "
        f"The network says: {_said(seen, classes)} Layer {layer['label']}: the highest number, in map {seen.map}, "
        f"{number}, and reads {area}. With random weights it says: {_said(control, classes)}"
    )


def _said(seen: Seen, classes: list[str]) -> str:
    """The first classes, and where the highest one is explained."""
    chances = seen.logits.softmax(dim=0)
    order = chances.argsort(descending=True)[:NAMED].tolist()
    said = ", ".join(f"{classes[k]} {_percent(chances[k].item())}" for k in order)
    return f"{said}. For {classes[order[0]]}, Grad-CAM is {_highest(seen.cam)}, saliency is {_highest(seen.saliency)}."


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %"


def _highest(numbers: torch.Tensor) -> str:
    if not numbers.any():
        return "0 everywhere"
    row, column = (int(n) for n in torch.unravel_index(numbers.argmax(), numbers.shape))
    return f"highest at row {row}, column {column}"


def _reads(seen: Seen, layer: dict[str, Any]) -> tuple[list[int], list[int]] | None:
    """First and last row, first and last column; None for a pixel that reads padding alone."""
    rows, columns = layer["rows"][seen.row], layer["columns"][seen.column]
    return (rows, columns) if rows and columns else None


def draw(seen: Seen, control: Seen, state: dict[str, Any]) -> Figure:
    """Picture, Grad-CAM, saliency and probabilities; the same with random weights; the maps that Grad-CAM asks."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(8.4, 6.6), dpi=72)
    layer = state["layers"][state["start"]["layer"]]
    shown = (seen.picture - state["low"]) / ((state["high"] - state["low"]) or 1)
    for bottom, what, title in ((0.66, seen, "the picture"), (0.33, control, "with random weights:")):
        axis = figure.add_axes((0, bottom, 0.73, 0.28))
        _draw_pictures(axis, shown, {title: None, "Grad-CAM": what.cam, "saliency": what.saliency})
        bounds = _reads(seen, layer)
        if bounds is not None:
            _outline(axis, *bounds)
        _draw_bars(figure.add_axes((0.74, bottom, 0.24, 0.28)), what, state["classes"])
    axis = figure.add_axes((0, 0, 0.965, 0.28))
    _draw_maps(axis, seen)
    axis.set_title(f"layer {layer['label']}: white is 0, red above, blue below", fontsize=9, loc="left")
    return figure


def _draw_maps(axis: Axes, seen: Seen) -> None:
    """All maps, and a line around the highest number."""
    limit = seen.maps.abs().max().item() or 1
    axis.imshow(_side_by_side(seen.maps).numpy(), cmap="RdBu_r", vmin=-limit, vmax=limit)
    height, width = (side + 2 for side in seen.maps.shape[1:])
    row = seen.map // COLUMNS * height + 1 + seen.row
    column = seen.map % COLUMNS * width + 1 + seen.column
    _outline(axis, [row, row], [column, column])
    axis.set_anchor("W")
    axis.set_axis_off()


def _draw_pictures(axis: Axes, shown: torch.Tensor, maps: dict[str, torch.Tensor | None]) -> None:
    """The picture (C, H, W), 0 to 1, once for each title, and a map over it: the more, the more orange."""
    from matplotlib.colors import to_rgb

    columns = []
    for title, heat in maps.items():
        axis.text(len(columns) * (shown.shape[2] + 1) - 0.5, -1.2, title, fontsize=9)
        part = 0.85 * heat if heat is not None else torch.zeros(shown.shape[1:])
        mixed = shown * (1 - part) + torch.tensor(to_rgb(HEAT))[:, None, None] * part
        columns.append(F.pad(torch.cat([mixed, torch.ones_like(part)[None]]), (0, 1)))  # a column of nothing behind it
    axis.imshow(torch.cat(columns, dim=2).permute(1, 2, 0).numpy())
    axis.set_anchor("W")
    axis.set_axis_off()


def _outline(axis: Axes, rows: list[int], columns: list[int]) -> None:
    from matplotlib.patches import Rectangle

    width, height = (last - first + 1 for first, last in (columns, rows))
    corner = (columns[0] - 0.5, rows[0] - 0.5)
    axis.add_patch(Rectangle(corner, width, height, facecolor="none", edgecolor=ACCENT, linewidth=2))


def _draw_bars(axis: Axes, seen: Seen, classes: list[str]) -> None:
    chances = seen.logits.softmax(dim=0).tolist()
    axis.barh(range(len(chances)), chances, color=ACCENT)
    for k, (name, chance) in enumerate(zip(classes, chances, strict=True)):
        axis.text(-0.03, k, f"{name}  {_percent(chance)}", ha="right", va="center", fontsize=7)
    axis.set(xlim=(-1.3, 1), ylim=(len(chances) - 0.5, -0.5))
    axis.set_axis_off()


def _side_by_side(maps: torch.Tensor) -> torch.Tensor:
    """All maps (C, h, w) in rows, each with a border of nothing, a pixel wide."""
    framed = F.pad(maps, (1, 1, 1, 1), value=float("nan"))
    missing = -len(maps) % COLUMNS if len(maps) > COLUMNS else 0
    framed = F.pad(framed, (0, 0, 0, 0, 0, missing), value=float("nan"))
    rows = framed.split(COLUMNS)
    return torch.cat([torch.cat([*row], dim=1) for row in rows], dim=0)
