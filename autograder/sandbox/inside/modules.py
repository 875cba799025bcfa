"""Modules as plain data: what a judge and an answer tell each other of layers, and how they rebuild them.

Each end knows a module, a parameter and a buffer by a number that both agreed on, and so whatever else stays where it
is. A message names them by these numbers, with a *state*: the descriptions and the tensors that have changed since the
other end last saw them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin

from autograder.sandbox.inside.aliases import storage, view, views
from autograder.sandbox.inside.wire import MAX_DEPTH, Handle, Kept, WireError, is_plain_tensor, pack, travels

MAX_THINGS = 10_000  # modules with their tensors, and what else is known by a number
OWN = frozenset(vars(nn.Module()))  # attributes that nn.Module itself works with
HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
# What reading raises where a description is none.
_OF_NONSENSE = (AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class Modules:
    """The modules and tensors that both ends know, and what one of them keeps.

    Args:
        step: 1 or -1, so that the numbers that the two ends give differ.
    """

    def __init__(self, step: int) -> None:
        self._step = step
        self._things: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}  # by id; the things stay alive
        self._agreed: dict[int, Any] = {}  # how the other end knows them

    def hand_over(self, value: Any) -> tuple[Any, list[nn.Module]]:
        """The value with handles in place of its modules and of what else does not travel, and these modules."""
        found: list[nn.Module] = []

        def hand(part: Any, depth: int) -> Any:
            kind = type(part)
            if issubclass(kind, nn.Module):
                found.append(part)
                return Handle(self.number(part))
            if kind in (tuple, list) and depth < MAX_DEPTH:
                return kind(hand(entry, depth + 1) for entry in part)
            if kind is dict and depth < MAX_DEPTH and all(map(_is_key, part)):
                return {key: hand(entry, depth + 1) for key, entry in part.items()}
            return part if travels(part) else self._keep(part)

        return hand(value, 0), found

    def receive(self, value: Any) -> Any:
        """The value with the things that its handles stand for."""
        return swap(value, Handle, lambda handle: self._known(handle.number, object))

    def module(self, number: int) -> nn.Module:
        """The module of this number."""
        return self._known(number, nn.Module)

    def tensor(self, number: int) -> torch.Tensor:
        """The parameter or buffer of this number."""
        return self._known(number, torch.Tensor)

    def number(self, thing: Any) -> int:
        """The number of a module, a tensor, or whatever else; a new one, if it had none."""
        if id(thing) not in self._numbers:
            if isinstance(thing, nn.Module):
                self._check(thing)
            self._add(self._step * (len(self._things) + 1), thing)
        return self._numbers[id(thing)]

    def state(self, roots: Iterable[nn.Module]) -> dict[str, Any]:
        """What the other end does not know yet of these modules and all within them."""
        nodes, tensors, before = {}, {}, set(self._things)
        for module in walk(roots):
            number, node = self.number(module), self._describe(module)
            data = pack(node)
            if data != self._agreed.get(number):
                nodes[number], self._agreed[number] = node, data
            for tensor in _tensors(module):
                number = self.number(tensor)
                if not _is_as(tensor, self._agreed.get(number)):
                    tensors[number], self._agreed[number] = tensor, _kept(tensor)
        new = [number for number in tensors if number not in before]
        return {"nodes": nodes, "tensors": tensors, "shared": self._shared(new)}

    def take(self, state: dict[str, Any]) -> None:
        """Make modules and tensors here what the other end says that they are there.

        Raises:
            WireError: what came describes none.
        """
        try:
            for number, now in state["tensors"].items():
                self._take_tensor(number, now)
            for number, base, told in state["shared"]:
                if self.tensor(base).is_contiguous():  # as it is at the other end
                    self.tensor(number).data = view(self.tensor(base), told).detach()
            for number, node in state["nodes"].items():
                if number not in self._things:
                    self._add(number, new_module(self._kind(node)))
            for number, node in state["nodes"].items():
                module = self.module(number)
                self._fill(module, node)
                self._agreed[number] = pack(self._describe(module))
        except _OF_NONSENSE as error:
            raise WireError("what came describes no module") from error

    def tensors(self, roots: Iterable[nn.Module]) -> list[tuple[str, int, torch.Tensor]]:
        """The parameters and buffers of these modules, with their numbers."""
        return [("tensor", self.number(tensor), tensor) for module in walk(roots) for tensor in _tensors(module)]

    def forget(self) -> None:
        """Tell everything again next time: a message was lost."""
        self._agreed.clear()

    def _keep(self, thing: Any) -> Handle | Kept:
        """What stands for something that stays here."""
        return Kept(self.number(thing), type(thing).__name__[:80], callable(thing))

    def _shared(self, new: list[int]) -> list[list[Any]]:
        """These tensors' numbers, each with that of one known before it in whose memory it lies, and where."""
        told, place, near = [], {number: place for place, number in enumerate(new)}, defaultdict(list)
        for number, thing in self._things.items() if new else ():
            if isinstance(thing, torch.Tensor):
                near[storage(thing)].append((number, thing))
        for number in new:
            tensor = self.tensor(number)
            earlier = [pair for pair in near[storage(tensor)] if place.get(pair[0], -1) < place[number]]
            told += [[number, base, where] for _, base, where in views([tensor], earlier)]
        return told

    def _add(self, number: int, thing: Any) -> None:
        if type(number) is not int or len(self._things) >= MAX_THINGS:
            raise ValueError(f"more than {MAX_THINGS} modules, tensors and other objects are too many to be judged")
        self._things[number], self._numbers[id(thing)] = thing, number

    def _known(self, number: int, kind: type) -> Any:
        thing = self._things.get(number)
        if thing is None or not issubclass(type(thing), kind):
            raise WireError(f"the number of no {kind.__name__}")
        return thing

    def _check(self, module: nn.Module) -> None:
        """Refuse a module that cannot be told to the other end."""

    def _kind(self, node: dict[str, Any]) -> type[nn.Module]:
        """The class here of a module that is described."""
        return torch_layer(node["base"])

    def _describe(self, module: nn.Module) -> dict[str, Any]:
        parts = own(module)
        return {
            "name": type(module).__name__[:80],
            "base": torch_base(type(module)).__name__,
            "is_torch": is_torch(module) and not any(self._count_hooks(module).values()),
            "training": parts["training"] is True,
            "settings": {name: self.hand_over(value)[0] for name, value in _settings(module).items()},
            "parameters": {name: self._told(tensor) for name, tensor in parts["_parameters"].items()},
            "buffers": {name: self._told(tensor) for name, tensor in parts["_buffers"].items()},
            "unsaved": sorted(parts["_non_persistent_buffers_set"]),
            "modules": {name: m if m is None else self.number(m) for name, m in parts["_modules"].items()},
            "hooks": self._count_hooks(module),
        }

    def _told(self, tensor: torch.Tensor | None) -> int | None:
        return self.number(tensor) if _travels(tensor) else None

    def _count_hooks(self, module: nn.Module) -> dict[str, int]:
        return {kind: len(own(module)[kind]) for kind in HOOKS}

    def _fill(self, module: nn.Module, node: dict[str, Any]) -> None:
        parts = own(module)
        for name in (*node["settings"], *node["parameters"], *node["buffers"], *node["modules"], *node["unsaved"]):
            if type(name) is not str or name in OWN:
                raise ValueError("an attribute that belongs to nn.Module itself")
        for name, value in node["settings"].items():
            if name not in parts or pack(self.hand_over(parts[name])[0]) != pack(value):
                parts[name] = self.receive(value)
        parts["training"] = node["training"] is True
        _refill(parts["_parameters"], node["parameters"], self._parameter)
        _refill(parts["_buffers"], node["buffers"], self.tensor)
        _refill(parts["_modules"], node["modules"], self.module)
        parts["_non_persistent_buffers_set"] = set(node["unsaved"])

    def _parameter(self, number: int) -> nn.Parameter:
        return self._known(number, nn.Parameter)

    def _take_tensor(self, number: int, now: torch.Tensor) -> None:
        if number not in self._things:
            if type(now) not in (torch.Tensor, nn.Parameter):
                raise ValueError("a tensor that is none")
            self._add(number, now)
        else:
            write(self.tensor(number), now)
        self._agreed[number] = _kept(self.tensor(number))


