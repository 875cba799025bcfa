"""A copy of a model to work on, so that the model itself stays as it is."""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn


def checked_shape(model: nn.Module, input_shape: Sequence[int]) -> tuple[int, ...]:
    """`input_shape` as a tuple, once model and shape are what they should be (shape without the batch).

    Raises:
        TypeError: `model` is not a module, or `input_shape` not a sequence of whole numbers.
        ValueError: the shape is too short or has a size below 1.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model is {type(model).__name__}; expected a torch.nn.Module")
    try:
        shape = tuple(operator.index(n) for n in input_shape)
    except TypeError:
        raise TypeError(f"input_shape is {input_shape!r}; expected whole numbers such as (3, 224, 224)") from None
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(
            f"input_shape is {shape}; expected the channels and the sizes of the map, each at least 1, such as "
            "(3, 224, 224)"
        )
    return shape


def twin(model: nn.Module, convert: Callable[[torch.Tensor], torch.Tensor]) -> nn.Module:
    """A copy in eval mode, without hooks, whose parameters and buffers are `convert` of the model's.

    Raises:
        ValueError: a layer is lazy and has no sizes yet.
    """
    memo: dict[int, Any] = {}
    for module in model.modules():
        own = [*module._parameters.values(), *module._buffers.values(), *vars(module).values()]
        for tensor in own:
            if isinstance(tensor, nn.parameter.UninitializedTensorMixin):
                raise ValueError(
                    f"{type(module).__name__} is lazy and has no sizes yet; run the model once on a batch before"
                )
            if isinstance(tensor, torch.Tensor):
                new = convert(tensor.detach())
                memo[id(tensor)] = nn.Parameter(new, False) if isinstance(tensor, nn.Parameter) else new
    copied = copy.deepcopy(model, memo).eval()
    for module in copied.modules():
        for name, hooks in vars(module).items():
            if name.endswith("_hooks") and isinstance(hooks, dict):
                hooks.clear()
    return copied
