"""A loss that is no number: what a look at weights, data and outputs finds is said, and what is a guess is marked."""

import math
from unittest.mock import patch

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import TensorLoader, TrainingError, evaluate, non_finite
from tests.course_utils.training.small_training import sgd, small_images, small_loader, small_net, train


def failed(call):
    with pytest.raises(TrainingError) as caught:
        call()
    return str(caught.value)


def poisoned(value=math.nan, at=5, count=24):
    images, labels = small_images(count)
    images = images / 255
    images[at] = value
    return images, labels


class Probabilities(nn.Module):
    """A Linear layer whose outputs are numbers from 0 to 1, and 0 for negative sums."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.linear = nn.Linear(48, 3)

    def forward(self, images):
        return self.linear(images.flatten(1)).clamp(0, 1)


def log_of_clamped(outputs, labels):
    return -outputs.log().gather(1, labels[:, None]).mean()


# Training


@pytest.mark.parametrize(("value", "word"), [(math.nan, "NaN"), (math.inf, "infinity")])
@pytest.mark.parametrize("shuffle", [False, True])
def test_images_that_are_no_numbers(value, word, shuffle):
    images, labels = poisoned(value)
    for loader in (
        TensorLoader((images, labels), 4, shuffle=shuffle, device="cpu"),
        DataLoader(TensorDataset(images, labels), 4, shuffle=shuffle),
    ):
        message = failed(lambda loader=loader: train(small_net(), loader))
        assert f"the images of batch {'' if shuffle else 2}" in message
        assert f"hold {word}" in message
        assert "the weights are broken too (0.weight holds NaN)" in message
        assert "learning rate" not in message


def test_labels_that_are_no_numbers():
    labels = torch.tensor([[1.0], [math.nan]])
    message = failed(lambda: train(nn.Linear(2, 1), [(torch.ones(2, 2), labels)], loss_fn=nn.MSELoss()))
    assert "the labels of batch 1 hold NaN" in message


def test_labels_that_a_function_of_ones_own_leaves_out():
    images, labels = small_images(24)
    labels[8:16] = -100
    message = failed(
        lambda: train(
            small_net(),
            DataLoader(TensorDataset(images / 255, labels), 8),
            loss_fn=lambda outputs, labels: F.cross_entropy(outputs, labels),
        )
    )
    assert "epoch 1, batch 2: the loss is nan" in message
    assert "all labels of batch 2 are -100" in message
    assert "perhaps that is the cause" in message
    assert "learning rate" not in message


def test_a_loss_that_takes_the_logarithm_of_0():
    message = failed(lambda: train(Probabilities(), small_loader(), loss_fn=log_of_clamped))
    assert "epoch 1, batch 1: the loss is inf" in message
    assert "No step was taken before, so that the learning rate is not the cause" in message
    assert "every number is finite" in message
    assert "a logarithm of 0" in message


def test_a_learning_rate_too_high_is_a_guess():
    model = nn.Sequential(nn.Flatten(), nn.Linear(48, 3))
    message = failed(
        lambda: train(model, small_loader(), optimizer=sgd(model, 1e30), loss_fn=lambda out, y: (out**4).mean())
    )
    assert "Often the learning rate, now 1e+30, is too high" in message
    assert "every number is finite" in message


def test_a_look_that_fails_hides_nothing():
    class Breaks(TensorDataset):
        looks = 0

        def __getitem__(self, index):
            self.looks += 1
            if self.looks > len(self):
                raise OSError("the disk is gone")
            return super().__getitem__(index)

    assert "the loss is nan" in failed(lambda: train(small_net(), DataLoader(Breaks(*poisoned()), 4)))


def test_a_look_ends_in_time():
    with patch.object(non_finite, "LOOK_SECONDS", 0.0):
        message = failed(lambda: train(Probabilities(), small_loader(), loss_fn=log_of_clamped))
    assert "look for NaN in the images" in message


# Evaluation and validation


@pytest.mark.parametrize("patience", [None, 2])
def test_a_validation_loss_that_is_no_number_ends_the_run_at_once(patience, tmp_path):
    train_on, val = small_loader(), TensorLoader(poisoned(), 4, device="cpu")
    model, path = small_net(), tmp_path / "run.pt"
    message = failed(lambda: train(model, train_on, val, epochs=20, patience=patience, checkpoint=path))
    assert message.startswith("epoch 1, validation, batch 2: the loss is nan")
    assert "the images of batch 2 hold NaN" in message
    assert not path.exists()


def test_weights_that_broke_in_the_last_step():
    model, loader = small_net(), small_loader(batch_size=40)
    message = failed(lambda: train(model, loader, loader, epochs=3, optimizer=sgd(model, math.inf)))
    assert message.startswith("epoch 1, validation, batch 1: the loss is nan")
    assert "weights are broken (0.weight holds" in message


def test_evaluate_says_what_it_finds():
    cross_entropy, loader = nn.CrossEntropyLoss(), small_loader()

    def message(model=None, data=None, loss_fn=cross_entropy):
        return failed(lambda: evaluate(model or small_net(), data or loader, loss_fn, device="cpu"))

    broken = small_net()
    nn.init.constant_(broken[0].bias, math.nan)
    assert "evaluation, batch 1: the loss is nan" in message(broken)
    assert "weights are broken (0.bias holds NaN)" in message(broken)
    assert "the images of batch 2 hold NaN" in message(data=TensorLoader(poisoned(), 4, device="cpu"))
    endless = nn.Sequential(small_net(), nn.Threshold(1e9, math.inf))
    assert "Weights and data are finite, this batch's outputs are not" in message(endless)
    assert "it arises in the loss function" in message(Probabilities(), loss_fn=log_of_clamped)
    images, labels = small_images(8)
    ignored = [(images / 255, torch.full_like(labels, -100))]
    assert "all labels of batch 1 are -100" in message(data=ignored, loss_fn=lambda *both: F.cross_entropy(*both))


def test_a_late_batch_is_found_before_the_end():
    """Of 200 batches the third is broken: it is said after the first look, at 50."""
    seen = []

    class Counts(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, images):
            seen.append(len(images))
            return self.net(images)

    data = TensorLoader(poisoned(at=2, count=200), 1, device="cpu")
    assert "batch 3" in failed(lambda: evaluate(Counts(), data, nn.CrossEntropyLoss(), device="cpu"))
    assert len(seen) == 50
