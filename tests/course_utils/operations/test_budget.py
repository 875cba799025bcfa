"""A budget of numbers: on paper, then that no operation gives more than was foreseen."""

import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils.operations import Budget, OverBudget


def test_what_is_left_on_paper():
    conv = nn.Conv2d(1, 2, 3)
    with Budget(1000) as budget, torch.no_grad():
        x = torch.zeros(1, 1, 8, 8)
        assert budget.left == 1000 - 64
        conv(x)  # 2 channels of 6 by 6
        assert budget.left == 1000 - 64 - 72
        x.view(64).add_(1)  # no new memory
        assert budget.left == 1000 - 64 - 72


def test_too_much_is_not_begun():
    with pytest.raises(OverBudget, match="zeros may give 10000011000001 numbers; 500 are left"), Budget(500):
        torch.zeros(10_000_000, 1_000_000)


def test_a_budget_that_is_used_up_before():
    with pytest.raises(OverBudget, match="7 numbers too many are there already"):
        Budget(-7)


def test_a_model_does_not_catch_it():
    def forward():
        try:
            return torch.zeros(1000)
        except Exception:
            return None

    with pytest.raises(OverBudget), Budget(500):
        forward()


@pytest.mark.parametrize(
    "look",
    [
        "shapes.trace_shapes(model, (1, 1, 28, 28))",
        "shapes.trace_shapes(model, (1, 2, 28, 28))",  # fails, and tries what would help
        "receptive_field.receptive_field(model, (1, 28, 28))",
        "receptive_field.effective_receptive_field(model, (1, 28, 28))",
    ],
)
def test_the_first_look_at_a_small_model_imports_no_compiler(look):
    code = f"""
import sys
from torch import nn
from course_utils import receptive_field, shapes
model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
{look}
print([name for name in ("sympy", "torch._dynamo") if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


X = torch.rand(2, 3, 9, 8)
ROW = X.flatten()[:200]
OPERATIONS = {
    "same": lambda: nn.Conv2d(3, 4, 3, padding="same")(X),
    "circular": lambda: nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular")(X),
    "depthwise": lambda: nn.Conv2d(3, 6, 3, groups=3, stride=(1, 2))(X),
    "without a batch": lambda: nn.Conv2d(3, 4, 3)(X[0]),
    "one dimension": lambda: nn.Conv1d(9, 4, 3)(X[0]),
    "linear": lambda: nn.Linear(8, 50)(X),
    "norms": lambda: (nn.BatchNorm2d(3).eval()(X), nn.GroupNorm(3, 3)(X), nn.LayerNorm(8)(X), X.softmax(1), X.norm()),
    "poolings": lambda: (F.max_pool2d(X, 3, 1, 1), F.avg_pool2d(X, 2, 1, 1), F.max_pool2d(X, 2, 2, 1, ceil_mode=True)),
    "adaptive": lambda: (F.adaptive_avg_pool2d(X, 40), F.adaptive_max_pool2d(X, 40)),
    "upsampling": lambda: (F.interpolate(X, scale_factor=2.5), F.interpolate(X, (40, 50), mode="bilinear")),
    "padding": lambda: (F.pad(X, (30, 30)), F.pad(X, (5, 5, 5, 5), mode="reflect")),
    "repeating": lambda: (X.repeat(1, 2, 5, 1), X.tile(3), X.repeat_interleave(7, 0), X.expand(5, 2, 3, 9, 8).clone()),
    "products": lambda: (ROW[:, None] * ROW, torch.outer(ROW, ROW), ROW @ ROW, torch.einsum("nchw,mcij->hwij", X, X)),
    "recurrent": lambda: nn.LSTM(8, 5, batch_first=True)(X[:, 0]),
    "attention": lambda: (nn.MultiheadAttention(8, 2)(*[X[:, 0]] * 3), F.scaled_dot_product_attention(X, X, X)),
    "joining": lambda: (torch.cat([X, X, X]), torch.stack([X, X])),
    "new": lambda: (torch.arange(1000), torch.linspace(0, 1, 500), torch.eye(30), X.new_zeros(50, 60), torch.rand(9)),
    "taking": lambda: (X[:, [0] * 9], X.index_select(1, torch.zeros(99, dtype=torch.long)), X[X > 0.5], X.nonzero()),
    "embedding": lambda: F.embedding(torch.zeros(5, 5, dtype=torch.long), torch.zeros(10, 20)),
    "one_hot": lambda: F.one_hot(torch.tensor([3, 60]), 99),
    "distances": lambda: (torch.cdist(X[0, 0], X[0, 0]), torch.kron(X[0, 0], X[0, 0])),
    "windows": lambda: (F.unfold(X, 3), X.unfold(2, 3, 1).contiguous(), F.pixel_shuffle(X.repeat(1, 4, 1, 1), 2)),
    "grids": lambda: (F.grid_sample(X, torch.zeros(2, 40, 40, 2)), torch.meshgrid(ROW, ROW, indexing="ij")),
    "fourier": lambda: torch.fft.fft2(X, (64, 64)),
    "another type": lambda: X.to(torch.float64),
}  # fmt: skip


class Checked(Budget):
    """Fails where an operation gave more than was foreseen."""

    def __init__(self):
        super().__init__(10**15)

    def __torch_dispatch__(self, op, types, args=(), kwargs=None):
        before = self.left
        self.left = foreseen = 0
        try:
            super().__torch_dispatch__(op, types, args, kwargs)
        except OverBudget as over:
            foreseen = int(str(over).split(" numbers")[0].split()[-1])
        self.left = before
        outputs = super().__torch_dispatch__(op, types, args, kwargs)
        assert before - self.left <= foreseen, f"{op} gave {before - self.left}, foreseen were {foreseen}"
        return outputs


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_gives_more_than_was_foreseen(name, mode):
    with mode(), Checked():
        OPERATIONS[name]()


@given(st.data(), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=60)
def test_a_drawn_convolution_gives_at_most_what_was_foreseen(data, n, transposed):
    def each(low, high):
        return data.draw(st.tuples(*[st.integers(low, high)] * n))

    kernel, stride, dilation, padding = each(1, 3), each(1, 3), each(1, 3), each(0, 4)
    kind = "ConvTranspose" if transposed else "Conv"
    more = [data.draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True)]
    options = {"output_padding": more} if transposed else {}
    layer = getattr(nn, f"{kind}{n}d")(2, 4, kernel, stride, padding, dilation=dilation, groups=2, **options)
    x = torch.zeros(2, 2, *each(1, 9))
    try:
        with torch.no_grad():
            layer(x)
    except RuntimeError:  # the kernel does not fit
        return
    with torch.no_grad(), Checked():
        layer(x)
