"""What typical mistakes make of a receptive field, for `check_calls`.

Source of the right values: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks"
(Distill, 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def field_size_mistakes(layers: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Mistakes in words -> the sizes each gives behind layers of (kernel size, stride, dilation).

    >>> from course_utils.checks import field_size_mistakes
    >>> field_size_mistakes([(3, 2, 1), (3, 1, 1)])["the stride is left out"]
    (3, 5)
    """

    def sizes(
        grow: Callable[..., int] = lambda k, s, d, jump: (k - 1) * d * jump,
        jumps: Callable[..., int] = lambda k, s, d, jump: jump * s,
        start: int = 1,
    ) -> tuple[int, ...]:
        size, jump, found = start, 1, []
        for k, s, d in layers:
            size += grow(k, s, d, jump)
            jump = jumps(k, s, d, jump)
            found.append(size)
        return tuple(found)

    right = sizes()
    return {
        "a kernel of k adds k − 1 steps, not k": sizes(lambda k, s, d, jump: k * d * jump, start=0),
        "a kernel of k adds k − 1 steps, not k; a pixel is there besides": sizes(lambda k, s, d, jump: k * d * jump),
        "a pixel of the input sees itself: begin with a size of 1": sizes(start=0),
        "the stride is left out": sizes(jumps=lambda *_: 1),
        "the dilation is left out": sizes(lambda k, s, d, jump: (k - 1) * jump),
        "a layer's own stride lengthens the steps of the layers behind it, not its own": sizes(
            lambda k, s, d, jump: (k - 1) * d * jump * s
        ),
        "the jump is the product of all strides before, not one of them": sizes(jumps=lambda k, s, d, j: s),
        "each layer steps with its own stride; it must be the jump of the layers before": sizes(
            lambda k, s, d, jump: (k - 1) * d * s
        ),
        "jumps multiply, they do not add": sizes(jumps=lambda k, s, d, jump: jump + s),
        "dilation spreads one kernel; it does not lengthen the jump for the layers behind": sizes(
            jumps=lambda k, s, d, jump: jump * s * d
        ),
        "each layer by itself; the units it reads have a window too": tuple((k - 1) * d + 1 for k, _, d in layers),
        "this is the last layer's size only; give one for each layer": right[-1:] and right[-1],
        "the input is in the list; give one size for each layer": (1, *right),
        "the layers are read from the end: the first one is next to the input": _reversed_sizes(layers),
    }


def _reversed_sizes(layers: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    size, jump, found = 1, 1, []
    for k, s, d in reversed(layers):
        size += (k - 1) * d * jump
        jump *= s
        found.append(size)
    return tuple(found)


def field_bounds_mistakes(layers: Sequence[tuple[int, int, int, int]], index: int) -> dict[str, Any]:
    """Mistakes in words -> the bounds each gives behind layers of (kernel size, stride, padding, dilation).

    >>> from course_utils.checks import field_bounds_mistakes
    >>> field_bounds_mistakes([(3, 1, 1, 1)], 2)["the padding is left out"]
    (2, 4)
    """

    def bounds(
        begin: Callable[..., int] = lambda place, k, s, p, d: place * s - p,
        reach: Callable[..., int] = lambda k, s, p, d: (k - 1) * d,
        index: int = index,
        order: Sequence[tuple[int, int, int, int]] = tuple(reversed(layers)),
        late: Callable[..., int] | None = None,
    ) -> tuple[int, int]:
        first = last = index
        for layer in order:
            first, last = begin(first, *layer), (late or begin)(last, *layer) + reach(*layer)
        return first, last

    first, last = bounds()
    size = last - first + 1
    padding = sum(layer[2] for layer in layers)
    unpadded = bounds(lambda place, k, s, p, d: place * s)
    middle = (first + last) // 2
    return {
        "last is inclusive: the last pixel that is seen, not the one behind it": (first, last + 1),
        "this is unit 0; shift it to the unit that is asked for": bounds(index=0),
        "only the last layer is followed; its units have windows too": bounds(order=layers[-1:]),
        "this is first and size; give first and last": (first, size),
        "the padding is left out": unpadded,
        "padding shifts the windows to the left, so it is subtracted": bounds(lambda place, k, s, p, d: place * s + p),
        "padding shifts both ends, first and last": bounds(late=lambda place, k, s, p, d: place * s),
        "padding is subtracted in each layer, where the strides below stretch it": tuple(
            place - padding for place in unpadded
        ),
        "the stride is left out": bounds(lambda place, k, s, p, d: place - p),
        "the padding is in pixels of the layer before: subtract it after the stride is multiplied": bounds(
            lambda place, k, s, p, d: (place - p) * s
        ),
        "the kernel's reach is not multiplied by its own stride": bounds(reach=lambda k, s, p, d: (k - 1) * d * s),
        "the dilation is left out": bounds(reach=lambda k, s, p, d: k - 1),
        "the kernel reaches (kernel − 1)·dilation further, not kernel·dilation": bounds(reach=lambda k, s, p, d: k * d),
        "the kernel reaches (kernel − 1)·dilation further, not kernel·dilation − 1": bounds(
            reach=lambda k, s, p, d: k * d - 1
        ),
        "the layers must be walked backwards, from the last to the first": bounds(order=layers),
        "unclipped bounds are asked for: they may be negative": (max(first, 0), max(last, 0)),
        "a field of even size is not centred on a pixel: count from its first pixel": (
            middle - size // 2,
            middle + size // 2,
        ),
    }
