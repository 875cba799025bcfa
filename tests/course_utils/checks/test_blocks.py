"""Networks of convolution blocks: computed again from their parameters, and told from their mistakes."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.checks import CheckError, check_block_parameters, check_block_values, check_trainable


def network(channels=2, kernels=(8, 16), classes=6, padding=1, activation=nn.ReLU, pool=nn.MaxPool2d, last=nn.Identity):
    layers, size = [], 28
    for before, after in zip((channels, *kernels), kernels, strict=False):
        layers += [nn.Conv2d(before, after, 3, padding=padding), activation(), pool(2)]
        size = (size + 2 * padding - 2) // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(kernels[-1] * size * size, classes), last()).double()


def judged(net, images, channels=2, kernels=(8, 16), classes=6):
    check_block_parameters(net, channels, kernels, classes, "net")
    check_block_values(net, images, "net(images)")
    check_trainable(net, images, "net")


@settings(deadline=None, max_examples=10)
@given(
    st.integers(1, 3),
    st.lists(st.integers(3, 9), min_size=1, max_size=3, unique=True).map(sorted),
    st.sampled_from([0, 1]),
    st.integers(0, 99),
)
def test_torch_s_own_layers_are_right(channels, kernels, padding, seed):
    torch.manual_seed(seed)
    net = network(channels, tuple(kernels), 11, padding)
    judged(net, torch.randn(2, channels, 28, 28, dtype=torch.float64), channels, tuple(kernels), 11)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"activation": nn.Identity}, "no ReLU behind the convolutions"),
        ({"activation": nn.Tanh}, "tanh in place of ReLU"),
        ({"pool": nn.AvgPool2d}, "means, not maxima"),
        ({"last": lambda: nn.Softmax(1)}, "a softmax behind the last layer"),
        ({"last": nn.ReLU}, "a ReLU behind the last layer"),
        ({"kernels": (16, 32)}, "twice as many kernels"),
        ({"channels": 1}, "1 input channel whatever"),
        ({"classes": 10}, "gives 10 whatever"),
    ],
)
def test_a_mistake_is_named(changes, cause):
    torch.manual_seed(1)
    with pytest.raises(CheckError) as caught:
        judged(network(**changes), torch.randn(3, 2, 28, 28, dtype=torch.float64))
    assert cause in caught.value.cause


def test_what_cannot_be_computed_is_told_in_words():
    net = network()
    net[-2] = nn.Linear(400, 6).double()
    with pytest.raises(CheckError, match="expects 400 features of an image, and 784 come"):
        check_block_values(net, torch.randn(3, 2, 28, 28, dtype=torch.float64), "net(images)")


def test_a_pass_that_draws_is_told():
    net = network(last=lambda: nn.Dropout(0.5))
    with pytest.raises(CheckError, match="something in it is random"):
        check_block_values(net, torch.randn(3, 2, 28, 28, dtype=torch.float64), "net(images)")


def test_layers_out_of_sight_are_no_parameters():
    class Hidden(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = [network()]

        def forward(self, images):
            return self.layers[0](images)

    with pytest.raises(CheckError, match="no attributes of self"):
        check_block_parameters(Hidden(), 2, (8, 16), 6, "net")
