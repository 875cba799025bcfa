"""What the mean loss and the accuracy are means of: PyTorch's result on all data at once, whatever the batches."""

import functools
import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from course_utils.training import TensorLoader, evaluate
from course_utils.training.losses import CheckedLoss, Share
from tests.course_utils.training.small_training import small_images, small_loader, small_net, train

WEIGHT = torch.tensor([1.0, 5.0, 20.0])


def batches(images, labels, sizes):
    return list(zip(images.split(sizes), labels.split(sizes), strict=True))


# Arithmetic on paper


def test_class_weights_by_hand():
    # two classes of weights 1 and 3; equal scores cost log 2 each, the third image costs log(1 + e^2) = 2.1269
    # (1 * log 2 + 1 * log 2 + 3 * 2.1269) / (1 + 1 + 3), however it is cut
    scores = torch.tensor([[0.0, 0.0], [0.0, 0.0], [2.0, 0.0]])
    labels = torch.tensor([0, 0, 1])
    expected = (2 * math.log(2) + 3 * math.log(1 + math.e**2)) / 5
    loss_fn = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 3.0]))
    for sizes in (3, [2, 1], 1):
        result = evaluate(nn.Identity(), batches(scores, labels, sizes), loss_fn, device="cpu")
        assert result.loss == pytest.approx(expected)


def test_ignored_labels_by_hand():
    # the second and third label do not count: mean of log 2 and log 2; of the first and the last the last is right
    scores = torch.tensor([[0.0, 0.0], [9.0, 0.0], [9.0, 0.0], [0.0, 0.0]])
    labels = torch.tensor([1, -100, -100, 0])
    for sizes in (4, [1, 2, 1], 2):
        result = evaluate(nn.Identity(), batches(scores, labels, sizes), nn.CrossEntropyLoss(), device="cpu")
        assert result == pytest.approx((math.log(2), 0.5))


def test_a_sum_by_hand():
    # errors 1, 2 and 3: 1 + 4 + 9 = 14, for 3 samples; a step uses the gradient of the batch's sum
    numbers, zeros = torch.tensor([[1.0], [2.0], [3.0]]), torch.zeros(3, 1)
    result = evaluate(nn.Identity(), batches(numbers, zeros, [2, 1]), nn.MSELoss(reduction="sum"), device="cpu")
    assert result == (pytest.approx(14 / 3), None)
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)  # d/dw of sum (w x)^2 is 2 w sum x^2 = 28; 1 - 0.01 * 28
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    history = train(model, [(numbers, zeros)], epochs=1, optimizer=optimizer, loss_fn=nn.MSELoss(reduction="sum"))
    assert model.weight.item() == pytest.approx(0.72)
    assert history["train_loss"] == [pytest.approx(14 / 3)]


def test_a_loss_of_ones_own_is_a_mean_over_samples():
    # losses 1 of one sample and 4 of three: (1 + 3 * 4) / 4
    images, labels = torch.tensor([[1.0], [4.0], [4.0], [4.0]]), torch.zeros(4)
    result = evaluate(nn.Identity(), batches(images, labels, [1, 3]), lambda out, _: out.mean(), device="cpu")
    assert result.loss == 13 / 4


# Against PyTorch on all data at once


def class_numbers(count, shape=()):
    return torch.randn(count, 3, *shape), torch.randint(0, 3, (count, *shape))


def some_ignored(count, shape=(), ignored=-100):
    scores, labels = class_numbers(count, shape)
    labels[torch.rand(labels.shape) < 0.5] = ignored
    labels.view(-1)[0] = 1  # one at least counts
    return scores, labels


def soft_labels(count, shape=()):
    return torch.randn(count, 3, *shape), torch.rand(count, 3, *shape).softmax(1)


def numbers(count):
    return torch.randn(count, 4), torch.rand(count, 4)


def shares(count):
    return torch.rand(count, 4).clamp(0.1, 0.9), (torch.rand(count, 4) > 0.5).float()


def signs(count):
    return torch.randn(count, 4), (torch.rand(count, 4) > 0.5).float() * 2 - 1


def class_lists(count):
    return torch.randn(count, 4), torch.tensor([[2, 0, -1, -1]]).repeat(count, 1)


