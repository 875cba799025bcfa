"""A network as what its forward pass does, not as what it says of itself.

What a test then counts is what happens: layers that the pass does not use are not in it, and weights that it uses are,
wherever the network keeps them.
"""

from __future__ import annotations

import operator
import re
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn import functional as F

from course_utils.checks.errors import CheckError
from course_utils.checks.probes import probe

# A described step may call these alone: the description can come from a stranger's process.
_SPACES = {
    "torch": torch._C._VariableFunctions,
    "functional": F,
    "operator": operator,
    "tensor": torch._C.TensorBase,
    "aten": torch.ops.aten,
}
_NAME = re.compile(r"\w+(\.\w+)*", re.ASCII)  # fx writes code with them
_FORBIDDEN = frozenset(["from_file", "attrgetter", "itemgetter", "methodcaller", "call"])
_ATTRIBUTES = frozenset(["shape", "ndim", "dtype", "device", "T", "mT", "H", "mH"])


def computed(model: nn.Module, example: Tensor | None = None) -> fx.GraphModule:
    """The network that computes what `model` computes, of the same layers: only those that its forward pass uses.

    Tensors that the pass uses besides are its parameters too, so that ``parameters()`` has every weight that counts.
    Where torch.fx cannot follow the pass, as where it asks for a shape, and there is an example, a batch (N, ...), it
    is followed operation by operation: then the network takes batches of that size alone, and all its weights are its
    own.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks import computed
    >>> class Net(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.used, self.idle, self.kept_apart = nn.Linear(3, 2), nn.Linear(9, 9), [torch.ones(2)]
    ...
    ...     def forward(self, x):
    ...         return self.used(x) + self.kept_apart[0]
    >>> sum(parameter.numel() for parameter in computed(Net()).parameters())  # 6 + 2 of `used`, and 2
    10

    Raises:
        CheckError: torch.fx cannot follow the forward pass, or a step of it is none of PyTorch's.
    """
    told = steps_of(model, example)
    for name, layer in told["layers"].items():
        if not type(layer).__module__.startswith("torch.nn."):
            raise CheckError(f"the forward pass calls {name}, a {type(layer).__name__}\n  expected: layers of torch.nn")
    statistics, parts = _statistics(told["steps"]), dict(told["layers"])
    for name, tensor in told["tensors"].items():
        parts[name] = tensor.detach() if name in statistics else nn.Parameter(tensor.detach(), False)
    graph, known = fx.Graph(), []
    for kind, target, args, kwargs in told["steps"]:
        if kind == "call_function":
            target = _function(*target)
        elif kind == "call_method":
            _function("tensor", target)
        elif not _NAME.fullmatch(target):
            raise CheckError(f"the forward pass has a part called {target!r}\n  expected: letters, digits and _")
        known.append(graph.create_node(kind, target, tuple(_built(args, known)), _built(kwargs, known)))
    return fx.GraphModule(parts, graph)


@probe
def steps_of(model: nn.Module, example: Tensor | None = None) -> dict[str, Any]:
    """The forward pass of a network, step by step, as torch.fx finds it.

    Args:
        model: the network.
        example: a batch, to follow the pass by PyTorch's operations where its layers cannot be followed.

    Returns:
        `layers`: the layers of torch.nn that the pass calls, by name. `tensors`: what
        else it uses, by name. `steps`: kind, target, arguments and keyword arguments of each, where ``{"step": n}`` is
        the result of another one.

    Raises:
        CheckError: torch.fx cannot follow the pass.
    """
    root, graph = _followed(model, example)
    places = {node: place for place, node in enumerate(graph.nodes)}
    used = {kind: {node.target for node in graph.nodes if node.op == kind} for kind in ("call_module", "get_attr")}
    return {
        "layers": {name: root.get_submodule(name) for name in sorted(used["call_module"])},
        "tensors": {name: operator.attrgetter(name)(root) for name in sorted(used["get_attr"])},
        "steps": [
            [node.op, _target(node), _told(list(node.args), places), _told(node.kwargs, places)] for node in places
        ],
    }


