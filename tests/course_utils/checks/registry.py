"""Every operation that PyTorch has registered, with simple arguments for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import torch

# By the argument's name; else by its type. `n` is the number of spatial axes.
BY_NAME = {
    "kernel_size": lambda n: [1] * n,
    "output_size": lambda n: [4] * n,
    "input_size": lambda n: [1, 2, *[4] * n],
    "normalized_shape": lambda n: [4],
    "padding": lambda n: [0] * n,
    "output_padding": lambda n: [0] * n,
    "bias_sizes": lambda n: [2],
    "output_mask": lambda n: [True, True, True],
    "num_groups": lambda n: 1,
    "N": lambda n: 1,
    "C": lambda n: 2,
    "HxW": lambda n: 4**n,
    "group": lambda n: 1,
    "indices": lambda n: torch.zeros(1, 2, *[4] * n, dtype=torch.int64),
    "random_samples": lambda n: torch.full((1, 2, n), 0.5),
    "attr": lambda n: "none",
    "scalars": lambda n: [],
    "algorithm": lambda n: "",
    "training": lambda n: True,
    "train": lambda n: True,
    "use_input_stats": lambda n: True,
}
CHANNELS = ("running_mean", "running_var", "mean", "invstd", "save_mean", "save_invstd", "save_var", "rstd")
BY_TYPE = {
    "Tensor": lambda n: torch.ones(1, 2, *[4] * n),
    "List[int]": lambda n: [1] * n,
    "int": lambda n: 1,
    "float": lambda n: 0.5,
    "number": lambda n: 1.0,
    "bool": lambda n: False,
    "str": lambda n: "valid",
}


def overloads(pattern: str) -> Iterator[tuple[str, Any]]:
    """The operations whose names match, with their overloads, in every namespace."""
    for qualified in sorted(torch._C._dispatch_get_all_op_names()):
        namespace, _, operation = qualified.partition("::")
        base, _, overload = operation.partition(".")
        if re.search(pattern, base):
            yield qualified, getattr(getattr(getattr(torch.ops, namespace), base), overload or "default")


def simple_calls(operation: Any) -> Iterator[Callable[[], Any]]:
    """Calls of an operation with small tensors of one, two and three spatial axes, those that work."""
    for n in (2, 1, 3):
        try:
            arguments = {a.name: _value(a, n, operation._schema.name) for a in operation._schema.arguments}
            operation(**arguments)
        except Exception:  # it takes other arguments, or another machine
            continue
        yield lambda arguments=arguments: operation(**arguments)


def _value(argument: Any, n: int, operation: str) -> Any:
    kind = str(argument.type)
    if kind.startswith("Optional") and argument.name not in CHANNELS:
        return None
    if argument.name in BY_NAME:
        return BY_NAME[argument.name](n)
    if argument.name == "weight":
        return torch.ones(2, 2, *[1] * n) if "conv" in operation else torch.ones(2)
    return torch.ones(2) if argument.name in CHANNELS else BY_TYPE[kind](n)
