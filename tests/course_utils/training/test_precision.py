"""The rule that chooses between float32 and bfloat16. It is tried here on the CPU, which has bfloat16 too."""

import pytest
import torch
from torch import nn

from benchmarks.setting import unit_04_network
from course_utils.training import TensorLoader, precision
from course_utils.training.precision import Form, choose_form, pays_in_bfloat16, wide_work
from tests.course_utils.training.small_training import same_weights, small_loader, small_net

LOSS = nn.CrossEntropyLoss()


def images_loader(batch_size):
    images = torch.zeros(batch_size, 1, 28, 28, dtype=torch.uint8)
    return TensorLoader((images, torch.zeros(batch_size, dtype=torch.long)), batch_size, device="cpu")


def dense(width):
    return nn.Sequential(nn.Flatten(), nn.Linear(784, width), nn.ReLU(), nn.Linear(width, 10))


def test_only_layers_that_are_wide_on_both_sides_count():
    assert wide_work(dense(32), torch.zeros(5, 1, 28, 28)) == 5 * 784 * 32
    assert wide_work(nn.Conv2d(32, 32, 3, groups=32), torch.zeros(1, 32, 8, 8)) == 0


def test_the_network_of_unit_04_stays_in_float32_and_a_wide_one_does_not():
    assert not pays_in_bfloat16(unit_04_network(), LOSS, images_loader(256))
    assert pays_in_bfloat16(dense(2048), LOSS, images_loader(64))
    assert not pays_in_bfloat16(dense(2048), LOSS, images_loader(8))


class Views(nn.Module):
    """Takes it for granted that its numbers lie in a row."""

    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(1, 4, 3), nn.Linear(96, 3)

    def forward(self, images):
        outputs = self.conv(images)
        return self.linear(outputs.view(len(outputs), -1))


def test_the_trial_leaves_no_trace_and_turns_a_model_that_cannot_down(monkeypatch):
    monkeypatch.setattr(precision, "MUCH_WORK", 0)
    model, before = small_net(dropout=0.5, norm=True), small_net(dropout=0.5, norm=True)
    torch.manual_seed(3)
    assert pays_in_bfloat16(model, LOSS, small_loader(batch_size=8))
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(1))
    assert same_weights(model, before)
    assert all(p.grad is None for p in model.parameters())
    assert not any(layer._forward_hooks for layer in model.modules())
    assert not pays_in_bfloat16(Views(), LOSS, small_loader(batch_size=8))


@pytest.mark.parametrize(
    ("mixed_precision", "channels_last", "recorded", "form"),
    [
        (None, None, True, Form(True, True)),
        (None, True, True, Form(True, True)),
        (None, None, False, Form(False, False)),
        (None, False, True, Form(False, False)),
        (False, True, True, Form(False, False)),
        (True, None, True, Form(True, False)),
        (True, True, False, Form(True, True)),
    ],
)
def test_what_is_asked_for_comes_before_the_rule(monkeypatch, mixed_precision, channels_last, recorded, form):
    monkeypatch.setattr(precision, "MUCH_WORK", 0)
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: True)
    run = small_net(), LOSS, small_loader(batch_size=8)
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == form
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cpu"), recorded) == (
        False,
        channels_last is True,
    )
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: False)
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == (False, False)
