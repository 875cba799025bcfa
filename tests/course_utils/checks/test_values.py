"""The checks: what they accept, what they say, and what gets past `forbid` (nothing)."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils import shapes
from course_utils.checks import CheckError, check_close, check_equal, check_raises, forbid, unchanged

X = torch.arange(12, dtype=torch.float64).reshape(3, 4) - 5


class AlwaysEqual:
    """What a student could hand in to every test that asks with `==`."""

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = None


class FakeTensor(torch.Tensor):
    pass


def message(check, *args, **kwargs):
    with pytest.raises(CheckError) as caught:
        check(*args, **kwargs)
    return str(caught.value)


# check_close.


def test_the_right_value_passes():
    for value in (X, X.float(), nn.Parameter(X)):
        check_close(value, X)
    for number in (2, 2.0, torch.tensor(2), torch.tensor(2.0), nn.Parameter(torch.tensor(2.0))):
        check_close(number, 2.0)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.floats(-1e-3, 1e-3), st.sampled_from((1e-5, 1e-3)))
@settings(deadline=None, max_examples=100)
def test_close_means_what_torch_means(values, error, rtol):
    expected = torch.tensor(values, dtype=torch.float64)
    actual = expected + error
    agrees = torch.allclose(actual, expected, rtol=rtol, atol=1e-8)
    try:
        check_close(actual, expected, rtol=rtol)
    except CheckError:
        assert not agrees
    else:
        assert agrees


@pytest.mark.parametrize(
    "fake",
    [None, AlwaysEqual(), X.numpy(), X.tolist(), X.clone().as_subclass(FakeTensor), "tensor", [AlwaysEqual()] * 3],
)
def test_only_a_tensor_is_a_tensor(fake):
    assert "expected: a tensor of shape (3, 4)" in message(check_close, fake, X, "corr2d(x, kernel)")


@pytest.mark.parametrize("fake", [None, AlwaysEqual(), True, "2", X, torch.tensor([2.0]), [2.0]])
def test_only_a_number_is_a_number(fake):
    assert "expected: a number, 2" in message(check_close, fake, 2.0)


def test_none_is_a_missing_return():
    assert "likely cause: the function ends without `return`" in message(check_close, None, X)


@pytest.mark.parametrize(
    ("actual", "cause"),
    [
        (X.mT.contiguous(), "height and width are swapped"),
        (X.long(), "the result was built as integers"),
        (torch.zeros_like(X), "every value is zero"),
        (-X, "every sign is reversed"),
        (X * 4, "every value is 4 times the expected one"),
        (X + 0.5, "every value is off by 0.5"),
        (X / 0, "a division by zero"),
        (X[:2], "came:     shape (2, 4)\n  expected: shape (3, 4)"),
    ],
)
def test_the_likely_cause_is_named(actual, cause):
    assert cause in message(check_close, actual, X)


def test_a_square_result_may_be_transposed():
    square = X[:, :3]
    assert "rows and columns are swapped" in message(check_close, square.mT, square)


def test_the_exercises_own_mistakes_come_first():
    likely = {"this is the flipped kernel": X.flip(0)}
    assert "likely cause: this is the flipped kernel" in message(check_close, X.flip(0), X, likely=likely)
    assert "likely cause: two too many" in message(check_close, 4, 2, likely={"two too many": 4})


def test_the_worst_place_is_shown():
    wrong = X.clone()
    wrong[1, 2], wrong[2, 3] = 1.5, 60
    text = message(check_close, wrong, X)
    assert "came:     60 at index [2, 3]; 2 of 12 values are off" in text
    assert "expected: 6 at that index" in text


def test_a_single_value_is_not_explained_by_a_factor():
    assert "likely" not in message(check_close, torch.tensor([3.0]), torch.tensor([2.0]))


def test_one_wrong_value_among_many_is_found():
    wrong = torch.ones(50, 40)
    wrong[49, 39] += 0.01
    assert "1 of 2000 values are off" in message(check_close, wrong, torch.ones(50, 40))


# check_equal, check_raises, unchanged.


def test_equal_values_of_the_same_family_pass():
    for value in (5, 5.0, torch.tensor(5)):
        check_equal(value, 5)
    for shape in ((2, 3), [2, 3], torch.Size((2, 3)), torch.zeros(2, 3).shape):
        check_equal(shape, (2, 3))
    check_equal(None, None)
    check_equal("same", "same")
    check_equal(((1, 2), 3), ((1, 2), 3))


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (AlwaysEqual(), 5),
        ((AlwaysEqual(), 3), (2, 3)),
        (((AlwaysEqual(),), 3), ((1,), 3)),
        (True, 1),
        (1, True),
        ("5", 5),
        ((2, 3, 4), (2, 3)),
        ((3, 2), (2, 3)),
        (None, (2, 3)),
        (torch.zeros(2), (0, 0)),
    ],
)
def test_unequal_values_do_not_pass(actual, expected):
    text = message(check_equal, actual, expected, "the answer")
    assert text.startswith("the answer is not right.")
    assert str(expected) in text


def test_the_likely_mistake_in_a_tuple():
    likely = {"height and width are swapped": (3, 2)}
    assert "height and width are swapped" in message(check_equal, [3, 2], (2, 3), likely=likely)


def test_check_raises_wants_that_error():
    check_raises(ValueError, shapes.conv_output_size, 4, 5)
    assert "returned 24\n  expected: ValueError" in message(check_raises, ValueError, shapes.conv_output_size, 28, 5)
    text = message(check_raises, ValueError, lambda x: 1 / x, 0)
    assert "raised ZeroDivisionError" in text
    assert "(0)" in text


def test_unchanged_sees_values_and_shapes():
    x = X.clone()
    with unchanged("f", x=x):
        x + 1
    with pytest.raises(CheckError, match=r"f changed its input `x`.*\n.*\n.*x\.clone"), unchanged("f", x=x):
        x[0, 0] = 9
    with pytest.raises(CheckError, match="changed its input"), unchanged("f", x=x):
        x.unsqueeze_(0)


def test_jupyter_shows_the_message_without_a_traceback():
    assert CheckError("a reason")._render_traceback_() == ["Not yet: a reason"]
    assert isinstance(CheckError("a reason"), AssertionError)


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
