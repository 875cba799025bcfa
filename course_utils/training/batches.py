"""What a loader gives: how many batches, and of each the images and the labels on the device."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor


def count_batches(loader: Iterable) -> int | None:
    """Batches in an epoch, or None where nobody knows: a `DataLoader` over a stream has a `__len__` that raises.

    >>> from course_utils.training.batches import count_batches
    >>> count_batches([1, 2, 3]), count_batches(iter([1, 2, 3]))
    (3, None)
    """
    try:
        return len(loader)
    except (TypeError, NotImplementedError):
        return None


def images_and_labels(batch: object, device: torch.device) -> tuple[Tensor, Tensor]:
    """A batch's two tensors, on the device.

    >>> import torch
    >>> from course_utils.training.batches import images_and_labels
    >>> images, labels = images_and_labels([torch.zeros(2, 1, 3, 3), torch.tensor([0, 1])], torch.device("cpu"))
    >>> labels
    tensor([0, 1])

    Raises:
        TypeError: the batch is no pair of tensors, or its tensors are no batch.
    """
    if isinstance(batch, (tuple, list)) and len(batch) == 2:
        images, labels = batch
        if isinstance(images, Tensor) and isinstance(labels, Tensor) and images.dim() and labels.dim():
            return images.to(device, non_blocking=True), labels.to(device, non_blocking=True)
    raise TypeError(_no_pair(batch))


def _no_pair(batch: object) -> str:
    """What came in place of a pair of tensors, and what to do."""
    message = "a batch must be a pair of tensors (images, labels); "
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        return f"{message}it is {_in_words(batch)}. {_mend_of_batch(batch)}"
    name, part = next(
        (name, part)
        for name, part in zip(("images", "labels"), batch, strict=True)
        if not isinstance(part, Tensor) or part.dim() == 0
    )
    if isinstance(part, Tensor):
        return (
            f"{message}its {name} are a single number, {part.item()!r}, without a dimension for the batch. "
            "A data set goes into a DataLoader(data_set, batch_size=...), which makes batches"
        )
    return f"{message}one of them is a {type(part).__name__}: the {name} are {_in_words(part)}. {_mend_of_part(part)}"


def _mend_of_batch(batch: object) -> str:
    if isinstance(batch, Tensor):
        return "To give all data as one batch, write [(images, labels)]; images alone have no labels to learn from"
    return "Give the DataLoader a data set whose items are pairs, or a collate_fn that returns (images, labels)"


def _mend_of_part(part: object) -> str:
    if isinstance(part, Mapping):
        return "Choose one part: a collate_fn of the DataLoader, or the data set, can return that tensor"
    if hasattr(part, "__array__"):
        return "An array becomes a tensor by torch.from_numpy(array)"
    return "Pictures of one size become a batch by torch.stack(pictures), numbers by torch.tensor(labels)"


def _in_words(value: object) -> str:
    kind = type(value).__name__
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Mapping):
        return f"a {kind} with the keys {', '.join(repr(key) for key in value) or '(none)'}"
    if isinstance(value, (tuple, list)):
        kinds = ", ".join(type(part).__name__ for part in value[:4]) + (", ..." if len(value) > 4 else "")
        return f"a {kind} of {len(value)} ({kinds})"
    shape = getattr(value, "shape", None)
    return f"a {kind}" if shape is None else f"a {kind} of shape {tuple(shape)}"
