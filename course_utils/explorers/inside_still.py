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


def in_words(seen: Seen, state: dict[str, Any]) -> str:
    """What the still figure shows."""
    classes, chances = state["classes"], seen.logits.softmax(dim=0)
    order = chances.argsort(descending=True)[:NAMED].tolist()
    said = ", ".join(f"{classes[k]} {_percent(chances[k].item())}" for k in order)
    layer = state["layers"][state["start"]["layer"]]
    number = f"row {seen.row}, column {seen.column}, is {seen.maps.max().item():.3f}".replace("-", "−")
    bounds = _reads(seen, layer)
    area = "nothing but padding"
    if bounds is not None:
        (top, last), (left, right) = bounds
        area = f"rows {top} to {last} and columns {left} to {right} of the picture, which are outlined"
    return (
        f"Picture 0, {seen.picture.shape[1]} by {seen.picture.shape[2]}, is labelled {classes[state['labels'][0]]}. "
        f"The network says: {said}. Layer {layer['label']}: the highest number, in map {seen.map}, {number}, and reads "
        f"{area}. For {classes[order[0]]}, Grad-CAM is highest at "
        f"{_highest(seen.cam)}, saliency at {_highest(seen.saliency)}."
    )


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %"


def _highest(numbers: torch.Tensor) -> str:
    row, column = (int(n) for n in torch.unravel_index(numbers.argmax(), numbers.shape))
    return f"row {row}, column {column}"


def _reads(seen: Seen, layer: dict[str, Any]) -> tuple[list[int], list[int]] | None:
    """First and last row, first and last column; None for a pixel that reads padding alone."""
    rows, columns = layer["rows"][seen.row], layer["columns"][seen.column]
    return (rows, columns) if rows and columns else None


def draw(seen: Seen, state: dict[str, Any]) -> Figure:
    """Picture, Grad-CAM, saliency and probabilities; beneath them the maps that Grad-CAM asks."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(8.4, 4.6), dpi=72)
    axes = [figure.add_axes((0.245 * k, 0.5, 0.23, 0.42)) for k in range(4)]
    shown = (seen.picture - state["low"]) / ((state["high"] - state["low"]) or 1)
    _draw_picture(axes[0], shown, None, "the picture")
    _draw_picture(axes[1], shown, seen.cam, "Grad-CAM")
    _draw_picture(axes[2], shown, seen.saliency, "saliency")
    layer = state["layers"][state["start"]["layer"]]
    bounds = _reads(seen, layer)
    if bounds is not None:
        _outline(axes[0], *bounds)
    _draw_bars(axes[3], seen, state["classes"])
    axis = figure.add_axes((0, 0, 0.965, 0.41))
    limit = seen.maps.abs().max().item() or 1
    axis.imshow(_side_by_side(seen.maps).numpy(), cmap="RdBu_r", vmin=-limit, vmax=limit)
    row, column = (
        number * (side + 2) + 1 + place
        for number, side, place in zip(
            divmod(seen.map, COLUMNS), seen.maps.shape[1:], (seen.row, seen.column), strict=True
        )
    )
    _outline(axis, [row, row], [column, column])
    axis.set_anchor("W")
    axis.set_axis_off()
    axis.set_title(f"layer {layer['label']}: white is 0, red above, blue below", fontsize=9, loc="left")
    return figure


def _draw_picture(axis: Axes, shown: torch.Tensor, heat: torch.Tensor | None, title: str) -> None:
    """The picture (C, H, W), 0 to 1, and a map over it: the more, the more orange."""
    from matplotlib.colors import to_rgb

    axis.imshow(shown.expand(3, -1, -1).permute(1, 2, 0).numpy())
    if heat is not None:
        cover = torch.tensor(to_rgb(HEAT)).expand(*heat.shape, 3)
        axis.imshow(torch.cat([cover, 0.85 * heat[..., None]], dim=2).numpy())
    axis.set_title(title, fontsize=9, loc="left")
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
