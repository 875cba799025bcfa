"""The rule that chooses the form of a run on a GPU. It is tried here on the CPU, which has bfloat16 too."""

import pytest
import torch
from torch import nn

from benchmarks.gpu_forms import NETWORKS
from course_utils.training import TensorLoader, precision
from course_utils.training.precision import (
    BOTH,
    CHANNELS_LAST,
    FLOAT32,
    Form,
    choose_form,
    count_work,
    find_form,
    form_of_the_like,
)
from tests.course_utils.training.small_training import same_weights, small_loader, small_net

LOSS = nn.CrossEntropyLoss()
MEASURED = [  # network, batch size, speed beside float32 of channels-last alone and of both, and what the rule takes
    # The lowest of the speeds measured on an NVIDIA H200, see benchmarks/RESULTS.md
    ("unit 04", 8, 0.93, 0.83, FLOAT32),
    ("unit 04", 64, 0.76, 0.85, FLOAT32),
    ("unit 04", 256, 0.67, 0.93, FLOAT32),
    ("dense 512", 8, 1.02, 0.89, FLOAT32),
    ("dense 512", 64, 0.97, 1.00, FLOAT32),
    ("dense 512", 256, 1.00, 1.15, BOTH),
    ("dense 4096", 64, 1.02, 1.33, BOTH),
    ("dense 4096", 256, 1.00, 2.18, BOTH),
    ("grey blocks 16-32", 8, 0.80, 0.70, FLOAT32),
    ("grey blocks 16-32", 64, 1.07, 0.88, FLOAT32),
    ("grey blocks 16-32", 256, 1.51, 0.83, CHANNELS_LAST),
    ("grey blocks 32-64-128", 64, 1.08, 1.18, CHANNELS_LAST),
    ("grey blocks 32-64-128", 256, 1.42, 1.57, CHANNELS_LAST),
    ("blocks 16, eight times", 64, 0.96, 1.05, FLOAT32),
    ("blocks 16, eight times", 256, 1.39, 1.38, BOTH),
    ("blocks 16-32-64", 8, 0.73, 0.75, FLOAT32),
    ("blocks 16-32-64", 64, 0.97, 1.18, BOTH),
    ("blocks 16-32-64", 256, 1.41, 2.05, BOTH),
    ("blocks 32-64-128", 64, 1.13, 1.24, BOTH),
    ("blocks 32-64-128", 256, 1.54, 1.72, BOTH),
    ("blocks 64-128-256", 8, 0.91, 0.89, FLOAT32),
    ("blocks 64-128-256", 64, 1.12, 1.25, BOTH),
    ("blocks 64-128-256", 256, 1.37, 1.57, BOTH),
    ("blocks 128-256-512", 64, 1.10, 1.41, BOTH),
    ("blocks 128-256-512", 256, 1.20, 1.63, BOTH),
    ("ResNet-18, 32 pixels", 64, 1.19, 1.27, BOTH),
    ("ResNet-18, 32 pixels", 256, 1.39, 1.53, BOTH),
    ("ResNet-18, 224 pixels", 64, 1.60, 2.21, BOTH),
]


@pytest.mark.parametrize(("name", "batch_size", "channels_last", "both", "form"), MEASURED)
def test_the_rule_takes_a_form_that_was_not_slower_than_float32(name, batch_size, channels_last, both, form):
    build, shape = NETWORKS[name]
    with torch.device("meta"):  # shapes are enough to count with
        chosen = form_of_the_like(build(), torch.empty(batch_size, *shape))
    assert chosen == form
    assert {FLOAT32: 1.0, CHANNELS_LAST: channels_last, BOTH: both}[chosen] >= 0.97


def test_only_layers_that_are_wide_on_both_sides_count_as_wide():
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    assert count_work(model, torch.zeros(5, 1, 28, 28)) == (2, 5 * (784 * 32 + 32 * 10), 5 * 784 * 32, 0)


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
    assert form_of_the_like(nn.Conv2d(16, 64, 3).to("meta"), images) == BOTH
    assert form_of_the_like(nn.Sequential(*layers).to("meta"), images) == FLOAT32


