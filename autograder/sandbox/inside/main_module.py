"""The main module on which a graded cell runs, its random numbers, and the settings of torch."""

from __future__ import annotations

import builtins
import hashlib
import random
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def new_main(imports: str) -> dict[str, object]:
    """The names of a new main module, in which a test's classes can be pickled as in a notebook."""
    sys.modules["__main__"] = types.ModuleType("__main__")
    names = vars(sys.modules["__main__"])
    names["__builtins__"] = builtins
    exec(compile(imports, "<imports>", "exec", dont_inherit=True), names)
    return names


def seed_from(source: str) -> None:
    """Seed the generators from a graded cell's own text: who has not seen its hidden lines cannot know the numbers."""
    seed(int.from_bytes(hashlib.sha256(source.encode()).digest()[:4]))


def seed(number: int) -> None:
    """Seed the generators of Python, numpy and torch."""
    random.seed(number)
    np.random.seed(number)
    torch.default_generator.manual_seed(number)  # `torch.manual_seed` notes for each GPU who called it, 1 ms in a fork


_SETTINGS: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {
    "gradients": (torch.is_grad_enabled, torch.set_grad_enabled),
    "dtype": (torch.get_default_dtype, torch.set_default_dtype),
    "deterministic": (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    "anomalies": (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
}


def settings() -> dict[str, Any]:
    """The settings of torch that an answer would find, and may change."""
    return {name: get() for name, (get, _) in _SETTINGS.items()}


def change_settings(now: dict[str, Any]) -> None:
    """Make them these.

    Raises:
        LookupError, TypeError: these are none.
    """
    for name, (get, put) in _SETTINGS.items():
        if now[name] is not get():  # some imports much to be set
            put(now[name])
