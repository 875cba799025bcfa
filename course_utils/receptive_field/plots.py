"""Pictures of receptive fields. Each function draws on the Axes it is given, or on new ones, and returns them.

matplotlib is imported when a picture is drawn, so that `import course_utils.receptive_field` stays quick.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from course_utils.plots.figures import as_picture
from course_utils.receptive_field.table import LayerField, ReceptiveFields

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#222222"
# Dark enough for white paper and told apart by most colour-blind readers; labels and widths say the same.
COLOURS = ("#0072b2", "#b84f00", "#117733", "#882255", "#5f4b8b", "#8c6d00")
MOST_RECTANGLES = 6


def plot_receptive_field(
    fields: ReceptiveFields,
    image: Any,
    layers: Sequence[str] | None = None,
    at: tuple[int, int] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw on `image` what a unit of each layer sees: nested rectangles, each with its name and window size.

    A side is dashed where the window reaches out of the image and is clipped.

    >>> import matplotlib.pyplot as plt
    >>> import torch
    >>> from torch import nn
    >>> from course_utils.receptive_field import plot_receptive_field, receptive_field
    >>> fields = receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)), (1, 9, 9))
    >>> ax = plot_receptive_field(fields, torch.rand(9, 9))
    >>> [label.get_text() for label in ax.texts]
    ['1: 5×5', '0: 3×3']
    >>> plt.close(ax.figure)

    Args:
        fields: result of `receptive_field` for a 2-d model.
        image: the input to show, as a tensor (H, W), (1, H, W) or (3, H, W), or an array (H, W) or (H, W, 3).
        layers: names of the layers to show; None for up to six that enlarge the window.
        at: pixel (row, column) to look from; each layer is shown by the unit whose window is centred nearest to
            it. None for the middle of the image.
        ax: where to draw; None for a new figure.

    Raises:
        ValueError: the model is not 2-d, the image has another size than the model's input, or `at` is outside it.
        KeyError: there is no such layer.
    """
    picture = as_picture(image, "image")
    at = _checked_pixel(fields, picture, at)
    rows = _telling(fields) if layers is None else [fields[name] for name in layers]

    ax = _axes(ax, (8, 5))
    height, width = fields.input_size
    ax.imshow(picture, cmap="gray" if picture.ndim == 2 else None)
    # Room for the labels on the right.
    ax.set(xlim=(-0.03 * width, 1.65 * width), ylim=(1.03 * height, -0.03 * height))
    ax.set_axis_off()
    drawn = [(row, index, row.bounds(index)) for row in rows for index in [_unit_near(row, at)]]
    drawn = [(row, index, seen) for row, index, seen in drawn if seen is not None]
    # The largest rectangle is labelled at the top, so that the lines to the labels do not cross.
    drawn.sort(key=lambda entry: (entry[2][0][0], entry[2][0][0] - entry[2][0][1]))
    for place, (row, index, seen) in enumerate(drawn):
        colour = COLOURS[place % len(COLOURS)]
        clipped = _rectangle(ax, row, index, seen, colour, width=1.4 + 0.35 * (len(drawn) - place))
        text = f"{row.layer}: " + ("everything" if row.sees_everything else "×".join(map(str, row.size)))
        corner = seen[1][1] + 0.5, seen[0][0] - 0.5
        beside = 1.07 * width, height * (0.04 + place / max(len(drawn), 8))
        _label(ax, text + (" (clipped)" if clipped else ""), corner, beside, colour)
    ax.set_title("What one unit of each layer sees (dashed: clipped at the border)", loc="left", fontsize=10)
    return _readable(ax)


