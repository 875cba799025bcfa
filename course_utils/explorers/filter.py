"""The filter explorer: one kernel on a whole photograph, live, and a still figure of its result.

The page computes for itself in ``pages/filter.js``; here the numbers are checked and the still figure is drawn.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional as F

from course_utils.explorers.explorer import Explorer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_SIDE = 192  # rows and columns that a page filters with 5 by 5 numbers within a frame
SIZES = (1, 3, 5)
ACCENT = "#1565c0"

Numbers = torch.Tensor | Sequence[Any]


def filter(image: Numbers, kernel: Numbers) -> Explorer:
    """A kernel to touch on a whole picture: type over its numbers, and see at once what it makes of the picture.

    As the last line of a cell it shows itself. It computes as `torch.nn.functional.conv2d` does, in the page, with no
    padding or with zeros around the picture. The picture is sent with 8 bits a pixel.

    >>> from course_utils.explorers import filter
    >>> filter([[0, 0.2, 1], [0, 0.4, 1]], [[-1, 0, 1]])  # in a notebook to touch; without one, in words
    Picture, 2 by 3 pixels, from 0 to 1, in the mean 0.433. Kernel, 1 by 3: −1 0 1; it adds up to 0. Result, 2 by 1, \
no padding, from 1 to 1, in the mean 1; 0 % of it lies outside 0 to 1 and is cut off. The window of result[1, 0] is \
outlined: 0·(−1) + 0.4·0 + 1·1 = 1.

    Args:
        image: (H, W) numbers between 0 and 1, at most 192 rows and columns.
        kernel: (kh, kw) numbers; each side is 1, 3 or 5, and not larger than the picture's.

    Raises:
        ValueError: a shape or a number is none of these.
    """
    k = _table(kernel, "kernel")
    if not set(k.shape) <= set(SIZES):
        raise ValueError(f"kernel has shape {tuple(k.shape)}; expected 1, 3 or 5 rows and columns")
    x = _table(image, "image")
    if max(x.shape) > MAX_SIDE or any(side < least for side, least in zip(x.shape, k.shape, strict=True)):
        raise ValueError(
            f"image has shape {tuple(x.shape)}; expected at least the kernel's {k.shape[0]} rows and {k.shape[1]} "
            f"columns and at most {MAX_SIDE} of each: make it smaller, as by the mean of blocks"
        )
    if x.min() < 0 or x.max() > 1:
        raise ValueError(
            f"image goes from {_shown(x.min())} to {_shown(x.max())}; expected numbers between 0 and 1: "
            "divide whole numbers up to 255 by 255"
        )
    levels = (255 * x).round()
    x = levels / 255
    y = F.conv2d(x[None, None], k[None, None])[0, 0]
    packed = base64.b64encode(levels.to(torch.uint8).numpy().tobytes()).decode()
    state = {"shape": list(x.shape), "pixels": packed, "kernel": k.tolist()}
    return Explorer("filter", state, lambda: _draw(x, k, y), _in_words(x, k, y), parts=("grid", "picture"))


def _table(numbers: Numbers, name: str) -> torch.Tensor:
    """The numbers as a tensor (rows, columns) of float64."""
    tensor = torch.as_tensor(numbers).detach().cpu().double()
    if tensor.ndim != 2 or 0 in tensor.shape:
        hint = ": give one channel, or the mean of the channels" if name == "image" and tensor.ndim == 3 else ""
        raise ValueError(f"{name} has shape {tuple(tensor.shape)}; expected (rows, columns){hint}")
    if not tensor.isfinite().all():
        raise ValueError(f"{name} has a number that is not finite: expected finite ones")
    return tensor


def _in_words(x: torch.Tensor, k: torch.Tensor, y: torch.Tensor) -> str:
    """What the still figure shows."""
    rows = "; ".join(" ".join(map(_shown, row)) for row in k)
    outside = ((y < 0) | (y > 1)).double().mean()
    i, j = _middle(y)
    window = x[i : i + k.shape[0], j : j + k.shape[1]]
    products = " + ".join(
        f"{_factor(pixel)}·{_factor(weight)}" for pixel, weight in zip(window.flatten(), k.flatten(), strict=True)
    )
    return (
        f"Picture, {x.shape[0]} by {x.shape[1]} pixels, {_range(x)}. "
        f"Kernel, {k.shape[0]} by {k.shape[1]}: {rows}; it adds up to {_shown(k.sum())}. "
        f"Result, {y.shape[0]} by {y.shape[1]}, no padding, {_range(y)}; {outside:.0%}".replace("%", " %")
        + f" of it lies outside 0 to 1 and is cut off. The window of result[{i}, {j}] is outlined: {products} = "
        f"{_shown(y[i, j])}."
    )


def _range(numbers: torch.Tensor) -> str:
    return f"from {_shown(numbers.min())} to {_shown(numbers.max())}, in the mean {_shown(numbers.mean())}"


def _middle(y: torch.Tensor) -> tuple[int, int]:
    return y.shape[0] // 2, y.shape[1] // 2


def _shown(number: torch.Tensor) -> str:
    """As the page shows it: three decimals at most, and a minus sign."""
    return f"{number.item():z.3f}".rstrip("0").rstrip(".").replace("-", "−")


def _factor(number: torch.Tensor) -> str:
    return f"({_shown(number)})" if number < 0 else _shown(number)


def _draw(x: torch.Tensor, k: torch.Tensor, y: torch.Tensor) -> Figure:
    """Picture, kernel and result; the window in the middle is outlined."""
    from matplotlib import pyplot as plt
    from matplotlib.patches import Rectangle

    figure, (picture, table, result) = plt.subplots(
        1, 3, figsize=(6.6, 2.2), width_ratios=(3, 1.2, 3), layout="constrained"
    )
    i, j = _middle(y)
    for axis, numbers, title in ((picture, x, "picture"), (result, y, "result")):
        axis.imshow(numbers.numpy(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axis.set_title(f"{title}: {numbers.shape[0]} × {numbers.shape[1]}", fontsize=9)
    (rows, columns), outline = k.shape, {"facecolor": "none", "edgecolor": ACCENT, "linewidth": 1.6}
    picture.add_patch(Rectangle((j - 0.5, i - 0.5), columns, rows, **outline))
    result.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **outline))
    table.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal")
    table.set_title(f"kernel: {rows} × {columns}", fontsize=9)
    for a in range(rows):
        for b in range(columns):
            text = _shown(k[a, b])
            table.add_patch(Rectangle((b, a), 1, 1, facecolor="white", edgecolor="#8a94a0", linewidth=0.8))
            table.text(b + 0.5, a + 0.5, text, ha="center", va="center", fontsize=min(9, 60 / columns / len(text)))
    for axis in (picture, table, result):
        axis.set_axis_off()
    return figure