def torch_layer(name: str) -> type[nn.Module]:
    """The class of torch.nn of this name.

    Raises:
        ValueError: there is none.
    """
    kind = vars(nn).get(name)
    if not _is_torch_layer(kind):
        raise ValueError("a layer that torch does not have")
    return kind


def torch_base(kind: type[nn.Module]) -> type[nn.Module]:
    """The class of torch.nn that a class of modules is, or comes from."""
    return next(base for base in kind.__mro__ if _is_torch_layer(base) and vars(nn).get(base.__name__) is base)


def is_torch(module: nn.Module) -> bool:
    """Whether a module is wholly described by a class of torch.nn, settings, tensors and modules."""
    parts = own(module)
    return torch_base(type(module)) is type(module) and all(name in OWN or is_plain(parts[name]) for name in parts)


def new_module(kind: type[nn.Module]) -> nn.Module:
    """An empty module of this class."""
    module = object.__new__(kind)
    nn.Module.__init__(module)
    return module


def own(module: nn.Module) -> dict[str, Any]:
    """The attributes of a module, whatever its class says they are."""
    return object.__getattribute__(module, "__dict__")


def walk(roots: Iterable[nn.Module]) -> Iterator[nn.Module]:
    """These modules and all within them, each once, registered or kept in lists; no method of theirs is asked."""
    stack, seen = list(roots)[::-1], set()
    while stack:
        module = stack.pop()
        if id(module) not in seen:
            seen.add(id(module))
            if len(seen) > MAX_THINGS:
                raise ValueError(f"more than {MAX_THINGS} modules are too many to be judged")
            yield module
            stack += parts_of([value for name, value in own(module).items() if name not in OWN], nn.Module)[::-1]
            stack += [inner for inner in own(module)["_modules"].values() if inner is not None][::-1]


