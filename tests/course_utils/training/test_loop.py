"""`fit` and `evaluate`: the same numbers as the loop written out, and nothing left behind."""

import subprocess
import sys
import time

import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import TensorLoader, evaluate, fit, pick_device, seed_everything
from tests.course_utils.training.small_training import (
    plain_loop,
    press_ctrl_c,
    same_weights,
    sgd,
    small_images,
    small_loader,
    small_net,
    train,
)

CPU = torch.device("cpu")


# Arithmetic on paper


class Scale(nn.Module):
    """Output = weight * image, one weight, for images of one pixel."""

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(float(weight)))

    def forward(self, images):
        return self.weight * images.flatten(1)


def squared_error(outputs, targets):
    return ((outputs[:, 0] - targets) ** 2).mean()


def test_one_step_by_hand():
    # weight 2, image 3, target 4: output 6, loss (6-4)^2 = 4, gradient 2*(6-4)*3 = 12; lr 0.01: 2 - 0.12 = 1.88
    model = Scale(2)
    batch = (torch.full((1, 1, 1, 1), 3.0), torch.tensor([4.0]))
    history = train(model, [batch], epochs=1, optimizer=sgd(model, 0.01), loss_fn=squared_error)
    assert history["train_loss"] == [4.0]
    assert model.weight.item() == pytest.approx(1.88)
    assert history["train_accuracy"] == [None]  # a number to hit has no accuracy


def test_clipping_by_hand():
    # the gradient of 12 is scaled down to 1: 2 - 0.01 * 1 = 1.99
    model = Scale(2)
    batch = (torch.full((1, 1, 1, 1), 3.0), torch.tensor([4.0]))
    train(model, [batch], epochs=1, optimizer=sgd(model, 0.01), loss_fn=squared_error, clip_norm=1.0)
    assert model.weight.item() == pytest.approx(1.99, abs=1e-6)


def test_a_smaller_last_batch_weighs_what_it_holds():
    # errors 1, 1, 1 and 5: losses 1, 1, 1, 25; mean 28 / 4 = 7, not the mean of batch means (1 + 25) / 2 = 13
    targets = torch.tensor([1.0, 1.0, 1.0, 5.0])
    images = torch.ones(4, 1, 1, 1)
    batches = [(images[:3], targets[:3]), (images[3:], targets[3:])]
    assert evaluate(Scale(0), batches, squared_error, device="cpu").loss == 7.0


def test_accuracy_by_hand():
    # the output is the image itself; its larger entry is the answer: 0, 1, 1 against 0, 1, 0
    images = torch.tensor([[2.0, 1.0], [0.0, 3.0], [1.0, 4.0]]).view(3, 2, 1, 1)
    result = evaluate(nn.Flatten(), [(images, torch.tensor([0, 1, 0]))], nn.CrossEntropyLoss(), device="cpu")
    assert result.accuracy == pytest.approx(2 / 3)


# Against the loop written out


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop])
@pytest.mark.parametrize("batch_size", [7, 40])
def test_fit_does_what_the_loop_does(make, batch_size):
    ours, theirs = small_net(norm=True), small_net(norm=True)
    fused = {} if make is torch.optim.RMSprop else {"fused": True}
    loss_fn = nn.CrossEntropyLoss()
    expected = plain_loop(
        theirs,
        small_loader(batch_size, shuffle=True, seed=3),
        3,
        make(theirs.parameters(), lr=0.01, **fused),
        loss_fn,
    )
    history = train(
        ours,
        small_loader(batch_size, shuffle=True, seed=3),
        epochs=3,
        optimizer=make(ours.parameters(), lr=0.01),
        loss_fn=loss_fn,
    )
    assert same_weights(ours, theirs)
    assert history["train_loss"] == pytest.approx(expected)


def test_fit_takes_a_dataloader():
    images, labels = small_images()
    data = TensorDataset(images / 255, labels)
    ours, theirs = small_net(), small_net()
    torch.manual_seed(5)
    plain_loop(
        theirs,
        DataLoader(data, 8, shuffle=True),
        2,
        torch.optim.SGD(theirs.parameters(), 0.1, fused=True),
        nn.CrossEntropyLoss(),
    )
    torch.manual_seed(5)
    train(ours, DataLoader(data, 8, shuffle=True))
    assert same_weights(ours, theirs)


