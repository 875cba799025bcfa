"""A small network, its optimizer and its batches that keep a diary of what a loop does with them.

`course_utils.checks.loops` judges training and evaluation loops with them. There need not be a GPU: a `Placed` tensor
remembers where it would lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.overrides import get_default_nowrap_functions
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.data import TensorDataset

HOST = torch.device("cpu")  # where batches come from
DEVICE = torch.device("cpu", 0)  # plays the GPU: another name of the CPU, and not equal to the first


class Event(NamedTuple):
    """One entry of the diary.

    Attributes:
        kind: "forward", "backward", "zero_grad", "step", or "mixed": tensors of two devices in one operation.
        who: the model's name; for "mixed" the operation's.
        training, gradients: for "forward", whether the model was in training mode, and gradients were recorded.
    """

    kind: str
    who: str
    training: bool = False
    gradients: bool = False


class Placed(Tensor):
    """A tensor of the CPU that plays being at `place`, as does what is computed from it.

    Tensors of two places in one operation are noted in the diary, `log`; on a GPU they are an error. Numbers (0-d)
    and ordinary tensors go with either place.
    """

    place: torch.device
    log: list[Event]

    @classmethod
    def put(cls, tensor: Tensor, place: torch.device, log: list[Event]) -> Placed:
        """A copy of `tensor` at `place`."""
        placed = tensor.detach().clone().as_subclass(cls)
        placed.place, placed.log = place, log
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
            place, log = _place(func, args, kwargs, given), given[0].log

            def wrap(leaf: Any) -> Any:
                if not isinstance(leaf, Tensor):
                    return leaf
                if isinstance(leaf, cls) and leaf.place == place:
                    return leaf  # an operation in place gives the tensor that it got
                leaf = leaf.as_subclass(cls)
                leaf.place, leaf.log = place, log
                return leaf

            return tree_map(wrap, result)


def plain(value: Any) -> Any:
    """A `Placed` tensor as an ordinary one without a graph; anything else as it is."""
    return value.detach().as_subclass(Tensor) if isinstance(value, Placed) else value


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
    places = {tensor.place for tensor in given if tensor.dim() > 0}
    if len(places) > 1:
        given[0].log.append(Event("mixed", func.__name__))
        return DEVICE
    return places.pop() if places else given[0].place


def small_net(seed: int) -> nn.Sequential:
    """A float64 network, images (N, 1, 4, 5) to logits (N, 3); the caller's random numbers stay as they were."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.Flatten(), nn.Linear(12, 3)).double()


class RecordingModel(nn.Module):
    """`small_net` on `DEVICE`, with a diary of its passes."""

    def __init__(self, name: str, log: list[Event], seed: int):
        super().__init__()
        self.name, self.log = name, log
        self.net = small_net(seed)
        for layer in (self.net[0], self.net[3]):
            for key, value in list(layer.named_parameters()):
                # Thrice the usual size, so that logits differ clearly between images.
                setattr(layer, key, nn.Parameter(Placed.put(3 * value, DEVICE, log)))

    def forward(self, images: Tensor) -> Tensor:
        """Logits (N, 3)."""
        self.log.append(Event("forward", self.name, self.training, torch.is_grad_enabled()))
        logits = self.net(images)
        if logits.requires_grad:
            logits.register_hook(lambda _: self.log.append(Event("backward", self.name)))
        return logits

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As in every module."""
        self.log.append(Event("zero_grad", self.name))
        super().zero_grad(set_to_none)

    def plain_copy(self) -> nn.Sequential:
        """The network with its weights, as ordinary tensors and without a diary."""
        net = small_net(seed=0)
        net.load_state_dict({key: plain(value) for key, value in self.net.state_dict().items()})
        return net


class RecordingSGD(torch.optim.SGD):
    """Plain gradient descent for a `RecordingModel`, with a diary."""

    def __init__(self, model: RecordingModel, lr: float):
        self.name, self.log = model.name, model.log
        super().__init__(model.parameters(), lr=lr)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """As in every optimizer."""
        self.log.append(Event("zero_grad", self.name))
        super().zero_grad(set_to_none)

    def step(self, closure: Any = None) -> Any:
        """As in every optimizer."""
        result = super().step(closure)
        self.log.append(Event("step", self.name))  # behind what the closure noted
        return result


class RecordingLoader(Iterable):
    """Batches `[images, labels]` on the host, the same ones in each pass; `dataset`, `batch_size`, len as usual."""

    def __init__(self, batches: list[tuple[Tensor, Tensor]], log: list[Event]):
        self._batches, self._log = batches, log
        self.dataset = TensorDataset(*(torch.cat(parts) for parts in zip(*batches, strict=True)))
        self.batch_size = len(batches[0][1])

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[list[Placed]]:
        for batch in self._batches:
            yield [Placed.put(part, HOST, self._log) for part in batch]
