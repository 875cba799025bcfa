"""Follows what every tensor of a forward pass can see.

`FieldTracker` watches the operations of a forward pass, of which it needs no numbers but the shapes, and keeps the
`Field` of every tensor. In inference mode PyTorch shows a whole convolution, linear layer or pooling as one operation,
whether it was called as a module, a function or a method.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.utils.weak import WeakTensorKeyDictionary

from course_utils.operations import OperationWatcher, arguments_of, tensors_in
from course_utils.receptive_field.pixel_masks import Field, ReceptiveFieldError, broadcast, meet
from course_utils.receptive_field.products import PRODUCTS, product
from course_utils.receptive_field.rules import NORMS, RULES, TAKES_CHANNELS, Arguments, factors_along, join

# Copies and elementwise operations that PyTorch does not tag as "pointwise"; an in-place twin ends in "_".
ELEMENTWISE = {
    *("alias", "clone", "contiguous", "detach", "to", "_to_copy", "type_as", "masked_fill", "where"),
    *("celu", "elu", "gelu", "hardswish", "hardtanh", "leaky_relu", "mish", "prelu", "relu6", "rrelu", "selu", "silu"),
    *("dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout", "native_dropout"),
}

# These take only the shape of their input.
CONSTANTS = {
    *("zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like"),
    *("new_zeros", "new_ones", "new_full", "new_empty"),
}

# These take only the shape of their second input.
SHAPED_LIKE = {"expand_as", "view_as", "reshape_as", "type_as"}

STEPS = "its units may lie at fractions of the steps of its input, and there is no rule for that"
MOVES = "it moves pixels between channels and positions, so that units no longer lie on one grid"
ATTENTION = "attention weighs by what its input holds, and there is no rule for that"

REFUSED = {
    "conv_transpose": STEPS,
    "upsample": STEPS,
    "scaled_dot_product_attention": ATTENTION,
    "multi_head_attention": ATTENTION,
    "pixel_": MOVES,
    "im2col": MOVES,
    "grid_sampler": "where it looks depends on the data",
    "copy_": "it writes into a tensor that is already there; build the tensor with torch.cat or F.pad instead",
    "lstm": "a recurrent layer has no fixed window",
    "gru": "a recurrent layer has no fixed window",
    "rnn": "a recurrent layer has no fixed window",
}


class FieldTracker(OperationWatcher):
    """While active, follows the field of every tensor that depends on a tensor given to `track`.

    Attributes:
        caveats: where the field that is counted is not the whole truth, in the order met.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields = WeakTensorKeyDictionary()
        self.caveats: list[str] = []

    def track(self, tensor: torch.Tensor, field: Field) -> None:
        """Say what the units of `tensor` see."""
        self._fields[tensor] = field

    def field(self, tensor: Any) -> Field | None:
        """What the units of `tensor` see; None if it does not depend on the input."""
        return self._fields.get(tensor) if isinstance(tensor, torch.Tensor) else None

    def __torch_dispatch__(self, op: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        """Run `op`, then give its outputs the field that the rule for `op` says."""
        outputs = op(*args, **(kwargs or {}))
        arguments = arguments_of(op, args, kwargs or {})
        inputs = [self._fields[t] for t in tensors_in(arguments) if t in self._fields]
        tensors = list(tensors_in(outputs))
        name = op._schema.name.removeprefix("aten::")
        if not inputs or not tensors or name in CONSTANTS:
            return outputs
        if op._schema.is_mutable:
            self._refuse_shared_memory(tensors[0], inputs, name)
        for output in tensors:
            self._fields[output] = self._apply(op, name, inputs, arguments, output)
        return outputs

    def _apply(self, op: Any, name: str, inputs: list[Field], arguments: Arguments, output: torch.Tensor) -> Field:
        if name in ("cat", "concat", "concatenate", "stack"):
            return join(name, inputs, arguments, output)
        if name in SHAPED_LIKE:
            inputs = inputs[:1]
        if is_elementwise(op, name) or (name in ("max", "min") and len(inputs) == 2):
            return meet(inputs, broadcast(inputs, output.shape))
        if name in PRODUCTS:
            factors = list(tensors_in(arguments))
            return product(name, [self.field(factor) for factor in factors], factors, arguments, output)
        rule = RULES.get(name)
        if rule is None:
            reason = next((why for part, why in REFUSED.items() if part in name), "there is no rule for it")
            raise ReceptiveFieldError(f"{name} is not supported: {reason}")
        if len(inputs) > 1 or next(tensors_in(arguments)) not in self._fields:
            raise ReceptiveFieldError(
                f"{name} takes an argument beside its first that depends on the input (weights computed from it, "
                "perhaps); there is no rule for that"
            )
        self._note(name, inputs[0], arguments)
        return rule(inputs[0], arguments, output)

    def _note(self, name: str, field: Field, arguments: Arguments) -> None:
        """Say where the field that is counted is not the whole truth."""
        if name in NORMS:
            over = len(arguments.get("normalized_shape", field.axes))
            measured = arguments.get("training", arguments.get("use_input_stats", True))
            if measured and any(factors_along(field, dim) for dim in range(-over, 0)):
                self.caveats.append(
                    "the normalisation takes its mean and variance from the whole map; as usual, only the way of the "
                    "values themselves is counted"
                )
        if name in TAKES_CHANNELS and field.mixed and field.axis_of(arguments.get("dim", 0)) is None:
            self.caveats.append(
                "some channels of a concatenation are taken; the field is that of all its channels together"
            )

    def _refuse_shared_memory(self, target: torch.Tensor, inputs: list[Field], name: str) -> None:
        """An in-place operation that lets a tensor see more would change its views behind our back."""
        if all(field == inputs[0] for field in inputs):
            return
        memory = target.untyped_storage()._cdata
        if any(other is not target and other.untyped_storage()._cdata == memory for other in self._fields):
            raise ReceptiveFieldError(
                f"{name} writes into memory that another tensor (a slice or view) shares; use the form that makes a "
                "new tensor"
            )


# --- small helpers ---------------------------------------------------------------------------------------------


def is_elementwise(op: Any, name: str) -> bool:
    """Whether each unit of the result comes from the same place of every input."""
    return name.removesuffix("_") in ELEMENTWISE or torch.Tag.pointwise in op.tags
