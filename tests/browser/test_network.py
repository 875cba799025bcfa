"""`pages/network.js` against PyTorch: values and gradients of whole networks, forward and backward, in a browser."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from course_utils.explorers.network import nodes

PAGE = ("network",)

COMPUTE = """([nodes, x, g]) => {
  const network = new explorer.Network(nodes), values = network.forward(x);
  const output = nodes.length - 1, gradients = network.backward(output, g);
  return [Array.from(values[output]), Array.from(gradients[0])];
}"""


def compare(calculator, model, shape, seed=0):
    """Output and gradient of the input are PyTorch's."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(1, *shape, generator=generator, requires_grad=True)
    expected = model.eval()(x)
    g = torch.randn(expected.shape, generator=generator)
    expected.backward(g)
    sent = [nodes(model, shape), x.detach().flatten().tolist(), g.flatten().tolist()]
    for came, wanted in zip(calculator.evaluate(COMPUTE, sent), (expected.detach(), x.grad), strict=True):
        torch.testing.assert_close(torch.tensor(came).float(), wanted.flatten(), rtol=1e-4, atol=1e-4)


def test_two_sums_by_hand(calculator):
    model = nn.Sequential(nn.Conv2d(1, 1, (1, 2)), nn.ReLU())
    with torch.no_grad():
        model[0].weight.copy_(torch.tensor([3.0, -1.0]).reshape(1, 1, 1, 2))
        model[0].bias.fill_(1.0)
    # 3·1 − 2 + 1 = 2, and 3·2 − 9 + 1 = −2, which ReLU makes 0: its window gets no gradient
    output, gradient = calculator.evaluate(COMPUTE, [nodes(model, (1, 1, 3)), [1, 2, 9], [10, 10]])
    assert output == [2, 0]
    assert gradient == [30, -10, 0]


@st.composite
def convolutions(draw):
    groups, kernel = draw(st.integers(1, 3)), draw(st.tuples(*[st.integers(1, 4)] * 2))
    padding, dilation = draw(st.tuples(*[st.integers(0, 3)] * 2)), draw(st.tuples(*[st.integers(1, 3)] * 2))
    least = [max(1, d * (k - 1) + 1 - 2 * p) for k, p, d in zip(kernel, padding, dilation, strict=True)]
    layer = nn.Conv2d(
        groups * draw(st.integers(1, 2)),
        groups * draw(st.integers(1, 2)),
        kernel,
        stride=draw(st.tuples(*[st.integers(1, 4)] * 2)),
        padding=padding,
        dilation=dilation,
        groups=groups,
        bias=draw(st.booleans()),
    )
    return layer, (layer.in_channels, *(draw(st.integers(n, n + 6)) for n in least))


@settings(max_examples=50, deadline=None)
@given(convolutions(), st.integers(0, 10**6))
def test_convolutions(calculator, case, seed):
    compare(calculator, *case, seed)


@settings(max_examples=50, deadline=None)
@given(data=st.data(), size=st.integers(1, 4), stride=st.integers(1, 4), ceil=st.booleans(), counted=st.booleans())
def test_poolings(calculator, data, size, stride, ceil, counted):
    padding = data.draw(st.integers(0, size // 2))
    sides = [data.draw(st.integers(max(1, size - 2 * padding), 9)) for _ in range(2)]
    keywords = {"stride": stride, "padding": padding, "ceil_mode": ceil}
    compare(calculator, nn.MaxPool2d(size, **keywords), (2, *sides))
    compare(calculator, nn.AvgPool2d(size, **keywords, count_include_pad=counted), (2, *sides))


class Branches(nn.Module):
    """A residual block, a concatenation, functions in place of layers, and every activation."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.Tanh())
        self.later = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.dropout = nn.Dropout(0.5)
        self.head = nn.Linear(8 * 2 * 2, 5)

    def forward(self, x):
        x = F.max_pool2d(self.first(x), 2)
        x = torch.cat([x, torch.relu(self.later(x) + x)], 1)
        x = F.adaptive_avg_pool2d(x, 2)
        return torch.sigmoid(self.head(self.dropout(x.flatten(1))))


def test_a_network_with_branches(calculator):
    torch.manual_seed(0)
    model = Branches()
    model.first[1].running_mean.uniform_(-1, 1)
    model.first[1].running_var.uniform_(0.5, 2)
    for seed in range(5):
        compare(calculator, model, (2, 9, 7), seed)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (nn.Sequential(nn.Conv2d(1, 1, 3), nn.GELU()), "cannot compute `_1` (GELU)"),
        (nn.Sequential(nn.Conv2d(1, 1, 3, padding="same")), "`0`: give the padding as a number"),
        (nn.Sequential(nn.Linear(5, 2)), "`0` on a shape (1, 1, 5, 5): flatten before it"),
    ],
)
def test_what_the_page_cannot_compute_is_named(model, said):
    with pytest.raises(ValueError, match="cannot compute") as caught:
        nodes(model, (1, 5, 5))
    assert said in str(caught.value)
