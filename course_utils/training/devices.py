"""Which device to use, and what it can do."""

import torch

from course_utils.checks import forbiddable
from course_utils.training.distributed import local_rank, started_by_torchrun


@forbiddable
def pick_device() -> torch.device:
    """Return the fastest device here: an NVIDIA GPU (CUDA), else Apple's GPU (MPS), else the CPU.

    Under ``torchrun`` each process gets an NVIDIA GPU of its own, or the CPU: Apple's GPU cannot take part.

    >>> import torch
    >>> from course_utils.training import pick_device
    >>> images = torch.zeros(4, 1, 28, 28).to(pick_device())
    >>> images.device.type in ("cuda", "mps", "cpu")
    True
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
