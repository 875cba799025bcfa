"""The rule that chooses between float32 and bfloat16. It is tried here on the CPU, which has bfloat16 too."""

import pytest
import torch
from torch import nn

from benchmarks.gpu_forms import NETWORKS
from course_utils.training import TensorLoader, precision
from course_utils.training.precision import Form, choose_form, count_work, pays_in_bfloat16, resembles_winners
from tests.course_utils.training.small_training import same_weights, small_loader, small_net

LOSS = nn.CrossEntropyLoss()
SPEED_OF_BOTH = {  # beside float32, by batch size; measured on an NVIDIA H200, see benchmarks/RESULTS.md
    "unit 04": {8: 0.83, 64: 0.85, 256: 0.93},
    "dense 512": {8: 0.89, 64: 1.00, 256: 1.15},
    "dense 4096": {64: 1.33, 256: 2.18},
    "grey blocks 16-32": {8: 0.70, 64: 0.88, 256: 0.83},
    "grey blocks 32-64-128": {64: 1.18, 256: 1.57},
    "blocks 16, eight times": {64: 1.05, 256: 1.38},
    "blocks 16-32-64": {8: 0.75, 64: 1.18, 256: 2.05},
    "blocks 32-64-128": {64: 1.25, 256: 1.72},
    "blocks 64-128-256": {8: 0.89, 64: 1.25, 256: 1.57},
    "blocks 128-256-512": {64: 1.41, 256: 1.63},
    "ResNet-18, 32 pixels": {64: 1.27, 256: 1.53},
    "ResNet-18, 224 pixels": {64: 2.21},
}
LEFT_OUT = {"grey blocks 32-64-128"}  # it gains, but the other two whose convolutions read grey images lose


@pytest.mark.parametrize("name", SPEED_OF_BOTH)
def test_the_rule_takes_both_where_that_was_faster_by_a_tenth_and_nowhere_else(name):
    build, shape = NETWORKS[name]
    with torch.device("meta"):  # shapes are enough to count with
        model = build()
        chosen = {size: resembles_winners(model, torch.empty(size, *shape)) for size in SPEED_OF_BOTH[name]}
    assert chosen == {size: speed >= 1.1 and name not in LEFT_OUT for size, speed in SPEED_OF_BOTH[name].items()}


def test_only_layers_that_are_wide_on_both_sides_count_as_wide():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    assert count_work(model, torch.zeros(5, 1, 28, 28)) == (2, 5 * (784 * 32 + 32 * 10), 5 * 784 * 32)


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(16, 16, 3), nn.Conv2d(16, 16, 3, groups=16)],  # depthwise
        [nn.Conv2d(16, 64, 3), nn.GroupNorm(4, 64)],
        [nn.MaxPool2d(8), *[nn.Conv2d(16, 16, 3, padding=1) for _ in range(50)]],  # many small layers
        [nn.Conv2d(16, 8, 3), nn.Conv2d(8, 8, 3), nn.Conv2d(8, 64, 3)],  # much of the work is narrow
    ],
)
def test_what_resembles_none_of_the_networks_measured_stays_in_float32(layers):
    images = torch.empty(256, 16, 32, 32, device="meta")
    assert resembles_winners(nn.Conv2d(16, 64, 3).to("meta"), images)
    assert not resembles_winners(nn.Sequential(*layers).to("meta"), images)


def test_a_batch_is_tried():
    dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 10))
    images, labels = torch.zeros(64, 1, 28, 28, dtype=torch.uint8), torch.zeros(64, dtype=torch.long)
    assert pays_in_bfloat16(dense, LOSS, TensorLoader((images, labels), 64, device="cpu"))
    assert not pays_in_bfloat16(dense, LOSS, TensorLoader((images, labels), 32, device="cpu"))


class Views(nn.Module):
    """Takes it for granted that its numbers lie in a row."""

    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(1, 4, 3), nn.Linear(96, 3)

    def forward(self, images):
        outputs = self.conv(images)
        return self.linear(outputs.view(len(outputs), -1))


def test_the_trial_leaves_no_trace_and_turns_a_model_that_cannot_down(monkeypatch):
    monkeypatch.setattr(precision, "resembles_winners", lambda model, images: True)
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
    monkeypatch.setattr(precision, "resembles_winners", lambda model, images: True)
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: True)
    run = small_net(), LOSS, small_loader(batch_size=8)
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == form
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cpu"), recorded) == (
        False,
        channels_last is True,
    )
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: False)
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == (False, False)
