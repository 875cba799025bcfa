"""A function that is given a network leaves it as it was."""

import copy

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, untouched


@pytest.fixture
def net():
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5))


def complaint(net, act):
    with pytest.raises(CheckError) as caught, untouched("f(net)", net):
        act(net)
    return str(caught.value)


def test_a_look_from_outside_is_allowed(net):
    with untouched("f(net)", net), torch.no_grad():
        copy.deepcopy(net).eval()(torch.zeros(1, 1, 5, 5))
    net.eval()
    with untouched("f(net)", net):
        net(torch.zeros(1, 1, 5, 5))


def test_modes(net):
    assert complaint(net, lambda net: net.eval()).endswith("likely cause: eval() is not undone")
    net.train()[1].eval()
    text = complaint(net, lambda net: net.train())
    assert "came:     {'0': True, '1': True, '2': True}\n  expected: {'0': True, '1': False, '2': True}" in text
    assert "likely cause: train() sets every layer" in text
    net.train()
    assert "likely" not in complaint(net, lambda net: net[0].eval())


def test_weights_and_statistics(net):
    def runs(net):
        net[:2](torch.ones(1, 1, 5, 5))

    def spoils(net):
        net[0].weight.data += 1

    assert "batch normalisation updates its running statistics" in complaint(net, runs)
    assert complaint(net, spoils).endswith("came:     changed: ['0.weight']\n  expected: none changed")
    assert "types of its tensors" in complaint(net, lambda net: net.double())


def test_layers_gradients_and_random_numbers(net):
    def replaces(net):
        net[2] = nn.Identity()

    def backward(net):
        net[0](torch.ones(1, 1, 5, 5)).sum().backward()
        net[1].weight.grad, net[1].bias.grad = torch.ones(2), torch.ones(2)

    assert "the kind of each layer" in complaint(net, replaces)
    assert "backward() filled them" in complaint(net, backward)
    assert "requires_grad was switched off" in complaint(net, lambda net: net.requires_grad_(False))
    assert "moved torch's random generator" in complaint(net, lambda net: torch.rand(1))


def test_a_seed_that_is_set_moves_the_generator_and_the_check_does_not(net):
    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert "it set a seed" in complaint(net, lambda net: torch.manual_seed(0))
    assert torch.equal(torch.get_rng_state(), before)
    with untouched("f(net)", net, generator=False):
        torch.rand(1)


def test_a_layer_by_itself():
    assert "came:     {'': False}" in complaint(nn.Conv2d(1, 1, 3), lambda layer: layer.eval())
