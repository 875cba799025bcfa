"""Networks that the tests trace: three by hand, and any drawn one."""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import nn


class LeNet(nn.Module):
    """Convolutions as layers, all else as functions."""

    def __init__(self, in_features=400, padding=0):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3, padding=padding)
        self.conv2 = nn.Conv2d(6, 16, 3, padding=padding)
        self.fc = nn.Linear(in_features, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(torch.flatten(x, 1))


class Residual(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1, padding=1, shortcut=None):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=padding)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=padding)
        self.shortcut = shortcut or nn.Identity()

    def forward(self, x):
        return F.relu(self.conv2(F.relu(self.conv1(x))) + self.shortcut(x))


class Functional(nn.Module):
    """A model whose forward is the function that it is given."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


@st.composite
def networks(draw):
    """A convolutional network in 1, 2 or 3 dimensions, with the input's shape; it may well not work."""
    dims = draw(st.integers(1, 3))
    number = st.integers(1, 3)
    channels = draw(number)
    shape = (draw(number), channels, *draw(st.tuples(*[st.integers(3, 9)] * dims)))
    layers = []
    for _ in range(draw(st.integers(1, 4))):
        kernel, stride, padding, dilation = draw(number), draw(number), draw(st.integers(0, 2)), draw(st.integers(1, 2))
        kind = draw(st.sampled_from(("conv", "transposed", "max", "average", "norm")))
        if kind == "max":
            ceil = draw(st.booleans())
            layers.append((nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[dims - 1](kernel, stride, padding, ceil_mode=ceil))
        elif kind == "average":
            layers.append((nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)[dims - 1](kernel, stride, padding))
        elif kind == "norm":
            layers.append((nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)[dims - 1](channels))
        else:
            wrong = draw(st.integers(0, 5)) == 0
            given, channels = channels + wrong, draw(number)
            convolution = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[dims - 1]
            if kind == "transposed":
                convolution = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)[dims - 1]
            layers.append(convolution(given, channels, kernel, stride, padding, dilation=dilation))
    return nn.Sequential(*layers), shape
