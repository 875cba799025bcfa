"""What the progress bar of `fit` tells while a run goes on: the loss, from the first step on."""

import math
import time

import pytest
import torch
from torch import nn

from course_utils.training import TrainingError
from course_utils.training.losses import Share
from course_utils.training.metrics import Meter, NonFiniteLoss
from tests.course_utils.training.small_training import sgd, train


class Slow:
    """One pixel of 1 that is to give 3, in batches for which the bar is redrawn each time."""

    def __init__(self, target=3.0):
        self.target = target

    def __iter__(self):
        for _ in range(3):
            time.sleep(0.12)  # tqdm redraws after 0.1 seconds
            yield torch.ones(1, 1), torch.tensor([[self.target]])


def one_weight():
    """y = w * x with w = 1; with a learning rate of 0 it stays so, and every loss is (3 - 1)**2 = 4."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    return model


def run(loader, **options):
    model = one_weight()
    return train(model, loader, optimizer=sgd(model, 0.0), loss_fn=nn.MSELoss(), progress=True, **options)


def test_the_bar_tells_the_loss_after_the_first_step(capsys):
    run([(torch.ones(1, 1), torch.tensor([[3.0]]))] * 2, epochs=1)
    first, *_ = [line for line in capsys.readouterr().out.split("\r") if "loss" in line]
    assert "1/2" in first
    assert "epoch 1: latest loss 4.000" in first


def test_in_later_epochs_the_bar_tells_both_the_latest_loss_and_the_last_epochs_figures(capsys):
    run(Slow(), epochs=2)
    lines = capsys.readouterr().out.split("\r")
    assert any("epoch 2: latest loss 4.000; epoch 1: loss 4.000" in line for line in lines)
    assert "epoch 2: loss 4.000" in lines[-1]


def test_a_run_without_a_bar_reads_no_loss_before_it_must(monkeypatch):
    monkeypatch.delattr(Meter, "latest_loss")
    model = one_weight()
    train(model, Slow(), epochs=1, optimizer=sgd(model, 0.0), loss_fn=nn.MSELoss(), progress=False)


def test_the_latest_loss_by_hand():
    meter = Meter()
    assert meter.latest_loss(wait=False) is None
    for loss, samples in ((1.0, 3), (3.0, 1)):  # (3 * 1 + 1 * 3) / 4 = 1.5
        meter.add(torch.tensor(loss), Share(samples, samples), None, torch.zeros(samples))
    assert meter.latest_loss(wait=False) == 1.5
    for _ in range(50):
        meter.add(torch.tensor(7.0), Share(1, 1), None, torch.zeros(1))
    assert meter.latest_loss(wait=False) == 7.0
    assert meter.result(torch.device("cpu"), "epoch 1")[0] == pytest.approx((6 + 50 * 7) / 54)


def test_a_loss_that_is_no_number_is_found_where_it_is_read():
    meter = Meter()
    for loss in (1.0, math.nan, 2.0):
        meter.add(torch.tensor(loss), Share(1, 1), None, torch.zeros(1))
    with pytest.raises(NonFiniteLoss, match="batch 2"):
        meter.latest_loss(wait=True)


def test_with_a_bar_it_is_explained_as_without_one():
    with pytest.raises(TrainingError, match="nan"):
        run(Slow(math.nan), epochs=1)