def test_it_learns():
    model = small_net()
    loader = small_loader(shuffle=True, seed=0)
    history = train(model, loader, loader, epochs=15, optimizer=torch.optim.Adam(model.parameters(), 0.02))
    assert history["val_accuracy"][-1] > 0.95
    assert history["train_loss"][-1] < history["train_loss"][0] / 2


def test_validation_after_each_epoch_equals_evaluate():
    model, val = small_net(dropout=0.5, norm=True), small_loader(count=20)
    history = train(model, small_loader(), val, epochs=2)
    result = evaluate(model, val, nn.CrossEntropyLoss(), device="cpu")
    assert (history["val_loss"][-1], history["val_accuracy"][-1]) == tuple(result)


def test_compiled_model_learns_the_same():
    ours, theirs = small_net(), small_net()
    try:
        torch.compile(nn.Identity())(torch.zeros(1))
        train(ours, small_loader(), compile=True, epochs=1)
    except Exception as error:  # the compiler's own errors have no common class
        pytest.skip(f"torch.compile does not work here (it needs a C++ compiler): {type(error).__name__}")
    train(theirs, small_loader(), epochs=1)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def two_convolutions():
    """With several channels in and out, so that the two layouts in memory differ."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(6 * 2 * 4, 3))


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam])
def test_layout_in_memory_changes_no_result(make):
    """Also when it changes between two runs: the optimizer's state has to follow."""
    options = {"momentum": 0.9} if make is torch.optim.SGD else {}
    layouts = [(False, False), (True, True), (False, True), (True, False)]
    ended = []
    for layout in layouts:
        model = two_convolutions()
        optimizer = make(model.parameters(), lr=0.01, **options)
        for channels_last in layout:
            if not channels_last:
                model.to(memory_format=torch.contiguous_format)
            train(model, small_loader(), optimizer=optimizer, channels_last=channels_last)
            assert model[2].weight.is_contiguous() is not channels_last
        ended.append(list(model.parameters()))
    for other in ended[1:]:
        torch.testing.assert_close(other, ended[0], rtol=1e-4, atol=1e-5)


# Stopping


def losses_of(*losses):
    """A loss function for evaluations that gives these in turn, and one for training that is always 1."""
    remaining = iter(losses)

    def loss_fn(outputs, labels):
        if torch.is_grad_enabled():
            return outputs.sum() * 0 + 1 + outputs.pow(2).mean() * 1e-3
        return torch.tensor(next(remaining))

    return loss_fn


def test_early_stopping_keeps_the_best_epoch():
    # 3, 1, 2, 2: the second epoch is the best; after two more without improvement it ends
    model = small_net()
    loader = small_loader(batch_size=40)
    weights = []
    scheduler = lr_scheduler.LambdaLR(
        optimizer := sgd(model), lambda _: weights.append([p.detach().clone() for p in model.parameters()]) or 1
    )
    history = train(
        model,
        loader,
        loader,
        epochs=10,
        optimizer=optimizer,
        scheduler=scheduler,
        scheduler_every="epoch",
        loss_fn=losses_of(3.0, 1.0, 2.0, 2.0),
        patience=2,
    )
    assert (len(history), history.best_epoch, history.stopped) == (4, 2, "early")
    at_best, at_end = weights[2], weights[4]  # weights[0] is before the first epoch
    assert all(torch.equal(p, best) for p, best in zip(model.parameters(), at_best, strict=True))
    assert not all(torch.equal(p, end) for p, end in zip(model.parameters(), at_end, strict=True))


def test_without_patience_the_last_weights_stay():
    ours, theirs = small_net(), small_net()
    train(ours, small_loader(), small_loader(count=8), epochs=4)
    train(theirs, small_loader(), epochs=4)
    assert same_weights(ours, theirs)


class InterruptAfter:
    """A list of batches during which Ctrl-C is pressed once, for real, after so many."""

    def __init__(self, batches, after):
        self.batches, self.after, self.given = list(batches), after, 0

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        for batch in self.batches:
            if self.given == self.after:
                press_ctrl_c()
            self.given += 1
            yield batch


