"""trace_shapes: first the numbers a student can redo, then any drawn network, then every failure and its fixes."""

import copy
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils import shapes
from course_utils.checks import CheckError, forbid
from course_utils.shapes.trace import trace_shapes


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


# A working model.


def test_every_row_with_its_arithmetic():
    table = shapes.trace_shapes(LeNet(), (1, 1, 28, 20))
    rows = [(row.name, row.kind, row.input, row.output, row.parameters) for row in table.rows]
    assert rows == [
        ("conv1", "Conv2d", (1, 1, 28, 20), (1, 6, 26, 18), 60),
        ("", "max_pool2d", (1, 6, 26, 18), (1, 6, 13, 9), 0),
        ("conv2", "Conv2d", (1, 6, 13, 9), (1, 16, 11, 7), 880),
        ("", "max_pool2d", (1, 16, 11, 7), (1, 16, 5, 3), 0),
        ("", "flatten", (1, 16, 5, 3), (1, 240), 0),
    ]
    assert [row.arithmetic for row in table.rows[2:]] == [
        "height: (13 + 2*0 - 1*(3-1) - 1)//1 + 1 = 11; width: (9 + 2*0 - 1*(3-1) - 1)//1 + 1 = 7",
        "height: (11 + 2*0 - 1*(2-1) - 1)//2 + 1 = 5; width: (7 + 2*0 - 1*(2-1) - 1)//2 + 1 = 3",
        "16*5*3 = 240",
    ]
    assert table.failed.name == "fc"


def test_one_formula_where_the_axes_agree():
    table = trace_shapes(nn.Conv2d(1, 4, 3, padding=1), (1, 1, 28, 28))
    assert table.rows[0].arithmetic == "(28 + 2*1 - 1*(3-1) - 1)//1 + 1 = 28"
    assert (table.output, table.parameters, table.failed) == ((1, 4, 28, 28), 40, None)


def test_a_sum_and_a_concatenation_are_rows():
    table = trace_shapes(Functional(lambda x: torch.cat([x + x.mean((2, 3), keepdim=True), x[:, :1]], 1)), (2, 3, 5, 4))
    assert [row.kind for row in table.rows] == ["mean", "add", "getitem", "cat"]
    assert table.rows[-1].input == ((2, 3, 5, 4), (2, 1, 5, 4))
    assert table.rows[-1].arithmetic == "axis 1: 3 + 1 = 4"


def test_what_ceil_mode_adds_and_what_it_drops():
    kept = trace_shapes(nn.MaxPool1d(2, 3, ceil_mode=True), (1, 1, 7)).rows[0]
    assert (kept.output, kept.arithmetic) == ((1, 1, 3), "ceil((7 + 2*0 - 1*(2-1) - 1)/3) + 1 = 3")
    dropped = trace_shapes(nn.MaxPool1d(2, 3, padding=1, ceil_mode=True), (1, 1, 5)).rows[0]
    assert (dropped.output, dropped.arithmetic) == ((1, 1, 2), "ceil((5 + 2*1 - 1*(2-1) - 1)/3) + 1 - 1 = 2")


def test_nested_modules_have_their_path_and_a_shared_layer_counts_once():
    layer = nn.Conv2d(4, 4, 3, padding=1)
    table = trace_shapes(nn.Sequential(nn.Sequential(layer, layer), nn.ReLU()), (1, 4, 6, 6))
    assert [row.name for row in table.rows] == ["0.0", "0.0", "1"]
    assert table.parameters == 148


def test_a_lazy_layer_gets_its_shape_and_stays_lazy():
    model = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(3))
    assert trace_shapes(model, (2, 1, 12, 12)).output == (2, 3)
    assert isinstance(model[0], nn.LazyConv2d)


def test_a_branch_on_a_value_is_traced_on_the_cpu():
    table = trace_shapes(Functional(lambda x: x[:, :1] if x.sum() == 0 else x), (2, 3, 4, 4))
    assert table.output == (2, 1, 4, 4)


