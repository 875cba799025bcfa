"""What devices, transforms, loaders, optimizers and schedulers of an answer do, told as plain data.

Each function is a probe (`course_utils.checks.probes`): it brings back facts, and the graded cell compares them.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.probes import probe


@probe
def picked_device(pick: Any, *, cuda: bool, mps: bool) -> Any:
    """What ``pick()`` gives on a computer with or without an NVIDIA GPU (`cuda`) and Apple's GPU (`mps`).

    >>> import torch
    >>> from course_utils.checks import picked_device
    >>> picked_device(lambda: torch.device("cuda" if torch.cuda.is_available() else "cpu"), cuda=True, mps=False)
    device(type='cuda')
    """
    kind = "cuda" if cuda else "mps" if mps else None
    with (
        mock.patch("torch.cuda.is_available", return_value=cuda),
        mock.patch("torch.cuda.device_count", return_value=int(cuda)),
        mock.patch("torch.backends.mps.is_available", return_value=mps),
        mock.patch("torch.accelerator.is_available", return_value=kind is not None),
        mock.patch("torch.accelerator.current_accelerator", return_value=kind and torch.device(kind)),
    ):
        return pick()


@probe
def transformed(transform: Any, picture: Tensor, draws: int = 1) -> list[Any]:
    """What a transform makes of a grey picture, so many times.

    >>> import torch
    >>> from course_utils.checks import transformed
    >>> [came] = transformed(lambda picture: torch.tensor(picture.size), torch.zeros(28, 20, dtype=torch.uint8))
    >>> came.tolist()  # a PIL picture says its width first
    [20, 28]

    Args:
        transform: takes a PIL picture.
        picture: (H, W), uint8: 0 is black, 255 white.
        draws: how often it is transformed; a random transform gives something else each time.

    Returns:
        What came of each; a tensor of a kind of its own, as torchvision has, as a plain one.
    """
    from PIL import Image

    given = Image.fromarray(picture.numpy())
    came = [transform(given) for _ in range(draws)]
    return [one.as_subclass(Tensor) if isinstance(one, Tensor) else one for one in came]


@probe
def batches_of(loader: Any) -> list[list[Any]]:
    """The batches of one pass over a loader, each as a list: images, labels.

    >>> import torch
    >>> from course_utils.checks import batches_of
    >>> from torch.utils.data import DataLoader
    >>> [[labels.tolist() for _, labels in batches_of(DataLoader([(torch.zeros(1), i) for i in range(3)], 2))]]
    [[[0, 1], [2]]]
    """
    return [list(batch) for batch in loader]


@probe
def optimizer_facts(optimizer: Any, model: nn.Module) -> dict[str, Any]:
    """What an optimizer is, and what it holds.

    >>> import torch
    >>> from course_utils.checks import optimizer_facts
    >>> net = torch.nn.Linear(3, 2)
    >>> optimizer_facts(torch.optim.SGD([net.weight, torch.zeros(1)]), net)
    {'kind': 'SGD', 'is_optimizer': True, 'held': ['weight'], 'others': 1}

    Returns:
        `kind`: the name of its type. `is_optimizer`: whether that is one of torch.optim's. `held`: the names of the
        model's parameters that it holds, in the model's order. `others`: how many other tensors it holds.
    """
    groups = optimizer.param_groups if isinstance(optimizer, torch.optim.Optimizer) else []
    held = {id(parameter) for group in groups for parameter in group["params"]}
    names = [name for name, parameter in model.named_parameters() if id(parameter) in held]
    return {
        "kind": type(optimizer).__name__,
        "is_optimizer": isinstance(optimizer, torch.optim.Optimizer),
        "held": names,
        "others": len(held) - len(names),
    }


@probe
def take_step(optimizer: Any, model: nn.Module) -> None:
    """Take one step with the gradients that the model's parameters have: the model is changed in place.

    It is named so that a judge sends its gradients there, and its new weights come back.

    >>> import torch
    >>> from course_utils.checks import take_step
    >>> net = torch.nn.Linear(1, 1, bias=False)
    >>> torch.nn.init.ones_(net.weight).sum().backward()
    >>> take_step(torch.optim.SGD(net.parameters(), lr=0.25), net)
    >>> net.weight.item()  # 1 - 0.25 · 1
    0.75
    """
    optimizer.step()


@probe
def learning_rates(optimizer: Any, scheduler: Any, steps: int) -> list[float]:
    """The learning rate before each of so many calls of ``scheduler.step()``, and after the last one.

    >>> import torch
    >>> from course_utils.checks import learning_rates
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=8.0)
    >>> learning_rates(optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5), 2)
    [8.0, 4.0, 2.0]
    """
    rates = []
    for _ in range(steps):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return [*rates, float(optimizer.param_groups[0]["lr"])]


@probe
def train_network(
    model: nn.Module, optimizer: Any, images: Tensor, labels: Tensor, *, epochs: int, batch_size: int, seed: int
) -> list[float]:
    """Train a network in place with cross entropy, in an order that is drawn anew for each epoch.

    >>> import torch
    >>> from course_utils.checks import train_network
    >>> net = torch.nn.Linear(1, 2)
    >>> points, labels = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    >>> losses = train_network(net, optimizer, points, labels, epochs=20, batch_size=1, seed=0)
    >>> losses[-1] < losses[0]
    True
    >>> net(points).argmax(1).tolist()
    [0, 1]

    Args:
        model: takes a batch of images, gives logits (N, classes).
        optimizer: one that holds the model's parameters.
        images: (N, ...), as the model takes them.
        labels: (N,), int64.
        epochs, batch_size: how many passes, of batches of how many images.
        seed: for the order.

    Returns:
        Each epoch's mean loss per image, before each batch's step.
    """
    generator, losses = torch.Generator().manual_seed(seed), []
    model.train()
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(labels), generator=generator).split(batch_size):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(labels))
    return losses
