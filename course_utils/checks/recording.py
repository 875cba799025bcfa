"""Run a loop on a small network, an optimizer and batches that keep a diary, and tell what the loop did with them.

`course_utils.checks.loops` judges training and evaluation loops by these facts; nothing is judged here. There need not
be a GPU: a `Placed` tensor remembers where it would lie.
"""

from __future__ import annotations

import copy
import gc
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.overrides import get_default_nowrap_functions
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.data import TensorDataset

from course_utils.checks.probes import probe

HOST = torch.device("cpu")  # where batches come from
DEVICE = torch.device("cpu", 0)  # plays the GPU: another name of the CPU, and not equal to the first

_MOVES = (Tensor.to, Tensor.cpu)


class Event(NamedTuple):
    """One entry of the diary.

    Attributes:
        kind: "forward", "backward", "zero_grad", "step"; "labels" for an operation on the labels of a batch, and
            "operation" for any other in which two tensors meet.
        who: the model's name, or the operation's.
        training, gradients: for "forward", whether the model was in training mode, and gradients were recorded.
        places: for "forward", where the images and the weights lay; for operations, where each operand did.
    """

    kind: str
    who: str
    training: bool = False
    gradients: bool = False
    places: tuple[str, ...] = ()


class Placed(Tensor):
    """A tensor of the CPU that plays being at `place`, as does what is computed from it.

    The diary notes where the operands of an operation lie: two places are an error on a GPU. Numbers (0-d) and
    ordinary tensors go with either place, and are left out.
    """

    place: torch.device
    diary: list[Event]
    is_labels: bool  # the labels of a batch, moved or not

    @classmethod
    def put(cls, tensor: Tensor, place: torch.device, diary: list[Event], is_labels: bool = False) -> Placed:
        """A copy of `tensor` at `place`."""
        placed = tensor.detach().clone().as_subclass(cls)
        placed.place, placed.diary, placed.is_labels = place, diary, is_labels
        return placed

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunctionSubclass():  # in here they are tensors like any other
            given = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, cls) and hasattr(leaf, "place")]
            if given and func == Tensor.device.__get__:
                return given[0].place
            result = func(*args, **kwargs)
            if not given or func in get_default_nowrap_functions():
                return result
            _note(func, given, result)
            place, diary = _place(func, args, kwargs, given), given[0].diary

            def wrap(leaf: Any) -> Any:
                if not isinstance(leaf, Tensor):
                    return leaf
                if isinstance(leaf, cls) and leaf.place == place:
                    return leaf  # an operation in place gives the tensor that it got
                leaf = leaf.as_subclass(cls)
                leaf.place, leaf.diary, leaf.is_labels = place, diary, func in _MOVES and given[0].is_labels
                return leaf

            return tree_map(wrap, result)


def plain(value: Any) -> Any:
    """A `Placed` tensor as an ordinary one without a graph; anything else as it is."""
    return value.detach().as_subclass(Tensor) if isinstance(value, Placed) else value


def _note(func: Any, given: list[Placed], result: Any) -> None:
    """Note an operation on labels, or one in which tensors meet; `given` are the placed tensors among its arguments."""
    if func in _MOVES:
        return
    # A size tells nothing of the labels; what holds their values are tensors, arrays and lists.
    holds_values = type(result) is list or any(isinstance(leaf, (Tensor, np.ndarray)) for leaf in tree_leaves(result))
    uses_labels, places = holds_values and any(tensor.is_labels for tensor in given), _places(given)
    if uses_labels or len(places) > 1:
        given[0].diary.append(Event("labels" if uses_labels else "operation", func.__name__, places=places))


def _places(values: Iterable[Any]) -> tuple[str, ...]:
    """Where placed tensors lie, numbers left out."""
    return tuple(str(value.place) for value in values if isinstance(value, Placed) and value.dim() > 0)


def _place(func: Any, args: Any, kwargs: dict, given: list[Placed]) -> torch.device:
    """Where the result of ``func(*args, **kwargs)`` lies; `given` are the placed tensors among the arguments."""
    if func is Tensor.cpu:
        return HOST
    if func is Tensor.to:
        for target in [*args[1:], *kwargs.values()]:
            if isinstance(target, Placed):
                return target.place
            if isinstance(target, (str, torch.device)):
                return torch.device(target)
        return given[0].place
    places = {tensor.place for tensor in given if tensor.dim() > 0} or {given[0].place}
    return places.pop() if len(places) == 1 else DEVICE


