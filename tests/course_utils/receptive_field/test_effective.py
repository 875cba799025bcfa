"""The effective receptive field: one convolution by hand, then what must hold for any."""

import copy

import pytest
import torch
from torch import nn

from course_utils.receptive_field import effective_receptive_field, receptive_field
from tests.course_utils.receptive_field.apply import Apply

# --- the effective receptive field -------------------------------------------------------------------------------


def test_effective_field_of_one_convolution_is_its_kernel():
    conv = nn.Conv2d(2, 1, (3, 2), bias=False).double()
    field = effective_receptive_field(conv, (2, 7, 9), samples=3)
    expected = torch.zeros(7, 9, dtype=torch.float64)
    # The map is 5 by 8, so its middle unit is (2, 4). Absolute value first, then the sum over the channels.
    expected[2:5, 4:6] = conv.weight.detach().abs().sum(dim=(0, 1))
    torch.testing.assert_close(field, expected / expected.max())


def test_effective_field_stays_inside_the_theoretical_one():
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(8, 4, 5, padding=2)
    )
    field = effective_receptive_field(model, (1, 24, 20), samples=40)
    (top, bottom), (left, right) = receptive_field(model, (1, 24, 20))[-1].bounds((6, 5))
    assert field.shape == (24, 20)
    assert field.max() == 1
    assert field.min() == 0
    inside = torch.zeros_like(field)
    inside[top : bottom + 1, left : right + 1] = 1
    assert (field * (1 - inside)).sum() == 0
    assert (field[top : bottom + 1, left : right + 1] > 0).all()


def test_effective_field_is_larger_in_the_middle():
    # Luo et al.: many paths lead from the middle, few from the rim.
    torch.manual_seed(0)
    model = nn.Sequential(*[nn.Conv2d(1, 1, 3, bias=False) for _ in range(5)])
    for conv in model:
        conv.weight.data.fill_(1.0)
    field = effective_receptive_field(model, (1, 11, 11), samples=1)
    row = torch.tensor([1.0, 5, 15, 30, 45, 51, 45, 30, 15, 5, 1]) / 51  # trinomial coefficients
    torch.testing.assert_close(field, torch.outer(row, row))


def test_effective_field_is_seeded_and_batches_do_not_matter():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4)).double()
    field = effective_receptive_field(model, (1, 9, 9), samples=20, seed=3)
    assert torch.equal(field, effective_receptive_field(model, (1, 9, 9), samples=20, seed=3))
    assert not torch.equal(field, effective_receptive_field(model, (1, 9, 9), samples=20, seed=4))
    noise = torch.Generator().manual_seed(3)
    total = torch.zeros(9, 9, dtype=torch.float64)
    for count in (16, 4):
        for image in torch.randn(count, 1, 9, 9, generator=noise).double():
            image.requires_grad_()
            copy.deepcopy(model).eval()(image[None])[0, :, 2, 2].sum().backward()
            total += image.grad.abs().sum(0)
    torch.testing.assert_close(field, total / total.max())


def test_effective_field_of_a_layer_in_the_middle():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(2 * 5 * 5, 3))
    assert (effective_receptive_field(model, (1, 7, 7), layer="0") > 0).sum() == 9
    assert (effective_receptive_field(model, (1, 7, 7)) > 0).all()


def test_effective_field_without_gradient_is_zero():
    assert effective_receptive_field(Apply(lambda m, x: x * 0), (1, 4, 5)).sum() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer": "conv9"}, r"no layer 'conv9'; the model has: 0, 1"),
        ({"samples": 0}, r"samples is 0; expected at least 1"),
    ],
)
def test_effective_field_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        effective_receptive_field(nn.Sequential(nn.Conv2d(1, 1, 3), nn.ReLU()), (1, 8, 8), **arguments)
