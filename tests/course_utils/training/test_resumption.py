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

from course_utils.training import Augment, TensorLoader, read_checkpoint, seed_everything
from course_utils.training.generators import hidden_states, restore_hidden_states
from tests.course_utils.training.small_training import (
    press_ctrl_c,
    same_weights,
    sgd,
    small_images,
    small_loader,
    small_net,
    train,
)

IMAGES, LABELS = small_images()
GLOBAL = random.Random(0)
PLAIN = TensorDataset(IMAGES / 255, LABELS)


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


def generator():
    return torch.Generator().manual_seed(4)


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


def usual_net():
    return small_net(dropout=0.3, norm=True)


def run(
    epochs, make_loader=small_loader, make_val=None, make_scheduler=None, make_optimizer=sgd, net=usual_net, **options
):
    """A run from the start, everything built and seeded anew, as after a restart of the kernel."""
    seed_everything(3)
    model = net()
    optimizer = make_optimizer(model)
    scheduler = make_scheduler and make_scheduler(optimizer)
    history = train(
        model,
        make_loader(),
        make_val and make_val(),
        epochs=epochs,
        optimizer=optimizer,
        scheduler=scheduler,
        scheduler_every=options.pop("scheduler_every", "step" if scheduler else None),
        **options,
    )
    return model, history


def assert_same_run(one, other):
    assert same_weights(one[0], other[0])
    for name in ("train_loss", "val_loss", "learning_rate"):
        assert one[1][name] == pytest.approx(other[1][name], rel=0, abs=0, nan_ok=True)


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


# Refused, with what the file has and what came; nothing is changed


def one_cycle(steps):
    return lambda optimizer: lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=steps)


def warm_up_and(second):
    return lambda o: lr_scheduler.SequentialLR(o, [lr_scheduler.LinearLR(o, 0.1), second(o)], [2])


def chained_with(gamma):
    return lambda o: lr_scheduler.ChainedScheduler([lr_scheduler.ConstantLR(o), exponential(gamma)(o)], optimizer=o)


def linear_to(total):
    return lambda optimizer: lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / total)


def exponential(gamma):
    return lambda optimizer: lr_scheduler.ExponentialLR(optimizer, gamma)


def two_groups(model):
    return torch.optim.SGD([{"params": model[0].parameters()}, {"params": model[5].parameters(), "lr": 0.01}], 0.1)


DataLoaderOf = partial(DataLoader, PLAIN)

