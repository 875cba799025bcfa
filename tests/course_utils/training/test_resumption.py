"""Going on from a checkpoint: the same to the bit whatever the batches come from, or refused with the reason."""

import random
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler
from torch.utils.data import (
    BatchSampler,
    ConcatDataset,
    DataLoader,
    DistributedSampler,
    RandomSampler,
    Sampler,
    Subset,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    default_collate,
)

from course_utils.training import Augment, TensorLoader, seed_everything
from course_utils.training.generators import hidden_states, restore_hidden_states
from tests.course_utils.training.resumable_run import IMAGES, LABELS, PLAIN, assert_same_run, generator, run
from tests.course_utils.training.small_training import (
    press_ctrl_c,
    same_weights,
    small_loader,
    small_net,
    train,
)

GLOBAL = random.Random(0)


class Noisy(TensorDataset):
    """Draws from the three global generators for each image."""

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image + 0.1 * random.random() + 0.1 * np.random.rand() + 0.1 * torch.rand(()), label


class OwnNoise(TensorDataset):
    """Draws from generators of its own."""

    def __init__(self, *tensors):
        super().__init__(*tensors)
        self.rng, self.generator = np.random.default_rng(5), generator()

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image + 0.1 * self.rng.random() + 0.1 * torch.rand((), generator=self.generator), label


class Shuffles(Sampler):
    """All images in an order that a generator of its own decides on."""

    def __init__(self, rng):
        self.rng = rng

    def __iter__(self):
        order = list(range(len(PLAIN)))
        self.rng.shuffle(order)
        return iter(order)

    def __len__(self):
        return len(PLAIN)


class Counts(Shuffles):
    """Decides on the order by a number, which it gives out as its state."""

    def __init__(self):
        self.passes = 0

    def __iter__(self):
        self.passes += 1
        self.rng = random.Random(self.passes)
        return super().__iter__()

    def state_dict(self):
        return {"passes": np.int64(self.passes)}

    def load_state_dict(self, state):
        self.passes = int(state["passes"])


class CountsEpochs(Shuffles):
    """The same, with the usual name for the number."""

    def __init__(self):
        self.epoch = 0

    def __iter__(self):
        self.epoch += 1
        return iter(np.random.default_rng(self.epoch).permutation(len(PLAIN)).tolist())


def noisy_loader(data=None, **options):
    options = {"shuffle": True, **options} if not {"sampler", "batch_sampler"} & options.keys() else options
    data = data or Noisy(IMAGES / 255, LABELS)
    return DataLoader(data, **options) if "batch_sampler" in options else DataLoader(data, 8, **options)


def noise_from_a_closure():
    own = generator()
    return lambda images: images / 255 + 0.1 * torch.rand(images.shape, generator=own)


def noise_on_a_batch(own, parts):
    images, labels = default_collate(parts)
    return images + 0.1 * torch.rand((), generator=own), labels


def own_noise():
    return OwnNoise(IMAGES / 255, LABELS)


LOADERS = {
    "no generator": noisy_loader,
    "a generator": lambda: noisy_loader(generator=generator()),
    "RandomSampler": lambda: noisy_loader(sampler=RandomSampler(PLAIN, generator=generator())),
    "WeightedRandomSampler": lambda: noisy_loader(sampler=WeightedRandomSampler([1.0] * 40, 40, generator=generator())),
    "SubsetRandomSampler": lambda: noisy_loader(sampler=SubsetRandomSampler(range(30), generator=generator())),
    "BatchSampler": lambda: noisy_loader(
        batch_sampler=BatchSampler(RandomSampler(PLAIN, generator=generator()), 8, drop_last=False)
    ),
    "DistributedSampler": lambda: noisy_loader(sampler=DistributedSampler(PLAIN, 1, 0)),
    "NumPy's generator": lambda: noisy_loader(sampler=Shuffles(np.random.default_rng(1))),
    "NumPy's other generator": lambda: noisy_loader(sampler=Shuffles(np.random.Generator(np.random.MT19937(1)))),
    "NumPy's old generator": lambda: noisy_loader(sampler=Shuffles(np.random.RandomState(1))),
    "Python's generator": lambda: noisy_loader(sampler=Shuffles(random.Random(1))),
    "a state_dict": lambda: noisy_loader(sampler=Counts()),
    "a counter": lambda: noisy_loader(sampler=CountsEpochs()),
    "a data set's generators": lambda: noisy_loader(own_noise()),
    "generators further down": lambda: noisy_loader(ConcatDataset([own_noise(), Subset(own_noise(), range(9))])),
    "a generator of collate_fn": lambda: noisy_loader(collate_fn=partial(noise_on_a_batch, generator())),
    "TensorLoader": lambda: TensorLoader(
        (IMAGES, LABELS), 8, shuffle=True, augment=Augment(shift=1, flip=True), device="cpu"
    ),
    "TensorLoader and a closure": lambda: TensorLoader(
        (IMAGES, LABELS), 8, shuffle=True, augment=noise_from_a_closure(), device="cpu"
    ),
    "a list": lambda: list(small_loader()),
    "workers": lambda: noisy_loader(num_workers=2),
    "workers, a generator, and those of a data set": lambda: noisy_loader(
        own_noise(), num_workers=1, generator=generator()
    ),
}


# Where batches come from


