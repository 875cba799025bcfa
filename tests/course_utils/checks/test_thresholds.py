"""What a graded cell asks for where a text states a threshold."""

import numpy as np
import pytest

from course_utils.checks import hidden_threshold


@pytest.mark.parametrize("stated", [0.6, 0.82, 0.97])
@pytest.mark.parametrize("count", [1000, 2000])
def test_who_has_what_is_stated_is_hardly_ever_failed(stated, count):
    draws = np.random.default_rng(0).binomial(count, stated, 100_000) / count
    failed = (draws < hidden_threshold(stated, count)).mean()
    assert 0 < failed < 0.004  # 0.0013 by the normal distribution


def test_more_images_leave_less_to_chance():
    assert hidden_threshold(0.8, 2000) < hidden_threshold(0.8, 8000) < 0.8
    assert hidden_threshold(0.8, 1600) == pytest.approx(0.8 - 3 * 0.01)