def plot_receptive_field_growth(fields: ReceptiveFields, ax: Axes | None = None) -> Axes:
    """Draw the size of the window against depth, with the input's size as a line.

    Layers that mix all positions (global pooling, linear layer) have no window; a cross on the input's line
    marks them.

    >>> import matplotlib.pyplot as plt
    >>> from torch import nn
    >>> from course_utils.receptive_field import plot_receptive_field_growth, receptive_field
    >>> fields = receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3)), (1, 9, 9))
    >>> ax = plot_receptive_field_growth(fields)
    >>> [label.get_text() for label in ax.texts]
    ['window: height and width', 'input: height and width, 9 pixels']
    >>> plt.close(ax.figure)

    Args:
        fields: result of `receptive_field`.
        ax: where to draw; None for a new figure.

    Raises:
        ValueError: there is no layer to show.
    """
    if not len(fields):
        raise ValueError("there is no layer to show: receptive_field found no operation in the model")
    ax = _axes(ax, (8, 4.5))
    names = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}[len(fields.input_size)]
    curves: dict[tuple, list[str]] = {}
    for axis, name in enumerate(names):
        windows = tuple(None if row.sees_everything else row.size[axis] for row in fields)
        curves.setdefault((windows, fields.input_size[axis]), []).append(name)
    styles = zip(curves.items(), COLOURS, ("-", "--", ":"), "os^", strict=False)
    for ((windows, pixels), along), colour, style, marker in styles:
        _curve(ax, windows, pixels, " and ".join(along), {"color": colour, "linestyle": style, "marker": marker})
    if len(fields) <= 24:
        ax.set_xticks(
            range(1, len(fields) + 1), [row.layer for row in fields], rotation=55, ha="right", rotation_mode="anchor"
        )
    ax.set(xlabel="layer, from input to output", ylabel="size of the window in pixels")
    ax.set_ylim(0, 1.1 * max(*fields.input_size, *(size for row in fields for size in row.size)))
    ax.set_title("How the receptive field grows", loc="left", fontsize=10)
    return _readable(ax)


