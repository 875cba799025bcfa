"""Random generators and epoch counters that a loader, a sampler, a data set or a layer keeps for itself.

The global generators are in `randomness`. What is kept here are the objects of the four usual kinds, wherever an
attribute leads to them, and the counters that `TensorLoader` and PyTorch's `DistributedSampler` have.
"""

import random
from collections.abc import Iterator
from functools import partial
from types import FunctionType, MethodType, ModuleType

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

_LONGEST = 1000  # longer lists hold data: nobody keeps a generator for each of a thousand things
_COUNTERS = ("seed", "epoch")


def hidden_states(roots: dict[str, object]) -> dict[str, object]:
    """The state of each generator, counter and stateful object that is found, by the way to it from a root's name.

    Looked through are attributes, lists, dictionaries, bound methods, `partial` and what a function took along from
    where it was defined. A global variable that a function reads is not seen, nor a plain number that a sampler counts
    with, unless it is called `epoch`.

    >>> import numpy as np
    >>> from course_utils.training.generators import hidden_states, restore_hidden_states
    >>> class Sampler:
    ...     def __init__(self):
    ...         self.rng = np.random.default_rng(0)
    >>> sampler = Sampler()
    >>> saved = hidden_states({"sampler": sampler})
    >>> list(saved)
    ['sampler.rng']
    >>> first = sampler.rng.random()
    >>> restore_hidden_states({"sampler": sampler}, saved)
    >>> sampler.rng.random() == first
    True
    """
    return {path: _state(found) for path, found in _find(roots)}


def restore_hidden_states(roots: dict[str, object], states: dict[str, object]) -> None:
    """Put back what `hidden_states` returned for objects that are built alike.

    Raises:
        KeyError: there is one more than in `states`.
    """
    for path, found in _find(roots):
        _restore(found, states[path])


def _find(roots: dict[str, object]) -> Iterator[tuple[str, object]]:
    """What has a state, with the way to it, each once; in the order of the attributes."""
    seen: list[object] = []  # the objects themselves, so that no id is given out twice
    ids: set[int] = set()
    waiting = [(name, one) for name, one in reversed(roots.items())]
    while waiting:
        path, one = waiting.pop()
        if id(one) in ids or isinstance(one, (type, ModuleType, torch.Tensor, np.ndarray)):
            continue
        ids.add(id(one))
        seen.append(one)
        if _has_state(one):
            yield path, one
        if not isinstance(one, _GENERATORS) and (isinstance(one, DataLoader) or not _is_stateful(one)):
            waiting += [(f"{path}.{name}", part) for name, part in reversed(_parts(one))]


_GENERATORS = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)


def _parts(one: object) -> list[tuple[str, object]]:
    """Where to look next, by name."""
    if isinstance(one, (list, tuple)):
        return list(enumerate(one)) if len(one) <= _LONGEST else []
    if isinstance(one, dict):
        return [(f"{i}", value) for i, value in enumerate(one.values())] if len(one) <= _LONGEST else []
    if isinstance(one, MethodType):
        return [("__self__", one.__self__), ("__func__", one.__func__)]
    if isinstance(one, partial):
        return [("func", one.func), ("args", one.args), ("keywords", one.keywords)]
    if isinstance(one, FunctionType):
        return list(taken_along(one).items())
    attributes = getattr(one, "__dict__", {})
    return [(name, part) for name, part in attributes.items() if name != "_iterator"]  # a DataLoader's running workers


def taken_along(function: FunctionType) -> dict[str, object]:
    """The variables that a function took along from where it was defined.

    >>> from course_utils.training.generators import taken_along
    >>> def make(total):
    ...     return lambda step: 1 - step / total
    >>> taken_along(make(20))
    {'total': 20}
    """
    variables = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            variables[name] = cell.cell_contents
        except ValueError:  # not set yet
            continue
    return variables


def _has_state(one: object) -> bool:
    return isinstance(one, _GENERATORS) or _is_counter(one) or _is_stateful(one)


def _is_counter(one: object) -> bool:
    """Whether an order is decided by the number of the epoch (and a seed)."""
    return hasattr(type(one), "__iter__") and type(getattr(one, "__dict__", {}).get("epoch")) is int


def _is_stateful(one: object) -> bool:
    """Whether a sampler, loader or data set keeps its state by itself. A network's goes into the checkpoint anyway."""
    kept_elsewhere = (nn.Module, torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler)
    methods = [getattr(type(one), name, None) for name in ("state_dict", "load_state_dict")]
    return not isinstance(one, kept_elsewhere) and all(callable(method) for method in methods)


def _state(one: object) -> object:
    """As plain values and tensors."""
    if isinstance(one, torch.Generator):
        return one.get_state()
    if isinstance(one, np.random.Generator):
        return one.bit_generator.state
    if isinstance(one, np.random.RandomState):
        return one.get_state(legacy=False)
    if isinstance(one, random.Random):
        return one.getstate()
    if _is_stateful(one):
        return one.state_dict()
    return {name: getattr(one, name) for name in _COUNTERS if type(getattr(one, name, None)) is int}


def _restore(one: object, state: object) -> None:
    if isinstance(one, torch.Generator):
        one.set_state(state)
    elif isinstance(one, np.random.Generator):
        one.bit_generator.state = state
    elif isinstance(one, np.random.RandomState):
        one.set_state(state)
    elif isinstance(one, random.Random):
        one.setstate(state)
    elif _is_stateful(one):
        one.load_state_dict(state)
    else:
        for name, value in state.items():
            setattr(one, name, value)
