"""A network that names classes, by what every such network must do, whatever its design."""

from __future__ import annotations

import copy

import torch
from torch import nn

from course_utils.checks.errors import CheckError
from course_utils.checks.shapes import check_shape
from course_utils.checks.values import check_equal


def check_classifier(model: nn.Module, in_shape: tuple[int, int, int], num_classes: int, name: str) -> None:
    """Check what every network of logits has to do, whatever its design; in evaluation mode, on a copy.

    The shape of the logits, for one image and for several; that an image's logits do not depend on its batch; that
    every channel is read, every parameter used and trained; that logits of both signs come out.

    >>> from torch import nn
    >>> from course_utils.checks import check_classifier
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(12, 4), nn.Softmax(1))
    >>> check_classifier(net, (3, 2, 2), 4, "net")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: net gives numbers from 0 to 1 that have the sum 1, for each image
      expected: logits, of any sign
      likely cause: there is a softmax behind the last layer: the loss does that

    Args:
        model: the network, for images (N, C, H, W).
        in_shape: (C, H, W).
        num_classes: the number of logits of an image.
        name: how messages call the network.

    Raises:
        CheckError: one of these does not hold.
    """
    model = copy.deepcopy(model).cpu().float().eval()
    likely = {"the layers stand in a plain list, tuple or dict: make them attributes, or use nn.Sequential": False}
    check_equal(any(True for _ in model.parameters()), True, f"whether {name} has parameters", likely=likely)
    generator = torch.Generator().manual_seed(11)
    images = torch.randn(6, *in_shape, generator=generator, requires_grad=True)
    logits = model(images)
    check_shape(logits, (6, num_classes), f"{name} of six images")
    alone = torch.cat([model(image[None]) for image in images])
    likely = {"something is computed over the batch, in evaluation mode too": False}
    same = alone.shape == logits.shape and torch.allclose(alone, logits, atol=1e-4)
    check_equal(same, True, "whether an image has the same logits alone and in a batch", likely=likely)
    likely = {"the forward pass cuts the gradient off, by no_grad, detach or .data": False}
    check_equal(logits.requires_grad, True, f"whether {name} can be trained", likely=likely)
    _check_logits(logits, name)
    (logits * torch.randn(logits.shape, generator=generator)).sum().backward()
    read = torch.zeros_like(images) if images.grad is None else images.grad
    unread = [channel for channel in range(in_shape[0]) if not read[:, channel].any()]
    check_equal(unread, (), "the list of channels that the network does not read")
    idle = [key for key, parameter in model.named_parameters() if parameter.grad is None]
    check_equal(idle, (), "the list of parameters that get no gradient: unused or frozen ones")


def _check_logits(logits: torch.Tensor, name: str) -> None:
    """Neither probabilities nor cut off at 0."""
    if (logits < 0).any():
        return
    wanted = "\n  expected: logits, of any sign"
    if torch.allclose(logits.sum(1), torch.ones(len(logits)), atol=1e-4):
        message = f"{name} gives numbers from 0 to 1 that have the sum 1, for each image{wanted}"
        raise CheckError(message, "there is a softmax behind the last layer: the loss does that")
    zeros = int((logits == 0).sum())
    cause = "there is a ReLU behind the last layer: logits may be negative" if zeros else ""
    raise CheckError(f"{name} gives no negative number, and {zeros} zeros of {logits.numel()}{wanted}", cause)
