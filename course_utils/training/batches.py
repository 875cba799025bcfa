"""What a loader gives: how many batches, and of each the images and the labels on the device."""

from collections.abc import Iterable

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
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise TypeError(f"a batch must be a pair of tensors (images, labels); it is {_in_words(batch)}")
    for part, name, mend in zip(batch, ("images", "labels"), (_IMAGES, _LABELS), strict=True):
        if not isinstance(part, Tensor):
            raise TypeError(
                f"a batch must be a pair of tensors (images, labels); one of them is a {type(part).__name__}: "
                f"the {name} are {_in_words(part)}. {mend}"
            )
        if part.dim() == 0:
            raise TypeError(
                f"the {name} of a batch are a single number, {part.item()!r}, without a dimension for the batch; "
                "a data set goes into a DataLoader(data_set, batch_size=...), which makes batches"
            )
    images, labels = batch
    return images.to(device, non_blocking=True), labels.to(device, non_blocking=True)


_IMAGES = "Pictures of one size become a batch by torch.stack(pictures), an array by torch.from_numpy(array)"
_LABELS = "Numbers become a tensor by torch.tensor(labels), an array by torch.from_numpy(array)"


def _in_words(value: object) -> str:
    """What came, and what to do where that is plain."""
    kind = type(value).__name__
    if isinstance(value, Tensor):
        return (
            f"a tensor of shape {tuple(value.shape)}. To give all data as one batch, write [(images, labels)]; "
            "a data set of images alone has no labels to learn from"
        )
    if isinstance(value, dict):
        keys = ", ".join(repr(key) for key in value)
        return (
            f"a {kind} with the keys {keys}. Choose two of them: give the DataLoader a data set whose items are pairs, "
            "or a collate_fn that returns (images, labels)"
        )
    if isinstance(value, (tuple, list)):
        kinds = ", ".join(type(part).__name__ for part in value[:4]) + (", ..." if len(value) > 4 else "")
        mend = ". Choose two of them, for instance with a collate_fn of the DataLoader" if len(value) > 2 else ""
        return f"a {kind} of {len(value)} ({kinds}){mend}"
    shape = getattr(value, "shape", None)
    return f"a {kind}" if shape is None else f"a {kind} of shape {tuple(shape)}"
