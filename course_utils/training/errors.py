"""What goes wrong in training, said with the numbers met and a mend."""

import re
from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.training.devices import same_device
from course_utils.training.metrics import NonFiniteLoss

_CLASS_LOSSES = (nn.CrossEntropyLoss, nn.NLLLoss)
_CLASS_LOSS_FUNCTIONS = (F.cross_entropy, F.nll_loss)


class TrainingError(RuntimeError):
    """Training or evaluation cannot go on; the message says why and what to do. The cause is PyTorch's own error.

    >>> from torch import nn, tensor
    >>> from course_utils.training import evaluate
    >>> batch = tensor([[0.5, 2.0]]), tensor([2])
    >>> evaluate(nn.Identity(), [batch], nn.CrossEntropyLoss(), device="cpu")  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.training.errors.TrainingError: the labels run from 2 to 2, but the model's 2 outputs
        stand for the classes 0 to 1. Count classes from 0: subtract 1 from every label
    """


# Before the first step


def check_parameters(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Check that there is something to train, and that the optimizer trains it.

    Raises:
        TypeError: the optimizer is not one.
        ValueError: no parameter is trainable, or the optimizer holds parameters of another model.
    """
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"optimizer is {optimizer!r}; expected an optimizer built from this model's parameters, "
            "for instance torch.optim.Adam(model.parameters(), lr=1e-3)"
        )
    if not any(p.requires_grad for p in model.parameters()):
        raise ValueError(
            f"{type(model).__name__} has no trainable parameter, so that there is nothing to learn. "
            "If it was frozen, unfreeze a part: for p in model.fc.parameters(): p.requires_grad_(True)"
        )
    own = {id(p) for p in model.parameters()}
    held = [p for group in optimizer.param_groups for p in group["params"]]
    foreign = sum(id(p) not in own for p in held)
    if foreign:
        raise ValueError(
            f"{foreign} of the {len(held)} parameter tensors in the optimizer do not belong to this model, "
            "so that its steps would train something else. Build the optimizer "
            "from the model given to fit, and after its last "
            f"layer was replaced: {type(optimizer).__name__}(model.parameters(), ...)"
        )


def check_scheduler(scheduler: object, every: str | None, optimizer: torch.optim.Optimizer) -> None:
    """Check that a scheduler belongs to this optimizer and that it was said when it steps.

    Raises:
        ValueError: it does not, or it was not.
    """
    if scheduler is None:
        if every is not None:
            raise ValueError(f"scheduler_every={every!r} but no scheduler was given; give scheduler=... too")
        return
    if scheduler.optimizer is not optimizer:
        raise ValueError("the scheduler was built for another optimizer; build it from the optimizer given to fit")
    name = type(scheduler).__name__
    if every not in ("step", "epoch"):
        raise ValueError(
            f"scheduler_every is {every!r}; say when {name} is to step: scheduler_every='step' after each batch "
            "(OneCycleLR, CyclicLR, warm-up) or scheduler_every='epoch' after each epoch (StepLR, ReduceLROnPlateau)"
        )
    if every == "step" and isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        raise ValueError("ReduceLROnPlateau looks at the loss of a whole epoch; use scheduler_every='epoch'")


def check_loader(loader: Iterable, name: str, device: torch.device) -> None:
    """Check that a loader can be gone through more than once, holds something, and holds it on this device.

    Raises:
        ValueError: it cannot or does not.
    """
    if hasattr(loader, "__next__"):  # a generator or another one-time iterator
        raise ValueError(
            f"{name} is a {type(loader).__name__}, which is empty after one pass; "
            "give a DataLoader, a TensorLoader or a list"
        )
    if hasattr(loader, "__len__") and len(loader) == 0:
        raise ValueError(
            f"{name} has no batch: its data set is empty, or drop_last=True leaves out the only, partial batch. "
            "Check len(data set), or lower batch_size"
        )
    where = getattr(loader, "device", None)
    if isinstance(where, torch.device) and not same_device(where, device):
        raise ValueError(
            f"the data of {name} lie on {where}, the model is to run on {device}; "
            f"give TensorLoader(..., device={str(device)!r}), or device={str(where)!r} here"
        )


class CheckedLoss:
    """The loss function, with a look at the first batch's outputs and labels before it is called.

    On a GPU a label out of range would end the process's use of that GPU, with a message that does not say why.

    Args:
        loss_fn: takes outputs and labels, returns the mean loss.
        loader: if it has `labels` and `classes`, as `TensorLoader`, all its labels are looked at.

    Raises:
        TrainingError: outputs and labels do not fit together, or the loss is not one number.
    """

    def __init__(self, loss_fn: object, loader: object):
        self.loss_fn = loss_fn
        self.all_labels = getattr(loader, "labels", None)
        self.classes = getattr(loader, "classes", None) or _classes_of(loader)
        self.by_class = isinstance(loss_fn, _CLASS_LOSSES) or loss_fn in _CLASS_LOSS_FUNCTIONS
        self.looked = False

    def __call__(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """The loss, a tensor with one number."""
        if self.looked:
            return self.loss_fn(outputs, labels)
        if self.by_class:
            labels_seen = labels if self.all_labels is None else self.all_labels
            check_outputs(outputs, labels_seen, self.classes, getattr(self.loss_fn, "ignore_index", -100))
        loss = self.loss_fn(outputs, labels)
        if not isinstance(loss, Tensor) or loss.dim() != 0 or getattr(self.loss_fn, "reduction", "mean") != "mean":
            raise TrainingError(
                "the loss must be one number, the mean over the batch; "
                f"{_name(self.loss_fn)} gave {_describe(loss)}. Use reduction='mean', its default"
            )
        self.looked = True
        return loss


def check_outputs(outputs: Tensor, labels: Tensor, classes: int | None, ignore_index: int) -> None:
    """Check the model's outputs (N, classes) against the labels (N,), for a loss that compares classes.

    Raises:
        TrainingError: the shapes disagree, or a label has no output.
    """
    if labels.dim() != 1 or labels.is_floating_point():
        return  # class probabilities or a label for each pixel: PyTorch checks those itself
    if outputs.dim() != 2:
        raise TrainingError(
            f"the model gives outputs of shape {tuple(outputs.shape)}; expected (N, classes), "
            "one row of numbers for each image. "
            "Is nn.Flatten() or a last nn.Linear missing? trace_shapes(model, input_shape) shows every layer"
        )
    given = outputs.shape[1]
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
    if lowest >= 1 and highest == outputs:
        return message + "Count classes from 0: subtract 1 from every label"
    if lowest < 0:
        return message + "No class is negative: mend the labels"
    return message + f"Give the last layer {highest + 1} outputs, or mend the labels"


def _classes_of(loader: object) -> int | None:
    names = getattr(getattr(loader, "dataset", None), "classes", None)
    return len(names) if names else None


# While it runs


def explain(
    error: Exception, images: object, labels: object, place: str, learning_rate: float | None = None
) -> str | None:
    """Say in plain words what an error of the training loop means and what mends it.

    Args:
        error: what was raised.
        images, labels: the batch at hand, or None before the first.
        place: where, for instance "epoch 2".
        learning_rate: the one in use, or None in an evaluation.

    Returns:
        The message, or None where there is nothing to add to the error itself.
    """
    text = str(error)
    if isinstance(error, TrainingError):
        return None
    if isinstance(error, NonFiniteLoss):
        return _explain_non_finite(error, place, learning_rate)
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "DefaultCPUAllocator" in text:
        return _explain_out_of_memory(text, images, place)
    for pattern, message in _KNOWN:
        found = re.search(pattern, text)
        if found:
            return f"{place}: " + message.format(*found.groups(), images=_describe(images), labels=_describe(labels))
    return None


_KNOWN = [
    (
        r"Target (-?\d+) is out of bounds",
        "label {0} has no output of the model. Labels count from 0 to classes - 1: "
        "mend the labels, or give the last layer one output for each class",
    ),
    (
        r"expected input\[[\d, ]+\] to have (\d+) channels, but got (\d+) channels",
        "a convolution expects {0} channels and got {1}. The images are {images}, as (N, C, H, W). "
        "Give the first convolution in_channels=C, or, if a later one is meant, as many as the layer before gives; "
        "for a lone image add the batch dimension: images[None]",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "a Linear layer expects {2} features and got {1}, for images {images}. Give it nn.Linear({1}, {3}), or change "
        "the layers before; trace_shapes(model, input_shape) shows every layer",
    ),
    (
        r"Input type \((unsigned char|double|float|c10::BFloat16|c10::Half)\) and \w+ type",
        "the images are {images}, but the weights have another type. Convert bytes with images.float() / 255 (ToTensor "
        "does so, TensorLoader too), doubles with images.float()",
    ),
    (
        # the second as PyTorch 2.11 has it
        r"expected target dtype to be Long or Byte|expected scalar type Long but found",
        "the labels are {labels}; cross entropy wants class numbers. Convert them: labels.long()",
    ),
    (
        r"0D or 1D target tensor expected",
        "the labels are {labels}; expected one class number for each image, shape (N,). Use labels.squeeze(1), or "
        "labels.argmax(1) for one-hot rows",
    ),
    (
        r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)",
        "the model gives {0} rows for {1} labels; the images are {images}. "
        "A view or flatten has mixed images together: use nn.Flatten() or x.flatten(1), which keep the batch apart",
    ),
    (
        r"not on the expected device|[Ee]xpected all tensors to be on the same device|should be the same.*cuda",
        "tensors on different devices met. fit moves the batch, the model and the loss function to one device; "
        "what is made in forward or kept as a plain attribute stays behind. "
        "Make it with device=x.device, or keep it by register_buffer",
    ),
    (
        r"view size is not compatible",
        "a view needs its numbers in a row in memory, and here they are not (channels_last=True, "
        "or a transposed tensor). Use x.flatten(1) or x.reshape(...) in forward",
    ),
    (
        r"device-side assert triggered",
        "the GPU stopped on an index out of range, most often a label. Restart the kernel and run once with "
        "device='cpu': there the message names it",
    ),
    (
        r"found <class 'PIL",
        "the data set gives pictures, not tensors. Give it transform=ToTensor(), or use a TensorLoader",
    ),
    (
        r"The specified number of total steps is (\d+)",
        "the scheduler was made for {0} steps and is asked for one more. With scheduler_every='step' it needs "
        "total_steps = epochs * len(train)",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "batch normalisation cannot learn from a batch of one image, here {images}. Use drop_last=True, "
        "or a batch size that leaves more than one image for the last batch",
    ),
]


def _explain_non_finite(error: NonFiniteLoss, place: str, learning_rate: float | None) -> str:
    rate = "the learning rate" if learning_rate is None else f"the learning rate, now {learning_rate:g},"
    losses = ", ".join(f"{loss:.4g}" for loss in error.losses)
    return (
        f"{place}, batch {error.batch}: the loss is {error.losses[-1]} (the last ones were {losses}), "
        f"and the weights with it. Most often {rate} is too high: "
        "build the model anew and try a tenth of it, or clip_norm=1.0. "
        "If it happens in the very first batch, look for NaN in the images, or a logarithm or division by 0"
    )


def _explain_out_of_memory(text: str, images: object, place: str) -> str:
    asked = re.search(r"allocate ([\d.]+ ?\w+)", text)
    size = f" (asked for {asked.group(1)} more)" if asked else ""
    return (
        f"{place}: out of memory{size} with a batch of {_describe(images)}. "
        "Lower batch_size, by half to begin with; what the network keeps for the backward pass grows with it. "
        "Smaller images or fewer filters help too"
    )


def _describe(value: object) -> str:
    if not isinstance(value, Tensor):
        return f"a {type(value).__name__}"
    return f"{tuple(value.shape)} {str(value.dtype).removeprefix('torch.')} on {value.device}"


def _name(function: object) -> str:
    return getattr(function, "__name__", type(function).__name__)