def plot_effective_receptive_field(
    effective: torch.Tensor, bounds: Sequence[Sequence[int]] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how much each pixel matters as a heat map, with the theoretical receptive field as a box.

    >>> import matplotlib.pyplot as plt
    >>> from torch import nn
    >>> from course_utils.receptive_field import effective_receptive_field, plot_effective_receptive_field
    >>> effective = effective_receptive_field(nn.Conv2d(1, 1, 5), (1, 13, 13))
    >>> ax = plot_effective_receptive_field(effective, bounds=((4, 8), (4, 8)))
    >>> ax.get_title(loc="left")
    'Effective receptive field; dashed box: theoretical, 5×5'
    >>> plt.close(ax.figure)

    Args:
        effective: (height, width), result of `effective_receptive_field`.
        bounds: ((top, bottom), (left, right)) of the middle unit, as `LayerField.bounds` gives it; None for no box.
        ax: where to draw; None for a new figure.

    Raises:
        ValueError: `effective` is not two-dimensional.
    """
    heat = np.asarray(effective.detach().cpu() if isinstance(effective, torch.Tensor) else effective)
    if heat.ndim != 2:
        raise ValueError(f"effective has shape {heat.shape}; expected (height, width)")
    ax = _axes(ax, (6, 5))
    shown = ax.imshow(heat, cmap="magma", vmin=0, vmax=1)
    bar = ax.figure.colorbar(shown, ax=ax)
    bar.set_label("mean absolute gradient, maximum 1", color=INK)
    bar.ax.tick_params(colors=INK)
    title = "Effective receptive field"
    if bounds is not None:
        (top, bottom), (left, right) = bounds
        _sides(ax, bounds, "white", 1.8, dashed=(True,) * 4, casing="black")
        title += f"; dashed box: theoretical, {bottom - top + 1}×{right - left + 1}"
    ax.set(xlabel="column", ylabel="row")
    ax.set_title(title, loc="left", fontsize=10)
    return _readable(ax)


def _curve(ax: Axes, windows: Sequence[int | None], pixels: int, along: str, style: dict[str, Any]) -> None:
    """One curve of window sizes (None: sees everything) with the line of the input's size, both labelled."""
    colour = style["color"]
    depths = list(enumerate(windows, start=1))
    # The line follows the growth; a layer below it stands on a shorter branch, such as a shortcut.
    grown = [(d, w) for d, w in depths if w is not None and w == max(v for v in windows[:d] if v is not None)]
    below = [(d, w) for d, w in depths if w is not None and (d, w) not in grown]
    if grown:
        ax.plot(*zip(*grown, strict=True), markersize=4, **style)
        label = {"xytext": (-8, 6), "textcoords": "offset points", "color": colour, "ha": "right"}
        ax.annotate(f"window: {along}", grown[-1], **label)
    if below:
        ax.plot(*zip(*below, strict=True), **style | {"linestyle": "none"}, markersize=5, markerfacecolor="none")
        label = {"xytext": (0, -14), "textcoords": "offset points", "color": colour, "fontsize": 9}
        ax.annotate("shorter branch", below[0], **label)
    ax.axhline(pixels, color=colour, linestyle=style["linestyle"], linewidth=0.9)
    label = {"xytext": (2, 3), "textcoords": "offset points", "color": colour}
    ax.annotate(f"input: {along}, {pixels} pixels", (1, pixels), **label)
    mixed = [d for d, w in depths if w is None]
    if mixed:
        ax.plot(mixed, [pixels] * len(mixed), color=colour, linestyle="none", marker="x", markersize=7)
        label = {"xytext": (6, 6), "textcoords": "offset points", "color": colour, "ha": "right"}
        ax.annotate("× sees everything", (mixed[-1], pixels), **label)


def _telling(fields: ReceptiveFields) -> list[LayerField]:
    """The layers that enlarge the window, thinned out evenly to `MOST_RECTANGLES`."""
    found: list[LayerField] = []
    for row in fields:
        if row.size != (found[-1].size if found else (1, 1)):
            found.append(row)
    if len(found) <= MOST_RECTANGLES:
        return found
    return [found[round(i * (len(found) - 1) / (MOST_RECTANGLES - 1))] for i in range(MOST_RECTANGLES)]


def _unit_near(row: LayerField, at: tuple[int, int]) -> tuple[int, ...]:
    """The unit whose window is centred nearest to the pixel `at`."""
    index = []
    for pixel, jump, center, units in zip(at, row.jump, row.center, row.grid, strict=True):
        nearest = round((pixel - center) / jump) if jump else units // 2
        index.append(min(max(nearest, 0), units - 1))
    return tuple(index)


def _checked_pixel(fields: ReceptiveFields, picture: np.ndarray, at: tuple[int, int] | None) -> tuple[int, ...]:
    """The pixel to look from, by default the middle one, once picture and pixel fit the fields."""
    if len(fields.input_size) != 2 or picture.shape[:2] != tuple(fields.input_size):
        raise ValueError(
            f"the image is {' by '.join(map(str, picture.shape[:2]))} pixels, the receptive fields are for an input of "
            f"{' by '.join(map(str, fields.input_size))}; resize the image, or call receptive_field with its size"
        )
    at = at or tuple((n - 1) // 2 for n in fields.input_size)
    if not all(0 <= p < n for p, n in zip(at, fields.input_size, strict=True)):
        raise ValueError(f"at is {at}, outside the image of {' by '.join(map(str, fields.input_size))} pixels")
    return at


def _label(ax: Axes, text: str, corner: tuple[float, float], beside: tuple[float, float], colour: str) -> None:
    """A text beside the picture, with a line to the corner of what it names."""
    line = {"arrowstyle": "-", "color": colour, "linewidth": 0.9, "relpos": (0, 0.5), "shrinkB": 0}
    ax.annotate(text, xy=corner, xytext=beside, color=colour, fontsize=9, va="center", arrowprops=line)


def _rectangle(ax: Axes, row: LayerField, index: tuple[int, ...], seen: Any, colour: str, width: float) -> bool:
    """Draw what the unit sees, dashed where its window is cut off; return whether any side is."""
    window = seen if None in row.jump else row.bounds(index, clip=False)
    (top, bottom), (left, right) = ((w[0] < s[0], w[1] > s[1]) for w, s in zip(window, seen, strict=True))
    _sides(ax, seen, colour, width, dashed=(top, bottom, left, right), casing="white")
    return top or bottom or left or right


def _sides(ax: Axes, box: Any, colour: str, width: float, dashed: Sequence[bool], casing: str) -> None:
    """The sides of a box of pixels (top, bottom, left, right), with a casing that stands out from any picture."""
    (top, bottom), (left, right) = box
    top, bottom, left, right = top - 0.5, bottom + 0.5, left - 0.5, right + 0.5
    ends = [
        ((left, right), (top, top)),
        ((left, right), (bottom, bottom)),
        ((left, left), (top, bottom)),
        ((right, right), (top, bottom)),
    ]
    for x, y in ends:
        ax.plot(x, y, color=casing, linewidth=width + 1.6, solid_capstyle="projecting")
    for (x, y), is_dashed in zip(ends, dashed, strict=True):
        style = (0, (4, 2.5)) if is_dashed else "-"
        ax.plot(x, y, color=colour, linewidth=width, linestyle=style, solid_capstyle="projecting")


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")[1]


def _readable(ax: Axes) -> Axes:
    """Dark ink on opaque white, so that the picture reads the same on a light and on a dark page."""
    ax.figure.set_facecolor("white")
    ax.set_facecolor("white")
    ax.tick_params(colors=INK)
    for spine in ax.spines.values():
        spine.set_color(INK)
    for text in (ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label):
        text.set_color(INK)
    return ax
