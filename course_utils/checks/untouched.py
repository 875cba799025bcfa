"""Check that a function leaves a network, and torch's random generator, as they were."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from course_utils.checks.errors import CheckError
from course_utils.checks.failures import failure
from course_utils.checks.plain_values import show

_UNUSUAL = 20_231
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


@contextlib.contextmanager
def untouched(name: str, model: nn.Module, *, generator: bool = True) -> Iterator[None]:
    """Check that the block leaves a network as it was: layers, modes, weights, buffers, gradients; and the generator.

    >>> from torch import nn
    >>> from course_utils.checks import untouched
    >>> net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Dropout())
    >>> with untouched("look(net)", net):
    ...     _ = net.eval()
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: look(net) does not leave the network as it was: `training` of each layer
      came:     {'0': False, '1': False}
      expected: {'0': True, '1': True}
      likely cause: eval() is not undone

    Args:
        name: how the message calls what is done in the block.
        model: the network that it is given.
        generator: whether torch's random generator has to stay as it is too.

    Raises:
        CheckError: something changed. The message says what was and what is.
    """
    before, tensors, found = _facts(model), _tensors(model), torch.get_rng_state()
    random = torch.manual_seed(_UNUSUAL).get_state()  # a seed set in the block, such as 0, is another
    try:
        yield
        moved = not torch.equal(random, torch.get_rng_state())
    finally:
        torch.set_rng_state(found)
    now, changes = _facts(model), f"{name} does not leave the network as it was"
    for what, was in before.items():
        if now[what] != was:
            raise failure(f"{changes}: {what}", show(now[what]), show(was), _cause(what, now[what], was))
    changed = [key for key, tensor in _tensors(model).items() if not torch.equal(tensor, tensors[key])]
    if changed:
        cause = ""
        if all(key.endswith(_STATISTICS) for key in changed):
            cause = "it ran in training mode, where batch normalisation updates its running statistics"
        came = f"changed: {show(changed)}"
        raise failure(f"{changes}: its parameters and buffers", came, "none changed", cause)
    if generator and moved:
        raise CheckError(
            f"{name} moved torch's random generator: it set a seed, or drew numbers, itself or in a layer such as "
            "dropout in training mode\n  expected: the generator as it was before the call"
        )


def _facts(model: nn.Module) -> dict[str, dict[str, Any]]:
    layers = {name: layer for name, layer in model.named_modules() if name} or {"": model}
    parameters = dict(model.named_parameters())
    return {
        "the kind of each layer": {name: type(layer).__name__ for name, layer in layers.items()},
        "`training` of each layer": {name: layer.training for name, layer in layers.items()},
        "the types of its tensors": {name: str(tensor.dtype) for name, tensor in model.state_dict().items()},
        "`requires_grad` of each parameter": {name: given.requires_grad for name, given in parameters.items()},
        "whether `.grad` of each parameter is empty": {name: given.grad is None for name, given in parameters.items()},
    }


def _tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def _cause(what: str, now: dict[str, Any], was: dict[str, Any]) -> str:
    values = set(now.values())
    if "training" in what and values == {False}:
        return "eval() is not undone"
    if "training" in what and values == {True}:
        return "train() sets every layer, also one that came in evaluation mode"
    if "empty" in what and any(was.values()) and not any(now.values()):
        return "backward() filled them: work on a copy, or use torch.autograd.grad"
    if "requires_grad" in what and values == {False}:
        return "requires_grad was switched off: leave it alone, torch.no_grad() does what is needed"
    return ""
