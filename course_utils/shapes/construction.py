"""A model that is built by a function, and why it could not be built."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import torch
from torch import nn

from course_utils.shapes.diagnosis import groups_reason, is_torch_file
from course_utils.shapes.fixes import CONVOLUTIONS, group_choices
from course_utils.shapes.forward_pass import undisturbed


class BuildError(Exception):
    """A function that should have built a model raised `error`."""

    def __init__(self, error: Exception):
        self.error = error


def built(build: Callable[[], nn.Module]) -> nn.Module:
    """The model that `build` gives.

    Raises:
        BuildError: it raised something.
        TypeError: it cannot be called, or gives no module.
    """
    if not callable(build) or isinstance(build, torch.Tensor):
        raise TypeError(f"model is of type {type(build).__name__}; expected a torch.nn.Module")
    try:
        with undisturbed():
            model = build()
    except Exception as error:
        raise BuildError(error) from error
    if not isinstance(model, nn.Module):
        raise TypeError(f"what was given as model is no module and returned a {type(model).__name__}; give the model")
    return model


def diagnose_construction(error: Exception) -> tuple[str, str, list[str]]:
    """Why a model could not be built: the kind of layer, the reason, and fixes, each tried on that layer alone."""
    kind, reason, fixes = "model", f"{type(error).__name__}: {error}", []
    for frame, _ in traceback.walk_tb(error.__traceback__):
        given = dict(frame.f_locals)  # from Python 3.13 on a proxy, whose keys are a list
        layer = given.get("self")
        if not isinstance(layer, nn.Module):
            continue
        kind = type(layer).__name__
        if isinstance(layer, CONVOLUTIONS) and {"in_channels", "out_channels", "kernel_size", "groups"} <= given.keys():
            channels, outputs, groups = given["in_channels"], given["out_channels"], given["groups"]
            known = all(type(number) is int and number > 0 for number in (channels, outputs, groups))
            if known and (channels % groups or outputs % groups):
                reason = groups_reason(channels, outputs, groups)
                convolution = next(c for c in CONVOLUTIONS if isinstance(layer, c))
                for number in group_choices(channels, outputs, groups):
                    convolution(channels, outputs, given["kernel_size"], groups=number)
                    line = f"nn.{convolution.__name__}({channels}, {outputs}, ..., groups={number})"
                    fixes.append(f"groups={number}: {line}")
            break
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not is_torch_file(f.filename)]
    if frames and frames[-1].line:
        reason += f" (at `{frames[-1].line}`)"
    return kind, reason, fixes