@pytest.mark.parametrize(
    ("channels", "layers", "form"),
    [
        (1, [nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)], CHANNELS_LAST),
        (1, [nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3), nn.Conv2d(64, 64, 3, groups=64)], FLOAT32),  # depthwise
        (1, [nn.Conv2d(1, 8, 3), nn.MaxPool2d(6), nn.Flatten(), nn.Linear(200, 4096), nn.Linear(4096, 4096)], FLOAT32),
        (2, [nn.Conv2d(2, 32, 3), nn.Conv2d(32, 64, 3)], FLOAT32),  # not measured
    ],
)
def test_channels_last_alone_is_for_wide_convolutions_on_grey_images(channels, layers, form):
    images = torch.empty(256, channels, 32, 32, device="meta")
    assert form_of_the_like(nn.Sequential(*layers).to("meta"), images) == form


def test_a_batch_is_tried():
    dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 2048), nn.ReLU(), nn.Linear(2048, 10))
    images, labels = torch.zeros(64, 1, 28, 28, dtype=torch.uint8), torch.zeros(64, dtype=torch.long)
    assert find_form(dense, LOSS, TensorLoader((images, labels), 64, device="cpu")) == BOTH
    assert find_form(dense, LOSS, TensorLoader((images, labels), 32, device="cpu")) == FLOAT32


class Views(nn.Module):
    """Takes it for granted that its numbers lie in a row."""

    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(1, 4, 3), nn.Linear(96, 3)

    def forward(self, images):
        outputs = self.conv(images)
        return self.linear(outputs.view(len(outputs), -1))


@pytest.mark.parametrize("form", [CHANNELS_LAST, BOTH])
def test_the_trial_leaves_no_trace_and_turns_a_model_that_cannot_down(monkeypatch, form):
    monkeypatch.setattr(precision, "form_of_the_like", lambda model, images: form)
    model, before = small_net(dropout=0.5, norm=True), small_net(dropout=0.5, norm=True)
    torch.manual_seed(3)
    assert find_form(model, LOSS, small_loader(batch_size=8)) == form
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(1))
    assert same_weights(model, before)
    assert all(p.grad is None for p in model.parameters())
    assert not any(layer._forward_hooks for layer in model.modules())
    assert find_form(Views(), LOSS, small_loader(batch_size=8)) == FLOAT32


def test_a_model_with_several_outputs_is_tried_with_a_loss_of_its_own(monkeypatch):
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = small_net()

        def forward(self, images):
            return {"out": self.net(images), "aux": self.net(images)}

    monkeypatch.setattr(precision, "form_of_the_like", lambda model, images: BOTH)
    assert find_form(Two(), lambda outputs, labels: LOSS(outputs["out"], labels), small_loader()) == BOTH
    assert find_form(Two(), LOSS, small_loader()) == FLOAT32  # `fit` says why in float32


@pytest.mark.parametrize(
    ("mixed_precision", "channels_last", "recorded", "form"),
    [
        (None, None, True, "the rule's"),
        (None, True, True, "the rule's"),
        (None, None, False, FLOAT32),
        (None, False, True, FLOAT32),
        (False, True, True, FLOAT32),
        (True, None, True, Form(bfloat16=True, channels_last=False)),
        (True, True, False, BOTH),
    ],
)
@pytest.mark.parametrize("ruled", [CHANNELS_LAST, BOTH])
def test_what_is_asked_for_comes_before_the_rule(monkeypatch, ruled, mixed_precision, channels_last, recorded, form):
    monkeypatch.setattr(precision, "form_of_the_like", lambda model, images: ruled)
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: True)
    run = small_net(), LOSS, small_loader(batch_size=8)
    expected = ruled if form == "the rule's" else form
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == expected
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cpu"), recorded) == (
        False,
        channels_last is True,
    )
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: False)
    assert choose_form(mixed_precision, channels_last, *run, torch.device("cuda"), recorded) == FLOAT32
