"""The live curve: the same loss as without it, and one picture that is replaced."""

import time

import matplotlib.pyplot as plt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.io import capture_output
from matplotlib.colors import to_rgb
from sklearn.metrics import confusion_matrix
from torch import nn

from course_utils.plots import live
from course_utils.plots.live import WINDOW, LiveCurve
from tests.contrast import LEAST_CONTRAST, contrast


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
        while len(caught._outputs) < 3:
            curve(torch.tensor([1.0]), None)
        took = time.perf_counter() - begun
    drawing = []
    for _ in range(3):
        before = time.perf_counter()
        with capture_output():
            curve._show()
        drawing.append(time.perf_counter() - before)
    assert took > 3 * min(drawing)  # a pause of 10 drawings, of which other processes may have slowed some


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


def validated(outputs, labels, classes=("bag", "boot", "coat"), losses=()):
    """A curve after these losses and one validation."""
    with capture_output():
        curve = LiveCurve(nn.CrossEntropyLoss(), steps=10, classes=classes)
        curve._known += losses
        curve.validated(torch.as_tensor(outputs), torch.tensor(labels))
    return curve


def test_a_validation_by_hand():
    # answers 0, 0, 1, 2 to labels 0, 1, 1, 1: two of four are right
    outputs = [[9.0, 0, 0], [9.0, 0, 0], [0, 9.0, 0], [0, 0, 9.0]]
    (validation,) = validated(outputs, [0, 1, 1, 1], losses=[3.0, 2.0]).validations
    assert validation.batches == 2
    assert validation.accuracy == 0.5
    assert validation.loss == pytest.approx(4.5, abs=0.001)  # two losses near 0, two near 9
    assert validation.matrix.tolist() == [[1, 0, 0], [1, 1, 1], [0, 0, 0]]


@given(n=st.integers(1, 50), classes=st.integers(2, 12), seed=st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_a_validation_is_that_of_pytorch_and_scikit_learn(n, classes, seed):
    generator = torch.Generator().manual_seed(seed)
    outputs, labels = torch.randn(n, classes, generator=generator), torch.randint(classes, (n,), generator=generator)
    validation = live.measure(nn.functional.cross_entropy, outputs, labels, batches=0)
    assert validation.loss == pytest.approx(nn.functional.cross_entropy(outputs, labels).item())
    assert validation.matrix.tolist() == confusion_matrix(labels, outputs.argmax(1), labels=range(classes)).tolist()
    assert validation.accuracy == pytest.approx((outputs.argmax(1) == labels).double().mean().item())


def test_in_words_it_has_the_losses_and_the_most_frequent_confusion():
    outputs = [[9.0, 0, 0], [9.0, 0, 0], [0, 9.0, 0], [0, 0, 9.0]]
    assert (
        validated(outputs, [0, 1, 0, 1])
        ._in_words()
        .endswith("Validation loss 6.75, accuracy 25.0 %. Most frequent confusion: 1 of 2 bag are called boot.")
    )
    right = validated(outputs[:1], [0])
    assert right._in_words().endswith("Validation loss 0.00, accuracy 100.0 %.")
    with capture_output():
        right.validated(torch.tensor(outputs[:1]), torch.tensor([2]))
    assert "Validation loss 0.00, 9.00, accuracy 100.0 %, 0.0 %." in right._in_words()
    assert right._in_words().endswith("1 of 1 coat are called bag.")


def test_the_picture_has_the_matrix_the_validation_losses_and_a_bar():
    curve = validated([[9.0, 0, 0], [9.0, 0, 0], [0, 9.0, 0], [0, 0, 9.0]], [0, 1, 1, 1], losses=[3.0] * 4)
    losses, matrix = curve._draw().axes
    lines = {line.get_label(): line for line in losses.lines}
    assert lines["validation"].get_xydata().tolist() == [[4, pytest.approx(4.5, abs=0.001)]]
    assert [bar.get_width() for bar in losses.patches] == [11, 4]  # 4 of 10, as far as the axis goes
    assert [text.get_text() for text in losses.texts] == ["50 %"]
    assert {text.get_position(): text.get_text() for text in matrix.texts} == {
        (0, 0): "100",
        (0, 1): "33",
        (1, 1): "33",
        (2, 1): "33",
    }
    assert matrix.get_title() == "validation: 50.0 % right"
    plt.close("all")


def test_each_number_of_the_matrix_can_be_read_on_its_cell():
    matrix = torch.tensor([[share, 100 - share] for share in range(101)])
    _, ax = plt.subplots()
    live.draw_matrix(ax, live.Validation(1, 0.0, 0.0, matrix), [""] * len(matrix))
    for text in ax.texts:
        answer, true = text.get_position()
        cell = plt.get_cmap("Blues")(matrix[true, answer].item() / 100)[:3]
        colours = [[255 * part for part in to_rgb(colour)] for colour in (text.get_color(), cell)]
        assert contrast(*colours) >= LEAST_CONTRAST, text
    assert len(ax.texts) == 2 * (101 - live.LEAST)
    plt.close("all")


def test_the_matrix_waits_for_the_first_validation_and_without_classes_there_is_none():
    with capture_output():
        curve = LiveCurve(nn.CrossEntropyLoss(), steps=2, classes=("bag", "boot"))
    assert [text.get_text() for text in curve._draw().axes[1].texts] == ["waiting for the\nfirst validation"]
    plain = validated([[1.0, 0.0]], [0], classes=())
    assert len(plain._draw().axes) == 1
    assert "confusion" not in plain._in_words()
    plt.close("all")


def test_a_test_loop_is_not_counted_as_training():
    with capture_output():
        curve = LiveCurve(first_entry, steps=2)
        with torch.no_grad():
            assert curve(torch.tensor([5.0]), None) == 5
    assert curve.losses == []


@pytest.mark.parametrize(
    ("outputs", "labels", "message"),
    [
        (torch.zeros(2, 4), [0, 1], r"outputs \(2, 4\) and labels \(2,\) do not fit; expected \(n, 3\) and \(n,\)"),
        (torch.zeros(2, 3), [0], r"outputs \(2, 3\) and labels \(1,\) do not fit"),
        (torch.zeros(0, 3), [], r"outputs \(0, 3\) and labels \(0,\) do not fit"),
        (torch.zeros(3), [0, 1, 2], r"outputs \(3,\) and labels \(3,\) do not fit"),
        (torch.zeros(2, 3), [0, 3], "labels go from 0 to 3; expected class numbers from 0 to 2"),
    ],
)
def test_what_is_no_validation_is_refused(outputs, labels, message):
    with pytest.raises(ValueError, match=message):
        validated(outputs, labels)


def test_a_number_of_steps_below_one_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        LiveCurve(first_entry, steps=0)
