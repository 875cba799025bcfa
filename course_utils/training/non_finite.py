"""Why a loss is no number: a look at weights, data and outputs, once it has happened."""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.training.known_losses import IGNORED
from course_utils.training.metrics import NonFiniteLoss

LOOK_SECONDS = 5.0  # for a new pass over the data
_ARITHMETIC = "a logarithm of 0 or a division by 0"


class _Look(NamedTuple):
    """What a new pass over the data found."""

    fault: str | None = None  # in words
    all_finite: bool = False  # whether every batch was seen, and every number in it finite
    ignored: int | None = None  # the first batch whose labels are all left out by PyTorch's class losses


def explain_in_training(
    error: NonFiniteLoss, place: str, model: nn.Module, loader: Iterable, learning_rate: float, is_first_step: bool
) -> str:
    """Say what is known of a training loss that is NaN or infinite, and what often causes it.

    Args:
        error: names the batch and the losses.
        place: where, for instance "epoch 2".
        model: with the weights as they are now, some steps later.
        loader: gives the data anew; another order is possible.
        learning_rate: the one in use.
        is_first_step: whether no step was taken before.
    """
    message, broken, look = _what_came(error, place), _not_finite(model), _look_at(loader)
    if broken is not None:
        message += f"By now the weights are broken too ({broken}): build the model anew for the next try. "
    if look.fault is not None:
        return message + look.fault
    if look.ignored is not None and broken is None:
        return message + _all_left_out(look.ignored)
    data = "in a new pass over the data every number is finite" if look.all_finite else "look for NaN in the images"
    if is_first_step:
        return message + (
            f"No step was taken before, so that the learning rate is not the cause; {data}. Look for {_ARITHMETIC} in "
            "the network and the loss, and whether the weights were finite before"
        )
    return message + (
        f"Often the learning rate, now {learning_rate:g}, is too high: try a tenth of it, or clip_norm=1.0. "
        f"Else look for {_ARITHMETIC} in the network and the loss; {data}"
    )


def explain_in_evaluation(
    error: NonFiniteLoss, place: str, model: nn.Module, loader: Iterable, device: torch.device
) -> str:
    """Say what is known of an evaluation's loss that is NaN or infinite; the model is in evaluation mode.

    Args:
        error: names the batch and the losses.
        place: where, for instance "epoch 2, validation".
        model: as it was evaluated.
        loader: gives the data anew.
        device: where the model is.
    """
    message, broken = _what_came(error, place), _not_finite(model)
    if broken is not None:
        return message + (
            f"The model's weights are broken ({broken}). Where training did that, its learning rate is often too "
            "high: build the model anew, and try a tenth of it, or clip_norm=1.0"
        )
    look = _look_at(loader)
    if look.fault is not None:
        return message + look.fault
    if look.ignored == error.batch:
        return message + _all_left_out(look.ignored)
    outputs = _outputs_of(model, loader, error.batch, device) if look.all_finite else None
    if outputs is None:
        return message + f"The weights are finite. Look for NaN in the data, and for {_ARITHMETIC} in network and loss"
    if outputs.isfinite().all():
        return message + (
            "Weights, data and this batch's outputs are finite, so that it arises in the loss function. Look for "
            f"{_ARITHMETIC} there; a probability of exactly 0 has no logarithm"
        )
    return message + (
        "Weights and data are finite, this batch's outputs are not. Look in the network for "
        f"{_ARITHMETIC}, or numbers that grow beyond all bounds"
    )


def _what_came(error: NonFiniteLoss, place: str) -> str:
    losses = ", ".join(f"{loss:.4g}" for loss in error.losses)
    return f"{place}, batch {error.batch}: the loss is {error.losses[-1]} (the last ones were {losses}). "


def _all_left_out(batch: int) -> str:
    return (
        f"In a new pass over the data, all labels of batch {batch} are {IGNORED}. PyTorch's class losses leave these "
        "out, and a mean over no label is NaN; perhaps that is the cause. Give the loss itself, as "
        "nn.CrossEntropyLoss(...), in place of a function that calls it: such a batch then does not count"
    )


def _not_finite(model: nn.Module) -> str | None:
    """The first of the model's tensors that holds NaN or infinity, in words."""
    for name, value in model.state_dict().items():
        if isinstance(value, Tensor) and not _is_finite(value):
            return f"{name} holds {_bad_number(value)}"
    return None


def _is_finite(values: Tensor) -> bool:
    return not values.is_floating_point() or bool(values.isfinite().all())


def _bad_number(values: Tensor) -> str:
    return "NaN" if values.isnan().any() else "infinity"


def _look_at(loader: Iterable) -> _Look:
    """Go through the data once more, as far as the time allows, up to the first fault."""
    try:
        return _look_through(loader)
    except Exception:  # of the data set's own code: it must not hide what is to be explained
        return _Look()


def _look_through(loader: Iterable) -> _Look:
    end, ignored = time.monotonic() + LOOK_SECONDS, None
    for number, images, labels in _new_pass(loader):
        for values, name in ((images, "images"), (labels, "labels")):
            if not _is_finite(values):
                return _Look(
                    f"In a new pass over the data, the {name} of batch {number} hold {_bad_number(values)}: mend or "
                    "leave out that part of the data. Perhaps a file is damaged, or something was divided by 0"
                )
        if ignored is None and not labels.is_floating_point() and labels.numel() and (labels.long() == IGNORED).all():
            ignored = number
        if time.monotonic() > end:
            return _Look(ignored=ignored)
    return _Look(all_finite=True, ignored=ignored)


def _outputs_of(model: nn.Module, loader: Iterable, batch: int, device: torch.device) -> Tensor | None:
    """The outputs for one batch of a new pass, or None where it does not come again, or they are no tensor."""
    for number, images, _ in _new_pass(loader):
        if number == batch:
            with torch.no_grad():
                outputs = model(images.to(device))
            return outputs if isinstance(outputs, Tensor) else None
    return None


def _new_pass(loader: Iterable) -> Iterator[tuple[int, Tensor, Tensor]]:
    """Number, counted from 1, images and labels of the batches."""
    for number, (images, labels) in enumerate(loader, 1):
        yield number, images, labels
