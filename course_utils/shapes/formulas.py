"""The formula that leads from the shape of a call's input to that of its output, with its numbers in it.

The rules for one axis, which `sizes` and `trace` share, stand here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from torch import nn

from course_utils.operations import tensors_in
from course_utils.shapes.calls import Call

Shape = tuple[int, ...]

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def extent(kernel_size: int, dilation: int) -> int:
    """Pixels from the first to the last one that a kernel touches, along one axis."""
    return dilation * (kernel_size - 1) + 1


def conv_axis(size: int, kernel_size: int, stride: int, padding: int, dilation: int) -> int:
    """Output size of a convolution along one axis; see `course_utils.shapes.conv_output_size`.

    Raises:
        ValueError: the kernel does not fit into the padded input.
    """
    room = size + 2 * padding - extent(kernel_size, dilation)
    if room < 0:
        raise ValueError(
            f"the kernel does not fit: its extent is {dilation}*({kernel_size}-1)+1 = {extent(kernel_size, dilation)}, "
            f"the padded input has {size}+2*{padding} = {size + 2 * padding}; use a smaller kernel or more padding"
        )
    return room // stride + 1


def pool_axis(size: int, kernel_size: int, stride: int, padding: int, dilation: int, *, ceil_mode: bool) -> int:
    """Output size of a pooling along one axis; see `course_utils.shapes.pool_output_size`.

    Raises:
        ValueError: the kernel does not fit, or a window could lie in the padding alone.
    """
    if padding > kernel_size // 2:  # PyTorch does not count the dilation here
        raise ValueError(
            f"padding {padding} is more than half of the kernel size {kernel_size}, which PyTorch refuses: "
            "a window could lie in the padding alone; use less padding"
        )
    room = size + 2 * padding - extent(kernel_size, dilation)
    if not ceil_mode or room <= -stride:
        return conv_axis(size, kernel_size, stride, padding, dilation)
    windows = -(-room // stride) + 1
    # The last window has to start inside the input or its left padding.
    return windows - 1 if (windows - 1) * stride >= size + padding else windows


@dataclass(frozen=True)
class Window:
    """A sliding window over the last axes of a tensor; one entry an axis. `kind` is "conv" or "pool"."""

    kind: str
    sizes: Shape
    kernel_size: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    ceil_mode: bool = False

    def output_sizes(self) -> Shape:
        """The output's size along each axis.

        Raises:
            ValueError: as `conv_axis` and `pool_axis`.
        """
        axes = zip(self.sizes, self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        if self.kind == "conv":
            return tuple(conv_axis(*axis) for axis in axes)
        return tuple(pool_axis(*axis, ceil_mode=self.ceil_mode) for axis in axes)


def window(call: Call) -> Window | None:
    """The window of a convolution or pooling, be it a layer or a function; None for anything else."""
    found = _family(call)
    tensors = call.tensors
    if found is None or not tensors or tensors[0].dim() < found[1]:
        return None
    family, dims = found
    if call.module is not None:
        given = vars(call.module)
    else:
        given = dict(zip(_ARGUMENTS[family], call.args, strict=False)) | dict(call.kwargs)
        if family == "conv":
            given["kernel_size"] = tuple(given["weight"].shape[2:])
    kernel = _spread(given["kernel_size"], dims)
    dilation = _spread(given.get("dilation", 1), dims)
    stride = given.get("stride")
    if stride is None:
        stride = kernel if family != "conv" else 1
    padding = given.get("padding", 0)
    sizes = tuple(tensors[0].shape[-dims:])
    if padding == "valid":
        padding = 0
    if padding == "same":
        if any((extent(k, d) - 1) % 2 for k, d in zip(kernel, dilation, strict=True)):
            return None  # one pixel more on one side: the formula with 2*padding does not hold
        padding = tuple((extent(k, d) - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    return Window(
        kind="conv" if family == "conv" else "pool",
        sizes=sizes,
        kernel_size=kernel,
        stride=_spread(stride, dims),
        padding=_spread(padding, dims),
        dilation=dilation,
        ceil_mode=bool(given.get("ceil_mode", False)),
    )


def arithmetic(call: Call) -> str:
    """How the output's shape follows from the input's, for instance ``(28 + 2*1 - 1*(3-1) - 1)//1 + 1 = 28``.

    Empty where there is nothing to compute or the rule is not known. Only what agrees with the real output is said.
    """
    outputs, inputs = list(tensors_in(call.output)), call.tensors
    if not outputs or not inputs:
        return ""
    out, shape = tuple(outputs[0].shape), tuple(inputs[0].shape)
    seen = window(call)
    if seen is not None:
        try:
            sizes = seen.output_sizes()
        except ValueError:
            return ""
        return _axis_by_axis([_window_text(seen, i) for i in range(len(sizes))]) if sizes == out[-len(sizes) :] else ""
    if isinstance(call.module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
        return _transposed(call.module, shape, out)
    if isinstance(call.module, nn.Linear) or call.kind == "linear":
        return f"{'' if len(shape) == 2 else 'last axis: '}{shape[-1]} features in, {out[-1]} out"
    if call.kind in ("cat", "concat", "concatenate"):
        return _joined([tuple(x.shape) for x in inputs], out)
    return product_text(shape, out)


def product_text(shape: Shape, out: Shape) -> str:
    """``16*5*5 = 400`` where the last axes of `shape` became one axis of `out`; else empty."""
    kept = len(out) - 1
    if not out or len(out) >= len(shape) or out[:kept] != shape[:kept] or prod(shape[kept:]) != out[-1]:
        return ""
    return "*".join(map(str, shape[kept:])) + f" = {out[-1]}"


# Which positions of the functions' arguments hold what.
_ARGUMENTS = {
    "conv": ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    "maxpool": ("input", "kernel_size", "stride", "padding", "dilation", "ceil_mode"),
    "avgpool": ("input", "kernel_size", "stride", "padding", "ceil_mode"),
}


def _family(call: Call) -> tuple[str, int] | None:
    """What a call is and over how many axes: ``("maxpool", 2)`` for `nn.MaxPool2d`, its children and `F.max_pool2d`."""
    names = [cls.__name__ for cls in type(call.module).__mro__] if call.module is not None else [call.kind]
    for name in names:
        found = re.fullmatch(r"(conv|maxpool|avgpool)([123])d", name.lower().replace("_", ""))
        if found:
            return found[1], int(found[2])
    return None


def _spread(value: int | Sequence[int], dims: int) -> Shape:
    entries = (value,) if isinstance(value, int) else tuple(value)
    return entries * dims if len(entries) == 1 else entries


def _window_text(seen: Window, axis: int) -> str:
    size, kernel, stride = seen.sizes[axis], seen.kernel_size[axis], seen.stride[axis]
    room = f"({size} + 2*{seen.padding[axis]} - {seen.dilation[axis]}*({kernel}-1) - 1)"
    result = seen.output_sizes()[axis]
    if not seen.ceil_mode:
        return f"{room}//{stride} + 1 = {result}"
    rounded_up = -(-(size + 2 * seen.padding[axis] - extent(kernel, seen.dilation[axis])) // stride) + 1
    # The last window would start behind the input, so PyTorch leaves it out.
    dropped = " - 1" if rounded_up != result else ""
    return f"ceil({room}/{stride}) + 1{dropped} = {result}"


def _axis_by_axis(texts: Sequence[str]) -> str:
    if len(set(texts)) == 1:
        return texts[0]
    return "; ".join(f"{axis}: {text}" for axis, text in zip(AXES[len(texts)], texts, strict=True))


def _transposed(layer: Any, shape: Shape, out: Shape) -> str:
    texts, sizes = [], []
    dims = len(layer.kernel_size)
    for i, size in enumerate(shape[-dims:]):
        s, p, d, k, o = (
            getattr(layer, name)[i] for name in ("stride", "padding", "dilation", "kernel_size", "output_padding")
        )
        sizes.append((size - 1) * s - 2 * p + d * (k - 1) + o + 1)
        texts.append(f"({size}-1)*{s} - 2*{p} + {d}*({k}-1) + {o} + 1 = {sizes[-1]}")
    return _axis_by_axis(texts) if tuple(sizes) == out[-dims:] else ""


def _joined(shapes: Sequence[Shape], out: Shape) -> str:
    for axis, size in enumerate(out):
        parts = [shape[axis] for shape in shapes if len(shape) == len(out)]
        if len(parts) > 1 and sum(parts) == size and any(part != size for part in parts):
            return f"axis {axis}: " + " + ".join(map(str, parts)) + f" = {size}"
    return ""
