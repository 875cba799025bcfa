"""trace_shapes: first the numbers a student can redo, then any drawn network, then every failure and its fixes."""

import copy
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from torch import nn
from torch.nn.utils.parametrizations import orthogonal, weight_norm
from torchvision import models

from course_utils import shapes
from course_utils.checks import CheckError, forbid
from course_utils.shapes.trace import trace_shapes
from tests.course_utils.shapes.networks import Functional, LeNet, SelfAttention, holders, networks, pipelines

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
    assert [(row.name, row.parameters) for row in table.rows] == [("0.0", 148), ("0.0", 0), ("1", 0)]
    assert table.parameters == 148


# Parameters: the rows add up to the model's.


def test_parameters_of_the_model_itself_have_a_row():
    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 2, 3)
            self.weight = nn.Parameter(torch.ones(4, 2))
            self.bias = nn.Parameter(torch.ones(4, 1))

        def forward(self, x):
            return self.weight @ self.conv(x).flatten(2) + self.bias

    table = trace_shapes(nn.Sequential(Scaled()), (1, 1, 5, 5))
    assert [(row.name, row.kind, row.parameters) for row in table.rows if row.parameters] == [
        ("0.conv", "Conv2d", 20),
        ("0", "Scaled", 12),
    ]
    assert table.rows[-1].arithmetic == "its own, used by no layer above: weight, bias"
    assert str(table).splitlines()[-2].split()[:4] == ["0", "Scaled", "12", "its"]
    assert "its own" in table._repr_html_()


def test_attention_is_one_layer_with_all_its_weights():
    table = trace_shapes(SelfAttention(), (2, 3, 4))
    rows = [(row.name, row.kind, row.parameters) for row in table.rows if row.kind != "getitem"]
    assert rows == [("attention", "MultiheadAttention", 80)]  # 4 * (3 * 4) + 12, and 4 * 4 + 4


def test_a_layer_with_a_parametrization_is_still_a_layer():
    table = trace_shapes(nn.Sequential(weight_norm(nn.Conv2d(1, 2, 3)), orthogonal(nn.Linear(3, 3))), (1, 1, 5, 5))
    assert [(row.kind, row.output, row.parameters) for row in table.rows] == [
        ("Conv2d", (1, 2, 3, 3), 22),  # 2 * 9 directions, 2 lengths, 2 biases
        ("Linear", (1, 2, 3, 3), 12),
    ]
    assert table.rows[0].arithmetic == "(5 + 2*0 - 1*(3-1) - 1)//1 + 1 = 3"


@given(holders())
@settings(deadline=None, max_examples=40)
def test_the_rows_add_up_to_the_parameters_of_the_model(model):
    table = trace_shapes(model, (2, 3, 4))
    assert table.failed is None
    assert sum(row.parameters for row in table.rows) == table.parameters == sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("name", "size"), [("resnet18", 64), ("convnext_tiny", 64), ("swin_t", 64), ("vit_b_32", 224), ("googlenet", 64)]
)
def test_the_rows_of_torchvisions_models_add_up(name, size):
    options = {"init_weights": False} if name == "googlenet" else {}
    with torch.device("meta"):
        model = models.get_model(name, weights=None, **options)
    table = trace_shapes(model, (1, 3, size, size))
    assert table.output == (1, 1000)
    assert sum(row.parameters for row in table.rows) == table.parameters == sum(p.numel() for p in model.parameters())


# What has no axes, and what is no tensor.


@given(pipelines())
@settings(deadline=None, max_examples=150)
def test_a_tensor_without_axes_is_a_shape_like_any_other(pipeline):
    model, shape = pipeline
    table = trace_shapes(model, shape)
    assert str(table)
    assert table._repr_html_()
    output, refused = None, ""
    try:
        output = model(torch.zeros(shape))
    except (RuntimeError, IndexError, ValueError) as error:
        refused = str(error)
    if output is None:
        assert str(table.failed.error) == refused
        assert table.failed.reason
    else:
        assert (table.failed, table.output) == (None, tuple(output.shape))


def test_a_loss_in_forward_is_a_row():
    table = trace_shapes(Functional(lambda x: F.mse_loss(x, torch.zeros(2, 3))), (2, 3))
    assert table.output == ()
    assert [(row.kind, row.output) for row in table.rows] == [("mse_loss", ())]
    assert str(table).splitlines()[-1] == "Shapes on the way: input (2, 3), output (), 0 parameters"


@pytest.mark.parametrize(
    ("returned", "kind"),
    [(None, "NoneType"), (3.5, "float"), ([], "list"), ({"n": 2}, "dict"), ("text", "str"), ({1}, "set")],
)
def test_an_output_without_tensors_is_said(returned, kind):
    table = trace_shapes(Functional(lambda x: returned), (2, 3))
    assert table.failed is None
    assert str(table).splitlines()[-1] == f"The model returns no tensor, but a {kind}."
    assert "no output" in str(table)
    assert f"but a {kind}." in table._repr_html_()


def test_tensors_in_lists_and_dicts_are_found():
    table = trace_shapes(Functional(lambda x: {"a": x, "more": [x[0], None, 3]}), (2, 3))
    assert table.output == ((2, 3), (3,))


def test_empty_batches_and_no_channels():
    assert trace_shapes(Functional(lambda x: F.conv2d(x[:0], torch.zeros(4, 1, 3, 3))), (2, 1, 5, 5)).output == (
        0,
        4,
        3,
        3,
    )
    assert trace_shapes(Functional(lambda x: x[:, :0].flatten(1)), (2, 1, 5, 5)).output == (2, 0)


def test_a_model_on_whole_numbers():
    table = trace_shapes(nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(12, 2)), (2, 3), dtype=torch.long)
    assert [row.output for row in table.rows] == [(2, 3, 4), (2, 12), (2, 2)]


def test_a_model_that_returns_its_input():
    assert trace_shapes(nn.Identity(), (2, 3)).output == trace_shapes(Functional(lambda x: x), (2, 3)).output == (2, 3)


# More of what works.


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
