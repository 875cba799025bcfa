"""Why a forward pass failed: a sentence with the arithmetic in it, and fixes worth trying.

One rule for each kind of failure. A rule looks at the call that failed and at the calls before it, never at the
wording of PyTorch's error, which changes with the version.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from math import prod
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course_utils.shapes.calls import Call, is_of_torch
from course_utils.shapes.fixes import (
    CONVOLUTIONS,
    POOLINGS,
    TRANSPOSED,
    Fix,
    flatten_before,
    flatten_later,
    layers,
    missing_axes,
    no_padding,
    projection,
    quoted,
    regrouped,
    removed,
    replaced,
    resized,
    retuned,
    same_padding,
    shape_of,
    whole_numbers,
)
from course_utils.shapes.formulas import AXES, Shape, extent, window
from course_utils.shapes.history import gives, last_convolution, merged_batch, origin

# The reason, and fixes worth trying, the best first.
Finding = tuple[str, list[Fix]]
Rule = Callable[[Call, Sequence[Call], Shape], Finding | None]

BATCH_NORMS = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
SIGNS = {"add": "+", "iadd": "+", "radd": "+", "sub": "-", "isub": "-", "rsub": "-", "mul": "*", "imul": "*"}
SIGNS |= {"rmul": "*", "div": "/", "truediv": "/"}


def diagnose(call: Call, history: Sequence[Call], input_shape: Shape, error: Exception) -> Finding:
    """Why `call` raised `error` after the calls in `history`, in a model that was given `input_shape`."""
    found = next((finding for rule in _RULES if (finding := _tried(rule, call, history, input_shape))), None)
    line = _own_line(error)
    if found is None:
        message = str(error).strip().split("\n")[0]
        found = f"{type(error).__name__}: {message}" if message else type(error).__name__, []
    reason, fixes = found
    if line and not is_of_torch(call.module):
        reason += f" (at `{line}`)"
    dims = next((found for past in (*history, call) if (found := _dimensions(past))), None)
    return reason, [*missing_axes(input_shape, dims, call), *fixes]


def _tried(rule: Rule, call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    """What `rule` finds; None where it stumbles itself over an argument that PyTorch refused, which may be anything."""
    try:
        return rule(call, history, input_shape)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None


# The rules. Each returns None where it does not apply.


def _number(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    """A tensor without axes, as `x.mean()` gives one, where a layer needs some."""
    if not call.tensors or shape_of(call) != ():
        return None
    if call.kind in ("cat", "concat", "concatenate") and not any(x.dim() for x in call.tensors):
        return f"{call.kind} needs tensors with at least one axis; these are single numbers, of shape ()", []
    if not is_of_torch(call.module) and call.kind != "linear" and _dimensions(call) is None:
        return None
    source = next((past for past in reversed(history) if gives(past, call.tensors[0])), None)
    given = f", which {quoted(source) if source.module else source.kind} gives" if source else ""
    return f"{call.kind} cannot take its input, a single number of shape (){given}", []


def _embedding(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    if call.kind not in ("Embedding", "EmbeddingBag", "embedding", "embedding_bag") or not call.tensors:
        return None
    if not call.tensors[0].is_floating_point():
        return None
    kind = str(call.tensors[0].dtype).removeprefix("torch.")
    reason = f"{call.kind} takes whole numbers, which are places in its table; its input is of {kind}"
    return reason, [whole_numbers(input_shape)]


def _linear(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    shape = shape_of(call)
    if isinstance(call.module, nn.Linear):
        wanted, name = call.module.in_features, f"in_features={call.module.in_features}"
    elif call.kind == "linear":
        wanted, name = call.argument(1, "weight").shape[-1], f"weight {tuple(call.argument(1, 'weight').shape)}"
    else:
        return None
    if not shape or shape[-1] == wanted:
        return None
    count = prod(shape[1:])
    if len(shape) > 2 and count == wanted:
        reason = f"perhaps a flatten is missing: Linear works on the last axis, which has {shape[-1]} entries here. "
        reason += f"It expects {wanted} ({name}), and {_product(shape[1:])}"
        return reason, flatten_before(call)
    reason = f"Linear expects {wanted} features ({name}); "
    if len(shape) > 2 and layers(history, (*CONVOLUTIONS, *POOLINGS)):
        reason += f"the last axis of its input {shape} has {shape[-1]}. Perhaps a flatten is missing; "
        reason += f"it would give {_product(shape[1:])}"
        return reason, flatten_before(call, in_features=count)
    reason += origin(call, history)
    merged = merged_batch(call, history)
    if merged is not None:
        reason += f". {merged.kind} makes one axis of all, also of axis 0, which usually counts the images"
        return reason, flatten_later(merged, history, call)
    return reason, [*resized(call, in_features=shape[-1]), *same_padding(history), *no_padding(history)]


def _groups(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    found = _convolution(call)
    if found is None:
        return None
    dims, channels, outputs, groups = found
    if call.function is not None and len(shape_of(call)) > dims:
        channels = shape_of(call)[-dims - 1]
    if groups < 1 or (channels % groups == 0 and outputs % groups == 0):
        return None
    return groups_reason(channels, outputs, groups), regrouped(call, channels, outputs, groups)


def _channels(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    found = _convolution(call)
    if found is None:
        return None
    dims, wanted, _, groups = found
    if not call.tensors:
        return None
    shape = shape_of(call)
    if len(shape) not in (dims + 1, dims + 2):
        letters = ", ".join(("N", "C", *{1: "L", 2: "HW", 3: "DHW"}[dims]))
        reason = f"a {dims}-d convolution expects ({letters}); its input {shape} has {_axes(shape)}"
        return reason, [removed(past) for past in layers(history, (nn.Flatten,))]
    got = shape[-dims - 1]
    if got == wanted:
        return None
    reason = f"the convolution expects {wanted} channels (in_channels={wanted}); its input {shape} has {got}"
    fixes = resized(call, in_channels=got) if got % groups == 0 else []
    last = last_convolution(history)
    if last is not None:
        fixes += resized(last, out_channels=wanted)
    elif shape == input_shape and len(shape) == dims + 2 and shape[-1] == wanted:
        first, order = (shape[0], wanted, *shape[1:-1]), (0, dims + 1, *range(1, dims + 1))
        fixes.insert(0, Fix(f"put the channels first: {first}, as x.permute{order} gives", input_shape=first))
    elif shape == input_shape:
        other = tuple(wanted if axis == len(shape) - dims - 1 else size for axis, size in enumerate(shape))
        fixes.append(Fix(f"an input with {_count(wanted, 'channel')}: {other}", input_shape=other))
    return reason, fixes


def _fit(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    seen = window(call)
    if seen is None:
        return None
    if seen.kind == "pool":
        for p, k in zip(seen.padding, seen.kernel_size, strict=True):
            if p > k // 2:
                reason = f"padding={p} is more than half of kernel_size={k}: a window could lie in the padding alone"
                return reason, retuned(call, padding=min(seen.kernel_size) // 2)
    # Average pooling in three dimensions compares the kernel with the input before it is padded.
    padding = (0, 0, 0) if call.kind in ("AvgPool3d", "avg_pool3d") else seen.padding
    spans = [extent(k, d) for k, d in zip(seen.kernel_size, seen.dilation, strict=True)]
    rooms = [size + 2 * p for size, p in zip(seen.sizes, padding, strict=True)]
    missing = [max(0, span - room) for span, room in zip(spans, rooms, strict=True)]
    if not any(missing):
        return None
    i = next(i for i, lack in enumerate(missing) if lack)
    reason = (
        f"the kernel does not fit. Along the {AXES[len(spans)][i]} it covers "
        f"{seen.dilation[i]}*({seen.kernel_size[i]}-1) + 1 = {spans[i]}, "
        f"and the padded input has {seen.sizes[i]} + 2*{padding[i]} = {rooms[i]}"
    )
    wider = max(p + -(-lack // 2) for p, lack in zip(seen.padding, missing, strict=True))
    largest = [(room - 1) // d + 1 for room, d in zip(rooms, seen.dilation, strict=True)]
    smaller = min(*largest, *seen.kernel_size)
    may_pad = seen.kind == "conv" or wider <= min(seen.kernel_size) // 2
    return reason, [
        *retuned(call, kernel_size=smaller),
        *(retuned(call, padding=wider) if may_pad else []),
        *same_padding(history),
        *(removed(past) for past in reversed(layers(history, POOLINGS))),
    ]


def _batch_norm(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    layer, shape = call.module, shape_of(call)
    if not isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
        return None
    fitting = BATCH_NORMS.get(len(shape))
    if fitting is not None and not isinstance(layer, fitting):
        takes = " or ".join(str(axes) for axes, kind in BATCH_NORMS.items() if isinstance(layer, kind))
        reason = f"{call.kind} expects {takes} axes; its input {shape} has {len(shape)}"
        return reason, [replaced(call, fitting, shape[1])]
    if len(shape) < 2 or shape[1] == layer.num_features:
        return None
    what = "channels" if len(shape) > 2 else "features"
    reason = f"{call.kind} expects {layer.num_features} {what} (num_features={layer.num_features}); "
    reason += f"its input {shape} has {shape[1]}"
    fixes = resized(call, num_features=shape[1])
    source = next(
        (past for past in reversed(history) if isinstance(past.module, (*CONVOLUTIONS, *TRANSPOSED, nn.Linear))), None
    )
    if isinstance(source and source.module, nn.Linear):
        fixes += resized(source, out_features=layer.num_features)
    elif source is not None:
        fixes += resized(source, out_channels=layer.num_features)
    return reason, fixes


def _sum(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    tensors, sign = call.tensors, SIGNS.get(call.kind.strip("_"))
    if sign is None or len(tensors) != 2:
        return None
    a, b = (tuple(x.shape) for x in tensors)
    pairs = list(zip(reversed(a), reversed(b), strict=False))  # broadcasting starts at the last axis
    apart = [back for back, pair in enumerate(pairs, 1) if len(set(pair)) == 2 and 1 not in pair]
    if not apart:
        return None
    if len(a) != len(b):
        return f"{a} {sign} {b}: the shapes have {len(a)} and {len(b)} axes, and the last ones differ", []
    axes = [len(a) - back for back in reversed(apart)]
    reason = f"{a} {sign} {b} needs axes of equal size, or of size 1; but "
    reason += ", ".join(f"axis {axis} is {a[axis]} and {b[axis]}" for axis in axes)
    if len(a) < 3:
        return reason, []
    fixes = [*same_padding(history), *projection(tensors, history)]
    last = last_convolution(history)
    if last is not None and axes == [1] and isinstance(last.output, torch.Tensor):
        fixes += resized(last, out_channels=(b if tuple(last.output.shape) == a else a)[1])
    return reason, fixes


def _cat(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    if call.kind not in ("cat", "concat", "concatenate"):
        return None
    shapes = [tuple(x.shape) for x in call.tensors]
    if len({len(shape) for shape in shapes}) != 1:
        return f"cat needs tensors with the same number of axes; it gets {_list(shapes) or 'none'}", []
    along = call.argument(1, "dim", call.kwargs.get("axis", 0)) % len(shapes[0])
    for axis, sizes in enumerate(zip(*shapes, strict=True)):
        if axis != along and len(set(sizes)) > 1:
            reason = f"cat along axis {along} needs all other axes equal; it gets {_list(shapes)}, "
            return reason + f"where axis {axis} is {_list(sizes)}", same_padding(history)
    return None


def _view(call: Call, history: Sequence[Call], input_shape: Shape) -> Finding | None:
    if call.kind not in ("view", "reshape") or not call.tensors:
        return None
    shape = shape_of(call)
    given = (*call.args[1:], *call.kwargs.values())
    sizes = [size for entry in given for size in (entry if isinstance(entry, Sequence) else [entry])]
    if not all(type(size) is int for size in sizes):
        return None
    asked = f"{call.kind}({', '.join(map(str, sizes))})"
    known, count = prod(size for size in sizes if size != -1), prod(shape)
    holds = f"{shape} holds {_product(shape)}"
    if -1 in sizes and known > 0 and count % known:
        reason = f"{asked} cuts the values into rows of {known}, but {holds}, and {count}/{known} = {count / known:.4g}"
    elif -1 not in sizes and known != count:
        reason = f"{asked} asks for {_product(sizes)} values, but {holds}"
    else:
        return None
    flat = Fix(f"x.flatten(1) in place of {asked}", patch=lambda args, kwargs: ((args[0], (len(args[0]), -1)), {}))
    return reason, [*same_padding(history), *no_padding(history), flat]


_RULES = (_number, _embedding, _linear, _groups, _channels, _fit, _batch_norm, _sum, _cat, _view)


def _dimensions(call: Call) -> int | None:
    """1, 2 or 3 for layers and functions as Conv1d, max_pool2d, BatchNorm3d; `BatchNorm1d` takes (N, C) as well."""
    found = None if call.kind == "BatchNorm1d" else re.search(r"([123])d$", call.kind)
    return int(found[1]) if found else None


def _convolution(call: Call) -> tuple[int, int, int, int] | None:
    """Axes, input channels, output channels and groups of a convolution, layer or function."""
    if isinstance(call.module, CONVOLUTIONS + TRANSPOSED):
        layer = call.module
        return len(layer.kernel_size), layer.in_channels, layer.out_channels, layer.groups
    if call.kind in ("conv1d", "conv2d", "conv3d"):
        weight, groups = call.argument(1, "weight"), call.argument(6, "groups", 1)
        return weight.dim() - 2, weight.shape[1] * groups, weight.shape[0], groups
    if call.kind in ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"):
        weight, groups = call.argument(1, "weight"), call.argument(6, "groups", 1)
        return weight.dim() - 2, weight.shape[0], weight.shape[1] * groups, groups
    return None


def groups_reason(in_channels: int, out_channels: int, groups: int) -> str:
    """Which numbers of channels the groups do not divide."""
    wrong = [
        f"{what}={number} gives {number}/{groups} = {number / groups:.4g} channels a group"
        for what, number in (("in_channels", in_channels), ("out_channels", out_channels))
        if number % groups
    ]
    return f"groups={groups} must divide in_channels and out_channels, but " + " and ".join(wrong)


def _own_line(error: Exception) -> str:
    """The innermost line of a `forward` that is not PyTorch's."""
    own = [
        f for f in traceback.extract_tb(error.__traceback__) if f.name == "forward" and not is_torch_file(f.filename)
    ]
    return own[-1].line or "" if own else ""


def is_torch_file(filename: str) -> bool:
    """Whether a line of a traceback is PyTorch's own."""
    return "torch" in Path(filename).parts


def _product(sizes: Sequence[int]) -> str:
    """``2*3 = 6``; of a single size, or none, the number alone."""
    return "*".join(map(str, sizes)) + f" = {prod(sizes)}" if len(sizes) > 1 else str(prod(sizes))


def _axes(shape: Shape) -> str:
    return "1 axis" if len(shape) == 1 else f"{len(shape)} axes"


def _list(values: Iterable[Any]) -> str:
    return " and ".join(map(str, values))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
