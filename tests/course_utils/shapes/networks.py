"""Networks that the tests trace: three by hand, and any drawn one."""

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import parametrizations


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


STEPS = {
    "mean": lambda x: x.mean(),
    "sum": lambda x: x.sum(),
    "norm": lambda x: x.norm(),
    "loss": lambda x: F.mse_loss(x, torch.zeros_like(x)),
    "max": lambda x: x.max(),
    "greatest": lambda x: x.max(dim=0).values,
    "first": lambda x: x[0],
    "none": lambda x: x[:0],
    "no channels": lambda x: x[:, :0],
    "flatten": lambda x: x.flatten(),
    "flatten 1": lambda x: x.flatten(1),
    "squeeze": lambda x: x.squeeze(),
    "unsqueeze": lambda x: x.unsqueeze(0),
    "view": lambda x: x.view(2, -1),
    "reshape": lambda x: x.reshape(3, 4),
    "centre": lambda x: x - x.mean(),
    "add": lambda x: x + torch.ones(3),
    "cat": lambda x: torch.cat([x, x]),
    "stack": lambda x: torch.stack([x, x]),
    "dot": lambda x: x @ x,
    "transpose": lambda x: x.T,
    "conv": lambda x: F.conv2d(x, torch.zeros(2, 3, 2, 2)),
    "pool": lambda x: F.max_pool2d(x, 2),
    "linear": lambda x: F.linear(x, torch.zeros(5, 3)),
}


@st.composite
def pipelines(draw):
    """A few functions one after the other, any of which may leave no axes, and the input's shape."""
    names = draw(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4))
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))

    def forward(x):
        for name in names:
            x = STEPS[name](x)
        return x

    return Functional(forward), shape


class Holder(nn.Module):
    """Layers one after the other, with a parameter of its own that is used, one that is not, and a layer not used."""

    def __init__(self, layers, used=True):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.scale = nn.Parameter(torch.ones(4, 4))
        self.idle = nn.Parameter(torch.ones(3)) if used else None
        self.spare = nn.Linear(2, 2)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
            x = x[0] if isinstance(x, tuple) else x
        return x @ self.scale


class SelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


@st.composite
def holders(draw):
    """A model on (2, 3, 4) whose parameters lie in all sorts of places, and some of them twice."""
    kinds = {
        "linear": lambda: nn.Linear(4, 4),
        "orthogonal": lambda: parametrizations.orthogonal(nn.Linear(4, 4)),
        "weight norm": lambda: parametrizations.weight_norm(nn.Linear(4, 4)),
        "spectral norm": lambda: parametrizations.spectral_norm(nn.Conv1d(3, 3, 1)),
        "attention": SelfAttention,
        "recurrent": lambda: nn.LSTM(4, 4, batch_first=True),
        "encoder": lambda: nn.TransformerEncoderLayer(4, 2, 8, batch_first=True),
        "norm": lambda: nn.LayerNorm(4),
        "activation": nn.PReLU,
    }
    layers = []
    for name in draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=3)):
        layer = kinds[name]()
        layers += [layer] * draw(st.integers(1, 2))
    if draw(st.booleans()):
        shared = nn.Linear(4, 4)
        shared.bias = next((m.bias for m in layers if type(m) is nn.Linear), shared.bias)
        layers.append(shared)
    model = Holder(layers, used=draw(st.booleans()))
    return nn.Sequential(model, Holder([nn.Identity()])) if draw(st.booleans()) else model
