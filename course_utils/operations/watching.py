"""What is common to classes that watch the operations of a forward pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class OperationWatcher(TorchDispatchMode):
    """A `TorchDispatchMode` that does not make torch import its compiler for the first operation it sees.

    That import takes more than a second. The class method is PyTorch's own way to ask for it; should a version not know
    it, the watcher only starts more slowly.

    >>> import torch
    >>> from course_utils.operations import OperationWatcher
    >>> class Names(OperationWatcher):
    ...     def __torch_dispatch__(self, op, types, args=(), kwargs=None):
    ...         print(op)
    ...         return op(*args, **(kwargs or {}))
    >>> with Names():
    ...     x = torch.ones(2)
    aten.ones.default
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False


def arguments_of(op: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call of `op` by name, defaults included.

    >>> import torch
    >>> from course_utils.operations import arguments_of
    >>> arguments_of(torch.ops.aten.flatten.using_ints, ("x",), {"start_dim": 1})
    {'self': 'x', 'start_dim': 1, 'end_dim': -1}
    """
    return {
        a.name: args[i] if i < len(args) else kwargs.get(a.name, a.default_value)
        for i, a in enumerate(op._schema.arguments)
    }


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a value made of tuples, lists and dicts.

    >>> import torch
    >>> from course_utils.operations import tensors_in
    >>> len(list(tensors_in({"out": torch.ones(2), "more": [torch.ones(1), None]})))
    2
    """
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from tensors_in(entry)
    elif isinstance(value, tuple | list):
        for entry in value:
            yield from tensors_in(entry)