def swap(value: Any, kind: type, function: Callable[[Any], Any]) -> Any:
    """The value with ``function(part)`` in place of each part of this kind, in tuples, lists and dictionaries too."""
    if issubclass(type(value), kind):
        return function(value)
    if type(value) in (tuple, list):
        return type(value)(swap(part, kind, function) for part in value)
    if type(value) is dict:
        return {name: swap(part, kind, function) for name, part in value.items()}
    return value


def parts_of(value: Any, kind: type) -> list[Any]:
    """The parts of a value that are of this kind, in order."""
    found: list[Any] = []
    swap(value, kind, found.append)
    return found


def write(mine: torch.Tensor, now: torch.Tensor) -> None:
    """Change a tensor to what it is now at the other end."""
    with torch.no_grad():
        if mine.shape != now.shape or mine.dtype != now.dtype:
            mine.data = now.detach()
        elif not _same_bytes(mine, now):
            mine.copy_(now)
    if mine.is_leaf:
        mine.requires_grad_(now.requires_grad)
        mine.grad = now.grad


def _is_torch_layer(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, nn.Module) and kind.__module__.startswith("torch.nn.modules.")


def _settings(module: nn.Module) -> dict[str, Any]:
    """A module's attributes, without such as stand in front of a method of torch's and are more than a value."""
    parts, base = own(module), torch_base(type(module))
    return {
        name: value for name, value in parts.items() if name not in OWN and (is_plain(value) or not hasattr(base, name))
    }


def is_plain(value: Any, depth: int = 5) -> bool:
    """Whether a value travels as it is."""
    if type(value) in (tuple, list):
        return depth > 0 and all(is_plain(part, depth - 1) for part in value)
    if type(value) is dict:
        return depth > 0 and all(_is_key(key) and is_plain(part, depth - 1) for key, part in value.items())
    return travels(value)


def _is_key(key: Any) -> bool:
    return all(map(travels, key)) if type(key) is tuple else travels(key)


def _travels(tensor: Any) -> bool:
    return type(tensor) in (torch.Tensor, nn.Parameter) and is_plain_tensor(tensor)


def _tensors(module: nn.Module) -> list[torch.Tensor]:
    parts = own(module)
    return [tensor for name in ("_parameters", "_buffers") for tensor in parts[name].values() if _travels(tensor)]


def _refill(mine: dict, now: dict[str, int | None], known: Callable[[int], Any]) -> None:
    things = {}
    for name, number in now.items():
        waits = isinstance(mine.get(name), UninitializedTensorMixin)  # a lazy layer's, until it sees its first input
        things[name] = known(number) if number is not None else mine[name] if waits else None
    mine.clear()
    mine.update(things)


def _kept(tensor: torch.Tensor) -> tuple:
    gradient = tensor.grad if tensor.is_leaf else None
    return (
        tensor.requires_grad,
        type(tensor),
        tensor.detach().clone(),
        None if gradient is None else gradient.detach().clone(),
    )


def _is_as(tensor: torch.Tensor, kept: tuple | None) -> bool:
    if kept is None or (tensor.requires_grad, type(tensor)) != kept[:2]:
        return False
    gradient = tensor.grad if tensor.is_leaf else None
    if gradient is None or kept[3] is None:
        return gradient is kept[3] and _same_bytes(tensor, kept[2])
    return _same_bytes(tensor, kept[2]) and _same_bytes(gradient, kept[3])


def _same_bytes(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    dense = [t.detach().contiguous() for t in (one, other)]
    bytes_of = [t.as_strided((t.numel(),), (1,)).view(torch.uint8).numpy() for t in dense]
    if bytes_of[0].size % 8 == 0:  # four times as fast
        bytes_of = [array.view(np.int64) for array in bytes_of]
    return np.array_equal(*bytes_of)
