"""What an answer must not use: blocked under any name, and nothing else is."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils import shapes
from course_utils.checks import CheckError, forbid

# forbid.

conv_bound_before = torch.conv2d

IMAGE, KERNEL = torch.ones(1, 2, 6, 6), torch.ones(3, 2, 3, 3)

CONVOLUTIONS = {
    "F.conv1d": lambda: F.conv1d(IMAGE[:, :, 0], KERNEL[:, :, 0]),
    "F.conv2d": lambda: F.conv2d(IMAGE, KERNEL),
    "F.conv3d": lambda: F.conv3d(IMAGE[None], KERNEL[:, None, :1]),
    "an alias": lambda: conv_bound_before(IMAGE, KERNEL),
    "padding='same'": lambda: F.conv2d(IMAGE, KERNEL, padding="same"),
    "torch.convolution": lambda: torch.convolution(IMAGE, KERNEL, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1),
    "torch.ops": lambda: torch.ops.aten.conv2d(IMAGE, KERNEL),
    "transposed": lambda: F.conv_transpose2d(IMAGE, KERNEL.transpose(0, 1)),
    "nn.Conv1d": lambda: nn.Conv1d(2, 1, 2)(IMAGE[:, :, 0]),
    "nn.Conv2d": lambda: nn.Conv2d(2, 1, 2)(IMAGE),
    "nn.Conv3d": lambda: nn.Conv3d(2, 1, 1)(IMAGE[:, :, None]),
    "depthwise": lambda: nn.Conv2d(2, 2, 2, groups=2)(IMAGE),
    "vmap": lambda: torch.func.vmap(lambda x: F.conv2d(x[None], KERNEL))(IMAGE),
    "its gradient": lambda: torch.nn.grad.conv2d_weight(IMAGE, KERNEL.shape, torch.ones(1, 3, 4, 4)),
    "double precision": lambda: F.conv2d(IMAGE.double(), KERNEL.double()),
}

POOLINGS = {
    "F.max_pool1d": lambda: F.max_pool1d(IMAGE[0], 2),
    "F.max_pool2d": lambda: F.max_pool2d(IMAGE, 2),
    "with indices": lambda: F.max_pool2d(IMAGE, 2, return_indices=True),
    "with a gradient": lambda: F.max_pool2d(IMAGE.clone().requires_grad_(), 2),
    "nn.MaxPool3d": lambda: nn.MaxPool3d(1)(IMAGE[None]),
    "F.avg_pool2d": lambda: F.avg_pool2d(IMAGE, 2),
    "adaptive": lambda: F.adaptive_max_pool2d(IMAGE, 2),
}


@pytest.mark.parametrize("inference", [False, True])
@pytest.mark.parametrize("way", CONVOLUTIONS)
def test_no_convolution_gets_past(way, inference):
    CONVOLUTIONS[way]()
    with (
        pytest.raises(CheckError, match=r"blocked here .*: write the sliding sum yourself"),
        torch.inference_mode(inference),
        forbid("torch.conv2d"),
    ):
        CONVOLUTIONS[way]()
    CONVOLUTIONS[way]()


@pytest.mark.parametrize("inference", [False, True])
@pytest.mark.parametrize("way", POOLINGS)
def test_no_pooling_gets_past(way, inference):
    POOLINGS[way]()
    with (
        pytest.raises(CheckError, match=r"blocked here .*: write the windows yourself"),
        forbid("torch.max_pool2d"),
        torch.inference_mode(inference),
    ):
        POOLINGS[way]()
    POOLINGS[way]()


def test_unfolding_by_the_library_is_blocked_and_by_the_tensor_is_not():
    with pytest.raises(CheckError, match="build the columns yourself"), forbid("torch.nn.functional.unfold"):
        nn.Unfold(2)(IMAGE)
    with forbid("torch.nn.functional.unfold", "torch.conv2d", "torch.max_pool2d"):
        assert IMAGE.unfold(2, 3, 1).shape == (1, 2, 4, 6, 3)


NORMALISATIONS = {
    "F.batch_norm": lambda: F.batch_norm(IMAGE, None, None, training=True),
    "with running statistics": lambda: F.batch_norm(IMAGE, torch.zeros(2), torch.ones(2)),
    "with a gradient": lambda: F.batch_norm(IMAGE.clone().requires_grad_(), None, None, training=True),
    "nn.BatchNorm1d": lambda: nn.BatchNorm1d(6)(IMAGE[0]),
    "nn.BatchNorm2d": lambda: nn.BatchNorm2d(2)(IMAGE),
    "in evaluation mode": lambda: nn.BatchNorm2d(2).eval()(IMAGE),
    "torch.native_batch_norm": lambda: torch.native_batch_norm(IMAGE, None, None, None, None, True, 0.1, 1e-5),
    "F.layer_norm": lambda: F.layer_norm(IMAGE.transpose(0, 1), (1, 6, 6)),
    "nn.GroupNorm": lambda: nn.GroupNorm(2, 2)(IMAGE),
    "F.instance_norm": lambda: F.instance_norm(IMAGE),
}

DROPOUTS = {
    "F.dropout": lambda: F.dropout(IMAGE, 0.3),
    "torch.dropout": lambda: torch.dropout(IMAGE, 0.3, True),
    "nn.Dropout": lambda: nn.Dropout(0.3)(IMAGE),
    "nn.Dropout2d": lambda: nn.Dropout2d(0.3)(IMAGE),
    "nn.AlphaDropout": lambda: nn.AlphaDropout(0.3)(IMAGE),
    "torch.native_dropout": lambda: torch.native_dropout(IMAGE, 0.3, True),
}


@pytest.mark.parametrize("inference", [False, True])
@pytest.mark.parametrize("way", NORMALISATIONS)
def test_no_normalisation_gets_past(way, inference):
    NORMALISATIONS[way]()
    with (
        pytest.raises(CheckError, match=r"blocked here .*: write the normalisation yourself"),
        torch.inference_mode(inference),
        forbid("torch.nn.functional.batch_norm"),
    ):
        NORMALISATIONS[way]()


@pytest.mark.parametrize("way", DROPOUTS)
def test_no_dropout_gets_past_in_inference_mode(way):
    with (
        pytest.raises(CheckError, match=r"blocked here .*: write the mask yourself"),
        torch.inference_mode(),
        forbid("torch.nn.functional.dropout"),
    ):
        DROPOUTS[way]()


@pytest.mark.parametrize("inference", [False, True])
def test_what_normalisation_and_dropout_are_made_of_is_not_blocked(inference):
    blocked = forbid("torch.nn.functional.batch_norm", "torch.nn.functional.dropout")
    with torch.inference_mode(inference), blocked:
        variance, mean = torch.var_mean(IMAGE, dim=(0, 2, 3), keepdim=True)
        assert torch.equal((IMAGE - mean) / (variance + 1).sqrt(), torch.zeros_like(IMAGE))
        torch.linalg.vector_norm(IMAGE)
        for mask in (
            torch.rand_like(IMAGE) < 0.5,
            torch.bernoulli(torch.full_like(IMAGE, 0.5)),
            torch.empty_like(IMAGE).bernoulli_(0.5),
        ):
            assert (IMAGE * mask).shape == IMAGE.shape


def test_what_is_not_named_runs():
    with forbid("torch.conv2d"):
        F.max_pool2d(IMAGE, 2)
        torch.einsum("nchw,ochw->no", IMAGE, torch.ones(3, 2, 6, 6))
        F.pad(IMAGE, (1, 1)) @ torch.ones(8, 2)
        IMAGE.double().to(torch.float32).numpy()
        IMAGE.to_sparse().to_dense()
        torch.ones(3, requires_grad=True).sum().backward()


@pytest.mark.parametrize(
    "way",
    [
        lambda x: x.square().sum().backward(),
        lambda x: torch.autograd.grad(x.square().sum(), x),
        lambda x: torch.autograd.functional.jacobian(torch.square, x),
        lambda x: torch.func.grad(lambda y: y.square().sum())(x),
        lambda x: torch.nn.grad.conv2d_weight(IMAGE, KERNEL.shape, torch.ones(1, 3, 4, 4)),
    ],
)
def test_no_backward_pass_gets_past(way):
    x = torch.ones(3, requires_grad=True)
    way(x)
    with pytest.raises(CheckError, match="autograd is blocked here"), forbid("torch.autograd"):
        way(x)
    way(x)


def test_a_forward_pass_that_tracks_gradients_is_no_backward_pass():
    with forbid("torch.autograd"):
        assert F.conv2d(IMAGE, KERNEL.clone().requires_grad_()).requires_grad


def test_functions_of_course_utils_are_blocked_by_name():
    bound_before = shapes.conv_output_size
    refusal = pytest.raises(CheckError, match=r"course_utils\.shapes\.conv_output_size is what you are asked to write")
    with refusal, forbid("course_utils.shapes.conv_output_size"):
        bound_before(28, 5)
    with forbid("course_utils.shapes.conv_output_size"):
        assert shapes.pool_output_size(28, 2) == 14
    assert bound_before(28, 5) == 24


@pytest.mark.parametrize("call", [CONVOLUTIONS["F.conv2d"], lambda: shapes.conv_output_size(28, 5)])
def test_a_swallowed_error_comes_back_at_the_end_of_the_block(call):
    def sly():
        try:
            return call()
        except Exception:
            return None

    with pytest.raises(CheckError), forbid("torch.conv2d", "course_utils.shapes.conv_output_size"):
        sly()
    with forbid("torch.max_pool2d"):
        sly()


def test_another_error_is_not_hidden():
    def clumsy():
        try:
            return F.conv2d(IMAGE, KERNEL)
        except CheckError:
            return 1 / 0

    with pytest.raises(ZeroDivisionError), forbid("torch.conv2d"):
        clumsy()


def test_nested_blocks_each_block_their_own_and_leave_nothing_behind():
    with forbid("torch.conv2d"):
        with pytest.raises(CheckError), forbid("torch.max_pool2d"):
            F.max_pool2d(IMAGE, 2)
        F.max_pool2d(IMAGE, 2)
        with forbid("torch.max_pool2d"), forbid("torch.autograd"):
            IMAGE.sum()
    for again in (forbid("torch.conv2d"), forbid("torch.conv2d")):
        with pytest.raises(CheckError), forbid("torch.conv2d"), again:
            F.conv2d(IMAGE, KERNEL)
    F.conv2d(IMAGE, KERNEL)
    F.max_pool2d(IMAGE, 2)


def test_one_block_can_be_used_again():
    block = forbid("torch.conv2d", "course_utils.shapes.conv_output_size")
    with pytest.raises(CheckError), block:
        F.conv2d(IMAGE, KERNEL)
    with block:
        IMAGE.sum()
    assert shapes.conv_output_size(28, 5) == 24


def test_after_an_error_of_the_block_nothing_stays_blocked():
    with pytest.raises(KeyError), forbid("torch.conv2d", "torch.autograd", "course_utils.shapes.conv_output_size"):
        raise KeyError("the student's own")
    F.conv2d(IMAGE, KERNEL.clone().requires_grad_()).sum().backward()
    assert shapes.conv_output_size(28, 5) == 24


@pytest.mark.parametrize("name", ["torch.matmul", "course_utils.shapes.no_such", "course_utils.shapes.check_shape", ""])
def test_names_that_cannot_be_forbidden_are_refused(name):
    with pytest.raises(ValueError, match="cannot forbid"):
        forbid(name)
