"""Drawn networks: `bounds` is what gradients find, at the border as in the middle, in 1-d, 2-d and 3-d."""

import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.receptive_field import receptive_field
from tests.course_utils.receptive_field.oracle import seen

CHANNELS = 2


class Sum(nn.Module):
    """Branches that are added."""

    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


class Joined(nn.Module):
    """Branches side by side in the channels, brought back to `CHANNELS` by a 1x1 convolution."""

    def __init__(self, branches, point):
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.point = point

    def forward(self, x):
        return self.point(torch.cat([branch(x) for branch in self.branches], dim=1))


class Gate(nn.Module):
    """Squeeze and excitation: every unit is weighted by the mean of all."""

    def __init__(self, point):
        super().__init__()
        self.point = point
        self.axes = tuple(range(2, point.weight.dim()))

    def forward(self, x):
        return x * torch.sigmoid(self.point(x.mean(dim=self.axes, keepdim=True)))


class Product(nn.Module):
    """A 1x1 convolution as a product with a matrix, in one of three ways of writing it."""

    def __init__(self, form):
        super().__init__()
        self.form = form
        self.weight = nn.Parameter(torch.ones(CHANNELS, CHANNELS))

    def forward(self, x):
        if self.form == "left":
            return (self.weight @ x.flatten(2)).unflatten(2, x.shape[2:])
        if self.form == "right":
            return (x.flatten(2).transpose(1, 2) @ self.weight).transpose(1, 2).unflatten(2, x.shape[2:])
        return torch.einsum("oc,nc...->no...", self.weight, x)


class Crop(nn.Module):
    def __init__(self, slices):
        super().__init__()
        self.slices = slices

    def forward(self, x):
        return x[(..., *self.slices)]


class Pad(nn.Module):
    def __init__(self, pad, mode):
        super().__init__()
        self.pad, self.mode = pad, mode

    def forward(self, x):
        return F.pad(x, self.pad, mode=self.mode)


def layer(kind, n):
    return getattr(nn, f"{kind}{n}d")


def each(draw, n, low, high):
    return tuple(draw(st.lists(st.integers(low, high), min_size=n, max_size=n)))


@st.composite
def convolutions(draw, n):
    kernel, dilation = each(draw, n, 1, 4), each(draw, n, 1, 3)
    stride, padding = each(draw, n, 1, 3), each(draw, n, 0, 3)
    if draw(st.booleans()):
        stride, padding = 1, draw(st.sampled_from(["same", "valid"]))
    return layer("Conv", n)(
        CHANNELS, CHANNELS, kernel, stride, padding, dilation, groups=draw(st.sampled_from([1, CHANNELS])),
        padding_mode=draw(st.sampled_from(["zeros", "zeros", "reflect", "replicate", "circular"])),
    )  # fmt: skip


@st.composite
def poolings(draw, n):
    kernel, stride, ceil_mode = each(draw, n, 1, 4), each(draw, n, 1, 3), draw(st.booleans())
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    if draw(st.booleans()):
        return layer("AvgPool", n)(kernel, stride, padding, ceil_mode)
    return layer("MaxPool", n)(kernel, stride, padding, each(draw, n, 1, 3), ceil_mode=ceil_mode)