REFUSED = {  # how the file was written, what comes, and the message
    "OneCycleLR for more epochs": (
        {"make_scheduler": one_cycle(10)},
        {"make_scheduler": one_cycle(20)},
        r"scheduler's total_steps was 10 there and is 20 here.* start a new run from its weights",
    ),
    "the same OneCycleLR, more epochs": (
        {"make_scheduler": one_cycle(10)},
        {"make_scheduler": one_cycle(10)},
        r"was made for 10 steps .* needs 20: 10 taken before and 10 to come.*planned for all epochs from the start",
    ),
    "CosineAnnealingLR": (
        {"make_scheduler": lambda o: lr_scheduler.CosineAnnealingLR(o, 10)},
        {"make_scheduler": lambda o: lr_scheduler.CosineAnnealingLR(o, 20)},
        "scheduler's T_max was 10 there and is 20 here",
    ),
    "SequentialLR": (
        {"make_scheduler": warm_up_and(one_cycle(8))},
        {"make_scheduler": warm_up_and(one_cycle(18))},
        r"scheduler's \[1\]\.total_steps was 8 there and is 18 here",
    ),
    "ChainedScheduler": (
        {"make_scheduler": chained_with(0.9)},
        {"make_scheduler": chained_with(0.8)},
        r"scheduler's \[1\]\.gamma was 0\.9 there and is 0\.8 here",
    ),
    "LambdaLR": (
        {"make_scheduler": linear_to(20)},
        {"make_scheduler": linear_to(40)},
        r"scheduler's lr_lambdas\[0\]\.total was 20 there and is 40 here",
    ),
    "LambdaLR with a number in its text": (
        {"make_scheduler": lambda o: lr_scheduler.LambdaLR(o, lambda step: 1 - step / 2000)},
        {"make_scheduler": lambda o: lr_scheduler.LambdaLR(o, lambda step: 1 - step / 4000)},
        r"scheduler's lr_lambdas\[0\]\.constants was \[1, 2000\] there and is \[1, 4000\] here",
    ),
    "another scheduler": (
        {"make_scheduler": exponential(0.9)},
        {"make_scheduler": one_cycle(20)},
        "it had scheduler ExponentialLR, this one has scheduler OneCycleLR",
    ),
    "a scheduler where there was none": ({}, {"make_scheduler": one_cycle(20)}, "it had no scheduler, this one has"),
    "no scheduler where there was one": ({"make_scheduler": one_cycle(20)}, {}, "this one has no scheduler"),
    "steps in place of epochs": (
        {"make_scheduler": exponential(0.9), "scheduler_every": "epoch"},
        {"make_scheduler": exponential(0.9)},
        "scheduler_every was 'epoch' there and is 'step' here",
    ),
    "plateau": (
        {"make_scheduler": lr_scheduler.ReduceLROnPlateau, "scheduler_every": "epoch"},
        {"make_scheduler": partial(lr_scheduler.ReduceLROnPlateau, mode="max"), "scheduler_every": "epoch"},
        "scheduler's mode was 'min' there and is 'max' here",
    ),
    "a learning rate under a scheduler": (
        {"make_scheduler": exponential(0.9)},
        {"make_scheduler": exponential(0.9), "make_optimizer": partial(sgd, lr=0.01)},
        r"scheduler's base_lrs was \[0\.1\] there and is \[0\.01\] here",
    ),
    "a learning rate": (
        {},
        {"make_optimizer": partial(sgd, lr=0.01)},
        r"optimizer's lr was \[0\.1\] there and is \[0\.01\] here.*give fit the same optimizer",
    ),
    "another optimizer": (
        {},
        {"make_optimizer": lambda m: torch.optim.Adam(m.parameters(), 0.1)},
        "it had optimizer SGD, this one has optimizer Adam",
    ),
    "parameter groups": ({}, {"make_optimizer": two_groups}, r"optimizer's parameters was \[\['0\.weight'.* is \[\['"),
    "fewer parameters": (
        {},
        {"make_optimizer": lambda m: sgd(m[5])},
        r"optimizer's parameters was .* is \[\['5\.weight', '5\.bias'\]\] here",
    ),
    "another loss": ({}, {"loss_fn": F.cross_entropy}, "it had loss_fn CrossEntropyLoss, .* loss_fn cross_entropy"),
    "a loss with other settings": (
        {},
        {"loss_fn": nn.CrossEntropyLoss(label_smoothing=0.1)},
        r"loss_fn's label_smoothing was 0\.0 there and is 0\.1 here",
    ),
    "a partial loss": (
        {"loss_fn": partial(F.cross_entropy, label_smoothing=0.1)},
        {"loss_fn": partial(F.cross_entropy, label_smoothing=0.2)},
        r"loss_fn's label_smoothing was 0\.1 there and is 0\.2 here",
    ),
    "other class weights": (
        {"loss_fn": nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 1.0]))},
        {"loss_fn": nn.CrossEntropyLoss(torch.tensor([1.0, 3.0, 1.0]))},
        r"loss_fn's weight was \[1\.0, 2\.0, 1\.0\] there and is \[1\.0, 3\.0, 1\.0\] here",
    ),
    "class weights": (
        {},
        {"loss_fn": nn.CrossEntropyLoss(torch.ones(3))},
        r"weights of another loss function: weight is missing in the file and \(3,\) in this loss function",
    ),
    "batch size": (
        {},
        {"make_loader": partial(small_loader, 20)},
        "train's batches was 5 there and is 2 here",
    ),
    "batch size, same number of batches": (
        {"make_loader": partial(small_loader, 8)},
        {"make_loader": partial(small_loader, 9)},
        "train's batch_size was 8 there and is 9 here",
    ),
    "fewer images": (
        {"make_loader": partial(DataLoaderOf, 8)},
        {"make_loader": partial(DataLoader, Subset(PLAIN, range(39)), 8)},
        "train's images was 40 there and is 39 here",
    ),
    "a list of other length": (
        {"make_loader": lambda: list(small_loader())},
        {"make_loader": lambda: list(small_loader())[:4]},
        "train's batches was 5 there and is 4 here",
    ),
    "another kind of loader": (
        {},
        {"make_loader": partial(DataLoaderOf, 8)},
        "it had train TensorLoader, this one has train DataLoader",
    ),
    "shuffled": (
        {"make_loader": partial(DataLoaderOf, 8)},
        {"make_loader": partial(DataLoaderOf, 8, shuffle=True)},
        "train's sampler was 'SequentialSampler' there and is 'RandomSampler' here",
    ),
    "a generator": (
        {"make_loader": partial(DataLoaderOf, 8, shuffle=True)},
        {"make_loader": lambda: DataLoader(PLAIN, 8, shuffle=True, generator=generator())},
        r"generator or counter train\.\S*generator is missing in the file and here",
    ),
    "workers": (
        {"make_loader": partial(DataLoaderOf, 8)},
        {"make_loader": partial(DataLoaderOf, 8, num_workers=1)},
        "train's num_workers was 0 there and is 1 here",
    ),
    "validation": ({}, {"make_val": small_loader}, "it had no val, this one has val TensorLoader"),
    "no validation": ({"make_val": small_loader}, {}, "it had val TensorLoader, this one has no val"),
    "clipping": ({}, {"clip_norm": 1.0}, "clip_norm was None there and is 1.0 here"),
    "another network": ({}, {"net": partial(small_net, norm=False)}, "weights of another model: 0.bias is missing in"),
    "another type": (
        {},
        {"net": lambda: small_net(norm=True).double()},
        r"another model: 0\.weight is \(4, 1, 3, 3\) in the file and \(4, 1, 3, 3\) float64 in this model",
    ),
    "fewer epochs": ({"epochs": 4}, {"epochs": 3}, r"holds 4 epochs, more than epochs=3"),
}


