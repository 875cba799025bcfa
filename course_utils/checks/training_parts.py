"""What devices, transforms, loaders, optimizers and schedulers of an answer do, told as plain data.

Each function is a probe (`course_utils.checks.probes`): it brings back facts, and the graded cell compares them.
"""

from __future__ import annotations

from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from course_utils.checks.failures import failure
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


class _OwnSet:
    """A data set that has a length and an index, and nothing else."""

    def __init__(self, items: list[Any]):
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> Any:
        if not 0 <= int(index) < len(self):
            raise IndexError(index)
        return self._items[int(index)]


@probe
def split_numbers(
    split: Any, count: int, validation_size: int, seeds: list[int | None], *, own: bool = False
) -> list[list[list[int]]]:
    """Which images of `count` are in each part that ``split(images, validation_size, seed)`` gives, by their numbers.

    >>> from course_utils.checks import split_numbers
    >>> split_numbers(lambda images, size, seed=0: (images[size:], images[:size]), 5, 2, [None, 7])
    [[[2, 3, 4], [0, 1]], [[2, 3, 4], [0, 1]]]

    Args:
        split: a function that cuts a data set into (training, validation).
        count: images in the set: pairs of a tensor and their number.
        validation_size: the second argument.
        seeds: a call for each; None leaves the argument out.
        own: the set is no list: it has a length and an index, and nothing else.

    Raises:
        CheckError: there are not two parts, or one of them is no data set.
    """
    found = []
    for seed in seeds:
        items = [(torch.full((1, 2, 2), float(number)), number) for number in range(count)]
        images = _OwnSet(items) if own else items
        parts = split(images, validation_size) if seed is None else split(images, validation_size, seed=seed)
        if not isinstance(parts, (tuple, list)) or len(parts) != 2:
            came = "None" if parts is None else f"{type(parts).__name__}"
            cause = "the function ends without `return`" if parts is None else ""
            raise failure("split does not return two parts.", came, "(training set, validation set)", cause)
        if not own and [number for _, number in items] != list(range(count)):
            cause = "the data set itself is shuffled: shuffle indices"
            raise failure("split changed the set that it was given.", "another order", "as before the call", cause)
        found.append([_numbers(part) for part in parts])
    return found


def _numbers(part: Any) -> list[int]:
    """The numbers of the images in a part."""
    kind = type(part).__name__
    if isinstance(part, torch.utils.data.DataLoader):
        cause = "a DataLoader is made of a part afterwards"
        raise failure("a part is not a data set.", kind, "something with a length and an index, as a Subset", cause)
    try:
        found = [(part[place][0], int(part[place][1])) for place in range(len(part))]
    except (TypeError, IndexError, KeyError):
        cause = "these are the indices, not the images" if _are_indices(part) else ""
        expected = "something with a length and an index that gives (image, label), as a Subset"
        raise failure("a part is not a data set.", kind, expected, cause) from None
    for image, number in found:
        if not isinstance(image, Tensor) or not bool((image == number).all()):
            expected = "the image that stands with this label in the whole set"
            raise failure("an image and its label do not belong together.", f"label {number}, another image", expected)
    return [number for _, number in found]


def _are_indices(part: Any) -> bool:
    return all(isinstance(index, int) for index in part) if isinstance(part, (list, range)) else hasattr(part, "dtype")


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
