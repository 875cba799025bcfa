"""Schedulers: when they step, and what they are given."""

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from tests.course_utils.training.small_training import (
    plain_loop,
    same_weights,
    sgd,
    small_loader,
    small_net,
    train,
)

# Schedulers


EVERY_EPOCH = {
    "StepLR": lambda o: lr_scheduler.StepLR(o, 1, 0.5),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 3),
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, total_iters=2), lr_scheduler.ExponentialLR(o, 0.9)], [2]
    ),
}


@pytest.mark.parametrize("name", EVERY_EPOCH)
def test_scheduler_every_epoch(name):
    ours, theirs = small_net(), small_net()
    optimizer, other = sgd(ours), torch.optim.SGD(theirs.parameters(), 0.1, fused=True)
    scheduler, other_scheduler = EVERY_EPOCH[name](optimizer), EVERY_EPOCH[name](other)
    plain_loop(theirs, small_loader(), 3, other, nn.CrossEntropyLoss(), after_epoch=other_scheduler.step)
    train(ours, small_loader(), epochs=3, optimizer=optimizer, scheduler=scheduler, scheduler_every="epoch")
    assert same_weights(ours, theirs)
    assert optimizer.param_groups[0]["lr"] == other.param_groups[0]["lr"] != 0.1


def test_scheduler_every_step():
    ours, theirs = small_net(), small_net()
    optimizer, other = sgd(ours), torch.optim.SGD(theirs.parameters(), 0.1, fused=True)
    scheduler = lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=10)
    other_scheduler = lr_scheduler.OneCycleLR(other, 0.2, total_steps=10)
    plain_loop(theirs, small_loader(), 2, other, nn.CrossEntropyLoss(), after_step=other_scheduler.step)
    train(ours, small_loader(), epochs=2, optimizer=optimizer, scheduler=scheduler, scheduler_every="step")
    assert same_weights(ours, theirs)


def test_plateau_scheduler_looks_at_the_validation_loss():
    model = small_net()
    optimizer = sgd(model, 0.0)  # nothing improves
    optimizer.param_groups[0]["lr"] = 1e-12
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience=0, eps=0)
    history = train(
        model,
        small_loader(),
        small_loader(),
        epochs=3,
        optimizer=optimizer,
        scheduler=scheduler,
        scheduler_every="epoch",
    )
    assert history["learning_rate"] == pytest.approx([1e-12, 1e-12, 1e-13])
