"""The shortest trial of a training: whether an optimizer can bring the loss down on one batch, over and over."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector

from course_utils.checks.errors import CheckError


def check_one_batch(
    model: nn.Module, optimizer: Any, images: Tensor, labels: Tensor, *, steps: int, below: float
) -> list[float]:
    """Train on one batch, over and over, with cross entropy: the loss must come down, or a cause is measured.

    A network that cannot learn one batch by heart learns nothing. The network is trained in place.

    >>> import torch
    >>> from course_utils.checks import check_one_batch
    >>> net = torch.nn.Linear(1, 2)
    >>> batch = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    >>> slow = torch.optim.SGD(net.parameters(), lr=1e-6)
    >>> check_one_batch(net, slow, *batch, steps=20, below=0.05)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the loss after 20 steps on one batch of 2 is not low enough.
      came:     ...
      expected: below 0.05
      likely cause: the steps are too short: all 20 together moved the weights by less than 1 % of their length
    >>> fast = torch.optim.SGD(net.parameters(), lr=10.0)
    >>> losses = check_one_batch(net, fast, *batch, steps=20, below=0.05)
    >>> len(losses)
    20

    Args:
        model: takes images, gives logits (N, classes).
        optimizer: one that holds the model's parameters.
        images, labels: a batch, as the model takes it, and (N,), int64.
        steps: how many steps of the optimizer.
        below: what the last loss must be below.

    Returns:
        The loss before each step.

    Raises:
        CheckError: the loss is not below it. A cause is named if the loss rose, or if the weights hardly moved.
    """
    before, losses = parameters_to_vector(model.parameters()).detach(), []
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if losses[-1] < below:
        return losses
    moved = ((parameters_to_vector(model.parameters()).detach() - before).norm() / before.norm()).item()
    cause = ""
    if not math.isfinite(losses[-1]) or losses[-1] > 1.5 * losses[0]:
        cause = "the loss rose: the steps are far too long, or they go uphill"
    elif moved < 0.01:
        cause = f"the steps are too short: all {steps} together moved the weights by less than 1 % of their length"
    raise CheckError(
        f"the loss after {steps} steps on one batch of {len(labels)} is not low enough.\n"
        f"  came:     {losses[-1]:.4g}, from {losses[0]:.4g} at the start\n  expected: below {below:g}",
        cause,
    )
