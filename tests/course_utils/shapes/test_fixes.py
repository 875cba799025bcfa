"""A model that fails: where, why, and what helps."""

import copy

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from course_utils.shapes.trace import trace_shapes
from tests.course_utils.shapes.networks import Functional, LeNet, Residual, networks

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
        ("perhaps a flatten is missing", "last axis, which has 14 entries here. It expects 1568", "8*14*14 = 1568"),
        ("nn.Flatten() before `2`, or x.flatten(1) in forward",),
    ),
    "missing flatten and wrong in_features": (
        nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Linear(8 * 14 * 14, 10)),
        (1, 1, 28, 28),
        ("expects 1568 features", "(1, 8, 13, 13) has 13. Perhaps a flatten is missing; it would give 8*13*13 = 1352"),
        ("nn.Flatten() before `2`, or x.flatten(1) in forward, and in_features=1352: nn.Linear(1352, 10)",),
    ),
    "flatten that takes the batch too": (
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(0), nn.Linear(18, 3)),
        (4, 1, 5, 5),
        ("Flatten gives 4*2*3*3 = 72", "makes one axis of all, also of axis 0, which usually counts the images"),
        ("start_dim=1 in `1`",),
    ),
    "missing batch dimension": (
        LeNet(),
        (1, 28, 28),
        (
            "perhaps the batch dimension is missing: with one in front of (1, 28, 28) the model runs",
            "without it `fc` gets (16, 25)",
        ),
        ("put the batch dimension in front: trace_shapes(model, (1, 1, 28, 28)); for one image x, x.unsqueeze(0)",),
    ),
    "missing batch dimension and channels": (
        LeNet(),
        (28, 28),
        ("perhaps batch dimension and channels are missing: with both in front of (28, 28) the model runs",),
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
            "a projection on the (1, 4, 8, 8), perhaps the shortcut: nn.Conv2d(4, 8, kernel_size=1)",
            "out_channels=4 in `conv2`: nn.Conv2d(8, 4, ...)",
        ),
    ),
    "residual sum with a stride": (
        Residual(4, 8, stride=2),
        (1, 4, 8, 8),
        ("axis 1 is 8 and 4, axis 2 is 4 and 8, axis 3 is 4 and 8",),
        ("a projection on the (1, 4, 8, 8), perhaps the shortcut: nn.Conv2d(4, 8, kernel_size=1, stride=2)",),
    ),
    "residual sum without padding": (
        Residual(4, 4, padding=0),
        (1, 4, 9, 9),
        ("(1, 4, 5, 5) + (1, 4, 9, 9)", "axis 2 is 5 and 9"),
        (
            "padding=1 in both convolutions (`conv1` and `conv2`)",
            "a projection on the (1, 4, 9, 9), perhaps the shortcut: nn.Conv2d(4, 4, kernel_size=1, stride=2)",
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
    "a single number where axes are needed": (
        nn.Sequential(Functional(lambda x: x.mean()), nn.Linear(3, 2)),
        (2, 3),
        ("`1` (Linear): Linear cannot take its input, a single number of shape (), which `0` gives",),
        (),
    ),
    "a single number for a function": (
        Functional(lambda x: F.max_pool2d(x.sum(), 2)),
        (1, 1, 4, 4),
        ("max_pool2d cannot take its input, a single number of shape (), which sum gives",),
        (),
    ),
    "single numbers side by side": (
        Functional(lambda x: torch.cat([x.mean(), x.max()])),
        (2, 3),
        ("cat: cat needs tensors with at least one axis; these are single numbers, of shape ()",),
        (),
    ),
    "view of a single number": (
        Functional(lambda x: x.mean().view(2, 3)),
        (2, 3),
        ("view(2, 3) asks for 2*3 = 6 values, but () holds 1",),
        (),
    ),
    "floats for an embedding": (
        nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(12, 2)),
        (2, 3),
        ("`0` (Embedding): Embedding takes whole numbers, which are places in its table; its input is of float32",),
        ("whole numbers as input: trace_shapes(model, (2, 3), dtype=torch.long)",),
    ),
    "wrong channels of a layer with a parametrization": (
        nn.Sequential(weight_norm(nn.Conv2d(1, 2, 3))),
        (2, 3, 5, 5),
        ("`0` (Conv2d): the convolution expects 1 channels (in_channels=1); its input (2, 3, 5, 5) has 3",),
        ("in_channels=3 in `0`: nn.Conv2d(3, 2, ...)", "an input with 1 channel: (2, 1, 5, 5)"),
    ),
    "an argument that PyTorch refuses": (
        Functional(lambda x: F.max_pool2d(x, "two")),
        (1, 1, 4, 4),
        ("max_pool2d: TypeError: ",),
        (),
    ),
    "a weight without axes": (
        Functional(lambda x: F.conv2d(x, torch.zeros(3))),
        (1, 1, 4, 4),
        ("conv2d: RuntimeError: weight should have at least three dimensions",),
        (),
    ),
    "something that is no tensor": (
        Functional(lambda x: nn.Conv2d(1, 1, 1)(3)),
        (1, 1, 4, 4),
        ("TypeError: conv2d() received an invalid combination of arguments",),
        (),
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
