"""Which device to use, and the faster form of the optimizer that it offers."""

import torch
from torch import Tensor

from course_utils.checks import forbiddable
from course_utils.distributed import local_rank, started_by_torchrun

# These three update all parameters in one kernel when told to; the result is the same formula.
_HAVE_FUSED_STEP = (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD)
_DEVICES_WITH_FUSED_STEP = ("cpu", "cuda", "mps")


@forbiddable
def pick_device() -> torch.device:
    """Return the fastest device here: an NVIDIA GPU (CUDA), else Apple's GPU (MPS), else the CPU.

    Under ``torchrun`` each process gets an NVIDIA GPU of its own, or the CPU: Apple's GPU cannot take part.
    """
    if torch.cuda.is_available():
        return torch.device("cuda", local_rank())
    if torch.backends.mps.is_available() and not started_by_torchrun():
        return torch.device("mps")
    return torch.device("cpu")


def same_device(one: torch.device, other: torch.device) -> bool:
    """Whether two names mean one device: plain ``cuda`` is the current GPU."""
    if one.type != other.type:
        return False
    if one.type != "cuda":
        return True
    current = torch.cuda.current_device()
    return (current if one.index is None else one.index) == (current if other.index is None else other.index)


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device is an NVIDIA GPU that computes in bfloat16 by itself, not by emulation."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


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
