"""A network as what its forward pass does, not as what it says of itself.

What a test then counts is what happens: layers that the pass does not use are not in it, and weights that it uses are,
wherever the network keeps them.
"""

from __future__ import annotations

import operator
import re
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional as F

from course_utils.checks.errors import CheckError
from course_utils.checks.probes import probe

# A described step may call these alone: the description can come from a stranger's process.
_SPACES = {"torch": torch._C._VariableFunctions, "functional": F, "operator": operator, "tensor": torch._C.TensorBase}
_NAME = re.compile(r"\w+(\.\w+)*", re.ASCII)  # fx writes code with them
_FORBIDDEN = frozenset(["from_file", "attrgetter", "itemgetter", "methodcaller", "call"])
_ATTRIBUTES = frozenset(["shape", "ndim", "dtype", "device", "T", "mT", "H", "mH"])


def computed(model: nn.Module) -> fx.GraphModule:
    """The network that computes what `model` computes, of the same layers: only those that its forward pass uses.

    Tensors that the pass uses besides are its parameters too, so that ``parameters()`` has every weight that counts.

    >>> import torch
    >>> from torch import nn
    >>> from course_utils.checks.networks import computed
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
    told = steps_of(model)
    for name, layer in told["layers"].items():
        if not type(layer).__module__.startswith("torch.nn."):
            raise CheckError(f"the forward pass calls {name}, a {type(layer).__name__}\n  expected: layers of torch.nn")
    parts = told["layers"] | {name: nn.Parameter(tensor.detach(), False) for name, tensor in told["tensors"].items()}
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
def steps_of(model: nn.Module) -> dict[str, Any]:
    """The forward pass of a network, step by step, as torch.fx finds it.

    Returns:
        `layers`: the layers of torch.nn that the pass calls, by name. `tensors`: what
        else it uses, by name. `steps`: kind, target, arguments and keyword arguments of each, where ``{"step": n}`` is
        the result of another one.

    Raises:
        CheckError: torch.fx cannot follow the pass.
    """
    tracer = fx.Tracer()
    try:
        graph = tracer.trace(nn.Sequential(model) if tracer.is_leaf_module(model, "") else model)
    except Exception as error:
        raise CheckError(
            f"torch.fx cannot follow {type(model).__name__}: {type(error).__name__}: {error}\n"
            "  expected: layers of torch.nn and operations of PyTorch, one after the other\n"
            "  guess: its forward has an `if` or a loop that depends on a tensor or its shape"
        ) from error
    places = {node: place for place, node in enumerate(graph.nodes)}
    used = {kind: {node.target for node in graph.nodes if node.op == kind} for kind in ("call_module", "get_attr")}
    return {
        "layers": {name: tracer.root.get_submodule(name) for name in sorted(used["call_module"])},
        "tensors": {name: operator.attrgetter(name)(tracer.root) for name in sorted(used["get_attr"])},
        "steps": [
            [node.op, _target(node), _told(list(node.args), places), _told(node.kwargs, places)] for node in places
        ],
    }


def _target(node: fx.Node) -> Any:
    """A step's target; a function as where it is found and its name."""
    if node.op != "call_function":
        return node.target
    name = getattr(node.target, "__name__", "")
    if node.target is getattr:
        return ["attribute", name]
    return next(
        ([space, name] for space, owner in _SPACES.items() if getattr(owner, name, 0) is node.target), ["", name]
    )


def _function(space: str, name: str) -> Any:
    """The function that a description means."""
    if space == "attribute":
        return _attribute
    function = getattr(_SPACES.get(space), name, None)
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
    if kind in ("tuple", "slice"):
        return {"tuple": tuple, "slice": lambda parts: slice(*parts)}[kind](_built(content, known))
    if not all(map(str.isidentifier, content)):
        raise CheckError("the forward pass has an argument without a name\n  expected: letters, digits and _")
    return {key: _built(part, known) for key, part in content.items()}