def _followed(model: nn.Module, example: Tensor | None) -> tuple[nn.Module, fx.Graph]:
    """What torch.fx, or else the example, finds: the module that has the graph's layers and tensors, and the graph."""
    tracer = fx.Tracer()
    try:
        graph = tracer.trace(nn.Sequential(model) if tracer.is_leaf_module(model, "") else model)
    except Exception as error:
        if example is not None:
            with torch.no_grad():
                traced = make_fx(model)(example)
            return traced, traced.graph
        raise CheckError(
            f"torch.fx cannot follow {type(model).__name__}: {type(error).__name__}: {error}\n"
            "  expected: layers of torch.nn and operations of PyTorch, one after the other",
            "its forward has an `if` or a loop that depends on a tensor or its shape",
        ) from error
    return tracer.root, graph


def _statistics(steps: list[list[Any]]) -> set[str]:
    """The names of tensors that hold the running mean and variance of a batch normalisation: they are no weights."""
    found = set()
    for kind, target, args, _ in steps:
        if kind == "call_function" and "batch_norm" in target[1]:
            found |= {steps[place["step"]][1] for place in args[3:5] if isinstance(place, dict)}
    return found


def _target(node: fx.Node) -> Any:
    """A step's target; a function as where it is found and its name."""
    if node.op != "call_function":
        return node.target
    name = getattr(node.target, "__name__", "")
    if node.target is getattr:
        return ["attribute", name]
    if isinstance(node.target, torch._ops.OpOverload):
        return [node.target.namespace, str(node.target).partition(".")[2]]
    return next(
        ([space, name] for space, owner in _SPACES.items() if getattr(owner, name, 0) is node.target), ["", name]
    )


def _function(space: str, name: str) -> Any:
    """The function that a description means."""
    if space == "attribute":
        return _attribute
    name, _, overload = name.partition(".")
    function = getattr(_SPACES.get(space), name, None)
    if overload and _NAME.fullmatch(overload):
        function = getattr(function, overload, None)
    if not callable(function) or name.startswith("__") or name in _FORBIDDEN:
        raise CheckError(f"the forward pass calls {name!r}\n  expected: operations of PyTorch alone")
    return function


def _attribute(value: Any, name: str) -> Any:
    if name not in _ATTRIBUTES:
        raise CheckError(f"the forward pass reads .{name}\n  expected: {', '.join(sorted(_ATTRIBUTES))}")
    return getattr(value, name)


def _told(value: Any, places: dict[fx.Node, int]) -> Any:
    if isinstance(value, fx.Node):
        return {"step": places[value]}
    if isinstance(value, (torch.layout, torch.memory_format)):
        return {"torch": str(value).removeprefix("torch.")}
    if isinstance(value, slice):
        return {"slice": [_told(part, places) for part in (value.start, value.stop, value.step)]}
    if isinstance(value, tuple):
        return {"tuple": [_told(part, places) for part in value]}
    if isinstance(value, list):
        return [_told(part, places) for part in value]
    if isinstance(value, dict):
        return {"dict": {key: _told(part, places) for key, part in value.items()}}
    return value


def _built(value: Any, known: list[fx.Node]) -> Any:
    if isinstance(value, list):
        return [_built(part, known) for part in value]
    if not isinstance(value, dict):
        if value is not None and type(value) not in (bool, int, float, str, torch.dtype, torch.device):
            raise CheckError(f"the forward pass uses a {type(value).__name__}\n  expected: tensors, numbers and texts")
        return value
    [(kind, content)] = value.items()
    if kind == "step":
        return known[content]
    if kind == "torch":
        return {"strided": torch.strided, "contiguous_format": torch.contiguous_format}.get(content)
    if kind in ("tuple", "slice"):
        return {"tuple": tuple, "slice": lambda parts: slice(*parts)}[kind](_built(content, known))
    if not all(map(str.isidentifier, content)):
        raise CheckError("the forward pass has an argument without a name\n  expected: letters, digits and _")
    return {key: _built(part, known) for key, part in content.items()}
