"""A network is what its forward pass does: the same numbers, and the weights that it uses, wherever they are kept."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from course_utils.checks import CheckError
from course_utils.checks.networks import computed, with_known_weights


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_a_layer_that_is_not_used_does_not_count():
    net = Hidden({"weight": torch.ones(1, 2), "bias": torch.ones(1)})
    net.idle = nn.Linear(100, 100)
    assert count(net) == 20 + 10_100
    assert count(computed(net)) == 20 + 3  # nine weights and a bias for each of two kernels, and what is kept apart


class Hidden(nn.Module):
    """Keeps its weights where `parameters()` does not look."""

    def __init__(self, kept: dict):
        super().__init__()
        self.kept = kept
        self.first = nn.Conv2d(1, 2, 3)

    def forward(self, x):
        return F.linear(self.first(x).mean((2, 3)), self.kept["weight"], self.kept["bias"])


def test_weights_outside_of_parameters_count():
    net = Hidden({"weight": torch.ones(5, 2), "bias": torch.ones(5)})
    assert count(net) == 2 * 9 + 2
    assert count(computed(net)) == 20 + 10 + 5


class Styles(nn.Module):
    """A forward pass in many styles."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.norm = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 2, 1), nn.BatchNorm2d(4)
        self.drop, self.scale = nn.Dropout(0.5), nn.Parameter(torch.ones(4, 1, 1))

    def forward(self, x):
        h = F.max_pool2d(F.relu(self.norm(self.a(x))), kernel_size=2, ceil_mode=True) * self.scale
        h = torch.cat([h[:, :2], h[:, 2:]], dim=1) + h.shape[1]
        h = self.b(self.drop(h)).clamp(min=0).flatten(1)
        return h.view(x.size(0), -1)


class AsksForShapes(Styles):
    """torch.fx cannot follow this one."""

    def forward(self, x):
        if x.shape[2] % 2:
            x = F.pad(x, (0, 1, 0, 1))
        return super().forward(x)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 4), st.integers(5, 11), st.integers(5, 11), st.sampled_from([Styles, AsksForShapes]))
def test_it_computes_what_the_network_computes(batch, height, width, kind):
    torch.manual_seed(batch + height)
    net, example = kind().eval(), torch.randn(batch, 1, height, width)
    network, images = computed(net, example), torch.randn(batch, 1, height, width)
    torch.testing.assert_close(network(images), net(images))
    assert count(network) == count(net)


def test_a_pass_that_cannot_be_followed_is_an_error_that_says_why():
    with pytest.raises(CheckError, match=r"torch\.fx cannot follow AsksForShapes"):
        computed(AsksForShapes())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": [["call_function", ["torch", "from_file"], [], {"dict": {}}]]}, "calls 'from_file'"),
        ({"steps": [["call_function", ["operator", "methodcaller"], ["x"], {"dict": {}}]]}, "calls 'methodcaller'"),
        ({"steps": [["call_function", ["os", "system"], ["x"], {"dict": {}}]]}, "calls 'system'"),
        ({"steps": [["call_function", ["torch", "__class__"], [], {"dict": {}}]]}, "calls '__class__'"),
        ({"steps": [["call_method", "x(); import os", [], {"dict": {}}]]}, "calls 'x\\(\\); import os'"),
        ({"steps": [["placeholder", "x=print('hm')", [], {"dict": {}}]]}, "has a part called"),
        ({"steps": [["call_module", 'a"); b("', [], {"dict": {}}]]}, "has a part called"),
        ({"steps": [["call_function", ["torch", "relu"], [], {"dict": {"a=1)#": 1}}]]}, "an argument without a name"),
        ({"steps": [["call_function", ["torch", "relu"], [object()], {"dict": {}}]]}, "uses a object"),
        ({"layers": {"a": Styles()}}, "calls a, a Styles"),
    ],
)
def test_a_description_that_could_act_is_refused(monkeypatch, change, message):
    told = {"layers": {}, "tensors": {}, "steps": []} | change
    monkeypatch.setattr("course_utils.checks.networks.steps_of", lambda *given: told)
    with pytest.raises(CheckError, match=message):
        computed(Styles())


def test_known_weights_are_waves_by_hand():
    known = with_known_weights(nn.Linear(2, 1))
    one, two = math.sin(1), math.sin(2)
    assert known.weight.tolist() == [[pytest.approx(4 * one / 2**0.5), pytest.approx(4 * two / 2**0.5)]]
    expected = 4 * (3 * one + 5 * two) / 2**0.5 + 0.5 * one
    assert known(torch.tensor([[3.0, 5.0]]).double()).item() == pytest.approx(expected)


def test_known_weights_leave_the_network_as_it_was_and_its_statistics_too():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    net(torch.randn(4, 1, 5, 5))
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    known = with_known_weights(net)
    assert net.training
    assert not known.training
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    assert torch.equal(known[1].running_mean, net[1].running_mean.double())
