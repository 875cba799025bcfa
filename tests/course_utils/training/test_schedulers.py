"""Schedulers: when they step, and what they are given."""

import math

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler

from course_utils.training import TrainingError
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


# What ReduceLROnPlateau is given


@pytest.mark.parametrize("with_val", [True, False])
@pytest.mark.parametrize(("mode", "worse"), [("min", math.inf), ("max", -math.inf)])
def test_plateau_scheduler_gets_what_its_mode_asks_for(mode, worse, with_val):
    model = small_net()
    optimizer = sgd(model)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, patience=9)
    assert scheduler.best == worse
    history = train(
        model,
        small_loader(),
        small_loader(count=20, batch_size=7) if with_val else None,
        epochs=3,
        optimizer=optimizer,
        scheduler=scheduler,
        scheduler_every="epoch",
    )
    column = history[f"{'val' if with_val else 'train'}_{'loss' if mode == 'min' else 'accuracy'}"]
    assert scheduler.best == (min if mode == "min" else max)(column)


def test_plateau_scheduler_with_an_accuracy_that_stays():
    # every image is the same and has both labels: accuracy 1/2 in each epoch, so that the rate falls each time
    model = nn.Linear(1, 2)
    batch = torch.ones(2, 1), torch.tensor([0, 1])
    optimizer = sgd(model, 0.5)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", factor=0.5, patience=0)
    history = train(model, [batch], epochs=4, optimizer=optimizer, scheduler=scheduler, scheduler_every="epoch")
    assert history["train_accuracy"] == [0.5] * 4
    assert history["learning_rate"] == [0.5, 0.5, 0.25, 0.125]


@pytest.mark.parametrize(("val", "name"), [(None, "training"), ("the same", "validation")])
def test_plateau_scheduler_without_an_accuracy(val, name):
    model = nn.Linear(1, 1)
    batches = [(torch.ones(2, 1), torch.ones(2, 1))]
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer := sgd(model), mode="max")
    with pytest.raises(ValueError, match=rf"mode='max'\) gets the {name} accuracy, and there is none.*mode='min'"):
        train(
            model,
            batches,
            val and batches,
            optimizer=optimizer,
            scheduler=scheduler,
            scheduler_every="epoch",
            loss_fn=nn.MSELoss(),
        )


# What can be seen before the first step


def one_cycle(optimizer, steps):
    return lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=steps)


INSIDE = {
    "alone": one_cycle,
    "chained": lambda o, n: lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(o), one_cycle(o, n)], optimizer=o),
    "after two steps of warm-up": lambda o, n: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o), one_cycle(o, n - 2)], [2]
    ),
}


@pytest.mark.parametrize("every", ["step", "epoch"])
@pytest.mark.parametrize("inside", INSIDE)
def test_a_one_cycle_that_is_too_short_is_seen_before_the_first_step(inside, every):
    loader, epochs = small_loader(batch_size=20), 10  # 2 batches in an epoch
    needed = epochs * len(loader) if every == "step" else epochs
    for missing in (0, 1):
        model = small_net()
        before = model[0].weight.detach().clone()
        optimizer = sgd(model)
        scheduler = INSIDE[inside](optimizer, needed)
        for part in getattr(scheduler, "_schedulers", [scheduler]):
            if isinstance(part, lr_scheduler.OneCycleLR):
                part.total_steps -= missing
        options = {"optimizer": optimizer, "scheduler": scheduler, "scheduler_every": every}
        if not missing:
            assert len(train(model, loader, epochs=epochs, **options)) == epochs
            continue
        with pytest.raises(ValueError, match=rf"OneCycleLR was made for \d+ steps .* this run needs .*'{every}'"):
            train(model, loader, epochs=epochs, **options)
        assert torch.equal(model[0].weight, before)
        optimizer.step()
        for _ in range(needed - 1):
            scheduler.step()
        with pytest.raises(ValueError, match="Tried to step"):  # PyTorch's own opinion, which comes in the last step
            scheduler.step()


def test_a_one_cycle_that_was_used_before():
    model = small_net()
    scheduler = one_cycle(optimizer := sgd(model), 10)
    options = {"optimizer": optimizer, "scheduler": scheduler, "scheduler_every": "step"}
    train(model, small_loader(), epochs=2, **options)
    with pytest.raises(ValueError, match=r"needs 15: 10 taken before and 5 to come, .* Build a new scheduler"):
        train(model, small_loader(), epochs=1, **options)
    train(model, small_loader(), epochs=1, **{**options, "scheduler": one_cycle(optimizer, 5)})


def test_a_one_cycle_for_steps_that_is_to_step_in_epochs():
    model = small_net()
    optimizer = sgd(model)
    options = {"optimizer": optimizer, "scheduler_every": "epoch", "epochs": 3}
    with pytest.raises(ValueError, match=r"epochs \* len\(train\) = 3 \* 5, .* lets it step 3 times.*Perhaps"):
        train(model, small_loader(), scheduler=one_cycle(optimizer, 15), **options)
    train(model, small_loader(), scheduler=one_cycle(optimizer, 3), **options)
    train(model, small_loader(), scheduler=one_cycle(optimizer, 7), **options)  # planned for more epochs


def test_a_loader_that_gives_more_batches_than_it_says():
    class SaysNothing:
        def __iter__(self):
            return iter(small_loader())

    model = small_net()
    scheduler = one_cycle(optimizer := sgd(model), 4)
    with pytest.raises(TrainingError, match=r"made for 4 steps, all of them are taken.*Perhaps the loader"):
        train(model, SaysNothing(), optimizer=optimizer, scheduler=scheduler, scheduler_every="step")


def test_a_scheduler_from_before_a_parameter_group_was_added():
    model = small_net()
    optimizer = torch.optim.SGD(model[0].parameters(), 0.1)
    old = lr_scheduler.StepLR(optimizer, 1)
    optimizer.add_param_group({"params": model[5].parameters(), "lr": 0.2})
    options = {"optimizer": optimizer, "scheduler_every": "epoch"}
    with pytest.raises(ValueError, match=r"learning rates for 1 parameter groups, the optimizer has 2"):
        train(model, small_loader(), scheduler=old, **options)
    train(model, small_loader(), scheduler=lr_scheduler.StepLR(optimizer, 1), **options)


@pytest.mark.parametrize("wrong", [lr_scheduler.StepLR, 3])
def test_what_is_no_scheduler(wrong):
    with pytest.raises(TypeError, match="expected one built for the optimizer"):
        train(small_net(), small_loader(), scheduler=wrong, scheduler_every="epoch")
