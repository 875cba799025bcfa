"""Verdicts on splits, loaders, losses, optimizers, schedules and devices: what is right passes, mistakes are named."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, Subset, random_split

from course_utils.checks import (
    CheckError,
    check_accuracy_reached,
    check_devices,
    check_optimizer,
    check_schedule,
    check_setting,
    check_split,
    check_split_seeds,
    check_test_batches,
    check_training_batches,
    numbered,
)


def split(images, size, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return random_split(images, [len(images) - size, size], generator=generator)


@settings(deadline=None, max_examples=20)
@given(st.integers(2, 30), st.data(), st.booleans())
def test_a_right_split_passes(count, data, own):
    check_split(split, count, data.draw(st.integers(1, count - 1)), data.draw(st.integers(0, 99)), own=own)


def test_a_split_by_hand():
    # Images 0 to 4, two of them held out.
    check_split(lambda images, size, seed=0: (Subset(images, [3, 0, 4]), Subset(images, [1, 2])), 5, 2)
    with pytest.raises(CheckError, match="number of images in both parts"):
        check_split(lambda images, size, seed=0: (Subset(images, [3, 0, 1]), Subset(images, [1, 2])), 5, 2)
    with pytest.raises(CheckError, match="in the other order"):
        check_split(lambda images, size, seed=0: (images[:2], images[2:]), 5, 2)
    with pytest.raises(CheckError, match="these are the indices"):
        check_split(lambda images, size, seed=0: (range(3), range(3, 5)), 5, 2)
    with pytest.raises(CheckError, match="without `return`"):
        check_split(lambda images, size, seed=0: None, 5, 2)


def test_seeds_of_a_split():
    check_split_seeds(split, 60, 12, (1, 2))
    with pytest.raises(CheckError, match="`seed` is not used"):
        check_split_seeds(lambda images, size, seed=0: split(images, size, 4), 60, 12, (1, 2))
    with pytest.raises(CheckError, match="does not depend on `seed` alone"):
        check_split_seeds(lambda images, size, seed=0: random_split(images, [len(images) - size, size]), 60, 12, (1, 2))


@settings(deadline=None, max_examples=15)
@given(st.integers(12, 30), st.integers(1, 9))
def test_loaders_of_torch_pass(count, batch_size):
    check_test_batches(DataLoader(numbered(count), batch_size), count, batch_size)
    check_training_batches(DataLoader(numbered(count), batch_size, shuffle=True), count, batch_size)
    check_training_batches(DataLoader(numbered(count), batch_size, shuffle=True, drop_last=True), count, batch_size)


@pytest.mark.parametrize(
    ("loader", "cause"),
    [
        (DataLoader(numbered(7), 3, shuffle=True), "the test images are shuffled"),
        (DataLoader(numbered(7), 1), "batches of one are the default"),
        (DataLoader(numbered(12), 3), "the test loader got the training set"),
    ],
)
def test_a_wrong_test_loader_is_named(loader, cause):
    torch.manual_seed(0)
    with pytest.raises(CheckError) as caught:
        check_test_batches(loader, 7, 3, others=12)
    assert cause in caught.value.cause


SCHEDULES = {
    "line": lambda optimizer, steps: lr_scheduler.PolynomialLR(optimizer, steps),
    "square": lambda optimizer, steps: lr_scheduler.PolynomialLR(optimizer, steps, 2),
    "cosine": lr_scheduler.CosineAnnealingLR,
    "one cycle": lambda optimizer, steps: lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=steps + 1),
}


def tools_with(schedule):
    def make(model, learning_rate, steps):
        optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
        return nn.CrossEntropyLoss(), optimizer, schedule(optimizer, steps)

    return make


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [2, 3, 10, 40])
def test_schedules_over_the_steps_pass(name, steps):
    check_schedule(tools_with(SCHEDULES[name]), 0.1, steps)


@pytest.mark.parametrize("name", ["line", "square", "cosine"])
@pytest.mark.parametrize(("factor", "cause"), [(100, "longer than `steps`"), (10, "longer than `steps`")])
def test_schedules_that_are_too_long_do_not(name, factor, cause):
    with pytest.raises(CheckError, match=cause):
        check_schedule(tools_with(lambda optimizer, steps: SCHEDULES[name](optimizer, factor * steps)), 0.1, 12)


def test_an_optimizer_by_hand():
    net = nn.Linear(2, 1)
    check_optimizer(torch.optim.SGD(net.parameters(), lr=0.1), net)
    with pytest.raises(CheckError, match="weights without biases"):
        check_optimizer(torch.optim.SGD([net.weight], lr=0.1), net)
    with pytest.raises(CheckError, match="the learning rate is 0"):
        check_optimizer(torch.optim.SGD(net.parameters(), lr=0.0), net)


def test_devices_and_settings():
    def best():
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")

    check_devices(best)
    with pytest.raises(CheckError, match="the CPU on every computer"):
        check_devices(lambda: torch.device("cpu"))
    check_devices(lambda: torch.device("cpu"), ["no GPU"])
    check_setting(3, int, 1, 10, "epochs")
    with pytest.raises(CheckError, match="an int from 1 to 10"):
        check_setting(11, int, 1, 10, "epochs")


def test_an_accuracy_that_is_reached_says_nothing():
    net = nn.Linear(4, 2)
    check_accuracy_reached(net, 0.82, 0.82, "new")
    check_accuracy_reached(net, 0.80, 0.82, "new", at_least=0.79)
    with pytest.raises(CheckError, match="as they were drawn"):
        check_accuracy_reached(net, 0.80, 0.82, "new")
    nn.init.constant_(net.weight, 50.0)
    with pytest.raises(CheckError, match="far too large"):
        check_accuracy_reached(net, 0.80, 0.82, "new")
