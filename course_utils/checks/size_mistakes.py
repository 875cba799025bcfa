"""What typical mistakes make of the sizes behind a convolution or a pooling, for `check_calls` and `likely`.

A mistake may do no harm to some numbers, and two mistakes may give the same value: `check_calls` sorts that out.
Source of the right sizes: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from __future__ import annotations

from typing import Any

from torch import nn

_Setting = int | tuple[int, ...]


def size_mistakes(
    size: _Setting, kernel_size: _Setting, stride: _Setting = 1, padding: _Setting = 0, dilation: _Setting = 1
) -> dict[str, Any]:
    """Mistakes in words -> what each makes of a convolution's output size; arguments as of `shapes.conv_output_size`.

    >>> from course_utils.checks import size_mistakes
    >>> size_mistakes(15, 4, stride=3)["the + 1 is missing: the first window needs no step"]
    3
    >>> size_mistakes((15, 20), 4)["height and width are swapped"]
    (17, 12)
    """
    settings = (size, kernel_size, stride, padding, dilation)
    if not any(isinstance(setting, tuple) for setting in settings):
        return _on_axis(*settings) | {"all arguments are ints, so return an int": (_right(*settings),) * 2}
    axes = _axes(settings, 2)
    height, width = (_right(*axis) for axis in axes)
    return _on_axes(axes) | {
        "height and width are swapped": (width, height),
        "only the height is computed": height,
        "both axes got the height's numbers": (height, height),
        "both axes got the width's numbers": (width, width),
    }


def shape_mistakes(
    in_shape: tuple[int, ...],
    out_channels: int,
    kernel_size: _Setting,
    stride: _Setting = 1,
    padding: _Setting = 0,
    dilation: _Setting = 1,
) -> dict[str, Any]:
    """Mistakes in words -> the shape each gives behind a convolution of one image, (channels, one to three sizes).

    >>> from course_utils.checks import shape_mistakes
    >>> shape_mistakes((3, 9, 16), 4, 7, stride=2, padding=3)["the padding is left out"]
    (4, 2, 5)
    """
    channels, *sizes = in_shape
    axes = _axes((tuple(sizes), kernel_size, stride, padding, dilation), len(sizes))
    right = tuple(_right(*axis) for axis in axes)
    found = {cause: (out_channels, *values) for cause, values in _on_axes(axes).items()}
    return found | {
        "a convolution gives out_channels, not the channels it got": (channels, *right),
        "PyTorch puts the channels first": (*right, out_channels),
        "the channels are left out; they stand before the sizes": right,
        "the batch axis is not asked for": (1, out_channels, *right),
        "these are the sizes of the input": (out_channels, *sizes),
        _swapped(sizes): (out_channels, *right[::-1]),
        "the first size stands for all: compute each axis by itself": (out_channels, *[right[0]] * len(sizes)),
    }


def layer_mistakes(layer: nn.Conv2d, in_shape: tuple[int, int, int]) -> dict[str, Any]:
    """Mistakes in words -> the shape each gives behind a convolution, or None where it says that there is none.

    >>> from torch import nn
    >>> from course_utils.checks import layer_mistakes
    >>> layer_mistakes(nn.Conv2d(32, 8, 3, padding=1), (3, 9, 9))
    {'the sizes would fit, but the channels of image and layer disagree': (8, 9, 9)}
    """
    settings = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
    axes = _axes((in_shape[1:], *settings), 2)
    out, fitting = layer.out_channels, tuple(_right(*axis) for axis in axes)
    if layer.in_channels != in_shape[0]:
        return {"the sizes would fit, but the channels of image and layer disagree": (out, *fitting)}
    if min(fitting) >= 1:
        applied = {"this layer can be applied: the channels agree and the kernel fits": None}
        return shape_mistakes(in_shape, out, *settings) | applied
    larger = "the kernel is larger than the padded input"
    return {
        f"{larger}, so there is no window": (out, *fitting),
        f"{larger}, and the formula goes below zero": (out, *(size - 1 for size in fitting)),
        f"{larger}: count again what padding adds": (out, *(size + 1 for size in fitting)),
        f"{larger}: it is not cut off at the edge": (out, *in_shape[1:]),
    }


def pool_size_mistakes(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> dict[str, Any]:
    """Mistakes in words -> what each makes of a pooling's output size; arguments as of `shapes.pool_output_size`.

    >>> from course_utils.checks import pool_size_mistakes
    >>> pool_size_mistakes(14, 4)["the stride of a pooling is the kernel size unless given, not 1"]
    11
    """
    step, room = stride or kernel_size, size + 2 * padding - dilation * (kernel_size - 1) - 1

    def count(room: int = room, step: int = step, ends: int = size + padding) -> int:
        """Windows, the last one of `ceil_mode` too if it starts before `ends`."""
        whole = room // step + 1
        return whole + (ceil_mode and room % step != 0 and whole * step < ends)

    found = {
        "the stride of a pooling is the kernel size unless given, not 1": count(step=stride or 1),
        "the stride that was given is not used": count(step=kernel_size),
        "the padding is left out": count(room - 2 * padding, ends=size),
        "padding counts at both ends of the axis, so twice": count(room - padding),
        "the dilation is left out": count(size + 2 * padding - kernel_size),
        "the extent is dilation·(kernel − 1) + 1, not dilation·kernel": count(room + 1 - dilation),
        "the + 1 is missing: the first window needs no step": count() - 1,
        "size // kernel_size counts windows side by side only": size // kernel_size,
        "the division must be a whole one, `//`": room / step + 1,
    }
    if not ceil_mode:
        return found | {"without ceil_mode the division rounds down": -(-room // step) + 1}
    return found | {
        "ceil_mode is not used: round up": room // step + 1,
        "a window more only if something is left over": room // step + 2,
        "a last window does not count if it would start behind the last pixel": -(-room // step) + 1,
        "a last window does not count if it would start exactly behind the last pixel": count(ends=size + padding + 1),
        "a last window does not count if it would start in the right padding": count(ends=size + 2 * padding),
        "a last window counts if it starts before padding + size, not before size alone": count(ends=size),
    }


def _swapped(sizes: list[int]) -> str:
    return "height and width are swapped" if len(sizes) == 2 else "the sizes are in reverse order"


def _axes(settings: tuple[_Setting, ...], number: int) -> list[tuple[int, ...]]:
    """The settings of each axis by itself; an int counts for all."""
    return list(zip(*(given if isinstance(given, tuple) else (given,) * number for given in settings), strict=True))


def _right(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1


def _on_axes(axes: list[tuple[int, ...]]) -> dict[str, tuple[Any, ...]]:
    per_axis = [_on_axis(*axis) for axis in axes]
    return {cause: tuple(values[cause] for values in per_axis) for cause in per_axis[0]}


def _on_axis(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> dict[str, Any]:
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    product = size + 2 * padding - dilation * kernel_size
    return {
        "the + 1 is missing: the first window needs no step": room // stride,
        "the + 1 belongs behind the division: add it to the whole steps": (room + 1) // stride,
        "padding counts at both ends of the axis, so twice": (room - padding) // stride + 1,
        "the padding is left out": (room - 2 * padding) // stride + 1,
        "the stride is left out": room + 1,
        "the dilation is left out": (size + 2 * padding - kernel_size) // stride + 1,
        "the extent is dilation·(kernel − 1) + 1, not dilation·kernel": product // stride + 1,
        "the extent is dilation·(kernel − 1) + 1: the last + 1 is missing": (room + 1) // stride + 1,
        "the division must round down, not up": -(-room // stride) + 1,
        "the division must round down, not to the nearest": round(room / stride) + 1,
        "the division must round down, also below zero: `int` cuts off": int(room / stride) + 1,
        "a kernel that does not fit is an error, not a size": room // stride + 1,
        "a kernel that does not fit is an error, not a size of 0": max(room // stride + 1, 0),
        "the division must be a whole one, `//`": room / stride + 1,
        "the kernel is not taken off the size": (size + 2 * padding) // stride,
    }
