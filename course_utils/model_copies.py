"""A copy of a model to work on, so that the model itself never runs and stays as it is."""

from __future__ import annotations

import copy
import operator
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import UninitializedTensorMixin
from torch.overrides import TorchFunctionMode

# Hooks of these compute the layer's own weights: sizes of lazy layers, weight norm, spectral norm, pruning.
_PART_OF_THE_LAYER = ("torch.nn.modules.lazy", "torch.nn.utils.")


def working_copy(model: nn.Module, device: torch.device | str | None = None) -> nn.Module:
    """A copy of `model` in evaluation mode, without graph or gradients, on which the caller's hooks never run.

    Every tensor that the model holds is copied: parameters, buffers, plain attributes. A lazy layer stays lazy and gets
    its sizes in the copy's first pass. Hooks with which PyTorch itself computes a layer's weights stay; all others
    (forward, pre-forward, backward, of state dicts) are left out, and are not copied either. What `torch.compile`
    wrapped is copied without the wrapping.

    >>> from torch import nn
    >>> from course_utils.model_copies import working_copy
    >>> model = nn.Linear(4, 2)
    >>> copied = working_copy(model)
    >>> copied.training, model.training
    (False, True)
    >>> copied.weight is model.weight
    False

    Args:
        model: left as it is.
        device: where the copy lies; None for where the model lies. On "meta" no value is copied, so that a large
            model costs nothing; what comes from there is zero elsewhere.

    Raises:
        ValueError: the model holds something that cannot be copied, as an open file, a lock or a generator.
    """
    model = getattr(model, "_orig_mod", model)
    memo: dict[int, Any] = {}
    for tensor in (*model.parameters(), *model.buffers()):
        if isinstance(tensor, UninitializedTensorMixin):
            memo[id(tensor)] = type(tensor)(tensor.requires_grad, device=device, dtype=tensor.dtype)
        elif isinstance(tensor, nn.Parameter):
            memo[id(tensor)] = nn.Parameter(_moved(tensor, device), requires_grad=tensor.requires_grad)
    for module in model.modules():
        memo |= {id(hooks): type(hooks)() for hooks in _hooks(module).values()}
    try:
        with _CopiesTensors(device):
            copied = copy.deepcopy(model, memo)
            for module, its_copy in zip(model.modules(), copied.modules(), strict=True):
                for name, hooks in _hooks(module).items():
                    kept = {key: copy.deepcopy(hook, memo) for key, hook in hooks.items() if _is_part_of_layer(hook)}
                    getattr(its_copy, name).update(kept)
    except Exception as error:
        raise ValueError(
            f"the model cannot be copied, and only a copy is run ({type(error).__name__}: {error}). "
            "Does it hold an open file, a lock or a generator? Make those in forward, or outside of the model"
        ) from error
    return copied.eval()


def checked_shape(input_shape: Sequence[int], example: tuple[int, ...], fewest: int = 1) -> tuple[int, ...]:
    """`input_shape` as a tuple of at least `fewest` whole numbers, each at least 1; `example` stands in messages.

    >>> from course_utils.model_copies import checked_shape
    >>> checked_shape([1, 28, 28], example=(3, 224, 224))
    (1, 28, 28)
    >>> checked_shape(28, example=(3, 224, 224))
    Traceback (most recent call last):
        ...
    TypeError: input_shape is 28; expected whole numbers such as (3, 224, 224)

    Raises:
        TypeError: it is no sequence of whole numbers.
        ValueError: it is too short, or has a size below 1.
    """
    if isinstance(input_shape, torch.Tensor):
        raise TypeError(f"input_shape is a tensor; give its shape, {tuple(input_shape.shape)}")
    try:
        shape = tuple(operator.index(size) for size in input_shape)
    except TypeError:
        raise TypeError(f"input_shape is {input_shape!r}; expected whole numbers such as {example}") from None
    if len(shape) < fewest or min(shape) < 1:
        raise ValueError(
            f"input_shape is {shape}; expected {fewest} or more whole numbers, each at least 1, such as {example}"
        )
    return shape


def demand_sizes(model: nn.Module) -> None:
    """Refuse a model with lazy layers, which have no weights that could be measured.

    >>> from torch import nn
    >>> from course_utils.model_copies import demand_sizes
    >>> demand_sizes(nn.Linear(4, 2))  # accepted: nothing is said
    >>> demand_sizes(nn.LazyLinear(2))
    Traceback (most recent call last):
        ...
    ValueError: LazyLinear is lazy and has no sizes yet; run the model once on a batch before

    Raises:
        ValueError: a layer is lazy and was never run.
    """
    for module in model.modules():
        own = (*module.parameters(recurse=False), *module.buffers(recurse=False))
        if any(isinstance(tensor, UninitializedTensorMixin) for tensor in own):
            raise ValueError(
                f"{type(module).__name__} is lazy and has no sizes yet; run the model once on a batch before"
            )


class _CopiesTensors(TorchFunctionMode):
    """While active, `deepcopy` makes of every tensor a plain one on `device`, wherever the model holds it."""

    def __init__(self, device: torch.device | str | None) -> None:
        super().__init__()
        self.device = device

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.__deepcopy__:
            tensor, memo = args
            return memo.setdefault(id(tensor), _moved(tensor, self.device))
        return func(*args, **(kwargs or {}))


def _moved(tensor: torch.Tensor, device: torch.device | str | None) -> torch.Tensor:
    if device is not None and torch.device(device).type == "meta":
        return torch.empty_like(tensor, device="meta")
    if tensor.is_meta and device is not None:  # there are no values to copy
        return torch.zeros_like(tensor, device=device)
    return tensor.detach().to(device or tensor.device, copy=True)


def _hooks(module: nn.Module) -> dict[str, dict]:
    """The module's dictionaries of hooks, by the name of their attribute."""
    return {name: value for name, value in vars(module).items() if name.endswith("_hooks") and isinstance(value, dict)}


def _is_part_of_layer(hook: Any) -> bool:
    owners = [hook, *type(hook).__mro__]
    return any(str(getattr(owner, "__module__", "")).startswith(_PART_OF_THE_LAYER) for owner in owners)
