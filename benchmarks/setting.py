"""What the measurements share: a line about the machine, and the network."""

import platform

import torch


def describe() -> str:
    if torch.cuda.is_available():
        device = torch.cuda.get_device_name()
    else:
        device = f"{torch.get_num_threads()} threads of a {platform.machine()} machine"
    return f"{device}, Python {platform.python_version()}, torch {torch.__version__}"


def unit_04_network() -> torch.nn.Sequential:
    """The network of unit 04, with padding 1: (N, 1, 28, 28) to (N, 10)."""
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(8, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(16 * 7 * 7, 10),
    )