def test_ctrl_c_leaves_history_and_model(capsys):
    model = small_net()
    model.eval()
    batches = list(small_loader())  # five
    history = train(model, InterruptAfter(batches, after=12), small_loader(), epochs=100)
    assert history.stopped == "interrupted"
    assert len(history) == 2
    assert "2 of 100 epochs" in capsys.readouterr().out
    assert not model.training
    expected = small_net()
    plain_loop(expected, batches, 2, torch.optim.SGD(expected.parameters(), 0.1, fused=True), nn.CrossEntropyLoss())
    plain_loop(expected, batches[:2], 1, torch.optim.SGD(expected.parameters(), 0.1, fused=True), nn.CrossEntropyLoss())
    assert same_weights(model, expected)
    assert len(history.to_pandas()) == 2
    assert train(model, batches, epochs=1).stopped == "finished"


def test_ctrl_c_in_the_first_epoch():
    history = train(small_net(), InterruptAfter(small_loader(), after=1), epochs=2)
    assert (len(history), history.best_epoch, history.stopped) == (0, None, "interrupted")


# What is left as it was


def test_evaluate_leaves_modes_weights_and_generators():
    model, loader = small_net(dropout=0.5, norm=True), small_loader()
    model.train()
    model[1].eval()  # a frozen batch norm inside a training model
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    evaluate(model, loader, nn.CrossEntropyLoss(), device="cpu")
    assert [model.training, model[1].training, model[3].training] == [True, False, True]
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())
    assert all(p.grad is None for p in model.parameters())


def test_fit_trains_in_training_mode_and_gives_the_mode_back():
    seen = []

    class Spy(nn.Identity):
        def forward(self, x):
            seen.append((self.training, torch.is_grad_enabled()))
            return x

    model = nn.Sequential(Spy(), small_net()).eval()
    loader = small_loader(batch_size=40)
    train(model, loader, loader, epochs=1)
    assert seen == [(True, True), (False, False)]
    assert not model.training


def test_an_optimizer_told_otherwise_is_not_fused():
    model = small_net()
    told = torch.optim.SGD(model.parameters(), 0.1, foreach=False, fused=False)
    train(model, small_loader(), optimizer=told, epochs=1)
    assert told.param_groups[0]["fused"] is False
    untold = sgd(model)
    train(model, small_loader(), optimizer=untold, epochs=1)
    assert untold.param_groups[0]["fused"] is True


# What a student sees


def test_progress_goes_to_standard_output_and_can_be_switched_off(capfd):
    model = small_net()
    train(model, small_loader(), small_loader(), epochs=2, progress=True)
    shown = capfd.readouterr()
    assert "10/10" in shown.out
    assert "epoch 2: loss" in shown.out
    assert shown.err == ""
    train(model, small_loader(), epochs=1)
    assert capfd.readouterr() == ("", "")


def test_pick_device_prefers_cuda_then_mps():
    expected = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert pick_device().type == expected


def test_default_device_is_the_loaders_own():
    model = small_net()
    fit(model, small_loader(), epochs=1, optimizer=sgd(model), loss_fn=nn.CrossEntropyLoss(), progress=False)
    assert next(model.parameters()).device == CPU


def test_seed_everything_repeats_a_run():
    def run():
        seed_everything(7)
        model = small_net(dropout=0.3, seed=int(torch.randint(1000, ())))
        train(model, TensorLoader(small_images(), 8, shuffle=True, device="cpu"))
        return model

    assert same_weights(run(), run())


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "a", True])
def test_seed_everything_refuses(seed):
    with pytest.raises(ValueError, match=r"seed is .*expected a whole number from 0 to 4294967295"):
        seed_everything(seed)


def test_importing_course_utils_costs_at_most_a_tenth_of_torch():
    """In one process, so that both are measured under the same load."""
    program = (
        "import time; a = time.perf_counter(); import torch; b = time.perf_counter(); "
        "import course_utils; print((time.perf_counter() - b) / (b - a))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(result.stdout) <= 0.10


def test_reading_the_losses_waits_for_no_step(monkeypatch):
    """No `.item()` in the loop: over 40 steps a number is read from a tensor only at the epoch's end."""
    reads = []
    item = torch.Tensor.item
    monkeypatch.setattr(torch.Tensor, "item", lambda self: reads.append(time.perf_counter()) or item(self))
    train(small_net(), small_loader(batch_size=1), epochs=1)
    assert len(reads) <= 2
