"""A snapshot of a student's process, that waits for its graded cell, and what is said where the cell gave nothing."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.inside.channel import Channel

# Before a wrong answer: it may look right where an honest one has left gradients switched off, or another default type.
DEFAULTS = """import torch
torch.set_grad_enabled(True)
torch.set_default_dtype(torch.float32)
torch.set_default_device(None)"""


@dataclass
class Snapshot:
    """A fork of the student's process that waits for its test: its socket and that socket's place.

    `taken` once the student's process has made it; `pid` from its greeting to the end of its test.
    """

    channel: Channel
    number: int
    taken: bool = False
    pid: int = 0


def failed(outputs: list[dict]) -> bool:
    """Whether a graded cell with these outputs scores nothing."""
    return any(output.get("output_type") == "error" for output in outputs)


def error_of(name: str, value: str) -> dict:
    """An error as a cell's output."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}