def log_shares(count):
    return torch.randn(count, 3).log_softmax(1), torch.randn(count, 3).softmax(1)


def pixels(make):
    return functools.partial(make, shape=(2, 3))


CASES = {
    "plain": (class_numbers, nn.CrossEntropyLoss()),
    "function": (class_numbers, F.cross_entropy),
    "weight": (class_numbers, nn.CrossEntropyLoss(weight=WEIGHT)),
    "weight of 0": (class_numbers, nn.CrossEntropyLoss(weight=torch.tensor([0.0, 1.0, 2.0]))),
    "weight of 0, smoothed": (
        class_numbers,
        nn.CrossEntropyLoss(weight=torch.tensor([0.0, 1.0, 2.0]), label_smoothing=0.2),
    ),
    "partial": (class_numbers, functools.partial(F.cross_entropy, weight=WEIGHT, label_smoothing=0.1)),
    "smoothed": (class_numbers, nn.CrossEntropyLoss(label_smoothing=0.1)),
    "smoothed, ignored": (some_ignored, nn.CrossEntropyLoss(label_smoothing=0.1)),
    "smoothed, weight, ignored": (some_ignored, nn.CrossEntropyLoss(label_smoothing=0.1, weight=WEIGHT)),
    "ignored": (some_ignored, F.cross_entropy),
    "ignore_index": (
        functools.partial(some_ignored, ignored=0),
        functools.partial(F.cross_entropy, ignore_index=0),
    ),
    "pixels": (pixels(class_numbers), nn.CrossEntropyLoss()),
    "pixels, weight": (pixels(class_numbers), nn.CrossEntropyLoss(weight=WEIGHT)),
    "pixels, ignored": (
        pixels(functools.partial(some_ignored, ignored=255)),
        nn.CrossEntropyLoss(ignore_index=255, weight=WEIGHT),
    ),
    "soft": (soft_labels, nn.CrossEntropyLoss()),
    "soft, weight": (soft_labels, nn.CrossEntropyLoss(weight=WEIGHT)),
    "soft, weight of 0": (soft_labels, nn.CrossEntropyLoss(weight=torch.tensor([0.0, 1.0, 2.0]))),
    "soft, pixels, smoothed": (pixels(soft_labels), nn.CrossEntropyLoss(weight=WEIGHT, label_smoothing=0.1)),
    "nll": (some_ignored, nn.NLLLoss(weight=WEIGHT)),
    "nll function": (some_ignored, functools.partial(F.nll_loss, weight=WEIGHT)),
    "margin": (class_numbers, nn.MultiMarginLoss(weight=WEIGHT)),
    "mse": (numbers, nn.MSELoss()),
    "l1": (numbers, F.l1_loss),
    "smooth l1": (numbers, nn.SmoothL1Loss(beta=0.3)),
    "huber": (numbers, functools.partial(F.huber_loss, delta=0.3)),
    "poisson": (numbers, nn.PoissonNLLLoss()),
    "bce": (shares, nn.BCELoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))),
    "bce with logits": (shares, nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))),
    "soft margin": (signs, nn.SoftMarginLoss()),
    "hinge": (signs, nn.HingeEmbeddingLoss()),
    "several classes": (shares, nn.MultiLabelSoftMarginLoss()),
    "several classes, margin": (class_lists, nn.MultiLabelMarginLoss()),
    "kl": (log_shares, nn.KLDivLoss()),
    "kl of batches": (log_shares, nn.KLDivLoss(reduction="batchmean")),
}