def test_a_transposed_convolution_shows_its_own_formula():
    table = trace_shapes(nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1, output_padding=1), (1, 3, 7, 7))
    assert table.rows[0].arithmetic == "(7-1)*2 - 2*1 + 1*(3-1) + 1 + 1 = 14"


def test_images_that_a_view_mixes_are_remarked():
    table = trace_shapes(Functional(lambda x: x.view(-1, 8)), (1, 4, 4, 4))
    assert table.failed is None
    assert "Axis 0 was 1 and is 8" in str(table)


def test_a_large_model_is_traced_without_its_values():
    with torch.device("meta"):
        model = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1), nn.Flatten(), nn.Linear(64 * 512 * 512, 4096))
    assert trace_shapes(model, (256, 3, 512, 512)).output == (256, 4096)


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


@given(networks())
@settings(deadline=None, max_examples=80)
def test_shapes_and_failures_are_those_of_a_real_forward_pass(network):
    model, shape = network
    model.eval()
    table = trace_shapes(model, shape)
    x, passed, error = torch.zeros(shape), [], None
    for layer in model:
        try:
            x = layer(x)
        except (RuntimeError, ValueError) as caught:
            error = caught
            break
        passed.append(tuple(x.shape))
    assert [row.output for row in table.rows] == passed
    assert str(table.failed and table.failed.error) == str(error)
    assert all(row.arithmetic for row in table.rows if row.kind[:4] in ("Conv", "MaxP", "AvgP"))
    for row in table.rows:  # what the formula says is what came
        for axis in filter(None, row.arithmetic.split("; ")):
            formula, result = axis.split(": ")[-1].split(" = ")
            assert eval(formula, {"ceil": lambda x: int(-(-x // 1))}) == int(result)
            assert int(result) in row.output[2:]


# What a trace leaves behind: nothing.


def test_nothing_of_the_model_or_the_generators_changes():
    calls = []
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.Flatten(), nn.Linear(7, 3))
    model[1].eval()
    model[0].register_forward_hook(lambda *_: calls.append("hook"))
    model[0].weight.grad = torch.ones_like(model[0].weight)
    before = copy.deepcopy(model.state_dict())
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy()

    assert trace_shapes(model, (4, 1, 9, 9)).failed is not None
    model[4] = nn.Linear(196, 3)
    before |= copy.deepcopy({k: v for k, v in model.state_dict().items() if k.startswith("4.")})
    torch.set_rng_state(states[0])
    assert trace_shapes(model, (4, 1, 9, 9)).failed is None

    assert [module.training for module in model] == [True, False, True, True, True]
    assert calls == []
    assert all(len(m._forward_hooks) == (m is model[0]) and not m._forward_pre_hooks for m in model.modules())
    for key, value in model.state_dict().items():
        assert torch.equal(value, before[key]), key
    assert torch.equal(model[0].weight.grad, torch.ones_like(model[0].weight))
    assert torch.equal(torch.get_rng_state(), states[0])
    assert random.getstate() == states[1]
    assert (np.random.get_state()[1] == states[2]).all()


def test_a_model_that_draws_numbers_and_stores_tensors_leaves_no_trace(capsys):
    class Restless(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 4)
            self.seen = []

        def forward(self, x):
            print("forward")
            self.seen.append(self.fc(x) + torch.randn(4) + random.random() + np.random.rand())
            return F.dropout(self.seen[-1], training=True)

    model = Restless()
    model(torch.zeros(1, 4))  # stores a tensor with a graph, which copy.deepcopy alone refuses
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy()
    capsys.readouterr()
    assert trace_shapes(model, (2, 4)).output == (2, 4)
    assert len(model.seen) == 1
    assert torch.equal(torch.get_rng_state(), states[0])
    assert random.getstate() == states[1]
    assert (np.random.get_state()[1] == states[2]).all()
    assert capsys.readouterr().out == ""


def test_double_precision_models_are_traced_in_their_precision():
    assert trace_shapes(nn.Conv2d(1, 2, 3).double(), (1, 1, 5, 5)).output == (1, 2, 3, 3)


def test_tracing_inside_forbid_is_blocked_like_the_convolution_itself():
    with pytest.raises(CheckError, match=r"aten\.convolution"), forbid("torch.conv2d"):
        trace_shapes(nn.Conv2d(1, 2, 3), (1, 1, 5, 5))
    with pytest.raises(CheckError, match="what you are asked to write"), forbid("course_utils.shapes.trace_shapes"):
        trace_shapes(nn.Conv2d(1, 2, 3), (1, 1, 5, 5))


# Failures. Each model is (model, input shape), with parts of the reason and the fixes, word for word.

FAILURES = {
    "wrong in_features after flatten": (
        LeNet(784),
        (1, 1, 28, 28),
        ("`fc` (Linear): Linear expects 784 features (in_features=784); flatten gives 16*5*5 = 400",),
        ("in_features=400 in `fc`: nn.Linear(400, 10)", "padding=1 in both convolutions (`conv1` and `conv2`)"),
    ),
    "in_features that fit without padding": (
        LeNet(400, padding=1),
        (1, 1, 28, 28),
        ("Linear expects 400 features (in_features=400); flatten gives 16*7*7 = 784",),
        ("in_features=784 in `fc`: nn.Linear(784, 10)", "padding=0 in both convolutions (`conv1` and `conv2`)"),
    ),
    "linear after linear": (
        nn.Sequential(nn.Linear(4, 8), nn.Linear(16, 2)),
        (1, 4),
        ("Linear expects 16 features (in_features=16); `0` gives 8",),
        ("in_features=8 in `1`: nn.Linear(8, 2)",),
    ),
    "wrong in_channels": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(16, 32, 3)),
        (1, 1, 28, 28),
        ("`2` (Conv2d)", "expects 16 channels (in_channels=16); its input (1, 8, 26, 26) has 8"),
        ("in_channels=8 in `2`: nn.Conv2d(8, 32, ...)", "out_channels=16 in `0`: nn.Conv2d(1, 16, ...)"),
    ),
    "wrong in_channels of the first layer": (
        nn.Conv2d(3, 8, 3),
        (1, 1, 28, 28),
        ("expects 3 channels (in_channels=3); its input (1, 1, 28, 28) has 1",),
        ("in_channels=1 in the Conv2d: nn.Conv2d(1, 8, ...)", "an input with 3 channels: (1, 3, 28, 28)"),
    ),
    "channels last": (
        nn.Sequential(nn.Conv2d(3, 8, 3)),
        (1, 28, 20, 3),
        ("expects 3 channels (in_channels=3); its input (1, 28, 20, 3) has 28",),
        (
            "put the channels first: (1, 3, 28, 20), as x.permute(0, 3, 1, 2) gives",
            "in_channels=28 in `0`: nn.Conv2d(28, 8, ...)",
        ),
    ),
    "wrong in_channels of a transposed convolution": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.ConvTranspose2d(4, 1, 3)),
        (1, 1, 9, 9),
        ("`1` (ConvTranspose2d)", "expects 4 channels"),
        ("in_channels=8 in `1`: nn.ConvTranspose2d(8, 1, ...)", "out_channels=4 in `0`: nn.Conv2d(1, 4, ...)"),
    ),
    "kernel larger than input": (
        nn.Sequential(nn.Conv2d(1, 8, 5), nn.MaxPool2d(12), nn.Conv2d(8, 8, 5)),
        (1, 1, 28, 28),
        ("the kernel does not fit", "height it covers 1*(5-1) + 1 = 5, and the padded input has 2 + 2*0 = 2"),
        ("kernel_size=2 in `2`", "padding=2 in `2`"),
    ),
    "pooling larger than input": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(9)),
        (1, 1, 9, 12),
        ("`1` (MaxPool2d)", "height it covers 1*(9-1) + 1 = 9, and the padded input has 7 + 2*0 = 7"),
        ("kernel_size=7 in `1`", "padding=1 in `1`"),
    ),
    "padding of a pooling": (
        nn.MaxPool2d(2, padding=2),
        (1, 1, 8, 8),
        ("padding=2 is more than half of kernel_size=2",),
        ("padding=1 in the MaxPool2d",),
    ),
    "missing flatten": (
        nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.MaxPool2d(2), nn.Linear(8 * 14 * 14, 10)),
        (1, 1, 28, 28),
        ("the flatten is missing", "last axis, which has 14 entries here. It expects 1568", "8*14*14 = 1568"),
        ("nn.Flatten() before `2`, or x.flatten(1) in forward",),
    ),
    "missing flatten and wrong in_features": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Linear(8 * 14 * 14, 10)),
        (1, 1, 28, 28),
        ("expects 1568 features", "(1, 8, 13, 13) has 13. The flatten is missing; it would give 8*13*13 = 1352"),
        ("nn.Flatten() before `2`, or x.flatten(1) in forward, and in_features=1352: nn.Linear(1352, 10)",),
    ),
    "flatten that takes the batch too": (
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(0), nn.Linear(18, 3)),
        (4, 1, 5, 5),
        ("Flatten gives 4*2*3*3 = 72", "begins at axis 0 here, and so mixes the images of the batch"),
        ("start_dim=1 in `1`",),
    ),
    "missing batch dimension": (
        LeNet(),
        (1, 28, 28),
        ("the batch dimension is missing. The input (1, 28, 28) has one axis too few, so that `fc` gets (16, 25)",),
        ("put the batch dimension in front: trace_shapes(model, (1, 1, 28, 28)); for one image x, x.unsqueeze(0)",),
    ),
    "missing batch dimension and channels": (
        LeNet(),
        (28, 28),
        ("batch dimension and channels are missing",),
        ("put batch and channels in front: trace_shapes(model, (1, 1, 28, 28)); for one image x, x[None, None]",),
    ),
    "batch norm with the wrong features": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm2d(16), nn.ReLU()),
        (1, 1, 9, 9),
        ("BatchNorm2d expects 16 channels (num_features=16); its input (1, 8, 7, 7) has 8",),
        ("num_features=8 in `1`: nn.BatchNorm2d(8)", "out_channels=16 in `0`: nn.Conv2d(1, 16, ...)"),
    ),
    "batch norm after linear": (
        nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(16)),
        (2, 4),
        ("BatchNorm1d expects 16 features (num_features=16); its input (2, 8) has 8",),
        ("num_features=8 in `1`: nn.BatchNorm1d(8)", "out_features=16 in `0`: nn.Linear(4, 16)"),
    ),
    "batch norm of other dimensions": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.BatchNorm1d(8)),
        (1, 1, 9, 9),
        ("BatchNorm1d expects 2 or 3 axes; its input (1, 8, 7, 7) has 4",),
        ("nn.BatchNorm2d(8) for `1`",),
    ),
    "groups that do not divide, in a lazy layer": (
        nn.Sequential(nn.LazyConv2d(8, 3, groups=2)),
        (1, 3, 9, 9),
        ("groups=2 must divide in_channels and out_channels, but in_channels=3 gives 3/2 = 1.5 channels a group",),
        ("groups=1 in `0`",),
    ),
    "groups that do not divide, as a function": (
        Functional(lambda x: F.conv2d(x, torch.zeros(4, 1, 3, 3), groups=3)),
        (1, 3, 9, 9),
        ("conv2d: groups=3 must divide", "out_channels=4 gives 4/3 = 1.333 channels a group"),
        (),
    ),
    "residual sum with other channels": (
        Residual(4, 8),
        (1, 4, 8, 8),
        ("add: (1, 8, 8, 8) + (1, 4, 8, 8)", "axis 1 is 8 and 4"),
        (
            "a projection on the shortcut, which is the (1, 4, 8, 8): nn.Conv2d(4, 8, kernel_size=1)",
            "out_channels=4 in `conv2`: nn.Conv2d(8, 4, ...)",
        ),
    ),
    "residual sum with a stride": (
        Residual(4, 8, stride=2),
        (1, 4, 8, 8),
        ("axis 1 is 8 and 4, axis 2 is 4 and 8, axis 3 is 4 and 8",),
        ("a projection on the shortcut, which is the (1, 4, 8, 8): nn.Conv2d(4, 8, kernel_size=1, stride=2)",),
    ),
    "residual sum without padding": (
        Residual(4, 4, padding=0),
        (1, 4, 9, 9),
        ("(1, 4, 5, 5) + (1, 4, 9, 9)", "axis 2 is 5 and 9"),
        (
            "padding=1 in both convolutions (`conv1` and `conv2`)",
            "a projection on the shortcut, which is the (1, 4, 9, 9): nn.Conv2d(4, 4, kernel_size=1, stride=2)",
        ),
    ),
    "concatenation of unequal sizes": (
        nn.Sequential(Functional(lambda x: torch.cat([x, x[:, :, 1:]], 1))),
        (1, 4, 8, 8),
        ("cat along axis 1 needs all other axes equal", "where axis 2 is 8 and 7"),
        (),
    ),
    "view with the wrong number": (
        nn.Sequential(nn.Conv2d(1, 4, 3), Functional(lambda x: x.view(-1, 48)), nn.Linear(100, 3)),
        (1, 1, 7, 7),
        ("view(-1, 48) cuts the values into rows of 48, but (1, 4, 5, 5) holds 1*4*5*5 = 100, and 100/48 = 2.083",),
        ("x.flatten(1) in place of view(-1, 48)",),
    ),
    "an error of the forward itself": (
        Functional(lambda x: x.no_such_method()),
        (1, 4),
        ("AttributeError: 'Tensor' object has no attribute 'no_such_method' (at `return self.function(x)`)",),
        (),
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failures_are_explained_and_the_mends_are_named(case):
    model, shape, reasons, fixes = FAILURES[case]
    failed = trace_shapes(model, shape).failed
    assert failed is not None
    assert [part for part in reasons if part not in failed.headline] == [], failed.headline
    assert failed.fixes == fixes


def mended(model, **changes):
    """A copy with attributes of some layers replaced."""
    model = copy.deepcopy(model)
    for path, layer in changes.items():
        model.set_submodule(path.replace("__", "."), layer)
    return model


def test_the_mends_do_work_when_a_student_types_them():
    x = torch.zeros(1, 1, 28, 28)
    assert mended(LeNet(784), fc=nn.Linear(400, 10))(x).shape == (1, 10)
    assert LeNet(784, padding=1)(x).shape == (1, 10)
    assert (
        Residual(4, 8, stride=2, shortcut=nn.Conv2d(4, 8, kernel_size=1, stride=2))(torch.zeros(1, 4, 8, 8)) is not None
    )
    assert LeNet()(x[0].unsqueeze(0)).shape == (1, 10)


@pytest.mark.parametrize("groups", [2, 5])
def test_groups_that_fail_at_construction_are_explained_when_the_builder_is_given(groups):
    table = trace_shapes(lambda: nn.Sequential(nn.Conv2d(3, 9, 5, groups=groups)), (1, 3, 9, 9))
    assert table.failed.kind == "Conv2d"
    assert f"groups={groups} must divide" in table.failed.reason
    assert "in_channels=3" in table.failed.reason
    assert "groups=groups" in table.failed.reason  # the line of the student's code
    assert table.failed.fixes[0] == "groups=3: nn.Conv2d(3, 9, ..., groups=3)" if groups == 5 else True
    assert isinstance(table.failed.error, ValueError)


def test_a_class_is_built_first():
    assert trace_shapes(LeNet, (1, 1, 28, 28)).output == (1, 10)


def test_of_several_faults_the_mends_say_what_comes_next():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(8, 4, 3), nn.Flatten(), nn.Linear(7, 3))
    failed = trace_shapes(model, (1, 1, 8, 8)).failed
    assert failed.name == "1"
    assert failed.fixes[0] == "in_channels=4 in `1`: nn.Conv2d(4, 4, ...) (then `3` (Linear) is the next to fail)"