def settings_of(optimizer):
    return [{**group, "params": None} for group in optimizer.param_groups]


@pytest.mark.parametrize("name", REFUSED)
def test_another_run_is_refused_and_changes_nothing(tmp_path, name):
    wrote, comes, message = REFUSED[name]
    path = tmp_path / "run.pt"
    run(**{"epochs": 2, **wrote}, checkpoint=path)
    content = path.read_bytes()
    net, make_optimizer = comes.get("net", usual_net), comes.get("make_optimizer", sgd)
    make_scheduler = comes.get("make_scheduler", lambda optimizer: None)
    made = []

    def make(model):
        optimizer = make_optimizer(model)
        made.extend((model, optimizer, make_scheduler(optimizer), settings_of(optimizer)))
        return optimizer

    comes = {"epochs": 4, **comes, "make_optimizer": make, "make_scheduler": lambda optimizer: made[2]}
    with pytest.raises(ValueError, match=message):
        run(**comes, checkpoint=path, resume=True)
    model, optimizer, scheduler, settings = made
    seed_everything(3)
    assert same_weights(model, net())
    assert not optimizer.state
    assert settings_of(optimizer) == settings
    assert getattr(scheduler, "last_epoch", 0) == 0
    assert path.read_bytes() == content


def test_what_a_refusal_advises_works(tmp_path):
    path = tmp_path / "run.pt"
    # planned for all four epochs from the start
    whole = run(4, make_scheduler=one_cycle(20))
    run(2, make_scheduler=one_cycle(20), checkpoint=path)
    assert_same_run(whole, run(4, make_scheduler=one_cycle(20), checkpoint=path, resume=True))
    # a new run from the weights
    model = small_net(norm=True)
    model.load_state_dict(read_checkpoint(path)["model"])
    optimizer = sgd(model)
    scheduler = lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10)
    assert len(train(model, small_loader(), optimizer=optimizer, scheduler=scheduler, scheduler_every="step")) == 2


def test_patience_on_a_run_that_had_none(tmp_path):
    path = tmp_path / "run.pt"
    worse = {
        "make_optimizer": lambda model: torch.optim.SGD(model.parameters(), 0.1, maximize=True),
        "make_val": small_loader,
    }
    history = run(3, checkpoint=path, **worse)[1]
    assert history.best_epoch < 3
    with pytest.raises(ValueError, match=rf"no weights of its best epoch, {history.best_epoch}\. Leave patience out"):
        run(5, checkpoint=path, resume=True, patience=2, **worse)
    # where the last epoch is the best one, its weights are in the file
    better = {"make_val": small_loader}
    assert run(2, checkpoint=path, **better)[1].best_epoch == 2
    assert_same_run(run(4, patience=2, **better), run(4, checkpoint=path, resume=True, patience=2, **better))
