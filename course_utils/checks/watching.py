"""Watch an experiment that trains two networks side by side, where the answer is, and tell what it did.

`course_utils.checks.comparisons` judges it by these facts; nothing is judged here.
"""

from __future__ import annotations

import copy
import functools
import inspect
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.utils.data import DataLoader, TensorDataset

from course_utils.checks.probes import probe

_MISSING = object()


@probe
def watched_comparison(
    experiment: Callable,
    arguments: Sequence[Any],
    *,
    networks: dict[str, str],
    loop: str,
    loaders: dict[str, tuple[Tensor, Tensor]],
    batch_size: int,
) -> dict[str, Any]:
    """Run an experiment of a notebook on other data, and tell what it did with the networks that it made.

    While it runs, other loaders stand under the names of the notebook's.

    Args:
        experiment: makes two networks, trains them, and measures them.
        arguments: what it is called with.
        networks: the notebook's name of the class or function that makes each network, by what it is called here.
        loop: the notebook's name of the training loop.
        loaders: images and labels for each loader, by the notebook's name; the first one shuffles.
        batch_size: of all loaders.

    Returns:
        "returned": what it returned. "reported": what each call of the training loop returned. "asked": the arguments
        with which each network was made, in order. "events": what happened, in order, the name of the loader that a
        pass begins with, or "end"; with the number of networks made so far, and of the last one of each kind a checksum
        of its weights and its mean loss on each loader's data. "steps": for each kind of step that an optimizer took
        its name, its learning rate, how many of each network's tensors it holds, and how many such steps there were.
        "memories": how many optimizers that keep something from step to step took steps with each kind of network.

    Raises:
        Exception: whatever the experiment raises.
    """
    watch = _Watch(networks, loaders)
    names = _names_around(experiment)
    with ExitStack() as stack:
        for who, maker in networks.items():
            stack.enter_context(watch.makes(names, maker, who))
        stack.enter_context(watch.notes_returns(names, loop))
        for place, (name, part) in enumerate(loaders.items()):
            loader = _WatchedLoader(TensorDataset(*part), batch_size, shuffle=place == 0)
            loader.begins = functools.partial(watch.note, name)
            stack.enter_context(_replaced(names, name, loader))
        stack.callback(register_optimizer_step_post_hook(watch.step).remove)
        returned = experiment(*arguments)
    watch.note("end")
    steps = [[*key, count] for key, count in watch.steps.items()]
    told = {"asked": watch.asked, "events": watch.events, "steps": steps, "reported": watch.reported}
    told["memories"] = {who: len(optimizers) for who, optimizers in watch.remembering.items()}
    return told | {"returned": returned}


class _WatchedLoader(DataLoader):
    """A loader that says when a pass begins."""

    begins: Callable[[], None]

    def __iter__(self) -> Iterator:
        self.begins()
        return super().__iter__()


class _Watch:
    """What was made, and what happened."""

    def __init__(self, networks: dict[str, str], loaders: dict[str, tuple[Tensor, Tensor]]) -> None:
        self.made: dict[str, list[nn.Module]] = {who: [] for who in networks}
        self.asked: dict[str, list[Any]] = {who: [] for who in networks}
        self.events: list[dict[str, Any]] = []
        self.steps: dict[tuple, int] = {}
        self.remembering: dict[str, list[torch.optim.Optimizer]] = {who: [] for who in networks}
        self.reported: list[Any] = []
        self._loaders = loaders

    @contextmanager
    def makes(self, names: dict[str, Any], maker: str, who: str) -> Iterator[None]:
        """Note every network that this class or function makes."""
        original = names.get(maker)
        if original is None:  # the experiment itself will say so
            yield
            return
        # A class stays itself: its own code may call it by its name.
        function = original.__init__ if isinstance(original, type) else original

        @functools.wraps(function)
        def noting(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            network, given = (args[0], args[1:]) if isinstance(original, type) else (result, args)
            self.made[who].append(network)
            self.asked[who].append([*given, *kwargs.values()])
            return result

        if not isinstance(original, type):
            with _replaced(names, maker, noting):
                yield
            return
        original.__init__ = noting
        try:
            yield
        finally:
            original.__init__ = function

    @contextmanager
    def notes_returns(self, names: dict[str, Any], loop: str) -> Iterator[None]:
        """Note what this function returns."""
        original = names.get(loop)

        @functools.wraps(original)
        def noting(*args: Any, **kwargs: Any) -> Any:
            self.reported.append(original(*args, **kwargs))
            return self.reported[-1]

        with _replaced(names, loop, noting) if original else nullcontext():
            yield

    def note(self, what: str) -> None:
        """What begins, and how the networks are now."""
        now = {who: made[-1] for who, made in self.made.items() if made}
        self.events.append(
            {
                "what": what,
                "made": {who: len(made) for who, made in self.made.items()},
                "weights": {who: _checksum(network) for who, network in now.items()},
                "losses": {who: self._losses(network) for who, network in now.items()},
            }
        )

    def step(self, optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        """An optimizer took a step."""
        held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        counts = [
            sum(id(parameter) in held for network in made for parameter in network.parameters())
            for made in self.made.values()
        ]
        key = type(optimizer).__name__, float(optimizer.param_groups[0]["lr"]), *counts
        self.steps[key] = self.steps.get(key, 0) + 1
        for who, count in zip(self.made, counts, strict=True):
            if count and optimizer.state and not any(optimizer is known for known in self.remembering[who]):
                self.remembering[who].append(optimizer)

    def _losses(self, network: nn.Module) -> dict[str, float]:
        network = copy.deepcopy(network).eval()
        with torch.no_grad():
            parts = self._loaders.items()
            return {name: F.cross_entropy(network(images), labels).item() for name, (images, labels) in parts}


def _checksum(network: nn.Module) -> int:
    weights = torch.cat([parameter.detach().flatten() for parameter in network.parameters()])
    return zlib.crc32(weights.numpy().tobytes())


def _names_around(function: Any) -> dict[str, Any]:
    """The names of the notebook in which a function, or the class of a callable object, was written."""
    function = inspect.unwrap(function)
    while isinstance(function, functools.partial):
        function = inspect.unwrap(function.func)
    if not hasattr(function, "__globals__"):
        function = type(function).__call__
    return getattr(function, "__globals__", {})


@contextmanager
def _replaced(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    """Another value under a name; what else the block puts into `names` stays there."""
    before = names.get(name, _MISSING)
    names[name] = value
    try:
        yield
    finally:
        if before is _MISSING:
            del names[name]
        else:
            names[name] = before
