"""The live curve: the same loss as without it, and one picture that is replaced."""

import time

import matplotlib.pyplot as plt
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output
from torch import nn

from course_utils.plots import live
from course_utils.plots.live import WINDOW, LiveCurve


@pytest.fixture(autouse=True)
def shell():
    InteractiveShell.instance()


def first_entry(outputs, labels):
    return outputs[0]


def test_the_running_mean_by_hand():
    # after 1, 2, 3 come the means 1, 1.5, 2; from then on the oldest falls out of the window
    assert curve_of([1.0, 2.0, 3.0])._means() == [1.0, 1.5, 2.0]
    assert curve_of([10.0] * WINDOW + [35.0])._means()[-1] == pytest.approx(11.0)  # (24 * 10 + 35) / 25


def curve_of(losses):
    with capture_output():
        curve = LiveCurve(first_entry, steps=100)
        for loss in losses:
            curve(torch.tensor([loss]), None)
    return curve


def test_it_is_the_criterion_with_its_gradient():
    logits = torch.randn(5, 3, requires_grad=True)
    labels = torch.tensor([0, 1, 2, 0, 1])
    with capture_output():
        loss = LiveCurve(nn.CrossEntropyLoss(), steps=2)(logits, labels)
    assert torch.equal(loss, nn.functional.cross_entropy(logits, labels))
    loss.backward()
    assert logits.grad.any()


def test_one_picture_is_shown_and_then_replaced(monkeypatch):
    monkeypatch.setattr(live, "PAUSE", 3600)
    with capture_output() as caught:
        curve = LiveCurve(first_entry, steps=7)
        for number in range(7):
            curve(torch.tensor([float(number)]), None)
    assert curve.losses == [0, 1, 2, 3, 4, 5, 6]
    waiting, *others = caught._outputs
    assert not waiting["update"]
    assert all(other["update"] and other["transient"] == waiting["transient"] for other in others)
    texts = [output["data"]["text/plain"].partition(": ")[2] for output in caught._outputs]
    # the mean of 0 to 6 is 3; between the first and the last no hour has passed
    assert texts == [
        "0 of 7 batches are done.",
        "1 of 7 batches are done. The loss goes from 0.0 to 0.0.",
        "7 of 7 batches are done. The loss goes from 0.0 to 3.0.",
    ]
    image = f'<img alt="{others[-1]["data"]["text/plain"]}" src="data:image/png;base64,'
    assert image in others[-1]["data"]["text/html"]


def test_no_more_than_the_share_of_the_time_goes_into_pictures(monkeypatch):
    """Without a pause, and with batches that take no time: a picture is due after ten times what the last one took."""
    monkeypatch.setattr(live, "PAUSE", 0)
    with capture_output() as caught:
        curve = LiveCurve(first_entry, steps=10**6)
        curve(torch.tensor([1.0]), None)
        begun = time.perf_counter()
        while len(caught._outputs) < 4:
            curve(torch.tensor([1.0]), None)
        took = time.perf_counter() - begun
    drawing = []
    for _ in range(3):
        before = time.perf_counter()
        with capture_output():
            curve._show()
        drawing.append(time.perf_counter() - before)
    assert took > 5 * min(drawing)  # two pauses of 10 drawings each, of which other processes may have slowed some


def test_a_loss_stays_on_its_device_until_it_is_asked_for():
    with capture_output():
        curve = LiveCurve(first_entry, steps=100)
        for number in range(3):
            curve(torch.tensor([float(number)]), None)
    assert [type(loss) for loss in curve._unread] == [torch.Tensor] * 2  # the first was drawn
    assert curve.losses == [0, 1, 2]
    assert curve._unread == []


def test_before_the_first_batch_the_picture_says_that_it_waits():
    with capture_output():
        curve = LiveCurve(first_entry, steps=2)
    assert [text.get_text() for text in curve._draw().axes[0].texts] == ["waiting for the first batch"]
    with capture_output():
        curve(torch.tensor([1.0]), None)
    assert list(curve._draw().axes[0].texts) == []
    plt.close("all")


def test_a_number_of_steps_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        LiveCurve(first_entry, steps=0)
