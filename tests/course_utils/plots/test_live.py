"""The live curve: the same loss as without it, and one picture that is replaced."""

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output
from torch import nn

from course_utils.plots.live import WINDOW, LiveCurve


@pytest.fixture(autouse=True)
def shell():
    InteractiveShell.instance()


def first_entry(outputs, labels):
    return outputs[0]


def test_the_running_mean_by_hand():
    # after 1, 2, 3 come the means 1, 1.5, 2; from then on the oldest falls out of the window
    with capture_output():
        curve = LiveCurve(first_entry, steps=100, every=100)
    curve.losses = [1.0, 2.0, 3.0]
    assert curve._means() == [1.0, 1.5, 2.0]
    curve.losses = [10.0] * WINDOW + [35.0]
    assert curve._means()[-1] == pytest.approx(11.0)  # (24 * 10 + 35) / 25


def test_it_is_the_criterion_with_its_gradient():
    logits = torch.randn(5, 3, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 0, 1])
    with capture_output():
        loss = LiveCurve(nn.CrossEntropyLoss(), steps=2)(logits, labels)
    assert torch.equal(loss, nn.functional.cross_entropy(logits, labels))
    loss.backward()
    assert logits.grad.any()


def test_one_picture_is_shown_and_then_replaced():
    with capture_output() as caught:
        curve = LiveCurve(first_entry, steps=7, every=3)
        for number in range(7):
            curve(torch.tensor([float(number)]), None)
    assert curve.losses == [0, 1, 2, 3, 4, 5, 6]
    first, *others = caught._outputs
    assert not first["update"]
    assert len(others) == 3  # batches 3, 6 and 7
    assert all(other["update"] and other["transient"] == first["transient"] for other in others)
    # the mean of 0 to 6 is 3
    text = "Loss of each batch, and mean of the last 25: 7 of 7 batches are done. The loss goes from 0.0 to 3.0."
    assert others[-1]["data"]["text/plain"] == text
    assert f'<img alt="{text}" src="data:image/png;base64,' in others[-1]["data"]["text/html"]


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"steps": 5, "every": 0}])
def test_numbers_below_one_are_refused(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        LiveCurve(first_entry, **wrong)
