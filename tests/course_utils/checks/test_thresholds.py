"""What a graded cell asks for where a text states a threshold."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.checks import CheckError, check_reached, hidden_threshold, weights_as_drawn


@pytest.mark.parametrize("stated", [0.6, 0.82, 0.97])
@pytest.mark.parametrize("count", [1000, 2000])
def test_who_has_what_is_stated_is_hardly_ever_failed(stated, count):
    draws = np.random.default_rng(0).binomial(count, stated, 100_000) / count
    failed = (draws < hidden_threshold(stated, count)).mean()
    assert 0 < failed < 0.004  # 0.0013 by the normal distribution


def test_more_images_leave_less_to_chance():
    assert hidden_threshold(0.8, 2000) < hidden_threshold(0.8, 8000) < 0.8
    assert hidden_threshold(0.8, 1600) == pytest.approx(0.8 - 3 * 0.01)


def test_the_weights_of_a_trained_network_are_not_as_drawn():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(18, 3))
    assert weights_as_drawn(net)
    optimizer = torch.optim.AdamW(net.parameters(), 0.01)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.randn(8, 1, 5, 5)), torch.randint(3, (8,))).backward()
        optimizer.step()
    assert not weights_as_drawn(net)


def test_what_is_reached_is_said_and_what_is_not_is_refused(capsys):
    drawn, moved = nn.Linear(2, 2), nn.Linear(2, 2)
    moved.weight.data.fill_(3.0)
    check_reached(0.58, 0.58, "net", moved)
    assert capsys.readouterr().out == "Passed: net names 58.0 % rightly; at least 58 % are asked for.\n"
    with pytest.raises(CheckError, match=r"net names 57.9 % rightly\n  expected: at least 58 %$"):
        check_reached(0.579, 0.58, "net", moved)
    with pytest.raises(CheckError, match=r"its weights are as they were drawn: nothing has moved them$"):
        check_reached(0.1, 0.58, "net", drawn)
