"""A network as plain data, so that a page can compute with it: `pages/network.js` runs what `nodes` writes down."""

from __future__ import annotations

import base64
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional as F

from course_utils.model_copies import working_copy

Node = dict[str, Any]
ELEMENTWISE = {
    nn.ReLU: "relu",
    nn.Sigmoid: "sigmoid",
    nn.Tanh: "tanh",
    F.relu: "relu",
    torch.relu: "relu",
    torch.sigmoid: "sigmoid",
    torch.tanh: "tanh",
    "relu": "relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
}
SAME = (nn.Flatten, nn.Identity, nn.Dropout, nn.Dropout2d, torch.flatten, F.dropout, "flatten", "view", "reshape")


def nodes(model: nn.Module, input_shape: Sequence[int]) -> list[Node]:
    """Every layer and function of a model, in the order of computing, in evaluation mode and without the batch.

    Args:
        model: what torch.fx can trace, of convolutions, poolings, linear layers, batch norms, ReLU, sigmoid, tanh,
            flattening, dropout, sums and concatenations of channels.
        input_shape: (C, H, W).

    Returns:
        A dictionary for each node, the input first: its ``name``, ``kind``, ``shape``, the numbers ``of`` the nodes
        that it takes, and what it computes with; arrays are base64 of float32.

    Raises:
        ValueError: torch.fx cannot trace the model, or the page cannot compute a layer; the message names it.
    """
    writer = _Writer(_traced(model))
    with torch.no_grad():
        writer.run(torch.zeros(1, *input_shape))
    return writer.nodes


def values(model: nn.Module, x: torch.Tensor) -> list[torch.Tensor]:
    """What each node of `nodes` gives for the batch `x` of one, by PyTorch, with the graph back to `x`."""
    keeper = _Keeper(_traced(model))
    keeper.run(x)
    return keeper.values


def _traced(model: nn.Module) -> fx.GraphModule:
    """A copy in evaluation mode, in the numbers that the page computes with."""
    model = working_copy(model, "cpu").float().eval()
    # a layer by itself would be traced into its inside
    whole = nn.Sequential(model) if fx.Tracer().is_leaf_module(model, "") else model
    try:
        return fx.symbolic_trace(whole)
    except Exception as error:
        raise ValueError(f"torch.fx cannot trace the model: {type(error).__name__}: {error}") from error


class _Keeper(fx.Interpreter):
    """Runs the traced model and keeps what each step gives; the next step takes a copy, which it may overwrite."""

    def __init__(self, traced: fx.GraphModule) -> None:
        super().__init__(traced)
        self.extra_traceback = False
        self.values: list[torch.Tensor] = []

    def run_node(self, n: fx.Node) -> Any:
        result = super().run_node(n)
        if n.op == "output":
            return result
        self.values.append(result)
        return result.clone()


class _Writer(fx.Interpreter):
    """Runs the traced model once, for the shapes, and writes a node for each step."""

    def __init__(self, traced: fx.GraphModule) -> None:
        super().__init__(traced)
        self.extra_traceback = False
        self.nodes: list[Node] = []
        self._number: dict[fx.Node, int] = {}

    def run_node(self, n: fx.Node) -> Any:
        result = super().run_node(n)
        if n.op == "placeholder":
            self._write(n, {"kind": "input"}, result)
        elif n.op in ("call_module", "call_function", "call_method"):
            self._write(n, self._step(n), result)
        elif n.op == "get_attr":
            raise ValueError(f"the page cannot compute with `{n.target}`, a parameter or buffer outside any layer")
        return result

    def _write(self, n: fx.Node, step: Node, result: torch.Tensor) -> None:
        of = [self._number[taken] for taken in n.all_input_nodes]
        name = n.target if n.op == "call_module" else n.name
        self._number[n] = len(self.nodes)
        self.nodes.append({"name": name, **step, "of": of, "shape": list(result.shape[1:])})

    def _step(self, n: fx.Node) -> Node:
        module = self.module.get_submodule(n.target) if n.op == "call_module" else None
        kind = type(module) if module is not None else n.target
        args, keywords = self.fetch_args_kwargs_from_env(n)
        if kind in ELEMENTWISE:
            return {"kind": "elementwise", "function": ELEMENTWISE[kind]}
        if kind in SAME and (module is not None or args[0].shape[0] == 1):
            return {"kind": "same"}
        if kind in (operator.add, operator.iadd, torch.add) and args[0].shape == args[1].shape and not keywords:
            return {"kind": "add"}
        if kind is torch.cat and (args[1:] or tuple(keywords.values())) == (1,):
            return {"kind": "cat"}
        shape = args[0].shape if args and isinstance(args[0], torch.Tensor) else ()
        if module is not None and type(module) in LAYERS:
            return LAYERS[type(module)](module, shape, n.target)
        if kind in POOLING_FUNCTIONS:
            return LAYERS[POOLING_FUNCTIONS[kind]](POOLING_FUNCTIONS[kind](*args[1:], **keywords), shape, n.name)
        what = type(module).__name__ if module is not None else getattr(n.target, "__name__", n.target)
        raise ValueError(f"the page cannot compute `{n.name}` ({what}); it can what explorers.network lists")


