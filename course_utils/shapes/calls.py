"""One layer or function at work: what went in and what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.utils.parametrize import is_parametrized

from course_utils.operations import tensors_in


@dataclass
class Call:
    """One layer or function at work: what went in and, unless it failed, what came out.

    `name` is the layer's path in the model, or for a function the path of the module whose `forward` calls it.
    `shown` says whether it is worth a row.
    """

    name: str
    module: nn.Module | None = None
    function: Callable[..., Any] | None = None
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    output: Any = None
    shown: bool = False

    @property
    def kind(self) -> str:
        """The layer's class, or the function's name."""
        if self.module is not None:
            return class_of(self.module).__name__
        name = self.function.__name__
        if name == "__get__":  # an attribute such as x.T
            name = self.function.__self__.__name__
        return name.strip("_").removesuffix("_with_indices")

    @property
    def tensors(self) -> list[torch.Tensor]:
        """The tensors that went in, parameters of the model aside."""
        return [x for x in tensors_in((self.args, self.kwargs)) if not isinstance(x, nn.Parameter)]

    def argument(self, position: int, name: str, default: Any = None) -> Any:
        """The argument of a function call, however it was given."""
        return self.args[position] if len(self.args) > position else self.kwargs.get(name, default)


def class_of(module: nn.Module) -> type[nn.Module]:
    """The module's class; of a layer with parametrizations the one that it had before."""
    return type(module).__mro__[1] if is_parametrized(module) else type(module)


def keeps_its_inside(module: nn.Module) -> bool:
    """Whether what happens inside of a module is its own affair.

    So it is without children, and with children that are not called: the matrices of attention, and what computes a
    weight (`torch.nn.utils.parametrizations`).
    """
    called = [name for name, _ in module.named_children() if name != "parametrizations"]
    return not called or isinstance(module, nn.MultiheadAttention)


def is_of_torch(module: nn.Module | None) -> bool:
    """Whether a module is one of PyTorch's own kinds, so that a student need not look inside."""
    return module is not None and type(module).__module__.startswith("torch.nn.")