def test_pytorchs_own_error_is_kept():
    failed = trace_shapes(LeNet(784), (1, 1, 28, 28)).failed
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        raise failed.error


@given(networks())
@settings(deadline=None, max_examples=25)
def test_every_failure_has_a_reason_of_our_own(network):
    failed = trace_shapes(*network).failed
    if failed is not None:
        # A transposed convolution can pad everything away; PyTorch says so clearly.
        assert "RuntimeError" not in failed.reason or failed.kind.startswith("ConvTranspose")
        assert len(failed.fixes) <= 2


# How it looks.


def test_text_is_a_table_with_aligned_columns():
    lines = str(trace_shapes(LeNet(784), (1, 1, 28, 28))).splitlines()
    assert lines[0].split() == ["layer", "type", "input", "output", "parameters", "arithmetic"]
    assert lines[2].split()[:2] == ["conv1", "Conv2d"]
    assert lines[7].split() == ["fc", "Linear", "(1,", "400)", "fails", "here", "see", "below"]
    assert {line.index("(") for line in lines[2:8]} == {lines[0].index("input")}
    assert lines[8] == "Shapes on the way: input (1, 1, 28, 28), no output, 8,790 parameters"
    assert lines[10:] == [
        "Either one helps (tried on a copy):",
        "  - in_features=400 in `fc`: nn.Linear(400, 10)",
        "  - padding=1 in both convolutions (`conv1` and `conv2`)",
    ]


