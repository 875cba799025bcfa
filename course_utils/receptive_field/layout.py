"""Where the positions are in what a layer gives: (N, C, H, W), (N, H, W, C), (N, T, C), ...

`effective_receptive_field` looks at a unit in the middle, so it has to know which dimensions run over positions.
`LayoutTracker` follows them from the input through a forward pass, also through attention, upsampling and whatever
else has no exact receptive field. What it cannot follow it calls unknown, and guesses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

import torch

from course_utils.operations import arguments_of, tensors_in
from course_utils.receptive_field.pixel_masks import Axis, Dimension, Factor, Field, ReceptiveFieldError
from course_utils.receptive_field.tracker import CONSTANTS, FieldTracker, is_elementwise

# These give (N, channels, positions), whatever goes in; a number in the name counts the dimensions of positions.
CHANNELS_FIRST = re.compile(r"(?:conv(?!_tbc)|pool|upsample|grid_sampler|pixel_(?:un)?shuffle)(?:.*?([123])d)?")

# The units of the first input stay where they are.
SAME_PLACES = {"flip", "roll", "softmax", "log_softmax", "cumsum"}

# The same, but the last dimension becomes channels. Attention and recurrent layers look along the others.
ALONG_POSITIONS = {
    *("scaled_dot_product_attention", "_native_multi_head_attention", "_transformer_encoder_layer_fwd"),
    *("lstm", "gru", "rnn_tanh", "rnn_relu"),
}

MOST_AXES = 3


class LayoutTracker(FieldTracker):
    """While active, follows which dimensions of each tensor run over positions of the input given to `start`.

    The field of a tensor says so in its `dims`; its recurrence and masks mean nothing here. Run the model in
    inference mode, where PyTorch shows whole layers.
    """

    def __init__(self) -> None:
        super().__init__()
        self._written: set[int] = set()  # memory without a layout into which something that depends on the input went

    def start(self, batch: torch.Tensor) -> None:
        """Say that `batch` is the input: (N, channels, positions)."""
        self._samples = len(batch)
        self.track(batch, channels_first(batch.shape, batch.dim() - 2))

    def __torch_dispatch__(self, op: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run `op`, then note the layout of what it gives; None where it is unknown."""
        outputs = op(*args, **(kwargs or {}))
        arguments = arguments_of(op, args, kwargs or {})
        name = op._schema.name.removeprefix("aten::")
        given = list(tensors_in(arguments))
        dependent = [t for t in given if t in self._fields or (self._written and _memory(t) in self._written)]
        if not dependent or name in CONSTANTS:
            return outputs
        for place, output in enumerate(tensors_in(outputs)):
            if op._schema.is_mutable and output not in self._fields:
                self._written.add(_memory(output))
            else:
                self._fields[output] = self._layout(op, name, dependent, arguments, output, place)
        return outputs

    def _layout(
        self, op: Any, name: str, inputs: list[torch.Tensor], arguments: dict, output: torch.Tensor, place: int
    ) -> Field | None:
        shape, known = output.shape, [field for t in inputs if (field := self.field(t)) is not None]
        found = CHANNELS_FIRST.search(name)
        if found:
            return channels_first(shape, int(found[1] or len(shape) - 2))
        if name == "linear" and len(shape) == 2 and shape[0] == self._samples and not known:
            # The rows are the samples (tokens in rows would be more): (N, features), as of any classifier.
            return _layout([(Factor(n, None),) for n in shape])
        first = self.field(inputs[0])
        if name in SAME_PLACES or name in ALONG_POSITIONS:
            if first is None or place > 0 or len(first.dims) != len(shape):
                return None
            return first if name in SAME_PLACES else _layout((*first.dims[:-1], (Factor(shape[-1], None),)))
        if len(known) < len(inputs) and not (is_elementwise(op, name) and _covers(known, shape)):
            return None
        try:
            return _layout(self._apply(op, name, known, arguments, output).dims)
        except ReceptiveFieldError:
            return None


def channels_first(shape: Sequence[int], spatial: int) -> Field:
    """The layout (N, channels, positions) with `spatial` dimensions of positions, without N if there is none."""
    before = len(shape) - spatial
    return _layout([(Factor(n, d - before if d >= before else None),) for d, n in enumerate(shape)])


def _layout(dims: Iterable[Dimension]) -> Field:
    """A field with these dimensions whose units see themselves."""
    dims = tuple(dims)
    sizes = [1] * MOST_AXES
    for factor in (factor for dim in dims for factor in dim if factor.axis is not None):
        sizes[factor.axis] = factor.size
    axes = tuple(Axis(size, jump=1, first=0, last=0) for size in sizes)
    return Field(dims, axes, (tuple(tuple(1 << p for p in range(size)) for size in sizes),))


def _memory(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage()._cdata


def _covers(fields: Sequence[Field], shape: Sequence[int]) -> bool:
    """Whether some field has each dimension of `shape` in its full size, so that nothing else can lend it one."""
    return all(
        any(len(f.dims) >= back and prod(factor.size for factor in f.dims[-back]) == n for f in fields)
        for back, n in enumerate(reversed(shape), start=1)
        if n > 1
    )