@st.composite
def branchings(draw, n):
    """Branches of one stride that shrink the map by the same number of units, each in its own way."""
    stride, shrink = each(draw, n, 1, 2), each(draw, n, -2, 3)
    branches = []
    for _ in range(draw(st.integers(2, 3))):
        fitting = [
            [(k, d) for k in range(1, 6) for d in (1, 2) if (d * (k - 1) - less) in range(0, 12, 2)] for less in shrink
        ]
        kernel, dilation = zip(*(draw(st.sampled_from(pairs)) for pairs in fitting), strict=True)
        padding = tuple((d * (k - 1) - less) // 2 for k, d, less in zip(kernel, dilation, shrink, strict=True))
        before = [layer("Conv", n)(CHANNELS, CHANNELS, 1, padding=padding)]
        after = layer("Conv", n)(CHANNELS, CHANNELS, kernel, stride, dilation=dilation)
        # Units that see only padding arise where the 1x1 convolution pads.
        if draw(st.booleans()):
            before, after.padding = [], padding
        branches.append(nn.Sequential(*before, after))
    if draw(st.booleans()):
        return Sum(branches)
    return Joined(branches, layer("Conv", n)(CHANNELS * len(branches), CHANNELS, 1))


@st.composite
def others(draw, n):
    kind = draw(st.sampled_from(["gate", "crop", "pad", "adaptive", "plain", "product"]))
    if kind == "gate":
        return Gate(layer("Conv", n)(CHANNELS, CHANNELS, 1))
    if kind == "product":
        return Product(draw(st.sampled_from(["left", "right", "einsum"])))
    if kind == "crop":
        return Crop([slice(draw(st.integers(0, 3)), draw(st.sampled_from([None, -1])), draw(st.integers(1, 2)))
                     for _ in range(n)])  # fmt: skip
    if kind == "pad":
        return Pad(each(draw, 2 * n, 0, 3), draw(st.sampled_from(["constant", "reflect", "replicate", "circular"])))
    if kind == "adaptive":
        return layer(draw(st.sampled_from(["AdaptiveAvgPool", "AdaptiveMaxPool"])), n)(each(draw, n, 1, 6))
    return nn.Sequential(layer("BatchNorm", n)(CHANNELS), nn.ReLU(inplace=True), nn.Dropout())


@st.composite
def networks(draw, n):
    """A network of up to five drawn layers and an input that it accepts."""
    size = each(draw, n, 5, 24 if n < 3 else 9)
    x = torch.zeros(1, CHANNELS, *size)
    layers = []
    for _ in range(draw(st.integers(1, 5))):
        drawn = draw(st.one_of(convolutions(n), poolings(n), branchings(n), others(n)))
        try:
            y = drawn.eval()(x)
        except (RuntimeError, ValueError):  # kernel larger than the map, padding larger than a reflection
            continue
        if 0 < y.numel() <= 4000:
            layers.append(drawn)
            x = y
    assume(layers)
    return nn.Sequential(*layers), (CHANNELS, *size)


def corner_middle_and_drawn(data):
    def units(size):
        drawn = [tuple(data.draw(st.integers(0, n - 1)) for n in size) for _ in range(2)]
        return list({tuple(0 for _ in size), tuple(n - 1 for n in size), tuple(n // 2 for n in size), *drawn})

    return units


def check(network, input_shape, units):
    fields = receptive_field(network, input_shape)
    blocks = [str(i) for i in range(len(network))]
    for block, by_unit in seen(network, input_shape, blocks, units).items():
        row = fields[block]
        for index, expected in by_unit.items():
            assert row.bounds(index) == expected, f"{row}, unit {index}\n{network}"
            if expected is not None and None not in row.jump:
                for (first, last), (low, high) in zip(expected, row.bounds(index, clip=False), strict=True):
                    assert low <= first <= last <= high or network_wraps(network), f"{row}, unit {index}\n{network}"


def network_wraps(network):
    """Reflected and wrapped pixels lie outside the window of the recurrence."""
    return any(
        getattr(m, "padding_mode", getattr(m, "mode", "zeros")) not in ("zeros", "constant") for m in network.modules()
    )


drawn = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@drawn
@given(networks(1), st.data())
def test_bounds_are_what_gradients_find_1d(network, data):
    check(*network, corner_middle_and_drawn(data))


@drawn
@given(networks(2), st.data())
def test_bounds_are_what_gradients_find_2d(network, data):
    check(*network, corner_middle_and_drawn(data))


@settings(drawn, max_examples=25)
@given(networks(3), st.data())
def test_bounds_are_what_gradients_find_3d(network, data):
    check(*network, corner_middle_and_drawn(data))
