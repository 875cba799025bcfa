"""The trial on one batch: the losses that it gives, and the causes that it measures."""

import math

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, check_one_batch

IMAGES, LABELS = torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1])


def a_net(weight=(0.0, 0.0)):
    """Logits (w0 x, w1 x) for a number x."""
    net = nn.Linear(1, 2, bias=False)
    net.weight.data = torch.tensor(weight).view(2, 1)
    return net


def test_the_losses_are_those_before_each_step():
    net = a_net()
    losses = check_one_batch(net, torch.optim.SGD(net.parameters(), lr=2.0), IMAGES, LABELS, steps=2, below=1.0)
    # At the start both classes have probability 1/2, so the gradient is (1/2, -1/2): the weights become -1 and 1.
    assert losses == pytest.approx([math.log(2), math.log(1 + math.exp(-2))])


def test_the_network_comes_into_training_mode():
    net = a_net().eval()
    check_one_batch(net, torch.optim.SGD(net.parameters(), lr=2.0), IMAGES, LABELS, steps=2, below=1.0)
    assert net.training


@pytest.mark.parametrize(
    ("weight", "settings", "cause"),
    [
        ((0.5, -0.5), {"lr": 1e-5}, "all 30 together moved the weights by less than 1 % of their length"),
        ((0.5, -0.5), {"lr": 1.0, "maximize": True}, "they go uphill"),
        ((0.5, -0.5), {"lr": 0.5, "weight_decay": 2.0}, ""),
    ],
    ids=["too short", "uphill", "decays"],
)
def test_a_cause_is_named_where_it_was_measured(weight, settings, cause):
    net = a_net(weight)
    with pytest.raises(CheckError, match="after 30 steps on one batch of 2 is not low enough") as error:
        check_one_batch(net, torch.optim.SGD(net.parameters(), **settings), IMAGES, LABELS, steps=30, below=0.1)
    assert cause in error.value.cause
    assert bool(error.value.cause) == bool(cause)


def test_a_loss_that_is_no_number_has_risen():
    net = a_net((float("nan"), 0.0))
    with pytest.raises(CheckError, match="the loss rose"):
        check_one_batch(net, torch.optim.SGD(net.parameters(), lr=0.1), IMAGES, LABELS, steps=3, below=0.1)