@pytest.mark.parametrize("name", LOADERS)
def test_resumed_whatever_the_batches_come_from(tmp_path, name):
    make = LOADERS[name]
    whole = run(3, make, make)
    run(2, make, make, checkpoint=tmp_path / "run.pt")
    random.seed(99)  # whatever happened in between
    assert_same_run(whole, run(3, make, make, checkpoint=tmp_path / "run.pt", resume=True))
    assert len(set(whole[1]["train_loss"])) == 3


def test_workers_that_outlive_an_epoch_start_anew_with_a_checkpoint(tmp_path):
    anew, persistent = (partial(noisy_loader, num_workers=1, persistent_workers=kept) for kept in (False, True))
    whole = run(3, persistent, checkpoint=tmp_path / "whole.pt")
    assert_same_run(run(3, anew), whole)
    run(2, persistent, checkpoint=tmp_path / "run.pt")
    assert_same_run(whole, run(3, persistent, checkpoint=tmp_path / "run.pt", resume=True))


def test_a_sampler_that_shuffles_by_the_epoch_is_told_its_number():
    # DistributedSampler gives the same order in every epoch unless set_epoch is called
    sampler = DistributedSampler(PLAIN, 1, 0)
    orders = []
    for epoch in range(3):
        sampler.set_epoch(epoch)
        orders.append(list(sampler))
    assert orders[0] != orders[1] != orders[2]

    seen = []

    def note(parts):
        seen.extend(index for _, _, index in parts)
        return default_collate([part[:2] for part in parts])

    data = TensorDataset(IMAGES / 255, LABELS, torch.arange(40))
    train(small_net(), DataLoader(data, 8, sampler=DistributedSampler(data, 1, 0), collate_fn=note), epochs=3)
    assert [int(index) for index in seen] == [index for order in orders for index in order]


def test_the_same_objects_after_ctrl_c(tmp_path):
    """As in a notebook: interrupted in the third epoch, and the cell is run again."""
    pressed = []

    def interrupt(images):
        pressed.append(1)
        if len(pressed) == 13:
            press_ctrl_c()
        return images + torch.randint(0, 2, images.shape, dtype=torch.uint8)

    def objects():
        seed_everything(3)
        model = small_net(dropout=0.3)
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        loader = TensorLoader((IMAGES, LABELS), 8, shuffle=True, augment=interrupt, device="cpu")
        scheduler = lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=20)
        return {"model": model, "loader": loader, "optimizer": optimizer, "scheduler": scheduler}

    options = {"scheduler_every": "step", "epochs": 4, "checkpoint": tmp_path / "run.pt", "resume": True}
    ours = objects()
    assert train(**ours, **options).stopped == "interrupted"
    train(**ours, **options)
    theirs = objects()
    train(**theirs, scheduler_every="step", epochs=4)
    assert same_weights(ours["model"], theirs["model"])


def test_a_generator_in_a_layer_and_one_met_twice():
    class Noise(nn.Module):
        def __init__(self, own):
            super().__init__()
            self.own = own

    own = np.random.default_rng(1)
    roots = {"model": nn.Sequential(Noise(own), Noise(own)), "again": [own, own.random]}
    saved = hidden_states(roots)
    assert len(saved) == 1
    first = own.random()
    restore_hidden_states(roots, saved)
    assert own.random() == first


def test_what_is_not_looked_through():
    found = hidden_states({"train": {"short": [random.Random()] * 1000, "long": [random.Random()] * 1001}})
    assert len(found) == 1
    assert hidden_states({"train": lambda: GLOBAL.random()}) == {}


# A loss function that learns


class Weighted(nn.Module):
    """Cross entropy on outputs times a learned scale, which counts its calls in a buffer."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, outputs, labels):
        if torch.is_grad_enabled():
            self.calls += 1
        return F.cross_entropy(outputs * self.scale * (1 + self.calls / 100), labels)


def run_with_loss(epochs, **options):
    loss_fn = Weighted()
    model, history = run(
        epochs,
        make_val=partial(small_loader, count=9),
        make_optimizer=lambda m: torch.optim.Adam([*m.parameters(), *loss_fn.parameters()], 0.01),
        loss_fn=loss_fn,
        **options,
    )
    return nn.Sequential(model, loss_fn), history


def test_a_loss_with_a_parameter_by_hand():
    # outputs x = (1, -1), label 0, scale 1: loss log(1 + exp(-2)), its slope -2 / (1 + exp(2)); lr 1 adds 0.2384
    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(()))

        def forward(self, outputs, labels):
            return F.cross_entropy(outputs * self.scale, labels)

    model, loss_fn = nn.Linear(1, 2), Scaled()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0], [-1.0]]))
        model.bias.zero_()
    optimizer = torch.optim.SGD([{"params": loss_fn.parameters()}, {"params": model.parameters(), "lr": 0.0}], 1.0)
    batch = torch.ones(1, 1), torch.tensor([0])
    train(model, [batch], epochs=1, optimizer=optimizer, loss_fn=loss_fn)
    assert loss_fn.scale.item() == pytest.approx(1.2384, abs=1e-4)


@pytest.mark.parametrize("options", [{}, {"patience": 5}, {"clip_norm": 0.1}])
def test_resumed_with_a_loss_that_learns(tmp_path, options):
    whole = run_with_loss(3, **options)
    run_with_loss(2, checkpoint=tmp_path / "run.pt", **options)
    assert_same_run(whole, run_with_loss(3, checkpoint=tmp_path / "run.pt", resume=True, **options))
    assert whole[0][1].scale != 1
