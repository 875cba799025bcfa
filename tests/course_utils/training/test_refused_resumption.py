"""What differs from the run that wrote a checkpoint is refused: the message, nothing changed, and what it advises."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler
from torch.utils.data import (
    DataLoader,
    Subset,
)

from course_utils.training import read_checkpoint, seed_everything
from tests.course_utils.training.resumable_run import PLAIN, assert_same_run, generator, run, usual_net
from tests.course_utils.training.small_training import (
    same_weights,
    sgd,
    small_loader,
    small_net,
    train,
)

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
