"""The convolution explorer: small pictures and a kernel, every number in sight, and a still figure of its first window.

The page computes for itself in ``pages/convolution.js``; here the numbers are checked and the still figure is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from course_utils.explorers.explorer import Explorer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_SIDE = 8  # rows and columns of numbers that a narrow page has room for, with padding
MAX_CHANNELS = 3
RANGES = {"stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}  # those of the page's sliders
ACCENT = "#1565c0"

Numbers = torch.Tensor | Sequence[Any]


def convolution(picture: Numbers, kernel: Numbers, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> Explorer:
    """A convolution to touch: move the window, change pixels and kernel, and read how each number comes about.

    As the last line of a cell it shows itself. It computes as `torch.nn.functional.conv2d` does, in the page.

    >>> from course_utils.explorers import convolution
    >>> convolution([[1, 2, 0], [0, 1, 3]], [[1, 0], [-1, 2]])  # in a notebook to touch; without one, in words
    Picture, 2 by 3: 1 2 0; 0 1 3. Kernel, 2 by 2: 1 0; −1 2. Stride 1, padding 0, dilation 1. \
Output, 1 by 2: 3 7. The window of its first number is outlined: 1·1 + 2·0 + 0·(−1) + 1·2 = 3.

    Args:
        picture: (H, W) or (C, H, W) numbers, at most 8 rows, 8 columns and 3 channels.
        kernel: (kh, kw) or (C, kh, kw), as many channels as the picture; it gives one output map.
        stride: rows and columns from one window to the next, 1 to 4.
        padding: rows and columns of zeros around the picture, 0 to 3.
        dilation: rows and columns from one number of the kernel to the next, 1 to 3.

    Raises:
        ValueError: a shape, a number or a setting is none of these, or the kernel does not fit on the picture.
    """
    x, k = _planes(picture, "picture"), _planes(kernel, "kernel")
    settings = {"stride": stride, "padding": padding, "dilation": dilation}
    for name, value in settings.items():
        low, high = RANGES[name]
        if not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{name} is {value!r}; expected a whole number from {low} to {high}")
    if len(x) != len(k):
        raise ValueError(f"picture has {len(x)} channels and kernel {len(k)}: give both the same number")
    needed = [dilation * (side - 1) + 1 - 2 * padding for side in k.shape[1:]]
    if any(side < least for side, least in zip(x.shape[1:], needed, strict=True)):
        raise ValueError(
            f"kernel does not fit: with padding {padding} and dilation {dilation} it needs a picture of at least "
            f"{needed[0]} by {needed[1]}, and picture is {x.shape[1]} by {x.shape[2]}"
        )
    y = F.conv2d(x[None], k[None], **settings)[0, 0]
    state = {"picture": x.tolist(), "kernel": k.tolist(), **settings}
    text = _in_words(x, k, y, settings)
    return Explorer("convolution", state, lambda: _draw(x, k, y, settings), text, parts=("grid",))


def _planes(numbers: Numbers, name: str) -> torch.Tensor:
    """The numbers as a tensor (C, rows, columns) of float64."""
    tensor = torch.as_tensor(numbers).detach().cpu().double()
    shape = tuple(tensor.shape)
    if tensor.ndim not in (2, 3) or 0 in shape:
        raise ValueError(f"{name} has shape {shape}; expected (rows, columns) or (channels, rows, columns)")
    planes = tensor.reshape(-1, *shape[-2:])
    if len(planes) > MAX_CHANNELS or max(planes.shape[1:]) > MAX_SIDE:
        raise ValueError(
            f"{name} has shape {shape}; the page has room for {MAX_CHANNELS} channels, {MAX_SIDE} rows and "
            f"{MAX_SIDE} columns: cut a piece out"
        )
    if not planes.isfinite().all():
        raise ValueError(f"{name} has a number that is not finite: expected finite ones")
    return planes


def _first_window(x: torch.Tensor, k: torch.Tensor, settings: dict[str, int]) -> torch.Tensor:
    """What the first window reads, (C, kh, kw)."""
    step, padding = settings["dilation"], settings["padding"]
    rows, columns = (torch.arange(side) * step for side in k.shape[1:])
    return F.pad(x, (padding,) * 4)[:, rows[:, None], columns]


def _in_words(x: torch.Tensor, k: torch.Tensor, y: torch.Tensor, settings: dict[str, int]) -> str:
    """What the still figure shows."""
    said = [_map_in_words("Picture", x), _map_in_words("Kernel", k)]
    said.append(", ".join(f"{name} {value}" for name, value in settings.items()).capitalize() + ".")
    said.append(_map_in_words("Output", y[None]))
    said.append(f"The window of its first number is outlined: {_first_sum(x, k, y, settings)}.")
    return " ".join(said)


def _map_in_words(name: str, planes: torch.Tensor) -> str:
    many = [f"channel {c}: " for c in range(len(planes))] if len(planes) > 1 else [""]
    rows = ["; ".join(" ".join(map(_shown, row)) for row in plane) for plane in planes.tolist()]
    parts = ". ".join(f"{before}{row}" for before, row in zip(many, rows, strict=True))
    return f"{name}, {planes.shape[1]} by {planes.shape[2]}: {parts}."


def _first_sum(x: torch.Tensor, k: torch.Tensor, y: torch.Tensor, settings: dict[str, int]) -> str:
    pixels = _first_window(x, k, settings).flatten().tolist()
    pairs = zip(pixels, k.flatten().tolist(), strict=True)
    products = " + ".join(f"{_factor(pixel)}·{_factor(weight)}" for pixel, weight in pairs)
    return f"{products} = {_shown(y[0, 0].item())}"


def _shown(number: float) -> str:
    """As the page shows it: three decimals at most, and a minus sign."""
    return f"{number:z.3f}".rstrip("0").rstrip(".").replace("-", "−")


def _factor(number: float) -> str:
    return f"({_shown(number)})" if number < 0 else _shown(number)


def _draw(x: torch.Tensor, k: torch.Tensor, y: torch.Tensor, settings: dict[str, int]) -> Figure:
    """Picture, kernel and output as tables of numbers, the first window outlined; a row for each channel."""
    from matplotlib import pyplot as plt

    padding, step = settings["padding"], settings["dilation"]
    padded = F.pad(x, (padding,) * 4)
    tables = [("picture", padded), ("kernel", k), ("output", y[None])]
    sides = [planes.shape[2] for _, planes in tables]
    height = max(planes.shape[1] for _, planes in tables)
    figure, axes = plt.subplots(
        len(x),
        3,
        figsize=(0.42 * (sum(sides) + 3), (0.42 * height + 0.5) * len(x)),
        squeeze=False,
        layout="constrained",
        width_ratios=sides,
    )
    for c, row in enumerate(axes):
        for axis, (name, planes) in zip(row, tables, strict=True):
            if c < len(planes):
                _draw_table(axis, planes[c], name + (f", channel {c}" if len(planes) > 1 else ""))
            else:
                axis.set_axis_off()
        _grey_border(row[0], padded.shape[1:], padding)
        for i in range(k.shape[1]):
            for j in range(k.shape[2]):
                _outline(row[0], i * step, j * step)
    _outline(axes[0][2], 0, 0)
    return figure


def _draw_table(axis: Axes, plane: torch.Tensor, title: str) -> None:
    rows, columns = plane.shape
    axis.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal", anchor="N")
    axis.set_axis_off()
    axis.set_title(title, fontsize=9, loc="left")
    for i in range(rows):
        for j in range(columns):
            text = _shown(plane[i, j].item())
            axis.add_patch(_square(i, j, facecolor="white", edgecolor="#8a94a0", linewidth=0.8))
            axis.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=min(9, 45 / len(text)))


def _grey_border(axis: Axes, shape: torch.Size, padding: int) -> None:
    """Mark the zeros of the padding."""
    rows, columns = shape
    for i in range(rows):
        for j in range(columns):
            if not (padding <= i < rows - padding and padding <= j < columns - padding):
                axis.add_patch(_square(i, j, facecolor="none", edgecolor="#52667a", hatch="....", linewidth=0.2))


def _outline(axis: Axes, i: int, j: int) -> None:
    axis.add_patch(_square(i, j, facecolor="none", edgecolor=ACCENT, linewidth=2.2))


def _square(i: int, j: int, **style: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((j, i), 1, 1, **style)
