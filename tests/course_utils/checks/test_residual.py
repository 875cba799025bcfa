"""check_residual_block: both paths of a block, by what its layers get and give."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checks import CheckError, check_residual_block


class Block(nn.Module):
    """A residual block, with a fault where one is asked for."""

    def __init__(self, c_in=3, c_out=3, stride=1, fault="", norm_on_shortcut=True):
        super().__init__()
        self.fault = fault
        first, second = (1, stride) if fault == "stride in second" else (stride, 1)
        second = stride if fault == "stride in both" else second
        self.conv1 = nn.Conv2d(c_in, c_out, 3, first, padding=1)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, second, padding=1)
        running = fault != "no running statistics"
        self.norm1, self.norm2 = (nn.BatchNorm2d(c_out, track_running_stats=running) for _ in range(2))
        self.shortcut = nn.Identity()
        if stride != 1 or c_in != c_out or fault == "always projects":
            pooled = fault == "pooled projection"
            self.shortcut = nn.Sequential(nn.AvgPool2d(stride) if pooled else nn.Identity())
            self.shortcut.append(nn.Conv2d(c_in, c_out, 1, 1 if pooled else stride, bias=False))
            if norm_on_shortcut:
                self.shortcut.append(nn.BatchNorm2d(c_out))

    def forward(self, x):
        fault, maps = self.fault, self.norm1(self.conv1(x))
        maps = self.norm2(self.conv2(maps if fault == "no relu between" else F.relu(maps)))
        shortcut = self.shortcut(x)
        outputs = {
            "no last relu": maps + shortcut,
            "no shortcut": F.relu(maps),
            "relu before": F.relu(maps) + shortcut,
            "relu twice": F.relu(F.relu(maps) + shortcut),
            "relu on shortcut": F.relu(maps + F.relu(shortcut)),
        }
        return outputs.get(fault, F.relu(maps + shortcut))


@pytest.fixture
def x():
    torch.manual_seed(4)
    return torch.randn(4, 3, 8, 6)


@pytest.mark.parametrize("shape", [(3, 3, 1), (3, 5, 1), (3, 3, 2), (3, 5, 2)])
@pytest.mark.parametrize("norm", [True, False])
def test_a_right_block_passes(x, shape, norm):
    check_residual_block(Block(*shape, norm_on_shortcut=norm), x, shape[2], "block(x)")


@pytest.mark.parametrize(
    ("fault", "shape", "says"),
    [
        ("no last relu", (3, 3, 1), "the ReLU behind the sum is missing"),
        ("no shortcut", (3, 3, 1), "the shortcut is not added"),
        ("relu before", (3, 3, 1), "the ReLU stands before the sum"),
        ("relu twice", (3, 3, 1), "there is a ReLU before the sum too"),
        ("relu on shortcut", (3, 3, 1), "there is a ReLU on the shortcut"),
        ("relu on shortcut", (3, 5, 2), "there is a ReLU on the shortcut"),
        ("no relu between", (3, 3, 1), "the ReLU between the convolutions is missing"),
        ("always projects", (3, 3, 1), "equal shapes need no projection"),
        ("stride in second", (3, 5, 2), "the second convolution has the stride"),
        ("pooled projection", (3, 5, 2), "the projection lacks the stride"),
        ("no running statistics", (3, 3, 1), "has no running statistics"),
    ],
)
def test_a_mistake_is_named(x, fault, shape, says):
    with pytest.raises(CheckError, match=says):
        check_residual_block(Block(*shape, fault=fault), x, shape[2], "block(x)")


def test_what_stands_before_the_projection_is_seen(x):
    block = Block(3, 5)
    block.shortcut[0] = nn.ReLU()
    with pytest.raises(CheckError, match="the projection of block gets something else than x"):
        check_residual_block(block, x, 1, "block")


def test_one_convolution_for_both_is_refused(x):
    block = Block()
    block.conv2 = block.conv1
    with pytest.raises(CheckError, match="calls one 3x3 convolution twice"):
        check_residual_block(block, x, 1, "block")
