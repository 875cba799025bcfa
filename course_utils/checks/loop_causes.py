"""Which mistake in a loop gives a mean loss, an accuracy, or wrong weights."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

# With batches of one size two mistakes give this value, and the second text is true of both.
_OVER_BATCHES = {
    False: "the sum over all images is divided by the number of batches",
    True: "it is too large by the number of images in a batch: multiplied by it once more often than divided by it",
}


def why_mean_loss(losses: Tensor, sizes: Tensor) -> dict[str, float]:
    """Mistakes in words, with the mean loss that each gives.

    Args:
        losses: (B,), each batch's mean loss.
        sizes: (B,), images in each batch.
    """
    total = (losses * sizes).sum()
    likely = {
        "the mean of the batches' means: a smaller batch must weigh less": losses.mean(),
        "the batches' mean losses are added up, and neither weighed nor divided": losses.sum(),
        "each batch's mean loss must be multiplied by its number of images": losses.sum() / sizes.sum(),
        "the sum over all images must be divided by their number": total,
        _OVER_BATCHES[len(set(sizes.tolist())) == 1]: total / len(sizes),
        "the last batch is counted as large as the first": total / (len(sizes) * sizes[0]),
        "every batch is weighed as if it were as large as the first": losses.sum() * sizes[0] / sizes.sum(),
        "every batch is weighed by the size of the last": losses.sum() * sizes[-1] / sizes.sum(),
        "this is the last batch alone": losses[-1],
        "this is the first batch alone: is `return` inside the loop?": losses[0],
        "only the first batch is added up: is `return` inside the loop?": losses[0] * sizes[0] / sizes.sum(),
    }
    return {cause: value.item() for cause, value in likely.items()}


def why_accuracy(logits: Sequence[Tensor], labels: Sequence[Tensor]) -> dict[str, float]:
    """Mistakes in words, with the accuracy that each gives.

    Args:
        logits: each batch's, (N, 3).
        labels: each batch's, (N,).
    """
    sizes = torch.tensor([len(batch) for batch in labels], dtype=torch.float64)
    right = _right(logits, labels, axis=1)
    accuracy = right.sum() / sizes.sum()
    likely = {
        "this is per cent; a share in [0, 1] is asked for": 100 * accuracy,
        "the number of right answers must be divided by the number of images": right.sum(),
        "the mean of the batches' accuracies: a smaller batch must weigh less": (right / sizes).mean(),
        "the batches' accuracies are added up": (right / sizes).sum(),
        "the number of right answers is divided by the number of batches": right.sum() / len(sizes),
        "the last batch is counted as large as the first": right.sum() / (len(sizes) * sizes[0]),
        "this is the last batch alone: add up over the batches": right[-1] / sizes[-1],
        "this is the first batch alone: is `return` inside the loop?": right[0] / sizes[0],
        "the right answers of the last batch alone are counted": right[-1] / sizes.sum(),
        "this is the share of wrong answers": 1 - accuracy,
    }
    if set(sizes.tolist()) == {3.0}:  # as many images as classes: no other size lets this mistake run
        wrong = _right(logits, labels, axis=0).sum() / sizes.sum()
        likely["`argmax` runs along axis 0, the images; the classes are axis 1"] = wrong
    return _told_apart({cause: value.item() for cause, value in likely.items()})


def _told_apart(likely: dict[str, float]) -> dict[str, float]:
    """The mistakes whose value no other mistake gives, nor whoever is always right or always wrong."""
    taken = [*likely.values(), 0.0, 1.0]
    return {cause: value for cause, value in likely.items() if sum(abs(value - other) < 1e-9 for other in taken) == 1}


def _right(logits: Sequence[Tensor], labels: Sequence[Tensor], axis: int) -> Tensor:
    """How many of each batch have the largest logit, along this axis, where the label says; (B,)."""
    pairs = zip(logits, labels, strict=True)
    return torch.stack([(given.argmax(axis) == wanted).sum() for given, wanted in pairs]).double()


def why_weights(kinds: list[str], batches: int) -> str:
    """The likely cause of wrong weights, from the diary of one model; empty where its order is right."""
    count = kinds.count
    if count("backward") == 0:
        return "no gradient reaches the model: `backward()` is missing, or the loss is another model's"
    if count("step") == 0:
        return "`optimizer.step()` is missing"
    if kinds.index("step") < kinds.index("backward"):
        return "`step()` comes before `backward()`: it uses the gradients of the batch before, the first time none"
    if count("forward") < batches:
        return f"only {count('forward')} of {batches} batches are used: perhaps `return` or `break` is inside the loop"
    if count("step") < batches:
        return "`step()` runs less than once for each batch: does it stand behind the loop?"
    if ("backward", "zero_grad", "step") in zip(kinds, kinds[1:], kinds[2:], strict=False):
        return "`zero_grad()` stands between `backward()` and `step()`: it erases what was just computed"
    if count("step") > batches:
        return "`step()` runs more than once for each batch, or the loop goes through the loader again"
    if count("backward") > batches:
        return "`backward()` runs more than once for each batch: its gradients add up"
    if _adds_up(kinds):
        return "`zero_grad()` must run for each batch: otherwise the gradients of all batches add up"
    return ""


def _adds_up(kinds: list[str]) -> bool:
    """Whether a backward pass met the gradients of an earlier one."""
    clean = True
    for kind in kinds:
        if kind == "backward":
            if not clean:
                return True
            clean = False
        elif kind == "zero_grad":
            clean = True
    return False
