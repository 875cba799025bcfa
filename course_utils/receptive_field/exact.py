"""The exact receptive field of every layer of a network, from one forward pass.

The rules of each operation are in `rules`, what a unit sees is kept as in `pixel_masks`.
"""

from __future__ import annotations

import contextlib
import operator
import re
from collections.abc import Sequence
from typing import Any

import torch
from torch import fx, nn

from course_utils.checks import forbiddable
from course_utils.model_copies import checked_shape, demand_sizes, working_copy
from course_utils.operations import Budget, OverBudget
from course_utils.receptive_field.pixel_masks import ReceptiveFieldError, input_field
from course_utils.receptive_field.table import LayerField, ReceptiveFields
from course_utils.receptive_field.tracker import ATTENTION, FieldTracker

# Numbers in parameters and results together. So much is computed as fast as the meta device would, and the more than
# a second is saved in which PyTorch imports its compiler for the first operation there.
SMALL = 1_000_000


@forbiddable
def receptive_field(model: nn.Module, input_shape: Sequence[int]) -> ReceptiveFields:
    """What the units of each layer of `model` see of the input.

    The model is traced with torch.fx as it is in eval mode, and a copy of it is run once: a small one on zeros, a
    large one on meta tensors, which have no numbers. The model itself, its mode, hooks and the random generators stay
    as they are.

    >>> from torch import nn
    >>> from course_utils.receptive_field import receptive_field
    >>> receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3)), (1, 28, 28))
    layer  kind       output   size  jump  center
    -----  ---------  -------  ----  ----  --------
    0      Conv2d     4×26×26  3×3   1×1   1, 1
    1      MaxPool2d  4×13×13  4×4   2×2   1.5, 1.5
    2      Conv2d     8×11×11  8×8   2×2   3.5, 3.5
    Receptive fields; the input has 28×28 pixels

    Args:
        model: any module that torch.fx can trace.
        input_shape: (channels, height, width), (channels, length) or (channels, depth, height, width). A batch
            size in front is accepted if the model has a convolution or pooling that tells the dimensions apart.

    Returns:
        One row per layer, with `size`, `jump`, `center` and `bounds`.

    Raises:
        ReceptiveFieldError: torch.fx cannot trace the model, its forward pass fails for this shape, branches that
            meet disagree on the jump, or a layer has no fixed window (transposed convolution, upsampling,
            attention, ...). The message names the layer.
        ValueError: the shape is too short, or a layer is lazy and has no sizes yet.
        TypeError: `model` is not a module, or `input_shape` not a sequence of whole numbers.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is {type(model).__name__}; expected a torch.nn.Module")
    shape = checked_shape(input_shape, example=(3, 224, 224), fewest=2)
    demand_sizes(model)
    try:
        return _followed(model, shape, "cpu", Budget(SMALL - sum(p.numel() for p in model.parameters())))
    except OverBudget:
        return _followed(model, shape, "meta", contextlib.nullcontext())


def _followed(
    model: nn.Module, shape: tuple[int, ...], device: str, budget: contextlib.AbstractContextManager
) -> ReceptiveFields:
    with torch.random.fork_rng(devices=[]), torch.device(device):
        traced = _trace(working_copy(model, device))
        spatial, layer = _spatial(traced) or (len(shape) - 1, "")
        batched = len(shape) == spatial + 2
        if not batched and len(shape) != spatial + 1:
            raise ReceptiveFieldError(
                f"input_shape is {shape}, with {len(shape)} numbers; the first layer with a number in its "
                f"name, {layer}, works on {spatial}-d maps: give the channels and {spatial} sizes"
            )
        with torch.inference_mode(), budget:
            rows = _Rows(traced, shape if batched else (1, *shape), batched)
            rows.go()
    return ReceptiveFields(tuple(rows.rows), shape[2 if batched else 1 :], rows.notes())


def _trace(model: nn.Module) -> fx.GraphModule:
    tracer = fx.Tracer()
    name = type(model).__name__
    if tracer.is_leaf_module(model, ""):
        model = nn.Sequential(model)
    try:
        graph = tracer.trace(model)
    except Exception as error:
        raise ReceptiveFieldError(
            f"torch.fx cannot trace {name}: {type(error).__name__}: {error}\n"
            "Usually its forward has an `if` or a loop that depends on a tensor or its shape. Give the part without it "
            "(for instance model.features), make the condition depend on a setting of the module, or move that step "
            "into a function marked with torch.fx.wrap."
        ) from error
    return fx.GraphModule(model, graph)


def _spatial(traced: fx.GraphModule) -> tuple[int, str] | None:
    """1, 2 or 3, from the first layer whose name says so (Conv2d, max_pool1d), and that name; None without one."""
    for node in traced.graph.nodes:
        found = re.search(r"(?:conv|pool).*?([123])d$", _kind(traced, node).lower())
        if found:
            return int(found[1]), _kind(traced, node)
    return None


def _kind(traced: fx.GraphModule, node: fx.Node) -> str:
    if node.op == "call_module":
        return type(traced.get_submodule(node.target)).__name__
    return node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))


class _Rows(fx.Interpreter):
    """Runs the traced model and collects a row for each layer."""

    def __init__(self, traced: fx.GraphModule, shape: tuple[int, ...], batched: bool) -> None:
        super().__init__(traced)
        self.extra_traceback = False
        self.rows: list[LayerField] = []
        self._caveats: dict[str, list[str]] = {}
        self._shape, self._skip = shape, 0 if batched else 1
        self._tracker = FieldTracker()
        self._without_values = False
        self._names: set[str] = set()

    def notes(self) -> tuple[str, ...]:
        """The caveats, each with the layers it is about."""
        return tuple(
            f"{layers[0]}{f' and {len(layers) - 1} more' if len(layers) > 1 else ''}: {caveat}"
            for caveat, layers in self._caveats.items()
        )

    def go(self) -> None:
        for node in self.module.graph.nodes:
            if node.op == "call_module" and re.search("Attention|Transformer", _kind(self.module, node)):
                raise ReceptiveFieldError(
                    f"{node.target} ({_kind(self.module, node)}) is not supported: {ATTENTION}. Give the part of the "
                    "model in front of it alone"
                )
        dtypes = [p.dtype for p in self.module.parameters() if p.is_floating_point()]
        image = torch.zeros(self._shape, dtype=dtypes[0] if dtypes else None)
        self._without_values = image.is_meta
        self._tracker.track(image, input_field(self._shape, spatial=len(self._shape) - 2))
        with self._tracker:
            self.run(image)

    def run_node(self, node: fx.Node) -> Any:
        layer, kind = self._name(node), _kind(self.module, node)
        try:
            value = super().run_node(node)
        except ReceptiveFieldError as error:
            raise ReceptiveFieldError(f"{layer} ({kind}): {error}") from error
        except Exception as error:
            # A large model runs on the meta device, which cannot do what depends on values.
            how = " of which only the shape is kept, no values" if self._without_values else ""
            raise ReceptiveFieldError(
                f"the forward pass fails at {layer} ({kind}) for an input of shape {self._shape}{how}: {error}\n"
                f"trace_shapes(model, {self._shape}) shows the shapes up to there."
            ) from error
        for caveat in self._tracker.caveats:
            self._caveats.setdefault(caveat, []).append(layer)
        self._tracker.caveats.clear()
        # A layer that gives several tensors (a pooling and its indices, a split) stands for the first.
        first = value[0] if isinstance(value, (tuple, list)) and value else value
        seen = self._tracker.field(first)
        if seen is not None and node.op.startswith("call_") and not self._unpacks(node):
            self._names.add(layer)
            self.rows.append(LayerField.of(layer, kind, first.shape[self._skip :], seen))
        return value

    def _unpacks(self, node: fx.Node) -> bool:
        """Whether the node takes one output of a layer that gives several."""
        return node.target is operator.getitem and isinstance(self.env.get(node.args[0]), (tuple, list))

    def _name(self, node: fx.Node) -> str:
        name = str(node.target)
        if node.op != "call_module":
            path = [*node.meta.get("nn_module_stack", {})]
            name = f"{path[-1]}.{node.name}" if path and path[-1] else node.name
        # A module that is called twice has two rows.
        calls = [name, *(f"{name}_{i}" for i in range(1, len(self._names) + 1))]
        return next(name for name in calls if name not in self._names)
