"""Arithmetic of sizes: what a convolution or a pooling gives, and a layer that prints what passes through it.

Sizes are given per axis. An int stands for every axis; a tuple has one entry an axis, as (height, width).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from course_utils.checks import forbiddable
from course_utils.shapes.formulas import conv_axis, pool_axis

Size = int | tuple[int, ...]


@forbiddable
def conv_output_size(size: Size, kernel_size: Size, stride: Size = 1, padding: Size = 0, dilation: Size = 1) -> Size:
    """Output size of a convolution.

    ``floor((size + 2*padding - dilation*(kernel_size - 1) - 1) / stride) + 1`` per axis, as in the documentation
    of `torch.nn.Conv2d`; derivation: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.

    >>> from course_utils.shapes import conv_output_size
    >>> conv_output_size(28, 5)  # 28 - 5 + 1
    24
    >>> conv_output_size((32, 64), 3, stride=2, padding=1)
    (16, 32)

    Args:
        size: pixels of the input; the other arguments are those of `torch.nn.Conv2d`. Each is an int, or a tuple
            with one entry an axis.

    Returns:
        An int, or a tuple if any argument is a tuple.

    Raises:
        ValueError: the kernel, spread by its dilation, is larger than the padded input; or an argument is not a
            whole number in its range, or tuples disagree in length.
    """
    names = ("size", "kernel_size", "stride", "padding", "dilation")
    return _per_axis(conv_axis, names, (size, kernel_size, stride, padding, dilation))


@forbiddable
def pool_output_size(
    size: Size,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Size:
    """Output size of a pooling; the stride is the kernel size unless given.

    As `conv_output_size`. With ``ceil_mode`` the division rounds up, but a last window that would start behind the
    input and its left padding is dropped (documentation of `torch.nn.MaxPool2d`). A kernel that overhangs the input
    by less than a stride still gives one window then.

    >>> from course_utils.shapes import pool_output_size
    >>> pool_output_size(28, 2)
    14
    >>> pool_output_size(7, 2), pool_output_size(7, 2, ceil_mode=True)  # 3.5, rounded down and up
    (3, 4)

    Raises:
        ValueError: as `conv_output_size`, and for a padding of more than half the kernel, which PyTorch refuses.
    """
    names = ("size", "kernel_size", "stride", "padding", "dilation")
    values = (size, kernel_size, kernel_size if stride is None else stride, padding, dilation)
    return _per_axis(lambda *axis: pool_axis(*axis, ceil_mode=ceil_mode), names, values)


class PrintSize(nn.Module):
    """A layer that prints the shape of what passes through and changes nothing. Put it into an `nn.Sequential`.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.shapes import PrintSize
    >>> model = nn.Sequential(nn.Conv2d(1, 8, 5), PrintSize("after the convolution"), nn.Flatten())
    >>> model(torch.zeros(4, 1, 28, 28)).shape
    after the convolution: (4, 8, 24, 24)
    torch.Size([4, 4608])
    """

    def __init__(self, label: str = ""):
        super().__init__()
        self.label = label

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `x` as it is."""
        print(f"{self.label}: {tuple(x.shape)}" if self.label else tuple(x.shape))
        return x


def _per_axis(rule, names: Sequence[str], values: Sequence[Size]) -> Size:
    """Apply `rule` to each axis; ints are spread over the axes of the tuples."""
    lengths = {len(value) for value in values if isinstance(value, tuple)}
    if len(lengths) > 1:
        given = ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))
        raise ValueError(f"the tuples have different lengths: {given}; give one entry an axis")
    axes = lengths.pop() if lengths else 1
    spread = [value if isinstance(value, tuple) else (value,) * axes for value in values]
    for name, entries in zip(names, spread, strict=True):
        smallest = 0 if name == "padding" else 1
        for entry in entries:
            if type(entry) is not int or entry < smallest:
                raise ValueError(
                    f"{name} is {entry!r}; expected an int of at least {smallest}, or a tuple of them, one an axis"
                )
    result = tuple(rule(*axis) for axis in zip(*spread, strict=True))
    return result if any(isinstance(value, tuple) for value in values) else result[0]