def packed(tensor: torch.Tensor | None) -> str | None:
    """Base64 of float32, the lowest byte first; `decoded` of `pages/page.js` reads it."""
    if tensor is None:
        return None
    return base64.b64encode(tensor.detach().cpu().float().contiguous().numpy().astype("<f4").tobytes()).decode()


def _pair(value: Any) -> list[int]:
    return list(value) if isinstance(value, tuple | list) else [value, value]


def _convolution(layer: nn.Conv2d, shape: torch.Size, name: str) -> Node:
    if isinstance(layer.padding, str) or layer.padding_mode != "zeros":
        raise ValueError(f"the page cannot compute `{name}`: give the padding as a number, with zeros")
    settings = {key: _pair(getattr(layer, key)) for key in ("stride", "padding", "dilation")}
    return {
        "kind": "conv",
        **settings,
        "groups": layer.groups,
        "kernel": _pair(layer.kernel_size),
        "weight": packed(layer.weight),
        "bias": packed(layer.bias),
    }


def _linear(layer: nn.Linear, shape: torch.Size, name: str) -> Node:
    if len(shape) != 2:
        raise ValueError(f"the page cannot compute `{name}` on a shape {tuple(shape)}: flatten before it")
    return {"kind": "linear", "weight": packed(layer.weight), "bias": packed(layer.bias)}


def _norm(layer: nn.BatchNorm2d, shape: torch.Size, name: str) -> Node:
    if layer.running_mean is None:
        raise ValueError(f"the page cannot compute `{name}`: it keeps no running mean")
    scale = (layer.running_var + layer.eps).rsqrt()
    if layer.affine:
        scale = scale * layer.weight
    shift = -layer.running_mean * scale
    return {"kind": "norm", "scale": packed(scale), "shift": packed(shift + layer.bias if layer.affine else shift)}


def _pooling(layer: nn.MaxPool2d | nn.AvgPool2d, shape: torch.Size, name: str) -> Node:
    """Windows as [first, behind the last, what a mean divides by], for rows and for columns."""
    mean = isinstance(layer, nn.AvgPool2d)
    if layer.divisor_override if mean else _pair(layer.dilation) != [1, 1]:
        raise ValueError(f"the page cannot compute `{name}`: leave out dilation and divisor_override")
    axes = []
    for n, size, stride, pad in zip(
        shape[2:], _pair(layer.kernel_size), _pair(layer.stride), _pair(layer.padding), strict=True
    ):
        places = -(-(n + 2 * pad - size) // stride) if layer.ceil_mode else (n + 2 * pad - size) // stride
        if places * stride >= n + pad:  # the last window would begin behind the picture
            places -= 1
        axis = []
        for first in range(-pad, -pad + places * stride + 1, stride):
            start, end = max(first, 0), min(first + size, n)
            padded = min(first + size, n + pad) - first
            axis.append([start, end, padded if mean and layer.count_include_pad else end - start])
        axes.append(axis)
    return {
        "kind": "mean" if mean else "max",
        "rows": axes[0],
        "columns": axes[1],
        "kernel": _pair(layer.kernel_size),
        "stride": _pair(layer.stride),
        "padding": _pair(layer.padding),
        "ceil": layer.ceil_mode,
        "counted": mean and layer.count_include_pad,
    }


def _adaptive(layer: nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d, shape: torch.Size, name: str) -> Node:
    axes = []
    for n, places in zip(shape[2:], _pair(layer.output_size), strict=True):
        places = n if places is None else places
        bounds = [(k * n // places, -(-(k + 1) * n // places)) for k in range(places)]
        axes.append([[start, end, end - start] for start, end in bounds])
    kind = "mean" if isinstance(layer, nn.AdaptiveAvgPool2d) else "max"
    return {"kind": kind, "rows": axes[0], "columns": axes[1]}


LAYERS: dict[type[nn.Module], Callable[[Any, torch.Size, str], Node]] = {
    nn.Conv2d: _convolution,
    nn.Linear: _linear,
    nn.BatchNorm2d: _norm,
    nn.MaxPool2d: _pooling,
    nn.AvgPool2d: _pooling,
    nn.AdaptiveAvgPool2d: _adaptive,
    nn.AdaptiveMaxPool2d: _adaptive,
}
POOLING_FUNCTIONS = {
    F.max_pool2d: nn.MaxPool2d,
    torch.max_pool2d: nn.MaxPool2d,
    F.avg_pool2d: nn.AvgPool2d,
    F.adaptive_avg_pool2d: nn.AdaptiveAvgPool2d,
}
