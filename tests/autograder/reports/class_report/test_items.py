"""Difficulty and item-rest correlation, redone on paper and by numpy."""

import numpy as np
import pandas as pd
import pytest

from autograder.reports.class_report.items import analyse

HALVES = [0] * 5 + [1] * 5


def items(points=None, **marks):
    table = pd.DataFrame({name: map(float, column) for name, column in marks.items()})
    return analyse(table, points or dict.fromkeys(marks, 1.0))


def test_by_hand():
    # Of the five without `a` two have `b`, of the five with it three. E(ab) = 0.3, E(a) = E(b) = 0.5: the covariance is
    # 0.05, both variances 0.25, so the correlation is 0.2. With one other exercise the rest is that one.
    found = items(a=HALVES, b=[1, 1, 0, 0, 0, 1, 1, 1, 0, 0])
    assert found["a"].share == 0.5
    assert found["a"].item_rest == pytest.approx(0.2)
    assert found["b"].item_rest == pytest.approx(0.2)


def test_the_same_and_the_opposite():
    found = items(a=HALVES, b=HALVES, c=[0] * 10)
    assert found["a"].item_rest == pytest.approx(1)
    found = items(a=HALVES, b=HALVES[::-1])
    assert found["a"].item_rest == pytest.approx(-1)


def test_the_share_is_of_what_can_be_earned():
    found = items({"a": 4.0, "b": 2.0}, a=[4, 2, 0], b=[0, 0, 1])
    assert found["a"].share == 0.5  # 6 of 12
    assert found["b"].share == pytest.approx(1 / 6)


def test_as_numpy_has_it():
    rng = np.random.default_rng(3)
    marks = pd.DataFrame(rng.integers(0, 5, (40, 6)).astype(float), columns=list("abcdef"))
    found = analyse(marks, dict.fromkeys("abcdef", 4.0))
    for name in marks:
        rest = marks.to_numpy().sum(axis=1) - marks[name].to_numpy()
        assert found[name].item_rest == pytest.approx(np.corrcoef(marks[name], rest)[0, 1])


def test_where_there_is_none_it_says_why():
    few = items(a=HALVES[1:], b=HALVES[1:])
    assert (few["a"].item_rest, few["a"].why_not) == (None, "fewer than 10 submissions")
    same = items(a=[1] * 10, b=HALVES)
    assert same["a"].why_not == "all have the same mark"
    assert same["b"].why_not == "all have the same sum in the rest"
    assert items(a=HALVES)["a"].why_not == "no other exercise has all its marks"
    assert items(a=[], b=[])["a"].share is None


def test_what_waits_for_a_person_is_left_out():
    waits = float("nan")
    found = items(a=HALVES, b=HALVES[::-1], words=[waits] * 2 + [0.5] * 8)
    # Of `a` and `b` neither has `words` in its rest, which would make the sum of those larger that were read.
    assert found["a"].item_rest == pytest.approx(-1)
    assert (found["words"].submissions, found["words"].waiting, found["words"].share) == (8, 2, 0.5)
    assert found["words"].why_not == "fewer than 10 submissions"