def test_html_has_a_row_for_each_call_escapes_and_brings_no_colour():
    class Odd(nn.Sequential):
        pass

    model = Odd()
    model.add_module("<b>", nn.Linear(2, 3))
    html = trace_shapes(model, (1, 4))._repr_html_()
    assert html.count("<tr") == 2
    assert ">Shapes on the way: input (1, 4), no output, 9 parameters</caption>" in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert "#" not in html
    assert "background" not in html
    assert '<th scope="col"' in html
    assert "<li>in_features=4 in" in html


# Wrong arguments.


@pytest.mark.parametrize(
    ("model", "shape", "error", "message"),
    [
        (3, (1, 1, 8, 8), TypeError, "model is of type int; expected a torch.nn.Module"),
        (lambda: 3, (1, 1, 8, 8), TypeError, "returned a int"),
        (nn.ReLU(), torch.zeros(1, 2), TypeError, r"give its shape, \(1, 2\)"),
        (nn.ReLU(), 28, TypeError, r"expected whole numbers such as \(1, 1, 28, 28\)"),
        (nn.ReLU(), (1, 0), ValueError, "whole numbers, each at least 1"),
        (nn.ReLU(), (1, 2.0), TypeError, r"expected whole numbers such as"),
        (nn.ReLU(), (), ValueError, "1 or more whole numbers"),
    ],
)
def test_wrong_arguments_are_named(model, shape, error, message):
    with pytest.raises(error, match=message):
        trace_shapes(model, shape)


def test_a_model_that_cannot_be_copied_is_refused_by_name(tmp_path):
    model = nn.ReLU()
    with (tmp_path / "log").open("w") as model.log, pytest.raises(ValueError, match="cannot be copied"):
        trace_shapes(model, (1, 2))
