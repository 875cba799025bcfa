"""A problem small enough to train in a blink, and the loop of unit 04 written out, for the training tests."""

import signal

import torch
from torch import nn

from course_utils.training import TensorLoader, fit


def small_images(count: int = 40, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Bytes (count, 1, 6, 8) and labels (count,) of three classes: the brighter, the higher the class."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (count,), generator=generator)
    noise = torch.randint(0, 60, (count, 1, 6, 8), generator=generator)
    return (noise + 60 * labels[:, None, None, None]).to(torch.uint8), labels


def small_loader(batch_size: int = 8, count: int = 40, **options) -> TensorLoader:
    return TensorLoader(small_images(count), batch_size, device="cpu", **options)


def small_net(dropout: float = 0.0, norm: bool = False, seed: int = 1) -> nn.Sequential:
    """(N, 1, 6, 8) to (N, 3).

    Before a batch normalisation the convolution has no bias. That one's gradient would be rounding noise around 0,
    which Adam makes full steps of, so that two equal runs on two devices would disagree on it.
    """
    torch.manual_seed(seed)
    layers = [
        nn.Conv2d(1, 4, 3, bias=not norm),
        nn.BatchNorm2d(4) if norm else nn.Identity(),
        nn.ReLU(),
        nn.Dropout(dropout),
    ]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * 4 * 6, 3))


def plain_loop(model, loader, epochs, optimizer, loss_fn, after_step=lambda: None, after_epoch=lambda: None):
    """The loop as a student writes it; returns the mean loss per sample of each epoch."""
    means = []
    for _ in range(epochs):
        model.train()
        total, count = 0.0, 0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = loss_fn(model(images), labels)
            loss.backward()
            optimizer.step()
            after_step()
            total += loss.item() * len(labels)
            count += len(labels)
        after_epoch()
        means.append(total / count)
    return means


def same_weights(one: nn.Module, other: nn.Module) -> bool:
    """Whether all parameters and buffers are equal to the bit."""
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def press_ctrl_c() -> None:
    """As in a terminal. A shell that runs the tests in the background has them ignore it otherwise."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def sgd(model, lr=0.1):
    return torch.optim.SGD(model.parameters(), lr=lr)


def train(model, loader, val=None, epochs=2, optimizer=None, **options):
    options = {"loss_fn": nn.CrossEntropyLoss(), "device": "cpu", "progress": False, **options}
    return fit(model, loader, val, epochs=epochs, optimizer=optimizer or sgd(model), **options)
