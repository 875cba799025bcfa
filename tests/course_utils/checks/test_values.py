"""The checks: what they accept, what they say, and what gets past `forbid` (nothing)."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from course_utils import shapes
from course_utils.checks import CheckError, check_close, check_equal, check_raises, unchanged

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
        (X * 4, "every value is 4 times the expected one: a sum where a mean is meant"),
        (X / 4, "every value is 0.25 times the expected one: a mean where a sum is meant"),
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


def test_what_is_nearly_right_is_not_called_a_multiple():
    nearly = torch.tensor([1.0, 2.0, 3.02])
    assert "likely" not in message(check_close, nearly, torch.tensor([1.0, 2.0, 3.0]), atol=0.01)


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