def small_net(seed: int) -> nn.Sequential:
    """A float64 network, images (N, 1, 4, 5) to logits (N, 3); the caller's random numbers stay as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(12, 3)).double()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter *= 3  # thrice the usual size, so that logits differ clearly between images
    return net


def net_with(weights: dict[str, Tensor]) -> nn.Sequential:
    """A `small_net` with a copy of these weights.

    Raises:
        RuntimeError: they are not those of such a network.
    """
    net = small_net(seed=0)
    net.load_state_dict(weights)
    return net


def draw_batches(sizes: Sequence[int], net: nn.Module, seed: int) -> list[tuple[Tensor, Tensor]]:
    """Images (N, 1, 4, 5) with labels: `net` errs in every second image, but in none of the last batch."""
    generator = torch.Generator().manual_seed(seed)
    batches = []
    for place, size in enumerate(sizes):
        images = torch.randn(size, 1, 4, 5, generator=generator, dtype=torch.float64)
        labels = net(images).argmax(1)
        if place < len(sizes) - 1:
            labels[place % 2 :: 2] = (labels[place % 2 :: 2] + 1) % 3
        batches.append((images, labels))
    return batches


class _Graph:
    """Notes a backward pass, and lives as long as the graph of the forward pass that it belongs to."""

    def __init__(self, diary: list[Event], who: str):
        self.diary, self.who = diary, who

    def __call__(self, gradient: Tensor) -> None:
        self.diary.append(Event("backward", self.who))


class RecordingModel(nn.Module):
    """A `small_net` with these weights on `DEVICE`, with a diary of its passes."""

    def __init__(self, name: str, weights: dict[str, Tensor], diary: list[Event]):
        super().__init__()
        self.name, self.diary = name, diary
        self.graphs: weakref.WeakSet[_Graph] = weakref.WeakSet()  # of earlier passes, as long as somebody keeps them
        self.most_graphs = 0
        self.net = net_with(weights)
        for layer in (self.net[0], self.net[3]):
            for key, value in list(layer.named_parameters()):
                setattr(layer, key, nn.Parameter(Placed.put(value, DEVICE, diary)))

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 3)."""
        places = _places([images, self.net[0].weight])
        self.diary.append(Event("forward", self.name, self.training, torch.is_grad_enabled(), places))
        logits = self.net(images)
        if logits.requires_grad:
            if len(self.graphs) > 2:
                gc.collect()  # what nobody keeps may still be in a cycle
            graph = _Graph(self.diary, self.name)
            self.graphs.add(graph)
            self.most_graphs = max(self.most_graphs, len(self.graphs))
            logits.register_hook(graph)
        return logits

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As in every module."""
        self.diary.append(Event("zero_grad", self.name))
        super().zero_grad(set_to_none)


class RecordingSGD(torch.optim.SGD):
    """Plain gradient descent for a `RecordingModel`, with a diary."""

    def __init__(self, model: RecordingModel, lr: float):
        self.name, self.diary = model.name, model.diary
        super().__init__(model.parameters(), lr=lr)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As in every optimizer."""
        self.diary.append(Event("zero_grad", self.name))
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        """As in every optimizer."""
        result = super().step(closure)
        self.diary.append(Event("step", self.name))  # behind what the closure noted
        return result


class RecordingLoader(Iterable):
    """Batches `[images, labels]` on the host, the same ones in each pass; `dataset`, `batch_size`, len as usual."""

    def __init__(self, batches: Sequence[tuple[Tensor, Tensor]], diary: list[Event]):
        self._batches, self._diary = batches, diary
        self.dataset = TensorDataset(*(torch.cat(parts) for parts in zip(*batches, strict=True)))
        self.batch_size = len(batches[0][1])

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[list[Placed]]:
        for images, labels in self._batches:
            yield [Placed.put(images, HOST, self._diary), Placed.put(labels, HOST, self._diary, is_labels=True)]


@probe
def recorded_run(
    loop: Callable,
    arguments: Sequence[str],
    *,
    weights: dict[str, dict[str, Tensor]],
    batches: Sequence[tuple[Tensor, Tensor]],
    criterion: nn.Module,
    training: bool,
    lr: float,
) -> dict[str, Any]:
    """Call a loop with things that keep a diary, and tell what it did with them.

    Args:
        loop: a training or evaluation loop.
        arguments: what it is called with, in order: the name of a model, "optimizer" (of several models
            "optimizer_" and the name), "loader", "criterion" or "device".
        weights: each model's, by its name, as `net_with` takes them.
        batches: images (N, 1, 4, 5) in float64, and labels (N,) in 0, 1, 2.
        criterion: takes logits and labels, returns their mean loss.
        training: the mode in which the models come.
        lr: the optimizers' learning rate.

    Returns:
        "returned": what the loop returned, placed tensors as ordinary ones; "diary": the events, as tuples;
        "weights" and "training": each model's afterwards, by its name; "frozen": its parameters that do not require
        gradients any more; "graphs": of how many of its passes the graph was kept at one time; "grad_enabled": whether
        gradients are recorded after the loop.

    Raises:
        KeyError: an argument has no such name.
        Exception: whatever the loop raises.
    """
    diary: list[Event] = []
    models = {name: RecordingModel(name, start, diary).train(training) for name, start in weights.items()}
    things = {"loader": RecordingLoader(batches, diary), "criterion": copy.deepcopy(criterion), "device": DEVICE}
    for name, model in models.items():
        things[name] = model
        things["optimizer" if len(models) == 1 else f"optimizer_{name}"] = RecordingSGD(model, lr)
    before = torch.is_grad_enabled()
    try:
        returned = loop(*[things[name] for name in arguments])
        grad_enabled = torch.is_grad_enabled()
    finally:
        torch.set_grad_enabled(before)
    after = {name: model.net.state_dict() for name, model in models.items()}
    return {
        "returned": tree_map(plain, returned),
        "diary": [tuple(event) for event in diary],
        "weights": {name: {key: plain(value) for key, value in now.items()} for name, now in after.items()},
        "training": {name: model.training for name, model in models.items()},
        "frozen": {
            name: [key for key, parameter in model.net.named_parameters() if not parameter.requires_grad]
            for name, model in models.items()
        },
        "graphs": {name: model.most_graphs for name, model in models.items()},
        "grad_enabled": grad_enabled,
    }
