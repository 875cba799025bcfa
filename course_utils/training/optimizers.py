"""The faster form of an optimizer's step, and its state in the order in memory that this form asks for."""

import torch
from torch import Tensor

# These three update all parameters in one kernel when told to; the result is the same formula.
_HAVE_FUSED_STEP = (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD)
_DEVICES_WITH_FUSED_STEP = ("cpu", "cuda", "mps")


def use_fused_step(optimizer: torch.optim.Optimizer) -> None:
    """Switch an Adam, AdamW or SGD that nobody set otherwise to PyTorch's fused step.

    Nothing changes for an optimizer that has already taken a step, that was told ``fused``,
    ``foreach`` or ``differentiable`` by hand, or whose parameters are not all floating point on a
    device that has the fused step.
    """
    if type(optimizer) not in _HAVE_FUSED_STEP or optimizer.state:
        return
    for group in optimizer.param_groups:
        untouched = group["fused"] is None and group["foreach"] is None and not group["differentiable"]
        if untouched and all(
            p.device.type in _DEVICES_WITH_FUSED_STEP and p.is_floating_point() for p in group["params"]
        ):
            group["fused"] = True


def lay_out_state(optimizer: torch.optim.Optimizer) -> None:
    """Store the optimizer's running averages in the order in memory of the parameters they belong to.

    The fused steps go through both in memory order. Where a model was turned to channels-last after the optimizer's
    first step, or a checkpoint was saved in the other layout, they would mix up the weights and say nothing.
    """
    for parameter, state in optimizer.state.items():
        for name, value in state.items():
            if not isinstance(value, Tensor) or value.shape != parameter.shape:
                continue
            if value.stride() != parameter.stride():
                state[name] = torch.empty_like(parameter).copy_(value)
