"""What every network that names classes has to do."""

import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, check_classifier


class Net(nn.Module):
    """A right network; `change` makes a wrong one of it."""

    def __init__(self, change="", parts=nn.ModuleList):
        super().__init__()
        self.change = change
        self.parts = parts([nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4), nn.Linear(4 * 3 * 4, 5)])
        if change == "idle":
            self.more = nn.Linear(2, 2)
        if change == "frozen":
            self.parts[0].requires_grad_(False)

    def forward(self, x):
        if self.change == "batch":
            x = x - x.mean(0)
        if self.change == "first":
            x = torch.cat([x[:, :1]] * 3, 1)
        maps = self.parts[1](self.parts[0](x)).relu()
        if self.change == "detached":
            maps = maps.detach()
        logits = self.parts[2](maps.flatten(1))
        if self.change == "softmax":
            return logits.softmax(1)
        ends = {"relu": torch.relu, "sigmoid": torch.sigmoid, "data": torch.Tensor.detach}
        return ends.get(self.change, torch.Tensor.clone)(logits)


def test_a_right_network_passes_and_stays_as_it_was():
    net = Net().train()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    check_classifier(net, (3, 7, 9), 5, "Net()")
    assert net.training
    assert all(parameter.grad is None for parameter in net.parameters())
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("batch", "something is computed over the batch"),
        ("first", r"channels that the network does not read is not right.\n  came:     \[1, 2\]"),
        ("detached", "channels that the network does not read"),
        ("idle", "get no gradient: unused or frozen ones is not right.\n  came:     .'more.weight', 'more.bias'"),
        ("frozen", "get no gradient: unused or frozen ones is not right.\n  came:     .'parts.0.weight'"),
        ("relu", "there is a ReLU behind the last layer"),
        ("softmax", "there is a softmax behind the last layer"),
        ("sigmoid", "gives no negative number, and 0 zeros of 30\n  expected: logits, of any sign$"),
        ("data", "cuts the gradient off"),
    ],
)
def test_a_wrong_one_is_refused_with_a_true_cause(change, words):
    with pytest.raises(CheckError, match=words):
        check_classifier(Net(change), (3, 7, 9), 5, "Net()")


def test_layers_that_pytorch_does_not_see():
    with pytest.raises(CheckError, match="plain list, tuple or dict"):
        check_classifier(Net(parts=tuple), (3, 7, 9), 5, "Net()")


def test_other_shapes_are_refused():
    with pytest.raises(CheckError, match=r"Net\(\) of six images"):
        check_classifier(Net(), (3, 7, 9), 4, "Net()")
