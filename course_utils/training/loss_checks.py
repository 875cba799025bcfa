"""Whether outputs and labels fit together: classes in range, and no shapes that broadcast unseen."""

import math
from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

from course_utils.training.errors import TrainingError, describe
from course_utils.training.known_losses import SAME_SHAPE, name_of


def check_outputs(outputs: Tensor, labels: Tensor, classes: int | None, ignore_index: int) -> None:
    """Check the model's outputs (N, classes, ...) against the labels (N, ...), for a loss that compares classes.

    Args:
        outputs: of the first batch.
        labels: of the first batch, or all there are.
        classes: how many the data have, or None where nobody knows.
        ignore_index: a label that the loss leaves out.

    Raises:
        TrainingError: the shapes disagree, or a label has no output.
    """
    labels_are_numbers = not labels.is_floating_point()
    if outputs.dim() < 2 or (labels_are_numbers and labels.dim() == 1 and outputs.dim() != 2):
        raise TrainingError(
            f"the model gives outputs of shape {tuple(outputs.shape)}; expected (N, classes), "
            "one row of numbers for each image. "
            "Is nn.Flatten() or a last nn.Linear missing? trace_shapes(model, input_shape) shows every layer"
        )
    if not labels_are_numbers or outputs.dim() != labels.dim() + 1:
        return  # class probabilities, or shapes that do not fit: PyTorch checks those itself
    given = outputs.shape[1]
    labels = labels.long()
    labels = labels[labels != ignore_index]
    lowest, highest = (int(labels.min()), int(labels.max())) if len(labels) else (0, 0)
    if classes is not None and given != classes:
        raise TrainingError(
            f"the model gives {given} outputs, but the data have {classes} classes; "
            f"give its last layer {classes} outputs"
        )
    if lowest < 0 or highest >= given:
        raise TrainingError(_label_out_of_range(lowest, highest, given))


def _label_out_of_range(lowest: int, highest: int, outputs: int) -> str:
    message = (
        f"the labels run from {lowest} to {highest}, but the model's {outputs} outputs "
        f"stand for the classes 0 to {outputs - 1}. "
    )
    if lowest < 0:
        return message + f"No class is negative: mend the labels, or name one to leave out, ignore_index={lowest}"
    more_outputs = f"give the last layer {highest + 1} outputs"
    if lowest >= 1 and highest == outputs:
        return message + f"If they count from 1, subtract 1 from every label; else {more_outputs}"
    return message + f"{more_outputs.capitalize()}, or mend the labels"


def check_same_shape(name: str, outputs: Tensor, labels: Tensor) -> None:
    """Check the shapes for a loss that compares number with number; `name` is the loss's in the message.

    Raises:
        TrainingError: they differ. Many of PyTorch's losses would broadcast, (N, 1) and (N,) to (N, N).
    """
    if outputs.shape != labels.shape:
        raise TrainingError(_shapes_differ(name, tuple(outputs.shape), tuple(labels.shape)))


def _shapes_differ(name: str, outputs: tuple[int, ...], labels: tuple[int, ...]) -> str:
    message = (
        f"the outputs have shape {outputs} and the labels {labels}, but {name} compares number with number, so that "
        "the shapes must be the same. "
    )
    if outputs == (*labels, 1):
        column = "labels[:, None]" if len(labels) == 1 else "labels[..., None]"
        return message + f"Use {column}, or outputs.squeeze({len(labels)})"
    if labels == (*outputs, 1):
        return message + f"Use labels.squeeze({len(outputs)})"
    if len(outputs) == 2 and outputs[:1] == labels:
        return message + (
            "If the labels are class numbers, use nn.CrossEntropyLoss(); if they are numbers to hit, give the last "
            "layer one output and use labels[:, None]"
        )
    if math.prod(outputs) == math.prod(labels):
        return message + "Where their order is the same, use labels.view_as(outputs)"
    return message + "Give the last layer outputs of the labels' shape, or labels of the outputs' shape"


def check_one_tensor(name: str, outputs: object) -> None:
    """Check that a model gave one tensor, which is all that PyTorch's own losses take.

    Raises:
        TrainingError: it gave a tuple, a dict or something else.
    """
    if isinstance(outputs, Tensor):
        return
    part = f"outputs[{next(iter(outputs))!r}]" if isinstance(outputs, Mapping) and outputs else "outputs[0]"
    raise TrainingError(
        f"the model gives {describe(outputs)}, and {name} takes one tensor. Give a loss_fn of your own that says what "
        f"counts, for instance lambda outputs, labels: F.cross_entropy({part}, labels). Some models give one tensor in "
        "evaluation mode; loss_fn must take that too"
    )


_MAY_SPREAD = {  # arithmetic in which outputs (N, 1) and labels (N,) become (N, N)
    F.gaussian_nll_loss,
    *(getattr(owner, name) for owner in (torch, Tensor) for name in ("sub", "subtract", "mul", "multiply", "div")),
    Tensor.__eq__,
    torch.eq,
}


class ShapeWatch(TorchFunctionMode):
    """Sees the functions of PyTorch that a loss calls, and stops where outputs and labels broadcast unseen.

    Inside a loss of one's own it stops PyTorch's losses, and arithmetic of the outputs and labels themselves that makes
    more numbers than either has.

    Source: https://docs.pytorch.org/docs/stable/notes/extending.html, "Extending all torch API with Modes".

    Args:
        outputs, labels: of the batch.

    Raises:
        TrainingError: within the `with` block, as `check_same_shape`.
    """

    def __init__(self, outputs: object, labels: Tensor):
        super().__init__()
        self.batch = outputs, labels

    def __torch_function__(self, func: Callable, types: list, args: tuple = (), kwargs: dict | None = None) -> object:
        if len(args) >= 2 and isinstance(args[0], Tensor) and isinstance(args[1], Tensor):
            one, other = args[:2]
            if func in SAME_SHAPE and one.dim() and other.dim():  # a lone number is compared with all on purpose
                check_same_shape(name_of(func), one, other)
            elif func in _MAY_SPREAD and self._are_the_batch(one, other) and _spread(one, other):
                check_same_shape("the loss function", *self.batch)
        return func(*args, **(kwargs or {}))

    def _are_the_batch(self, one: Tensor, other: Tensor) -> bool:
        outputs, labels = self.batch
        return (one is outputs and other is labels) or (one is labels and other is outputs)


def _spread(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors make more numbers together than either has."""
    try:
        together = torch.broadcast_shapes(one.shape, other.shape)
    except RuntimeError:
        return False  # PyTorch's own error says so
    return together.numel() > max(one.numel(), other.numel())
