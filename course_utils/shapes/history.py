"""What the calls before a failure tell about where its input comes from."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from course_utils.operations import tensors_in
from course_utils.shapes.calls import Call
from course_utils.shapes.fixes import CONVOLUTIONS, TRANSPOSED, quoted, shape_of
from course_utils.shapes.formulas import product_text

FLATTENING = ("Flatten", "flatten", "view", "reshape", "ravel")


def origin(call: Call, history: Sequence[Call]) -> str:
    """Where the number of features comes from: ``Flatten gives 16*5*5 = 400``."""
    shape = shape_of(call)
    for past in reversed(history):
        if isinstance(past.output, torch.Tensor) and tuple(past.output.shape) == shape:
            text = product_text(shape_of(past), shape)
            if text:
                return f"{past.kind} gives {text}"
            if isinstance(past.module, nn.Linear):
                return f"{quoted(past)} gives {shape[-1]}"
    return f"its input {shape} has {shape[-1]}"


def merged_batch(call: Call, history: Sequence[Call]) -> Call | None:
    """The flatten or view that made one axis of everything, the batch included."""
    shape = shape_of(call)
    for past in reversed(history):
        if past.kind in FLATTENING and len(shape) == 1 and past.output.shape == shape and len(shape_of(past)) > 2:
            return past
    return None


def gives(call: Call, tensor: torch.Tensor) -> bool:
    """Whether `tensor` came out of `call`."""
    return any(x is tensor for x in tensors_in(call.output))


def last_convolution(history: Sequence[Call]) -> Call | None:
    """The last convolution, transposed or not; None if there was none."""
    return next((call for call in reversed(history) if isinstance(call.module, CONVOLUTIONS + TRANSPOSED)), None)
