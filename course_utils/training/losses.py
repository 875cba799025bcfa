"""A loss function, checked with the first batch, and what its number is a mean of.

PyTorch's losses divide by different things: the numbers compared, the samples, or the weights of the labels that
count. A mean over several batches equals PyTorch's on all data at once only if each batch enters with what its loss was
divided by.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.training.errors import TrainingError, describe
from course_utils.training.known_losses import BY_CLASS, BY_NUMBER, IGNORED, SAME_SHAPE, function_and_options, name_of
from course_utils.training.loaders import TensorLoader
from course_utils.training.loss_checks import ShapeWatch, check_one_tensor, check_outputs, check_same_shape


class Share(NamedTuple):
    """How a batch's loss enters the mean over all batches: the sum of loss * times, divided by the sum of count.

    Both are numbers, or tensors () on the device where only the labels can tell.

    >>> from course_utils.training.losses import Share
    >>> small, large = (2.0, Share(times=1, count=1)), (4.0, Share(times=3, count=3))  # losses of 1 and of 3 samples
    >>> sum(loss * share.times for loss, share in (small, large)) / sum(share.count for _, share in (small, large))
    3.5
    """

    times: int | Tensor
    count: int | Tensor


class CheckedLoss:
    """The loss function, with a look at the first batch's outputs and labels before it is called.

    On a GPU a label out of range would end the process's use of that GPU, with a message that does not say why.

    Args:
        loss_fn: takes outputs and labels, returns the mean loss, or with PyTorch's ``reduction="sum"`` the sum.
        loader: if it has `labels` and `classes`, as `TensorLoader`, all its labels are looked at.

    Attributes:
        is_sum: whether the loss is a sum over the batch.
        left_out: the label that the loss leaves out, or None where there is none.

    Raises:
        TypeError: `loss_fn` is no function.
        TrainingError: outputs and labels do not fit together, or the loss is not one number.
    """

    def __init__(self, loss_fn: Callable, loader: object):
        if isinstance(loss_fn, type) or not callable(loss_fn):
            raise TypeError(
                f"loss_fn is {loss_fn!r}; expected a function of outputs and labels, for instance nn.CrossEntropyLoss()"
            )
        self.loss_fn, self.name = loss_fn, name_of(loss_fn)
        self.function, self.options = function_and_options(loss_fn)
        self.all_labels = getattr(loader, "labels", None)
        self.classes = getattr(loader, "classes", None) or _classes_of(loader)
        self.by_class = self.function in BY_CLASS
        self.same_shape = self.function in SAME_SHAPE
        self.reduction = self.options.get("reduction", "mean")
        self.is_sum = self.reduction == "sum"
        self.ignore_index = self.options.get("ignore_index", IGNORED)
        self.left_out = self.ignore_index if self.by_class and not _never_has(loader, self.ignore_index) else None
        self.weight = self.options.get("weight") if self.by_class else None
        self.may_weigh_nothing = isinstance(self.weight, Tensor) and not self.is_sum and bool((self.weight == 0).any())
        self.looked = False

    def __call__(self, outputs: object, labels: Tensor) -> Tensor:
        """The loss, a tensor with one number."""
        if self.same_shape and isinstance(outputs, Tensor):
            check_same_shape(self.name, outputs, labels)
        return self._loss(outputs, labels) if self.looked else self._first_loss(outputs, labels)

    def share(self, outputs: object, labels: Tensor) -> Share:
        """How this batch's loss enters the mean over all batches; computes only where the labels must be asked."""
        if self.is_sum:
            return Share(1, len(labels))
        count = self._count(outputs, labels)
        if self.may_weigh_nothing and isinstance(count, Tensor):
            return Share(count.where(count > 0, 1), count)
        return Share(count, count)

    def _first_loss(self, outputs: object, labels: Tensor) -> Tensor:
        if self.function is not None:
            check_one_tensor(self.name, outputs)
        if self.by_class:
            labels_seen = labels if self.all_labels is None else self.all_labels
            check_outputs(outputs, labels_seen, self.classes, self.ignore_index)
        with ShapeWatch(outputs, labels):
            loss = self._loss(outputs, labels)
        if not isinstance(loss, Tensor) or loss.dim() != 0 or self.reduction == "none":
            mend = "Return the mean, loss.mean()" if self.function is None else "Use reduction='mean', its default"
            raise TrainingError(
                f"the loss must be one number, the mean over the batch; {self.name} gave {describe(loss)}. {mend}"
            )
        self.looked = True
        return loss

    def _loss(self, outputs: object, labels: Tensor) -> Tensor:
        if not self.may_weigh_nothing or labels.is_floating_point():
            return self.loss_fn(outputs, labels)
        # PyTorch's mean over labels that all weigh 0 is 0 / 0, and its gradient would make the whole model NaN.
        total = self.function(outputs, labels, **{**self.options, "reduction": "sum"})
        return total / self.share(outputs, labels).times

    def _count(self, outputs: object, labels: Tensor) -> int | Tensor:
        """What the loss of this batch, a mean, was divided by."""
        if self.reduction == "batchmean" or not (self.by_class or self.function in BY_NUMBER):
            return len(labels)
        if not self.by_class:
            return labels.numel()
        if labels.is_floating_point():  # class probabilities: PyTorch divides by the samples, whatever they weigh
            return labels.numel() // labels.shape[1]
        if self.weight is None and self.left_out is None:
            return labels.numel()
        labels = labels.long()
        counts = labels != self.ignore_index
        if self.weight is not None:
            counts = self.weight[labels.masked_fill(~counts, 0)] * counts
        return counts.sum(dtype=torch.float32)


def _never_has(loader: object, label: int) -> bool:
    """Whether it is known that no label is this one; a `DataLoader`'s are not known before they come."""
    return type(loader) is TensorLoader and not bool((loader.labels == label).any())


def _classes_of(loader: object) -> int | None:
    names = getattr(getattr(loader, "dataset", None), "classes", None)
    return len(names) if names else None