class Shifted(nn.Module):
    """Gives its input and has something to train, at a learning rate of 0."""

    def __init__(self):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(()))

    def forward(self, scores):
        return scores + self.shift


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")  # of KLDivLoss
@pytest.mark.parametrize("case", CASES)
@settings(max_examples=10, deadline=None)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5), seed=st.integers(0, 2**16))
def test_the_mean_is_that_of_all_data_at_once(case, sizes, seed):
    make, loss_fn = CASES[case]
    torch.manual_seed(seed)
    outputs, labels = make(sum(sizes))
    expected = loss_fn(outputs, labels).item()
    assume(math.isfinite(expected))  # it is not where all labels drawn weigh 0
    parts = batches(outputs, labels, sizes)
    assert evaluate(nn.Identity(), parts, loss_fn, device="cpu").loss == pytest.approx(expected, rel=1e-4, abs=1e-6)
    model = Shifted()
    still = torch.optim.SGD(model.parameters(), 0.0)
    history = train(model, parts, parts, epochs=1, optimizer=still, loss_fn=loss_fn)
    assert history["train_loss"] == history["val_loss"] == [pytest.approx(expected, rel=1e-4, abs=1e-6)]
    assert model.shift.isfinite()


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5), seed=st.integers(0, 2**16))
@pytest.mark.parametrize("shape", [(), (2, 3)])
def test_the_accuracy_is_over_the_labels_that_count(sizes, seed, shape):
    torch.manual_seed(seed)
    scores, labels = some_ignored(sum(sizes), shape, ignored=2)
    counts = labels != 2
    expected = ((scores.argmax(1) == labels) & counts).sum().item() / counts.sum().item()
    loss_fn = nn.CrossEntropyLoss(ignore_index=2)
    assert evaluate(nn.Identity(), batches(scores, labels, sizes), loss_fn, device="cpu").accuracy == expected


# Edges


@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss(), nn.CrossEntropyLoss(weight=WEIGHT, label_smoothing=0.1)])
def test_a_batch_of_ignored_labels_breaks_nothing(loss_fn):
    images, labels = small_images(24)
    labels[8:16] = -100
    model = small_net()
    parts = batches(images / 255, labels, 8)
    history = train(model, parts, parts, epochs=3, loss_fn=loss_fn)
    assert history["train_loss"][-1] < history["train_loss"][0]
    with torch.no_grad():
        assert history["val_loss"][-1] == pytest.approx(loss_fn(model(images / 255), labels).item())


def test_a_batch_of_labels_that_weigh_nothing_breaks_nothing():
    images, labels = small_images(24)
    labels = labels.sort().values  # whole batches of one class
    loss_fn = nn.CrossEntropyLoss(weight=torch.tensor([0.0, 1.0, 1.0]))
    model = small_net()
    history = train(model, batches(images / 255, labels, 4), epochs=3, loss_fn=loss_fn)
    assert all(math.isfinite(loss) for loss in history["train_loss"])
    assert all(p.isfinite().all() for p in model.parameters())


def test_no_label_counts():
    images, labels = small_images(8)
    parts = batches(images / 255, torch.full_like(labels, -100), 4)
    for place, call in {
        "epoch 1": lambda: train(small_net(), parts),
        "epoch 1, validation": lambda: train(small_net(), small_loader(), parts),
        "evaluation": lambda: evaluate(small_net(), parts, nn.CrossEntropyLoss(), device="cpu"),
    }.items():
        with pytest.raises(ValueError, match=rf"^{place}: no label counts.*ignore_index"):
            call()


def test_a_subclass_that_computes_something_else_is_a_loss_of_ones_own():
    class Focal(nn.CrossEntropyLoss):
        def forward(self, outputs, labels):
            return (F.cross_entropy(outputs, labels, reduction="none") ** 2).mean()

    torch.manual_seed(0)
    scores, labels = class_numbers(7)
    loss_fn = Focal(weight=WEIGHT, reduction="none")
    result = evaluate(nn.Identity(), batches(scores, labels, 3), loss_fn, device="cpu")
    assert result.loss == pytest.approx(loss_fn(scores, labels).item())


@pytest.mark.parametrize("loss_fn", [nn.CrossEntropyLoss(), nn.CrossEntropyLoss(label_smoothing=0.1), nn.MSELoss()])
def test_a_plain_mean_costs_no_look_at_the_labels(loss_fn):
    images, labels = small_images(8)
    checked = CheckedLoss(loss_fn, TensorLoader((images, labels), 4, device="cpu"))
    assert checked.share(torch.zeros(4, 3), labels[:4]) == Share(4, 4)


def test_one_score_is_no_answer():
    images, labels = torch.zeros(4, 1), torch.tensor([0, 1, 0, 1])
    result = evaluate(nn.Identity(), [(images, labels)], lambda out, y: (out[:, 0] - y).abs().mean(), device="cpu")
    assert result == (0.5, None)
