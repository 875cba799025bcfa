"""check_chain: a network against its description in words, with the mistake where it can be told."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checks import CheckError, check_chain, layer_calls

CHAIN = "conv, norm, relu, conv, norm, relu, pool, flatten, linear, relu, linear"


class Net(nn.Module):
    """A network that follows CHAIN, with a fault where one is asked for; its layers are registered last first."""

    def __init__(self, fault=""):
        super().__init__()
        self.fault = fault
        self.last, self.hidden = nn.Linear(7, 4), nn.Linear(5 * 9, 7)
        self.norms = nn.ModuleList([nn.BatchNorm2d(3), nn.BatchNorm2d(5)])
        self.convs = nn.ModuleList([nn.Conv2d(2, 3, 3, padding=1), nn.Conv2d(3, 5, 3, padding=1)])
        for norm in self.norms:
            nn.init.normal_(norm.weight)
            nn.init.normal_(norm.bias)

    def forward(self, x):
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            x = conv(x)
            x = norm(F.relu(x)) if self.fault == f"norm {i} late" else norm(x)
            if self.fault not in (f"no relu {i}", f"norm {i} late"):
                x = F.relu(x)
        x = (F.avg_pool2d if self.fault == "mean" else F.max_pool2d)(x, 2).flatten(1)
        x = self.last(self.hidden(x) if self.fault == "no relu in head" else F.relu_(self.hidden(x)))
        return {"softmax": x.softmax(1), "relu": x.relu()}.get(self.fault, x)


@pytest.fixture
def x():
    torch.manual_seed(3)
    return torch.randn(4, 2, 6, 6)


def test_a_network_that_follows_the_chain_passes_in_both_modes(x):
    net = Net()
    check_chain(net, x, CHAIN, "net(x)")
    check_chain(net.eval(), x, CHAIN, "net(x)")
    check_chain(net.double(), x.double(), CHAIN, "net(x)")


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("no relu 0", "the ReLU behind the first batch norm is missing"),
        ("no relu 1", "the ReLU behind the second batch norm is missing"),
        ("no relu in head", "the ReLU behind the first linear layer is missing"),
        ("norm 1 late", "a batch norm stands behind the ReLU"),
        ("mean", "the pooling takes the mean"),
        ("softmax", "there is a softmax behind the last layer"),
        ("relu", "there is a ReLU behind the last layer"),
    ],
)
def test_a_mistake_is_named(x, fault, cause):
    with pytest.raises(CheckError, match=f"likely cause: {cause}"):
        check_chain(Net(fault).eval(), x, CHAIN, "net(x)")


def test_an_unknown_mistake_gets_no_cause(x):
    net = Net()
    net.last.register_forward_hook(lambda layer, given, made: made + torch.arange(4.0) ** 2)
    wrong = nn.Sequential(net, nn.Softplus())
    with pytest.raises(CheckError) as error:
        check_chain(wrong, x, CHAIN, "net(x)")
    assert "likely cause" not in str(error.value)


def test_layers_are_told_in_the_order_of_their_calls(x):
    net = Net()
    kinds = [type(call.layer).__name__ for call in layer_calls(net, x)]
    assert kinds == ["Conv2d", "BatchNorm2d", "Conv2d", "BatchNorm2d", "Linear", "Linear"]
    assert not any(layer._forward_hooks for layer in net.modules())


def test_what_a_layer_gave_stays_as_it_was_when_the_network_goes_on_in_place(x):
    net = nn.Sequential(nn.Conv2d(2, 3, 1), nn.ReLU(inplace=True))
    [call] = layer_calls(net, x)
    assert (call.made < 0).any()


class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Flatten(), nn.Linear(72, 4)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Idle(nn.Module):
    def __init__(self, twice=False):
        super().__init__()
        self.first, self.second, self.twice = nn.Linear(72, 72), nn.Linear(72, 72), twice

    def forward(self, x):
        x = self.first(x.flatten(1)).relu()
        return self.first(x) if self.twice else x


DENSE = "flatten, linear, relu, linear"


@pytest.mark.parametrize(
    ("net", "chain", "cause"),
    [
        (Listed(), DENSE, "no layer is an attribute of self"),
        (Idle(), DENSE, "the linear layer is made, but forward does not call it"),
        (Idle(twice=True), "flatten, linear", "one layer is called twice"),
        (nn.Sequential(nn.Flatten(), nn.Linear(72, 4)), DENSE, None),
    ],
    ids=["listed", "idle", "twice", "fewer"],
)
def test_other_layers_are_told_before_values(x, net, chain, cause):
    with pytest.raises(CheckError, match=r"the layers with weights that net\(x\) calls is not right") as error:
        check_chain(net, x, chain, "net(x)")
    assert ("likely cause" in str(error.value)) == (cause is not None)
    assert cause is None or cause in str(error.value)
