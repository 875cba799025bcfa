"""A snapshot of a student's process, that waits for its graded cell, and what is said where the cell gave nothing."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.sandbox.inside.channel import Channel


@dataclass
class Snapshot:
    """A fork of the student's process that waits for its test: its socket and that socket's place.

    `taken` once the student's process has made it; `pid` from its greeting to the end of its test.
    """

    channel: Channel
    number: int
    taken: bool = False
    pid: int = 0


def error_of(name: str, value: str) -> dict:
    """An error as a cell's output."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}
