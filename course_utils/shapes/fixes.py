"""Mends: small changes to a model that may make it run, each with the sentence that proposes it.

They are proposals. `course_utils.shapes.trace` tries them on a copy of the model and shows those that work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd, prod
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin

from course_utils.operations import tensors_in
from course_utils.shapes.calls import Call, class_of
from course_utils.shapes.formulas import Shape, extent

Edit = Callable[[nn.Module], None]

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
POOLINGS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)


@dataclass(frozen=True)
class Fix:
    """A proposal: a sentence, and how to try it on a copy of the model.

    Attributes:
        text: what to write instead.
        edit: changes the copy in place.
        input_shape: another shape to trace with.
        dtype: another type of input to trace with.
        patch: changes the arguments of a function: of the one that failed, or of the call at place `patch_at` of the
            history.
        reason: if this fix works, it explains the failure better than the numbers at the failing layer.
        only: it counts only if the whole model then runs; if it does, no other fix is offered.
    """

    text: str
    edit: Edit | None = None
    input_shape: Shape | None = None
    dtype: torch.dtype | None = None
    patch: Callable[[tuple, Mapping], tuple[tuple, Mapping]] | None = None
    patch_at: int | None = None
    reason: str = ""
    only: bool = False


def missing_axes(input_shape: Shape, dims: int | None, failed: Call) -> list[Fix]:
    """The batch dimension in front, or batch and channel; `dims` counts the axes that the model's windows slide over.

    A model without windows may begin with a flatten, so that any number of axes is possible there.
    """
    fixes = []
    if len(input_shape) == dims + 1 if dims else len(input_shape) <= 3:
        longer = (1, *input_shape)
        fixes.append(
            Fix(
                f"put the batch dimension in front: trace_shapes(model, {longer}); for one image x, x.unsqueeze(0)",
                input_shape=longer,
                reason=f"perhaps the batch dimension is missing: with one in front of {input_shape} the model runs; "
                f"without it {quoted(failed)} gets {shape_of(failed)}",
                only=True,
            )
        )
    if len(input_shape) == dims:
        longer = (1, 1, *input_shape)
        fixes.append(
            Fix(
                f"put batch and channels in front: trace_shapes(model, {longer}); for one image x, x[None, None]",
                input_shape=longer,
                reason="perhaps batch dimension and channels are missing: with both in front of "
                f"{input_shape} the model runs",
                only=True,
            )
        )
    return fixes


def resized(call: Call, **sizes: int) -> list[Fix]:
    """Another number of features or channels for a layer; exactly one keyword, the layer's own name for it."""
    if call.module is None:
        return []
    ((name, number),) = sizes.items()

    def edit(model: nn.Module) -> None:
        layer = model.get_submodule(call.name)
        setattr(layer, name, number)
        if isinstance(layer, nn.Linear):
            _reshape(layer, weight=(layer.out_features, layer.in_features), bias=(layer.out_features,))
        elif isinstance(layer, CONVOLUTIONS):
            _reshape(layer, weight=(layer.out_channels, layer.in_channels // layer.groups, *layer.kernel_size))
            _reshape(layer, bias=(layer.out_channels,))
        elif isinstance(layer, TRANSPOSED):
            _reshape(layer, weight=(layer.in_channels, layer.out_channels // layer.groups, *layer.kernel_size))
            _reshape(layer, bias=(layer.out_channels,))
        else:
            _reshape(layer, weight=(number,), bias=(number,), running_mean=(number,), running_var=(number,))

    return [Fix(f"{name}={number} in {quoted(call)}: {code(call.module, **sizes)}", edit=edit)]


def retuned(call: Call, **settings: int) -> list[Fix]:
    """Another padding or kernel size for a convolution or pooling, layer or function; exactly one keyword."""
    ((name, value),) = settings.items()
    if call.module is not None:
        return [Fix(f"{name}={value} in {quoted(call)}", edit=lambda model: _tune(model, call.name, name, value))]
    of_convolution = call.kind.startswith("conv")
    if of_convolution and name == "kernel_size":
        return []  # the weight would have to change, and it belongs to no layer
    position = 1 if name == "kernel_size" else 4 if of_convolution else 3

    def patch(args: tuple, kwargs: Mapping) -> tuple[tuple, Mapping]:
        if len(args) > position:
            return (*args[:position], value, *args[position + 1 :]), kwargs
        return args, {**kwargs, name: value}

    return [Fix(f"{name}={value} in {call.kind}", patch=patch)]


def same_padding(history: Sequence[Call]) -> list[Fix]:
    """The padding that keeps the size, in all convolutions so far, and in each alone, the last one first."""
    wanted = {}
    for call in layers(history, CONVOLUTIONS):
        spans = [extent(k, d) for k, d in zip(call.module.kernel_size, call.module.dilation, strict=True)]
        padding = tuple((span - 1) // 2 for span in spans)
        if all(span % 2 for span in spans) and call.module.padding not in (padding, "same"):
            wanted[call.name] = padding
    return _paddings(wanted, history)


def no_padding(history: Sequence[Call]) -> list[Fix]:
    """No padding, in all convolutions that have some, and in each alone."""
    wanted = {}
    for call in layers(history, CONVOLUTIONS):
        padding = call.module.padding
        if padding == "same" or (padding != "valid" and any(padding)):
            wanted[call.name] = (0,) * len(call.module.kernel_size)
    return _paddings(wanted, history)


def flatten_before(call: Call, in_features: int | None = None) -> list[Fix]:
    """A flatten in front of a linear layer, which may need another number of features as well."""
    if call.module is None:
        return [Fix("x.flatten(1) before it", patch=lambda args, kwargs: ((args[0].flatten(1), *args[1:]), kwargs))]
    text = f"nn.Flatten() before {quoted(call)}, or x.flatten(1) in forward"
    if in_features is not None:
        text += f", and in_features={in_features}: {code(call.module, in_features=in_features)}"

    def edit(model: nn.Module) -> None:
        if in_features is not None:
            resized(call, in_features=in_features)[0].edit(model)
        _replace(model, call.name, nn.Sequential(nn.Flatten(), model.get_submodule(call.name)))

    return [Fix(text, edit=edit)]


def flatten_later(flatten: Call, history: Sequence[Call], linear: Call) -> list[Fix]:
    """A flatten that begins at axis 1, so that it keeps the batch, and the number of features that it then gives."""
    at = next(i for i, call in enumerate(history) if call is flatten)
    features = prod(shape_of(flatten)[1:])

    def patch(args: tuple, kwargs: Mapping) -> tuple[tuple, Mapping]:
        return (args[0], 1) if flatten.kind == "flatten" else (args[0], (len(args[0]), -1)), {}

    by_hand = None if flatten.module is not None else patch
    text = f"start_dim=1 in {quoted(flatten)}" if by_hand is None else f"x.flatten(1) in place of {flatten.kind}"
    fitting = resized(linear, in_features=features) if getattr(linear.module, "in_features", 0) != features else []
    text += "".join(f", and {fix.text}" for fix in fitting)

    def edit(model: nn.Module) -> None:
        if flatten.module is not None:
            model.get_submodule(flatten.name).start_dim = 1
        for fix in fitting:
            fix.edit(model)

    return [Fix(text, edit=edit, patch=by_hand, patch_at=at)]


def whole_numbers(input_shape: Shape) -> Fix:
    """Whole numbers as input."""
    text = f"whole numbers as input: trace_shapes(model, {input_shape}, dtype=torch.long)"
    return Fix(text, dtype=torch.long)


def removed(call: Call) -> Fix:
    """The layer taken out."""
    return Fix(f"take {quoted(call)} ({call.kind}) out", edit=lambda model: _replace(model, call.name, nn.Identity()))


def replaced(call: Call, new: type[nn.Module], *args: Any) -> Fix:
    """Another layer in its place."""
    text = f"nn.{new.__name__}({', '.join(map(str, args))}) for {quoted(call)}"
    return Fix(text, edit=lambda model: _replace(model, call.name, new(*args)))


def regrouped(call: Call, in_channels: int, out_channels: int, groups: int) -> list[Fix]:
    """Groups that divide both numbers of channels, the nearest to `groups` first."""
    return [
        Fix(f"groups={n} in {quoted(call)}", edit=lambda model, n=n: _group(model, call.name, in_channels, n))
        for n in group_choices(in_channels, out_channels, groups)
        if call.module is not None
    ]


def group_choices(in_channels: int, out_channels: int, groups: int) -> list[int]:
    """Common divisors of both numbers of channels, the nearest to `groups` first."""
    common = gcd(in_channels, out_channels)
    divisors = [n for n in range(1, common + 1) if common % n == 0]
    return sorted(divisors, key=lambda n: (abs(n - groups), -n))


def projection(tensors: Sequence[torch.Tensor], history: Sequence[Call]) -> list[Fix]:
    """A 1x1 convolution on the shortcut of a sum, which is the tensor that was there earlier (He et al. 2015)."""
    order: dict[int, int] = {}  # of first appearance
    for call in history:
        for x in (*call.tensors, *tensors_in(call.output)):
            order.setdefault(id(x), len(order))
    short, main = sorted((0, 1), key=lambda i: order.get(id(tensors[i]), -1))
    source, target = tuple(tensors[short].shape), tuple(tensors[main].shape)
    dims = len(source) - 2
    strides = tuple(-(-a // b) for a, b in zip(source[2:], target[2:], strict=True))
    sizes = tuple((a - 1) // s + 1 for a, s in zip(source[2:], strides, strict=True))
    if dims not in (1, 2, 3) or sizes != target[2:] or set(sizes) == {1}:
        return []
    stride = strides[0] if len(set(strides)) == 1 else strides
    kind = CONVOLUTIONS[dims - 1]

    def patch(args: tuple, kwargs: Mapping) -> tuple[tuple, Mapping]:
        convolution = kind(source[1], target[1], 1, stride=stride, dtype=args[short].dtype)
        return tuple(convolution(x) if i == short else x for i, x in enumerate(args)), kwargs

    line = f"nn.{kind.__name__}({source[1]}, {target[1]}, kernel_size=1{f', stride={stride}' if stride != 1 else ''})"
    return [Fix(f"a projection on the {source}, perhaps the shortcut: {line}", patch=patch)]


# What the sentences are made of.


def quoted(call: Call) -> str:
    """How a sentence calls a layer: by its path in the model, or else by its class."""
    return f"`{call.name}`" if call.name else f"the {call.kind}"


def code(layer: nn.Module, **sizes: int) -> str:
    """The line that builds a layer with other sizes; ``...`` stands for the arguments that stay."""
    if isinstance(layer, nn.Linear):
        given = {"in_features": layer.in_features, "out_features": layer.out_features} | sizes
        return f"nn.Linear({given['in_features']}, {given['out_features']})"
    if isinstance(layer, CONVOLUTIONS + TRANSPOSED):
        given = {"in_channels": layer.in_channels, "out_channels": layer.out_channels} | sizes
        return f"nn.{class_of(layer).__name__}({given['in_channels']}, {given['out_channels']}, ...)"
    return f"nn.{class_of(layer).__name__}({next(iter(sizes.values()))})"


def shape_of(call: Call) -> Shape:
    """The shape of the first tensor that went in; empty if there was none."""
    return tuple(call.tensors[0].shape) if call.tensors else ()


def layers(history: Sequence[Call], kinds: tuple[type, ...]) -> list[Call]:
    """The calls of layers of some kind, each layer once."""
    return list({call.name: call for call in history if isinstance(call.module, kinds)}.values())


def _paddings(wanted: Mapping[str, Shape], history: Sequence[Call]) -> list[Fix]:
    if not wanted:
        return []
    every = len(layers(history, CONVOLUTIONS)) == len(wanted)
    alone = [{name: wanted[name]} for name in reversed(wanted)] if len(wanted) > 1 else []
    return [
        Fix(
            _padding_text(choice, every and len(choice) == len(wanted)),
            edit=lambda model, choice=choice: [
                _pad(model.get_submodule(name), padding) for name, padding in choice.items()
            ],
        )
        for choice in [wanted, *alone[:4]]
    ]


def _padding_text(choice: Mapping[str, Shape], every: bool) -> str:
    values = {name: p[0] if len(set(p)) == 1 else p for name, p in choice.items()}
    if len(set(values.values())) > 1:
        return " and ".join(f"padding={value} in `{name}`" for name, value in values.items())
    names = " and ".join(f"`{name}`" for name in values)
    value = next(iter(values.values()))
    if every and len(values) == 2:
        return f"padding={value} in both convolutions ({names})"
    if every and len(values) > 2:
        return f"padding={value} in all {len(values)} convolutions"
    return f"padding={value} in {names}"


# How a copy of the model is changed.


@torch.no_grad()  # a graph of a parametrized weight would hold what is to be replaced
def _reshape(layer: nn.Module, **shapes: Shape) -> None:
    """Give a layer's parameters or buffers other shapes, filled with zeros; what is None stays None."""
    for name, shape in shapes.items():
        old = getattr(layer, name)
        if old is not None and not isinstance(old, UninitializedTensorMixin):
            new = torch.zeros(shape, dtype=old.dtype, device=old.device)
            setattr(layer, name, nn.Parameter(new) if isinstance(old, nn.Parameter) else new)


def _replace(model: nn.Module, name: str, new: nn.Module) -> None:
    model.set_submodule(name, new)


def _tune(model: nn.Module, path: str, name: str, value: int) -> None:
    layer = model.get_submodule(path)
    if not isinstance(layer, CONVOLUTIONS):
        if name == "kernel_size" and layer.stride == layer.kernel_size:
            layer.stride = value  # the stride of a pooling is its kernel size unless given
        setattr(layer, name, value)
    elif name == "padding":
        _pad(layer, (value,) * len(layer.kernel_size))
    else:
        layer.kernel_size = (value,) * len(layer.kernel_size)
        _reshape(layer, weight=(*layer.weight.shape[:2], *layer.kernel_size))


def _group(model: nn.Module, path: str, in_channels: int, groups: int) -> None:
    layer = model.get_submodule(path)
    layer.groups = groups
    _reshape(layer, weight=(layer.out_channels, in_channels // groups, *layer.kernel_size))


def _pad(layer: Any, padding: Shape) -> None:
    layer.padding = padding
    if layer.padding_mode != "zeros":  # such a layer pads by F.pad, with a list of its own
        layer._reversed_padding_repeated_twice = [p for p in reversed(padding) for _ in range(2)]
