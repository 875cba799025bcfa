"""What goes wrong in training, said with the numbers met and a mend."""

import re
from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from course_utils.training.batches import count_batches
from course_utils.training.devices import same_device


class TrainingError(RuntimeError):
    """Training or evaluation cannot go on; the message says why and what to do. The cause is PyTorch's own error.

    >>> from torch import nn, tensor
    >>> from course_utils.training import evaluate
    >>> batch = tensor([[0.5, 2.0]]), tensor([2])
    >>> evaluate(nn.Identity(), [batch], nn.CrossEntropyLoss(), device="cpu")  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    course_utils.training.errors.TrainingError: evaluation: the labels run from 2 to 2, but the model's 2 outputs
        stand for the classes 0 to 1. If they count from 1, subtract 1 from every label; else give the last layer
        3 outputs
    """


# Before the first step


def check_parameters(model: nn.Module, optimizer: torch.optim.Optimizer, loss_fn: object) -> None:
    """Check that there is something to train, and that the optimizer trains it (and perhaps the loss function).

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
    own = {id(p) for p in learned_parameters(model, loss_fn)}
    held = [p for group in optimizer.param_groups for p in group["params"]]
    foreign = sum(id(p) not in own for p in held)
    if foreign:
        raise ValueError(
            f"{foreign} of the {len(held)} parameter tensors in the optimizer do not belong to this model, "
            "so that its steps would train something else. Build the optimizer "
            "from the model given to fit, and after its last "
            f"layer was replaced: {type(optimizer).__name__}(model.parameters(), ...)"
        )


def learned_parameters(model: nn.Module, loss_fn: object) -> list[nn.Parameter]:
    """The parameters of the model, and those of a loss function that has some."""
    return [p for part in (model, loss_fn) if isinstance(part, nn.Module) for p in part.parameters()]


def check_loader(loader: Iterable, name: str, device: torch.device) -> None:
    """Check that a loader can be gone through more than once, holds something, and holds it on this device.

    Raises:
        TypeError: it is nothing that gives batches.
        ValueError: it cannot or does not.
    """
    if not hasattr(loader, "__iter__") and not hasattr(loader, "__getitem__"):
        raise TypeError(f"{name} is a {type(loader).__name__}; give a DataLoader, a TensorLoader or a list of batches")
    if hasattr(loader, "__next__"):  # a generator or another one-time iterator
        raise ValueError(
            f"{name} is a {type(loader).__name__}, which is empty after one pass; "
            "give a DataLoader, a TensorLoader or a list"
        )
    if count_batches(loader) == 0:
        raise ValueError(
            f"{name} has no batch: its length is 0. Perhaps its data set is empty, or drop_last=True leaves out the "
            "only, partial batch. Check len(data set), or lower batch_size"
        )
    where = getattr(loader, "device", None)
    if isinstance(where, torch.device) and not same_device(where, device):
        raise ValueError(
            f"the data of {name} lie on {where}, the model is to run on {device}; "
            f"give TensorLoader(..., device={str(device)!r}), or device={str(where)!r} here"
        )


# While it runs


def explain(error: Exception, images: object, labels: object, place: str) -> str | None:
    """Say in plain words what an error of the training loop means and what mends it.

    Args:
        error: what was raised.
        images, labels: the batch at hand, or None before the first.
        place: where, for instance "epoch 2".

    Returns:
        The message, or None where there is nothing to add to the error itself.
    """
    text = str(error)
    if isinstance(error, TrainingError):
        return None
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "DefaultCPUAllocator" in text:
        return _explain_out_of_memory(text, images, place)
    for pattern, message in _KNOWN:
        found = re.search(pattern, text)
        if found:
            return f"{place}: " + message.format(*found.groups(), images=describe(images), labels=describe(labels))
    return None


_KNOWN = [
    (
        r"Target (-?\d+) is out of bounds",
        "label {0} has no output of the model. Labels count from 0 to classes - 1: "
        "mend the labels, or give the last layer one output for each class",
    ),
    (
        r"expected input\[[\d, ]+\] to have (\d+) channels, but got (\d+) channels",
        "a convolution expects {0} channels and got {1}. The images are {images}; the order is (N, C, H, W). "
        "Give the first convolution in_channels=C, or, if a later one is meant, as many as the layer before gives; "
        "for a lone image add the batch dimension: images[None]",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "a matrix product, most often that of a Linear layer, expects {2} features and got {1}, for images {images}. "
        "Give that layer nn.Linear({1}, {3}), or change the layers before; trace_shapes(model, input_shape) shows "
        "every layer",
    ),
    (
        r"Input type \((unsigned char|double|float|c10::BFloat16|c10::Half)\) and \w+ type",
        "a layer got numbers of type {0}, and its weights have another type. The images are {images}. Convert bytes "
        "with images.float() / 255 (ToTensor does so, TensorLoader too), doubles with images.float()",
    ),
    (
        r"must have the same dtype, but got (.+) and (\w+)",
        "numbers of the types {0} and {1} meet in a product. The images are {images}. Convert bytes with "
        "images.float() / 255 (ToTensor does so, TensorLoader too), doubles with images.float()",
    ),
    (
        # the second as PyTorch 2.11 has it
        r"expected target dtype to be Long or Byte|expected scalar type Long but found",
        "the labels are {labels}; this loss wants class numbers, whole ones. Convert them: labels.long()",
    ),
    (
        r"0D or 1D target tensor expected",
        "the labels are {labels}; expected one class number for each image, shape (N,). Use labels.squeeze(1), or "
        "labels.argmax(1) for one-hot rows",
    ),
    (
        r"only batches of spatial targets supported \(3D tensors\) but got targets of dimension: 4",
        "the labels are {labels}; expected one class number for each pixel, shape (N, H, W). Use labels.squeeze(1), or "
        "labels.argmax(1) for one-hot pixels",
    ),
    (
        r"Expected floating point type for target with class probabilities",
        "the labels are {labels}, of the outputs' shape, and so are taken for probabilities, which are floats. Use "
        "labels.argmax(1) for one-hot rows, labels.float() for probabilities",
    ),
    (
        r"result type Float can't be cast to the desired output type Long|Found dtype Long but expected Float",
        "whole numbers met where floats are wanted; the labels are {labels}. For a loss that compares number with "
        "number, convert them: labels.float()",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "the loss has no gradient, since nothing that needs one led to it. Often detach(), torch.no_grad(), argmax or "
        "NumPy on the way from the outputs cut it off",
    ),
    (
        r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)",
        "the model gives {0} rows for {1} labels; the images are {images}. "
        "Perhaps a view or flatten mixes images together: nn.Flatten() and x.flatten(1) keep the batch apart",
    ),
    (
        r"not on the expected device|[Ee]xpected all tensors to be on the same device|should be the same.*cuda",
        "tensors on different devices met. The batch, the model and a loss that is a module were moved to one device. "
        "Often a tensor made in forward, kept as a plain attribute or given to a loss function stayed behind: "
        "make it with device=x.device, or keep it by register_buffer",
    ),
    (
        r"view size is not compatible",
        "a view needs its numbers in a row in memory, and here they are not, often because of channels_last=True, "
        "or a transposed tensor. Use x.flatten(1) or x.reshape(...) in forward",
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
        "the scheduler was made for {0} steps, all of them are taken, and it is asked for one more. Perhaps the loader "
        "gives more batches than was counted on, or something else lets the scheduler step too. "
        "Give it total_steps for all batches of all epochs",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "batch normalisation met one value for each channel, from which it cannot learn; the images are {images}. "
        "Where that is a batch of one image, use drop_last=True, or a batch size that leaves more for the last batch",
    ),
]


def _explain_out_of_memory(text: str, images: object, place: str) -> str:
    asked = re.search(r"allocate ([\d.]+ ?\w+)", text)
    size = f" (asked for {asked.group(1)} more)" if asked else ""
    return (
        f"{place}: out of memory{size} with a batch of {describe(images)}. "
        "Lower batch_size, by half to begin with; what the network computes, and in training keeps, grows with it. "
        "Smaller images or fewer filters help too"
    )


def describe(value: object) -> str:
    """Type, shape and place of a tensor, or what a tuple or a dict holds, for a message.

    >>> import torch
    >>> from course_utils.training.errors import describe
    >>> describe(torch.zeros(2, 3)), describe((torch.zeros(2, 3), 5))
    ('(2, 3) float32 on cpu', 'a tuple of 2: (2, 3) float32 on cpu; a int')
    """
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)} {str(value.dtype).removeprefix('torch.')} on {value.device}"
    kind = f"a {type(value).__name__}"
    if isinstance(value, Mapping):
        return f"{kind} with {', '.join(f'{key!r}: {describe(part)}' for key, part in value.items()) or 'no key'}"
    if isinstance(value, (tuple, list)):
        return f"{kind} of {len(value)}: {'; '.join(describe(part) for part in value[:4])}"
    return kind
