"""Checks of a call and of a prediction."""

import pytest
import torch

from course_utils.checks import CheckError, check_call, check_calls, check_predictions, forbid


def message(check, *args, **kwargs):
    with pytest.raises(CheckError) as caught:
        check(*args, **kwargs)
    return str(caught.value)


def test_the_message_repeats_the_call():
    text = message(check_call, pow, 2, exp=3, gives=9, likely={"a product is no power": 8})
    assert text == "pow(2, exp=3) is not right.\n  came:     8\n  expected: 9\n  likely cause: a product is no power"


def test_tensors_and_floats_are_compared_within_a_tolerance():
    check_call(torch.sqrt, torch.tensor([4.0, 9.0]), gives=torch.tensor([2.0, 3.0 + 1e-7]))
    check_call(sum, [0.1, 0.2], gives=0.3)
    assert "at index [1]" in message(check_call, torch.sqrt, torch.tensor([4.0, 9.0]), gives=torch.tensor([2.0, 4.0]))


def test_an_error_of_the_answer_is_told_with_the_call_and_what_was_expected():
    assert message(check_call, divmod, 1, 0, gives=(0, 0)).startswith("divmod(1, 0) raised ZeroDivisionError: ")
    text = message(check_call, divmod, 1, 0, gives=torch.zeros(2, 3))
    assert text.endswith("expected: a tensor of shape (2, 3)")


def test_an_error_that_has_to_come():
    check_call(int, "x", gives=ValueError)
    text = message(check_call, round, 2.5, gives=ValueError, likely={"rounds to an even number": 2})
    assert text.startswith("round(2.5) returned 2\n  expected: ValueError")
    assert text.endswith("\n  likely cause: rounds to an even number")
    assert message(check_call, divmod, 1, 0, gives=ValueError).startswith("divmod(1, 0) raised ZeroDivisionError")
    assert "likely" not in message(check_call, round, 3.5, gives=ValueError, likely={"rounds to an even number": 2})


def test_a_list_that_is_given_stays_as_it_was():
    def largest(numbers):
        numbers.sort()
        return numbers.pop()

    text = message(check_call, largest, [3, 5, 4], gives=5)
    assert text == "largest([3, 5, 4]) changed the list that it was given: it is [3, 4] now\n  expected: [3, 5, 4]"


def test_what_is_blocked_speaks_for_itself():
    x, kernel = torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)

    def blocked():
        with forbid("torch.conv2d"):
            check_call(torch.conv2d, x, kernel, gives=torch.ones(1, 1, 2, 2))

    assert message(blocked).startswith("torch.conv2d and its relatives are blocked here")


def mistakes(a, b):
    return {"a product is no power": a * b, "a sum is no power": a + b, "swapped": b**a}


def test_a_cause_explains_every_call():
    trials = [((2, 2), 4), ((2, 3), 8), ((3, 2), 9), ((3, 3), 27)]
    check_calls(pow, trials, mistakes)
    assert message(check_calls, lambda a, b: a * b, trials, mistakes).endswith("likely cause: a product is no power")
    # A product that is right elsewhere is another mistake.
    sometimes = message(check_calls, lambda a, b: 6 if (a, b) == (2, 3) else a**b, trials, mistakes)
    assert sometimes.endswith("expected: 8")


def test_of_two_causes_that_fit_none_is_named():
    assert "likely" not in message(check_calls, lambda a, b: a + b, [((2, 2), 5)], mistakes)
    assert "a sum" in message(check_calls, lambda a, b: a + b, [((2, 2), 5), ((1, 5), 6)], mistakes)


def test_calls_that_raise_say_so_and_do_not_hide_the_cause():
    def product(a, b):
        return a * b if b else 1 / 0

    assert "product(3, 2) is not right" in message(check_calls, product, [((3, 2), 9), ((3, 0), 1)], mistakes)
    assert message(check_calls, product, [((3, 0), 1)], mistakes).startswith("product(3, 0) raised ZeroDivisionError")
    assert message(check_calls, lambda a, b: None, [((3, 0), 1)], mistakes).endswith("without `return`")
    assert message(check_calls, pow, [((2, 3), ValueError)], mistakes).startswith("pow(2, 3) returned 8")


def test_predictions_keep_the_right_values_to_themselves():
    right = {1: (1, 24, 24), 2: None}
    check_predictions({1: [1, 24, 24], 2: None}, right, {}, "quiz")
    likely = {1: {"the kernel is 3": (1, 26, 26), "it fits": None}, 2: {"the kernel is 3": (5, 5)}}
    text = message(check_predictions, {1: (1, 26, 26), 2: None}, right, likely, "quiz")
    assert text.startswith("quiz[1] is not right.\n  came:     (1, 26, 26)\n  expected: something else")
    assert "24" not in text
    assert text.endswith("likely cause: the kernel is 3")
    assert message(check_predictions, {1: None, 2: None}, right, likely).endswith("likely cause: it fits")
    assert "likely" not in message(check_predictions, {1: (7,), 2: None}, right, likely)
    assert message(check_predictions, {1: (1, 24, 24)}, right, likely).endswith("likely cause: it is not answered yet")


def test_a_cause_that_would_have_spoilt_another_prediction_is_not_named():
    right = {1: 26, 2: 13}
    likely = {1: {"no padding": 24, "the + 1": 24}, 2: {"no padding": 12, "the + 1": 13}}
    assert message(check_predictions, {1: 24, 2: 13}, right, likely).endswith("likely cause: the + 1")
    assert "likely" not in message(check_predictions, {1: 24, 2: 9}, right, likely)


def test_causes_that_differ_after_a_comma_only_are_named_up_to_it():
    likely = {1: {"round down, not up": 5, "round down, not to the nearest": 5}}
    assert message(check_predictions, {1: 5}, {1: 4}, likely).endswith("likely cause: round down")
