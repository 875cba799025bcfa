"""The effective receptive field: one convolution by hand, then what must hold for any."""

import copy

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torchvision import models

from course_utils.receptive_field import effective_receptive_field, receptive_field
from tests.course_utils.receptive_field.apply import Apply
from tests.course_utils.receptive_field.oracle import bounding_box

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


@pytest.mark.parametrize("forward", [lambda m, x: x * 0, lambda m, x: x.detach(), lambda m, x: torch.ones(2, 1, 4, 5)])
def test_effective_field_without_gradient_is_zero(forward):
    assert effective_receptive_field(Apply(forward), (1, 4, 5), samples=2, space_dims=(2, 3)).sum() == 0


# --- which dimensions are positions ------------------------------------------------------------------------------


class Patches(nn.Module):
    """4x4 patches; the map is 8 by 10, so the middle one is (4, 5): rows 16 to 19, columns 20 to 23."""

    def __init__(self, arrange):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 4, stride=4)
        self.arrange = arrange

    def forward(self, x):
        return self.arrange(self.conv(x))


PATCH = ((16, 19), (20, 23))
ARRANGED = {
    "(N, C, H, W)": (lambda x: x, PATCH),
    "(N, H, W, C)": (lambda x: x.permute(0, 2, 3, 1), PATCH),
    "(N, W, C, H)": (lambda x: x.permute(0, 3, 1, 2), PATCH),
    "(H, W, N, C)": (lambda x: x.permute(2, 3, 0, 1), PATCH),
    "(N, H, W)": (lambda x: x[:, 0], PATCH),
    "(N, H, W, 1), the batch squeezed where it is 1": (lambda x: x[:, :1].permute(0, 2, 3, 1).squeeze(), PATCH),
    "tokens (N, H*W, C)": (lambda x: x.flatten(2).transpose(1, 2), PATCH),
    "flattened (N, C*H*W)": (lambda x: x.flatten(1), PATCH),
    "rows (N, H, C)": (lambda x: x.mean(3).transpose(1, 2), ((16, 19), (0, 39))),
    "features (N, C)": (lambda x: x.mean((2, 3)), ((0, 31), (0, 39))),
    "one number": (lambda x: x.mean(), ((0, 31), (0, 39))),
    "(N, C, 2H, 2W)": (lambda x: F.interpolate(x, scale_factor=2), PATCH),
    "in a dict": (lambda x: {"out": x.permute(0, 2, 3, 1)}, PATCH),
    "pooling with indices": (lambda x: F.max_pool2d(x, 1, return_indices=True), PATCH),
    "rolled by one row": (lambda x: x.roll(1, 2).permute(0, 2, 3, 1), ((12, 15), (20, 23))),
    "an if on a tensor": (lambda x: x.permute(0, 2, 3, 1) if x.sum() > 0 else -x.permute(0, 2, 3, 1), PATCH),
    "attention over tokens": (
        lambda x: F.scaled_dot_product_attention(*[x.flatten(2).transpose(1, 2)] * 3), ((0, 31), (0, 39))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ARRANGED)
def test_the_middle_unit_is_found_wherever_the_positions_are(name):
    arrange, expected = ARRANGED[name]
    torch.manual_seed(0)
    assert bounding_box(effective_receptive_field(Patches(arrange), (3, 32, 40), samples=2)) == expected


def test_channels_last_agrees_with_the_exact_field():
    model = nn.Sequential(Patches(lambda x: x.permute(0, 2, 3, 1)), nn.LayerNorm(8), nn.Linear(8, 5), nn.GELU())
    exact = receptive_field(model, (3, 32, 40))[-1].bounds((4, 5))
    assert bounding_box(effective_receptive_field(model, (3, 32, 40), samples=2)) == exact


@given(st.permutations(range(4)), st.integers(3, 6), st.integers(3, 6), st.integers(1, 3), st.booleans())
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_dimensions_does_not_matter(order, height, width, samples, unfolded):
    torch.manual_seed(0)
    conv = nn.Conv2d(1, 3, 2)

    def arrange(m, x):
        maps = m.conv(x)
        if unfolded:
            maps = maps.flatten(2).unflatten(2, maps.shape[2:])
        return maps.permute(order)

    expected = effective_receptive_field(conv, (1, height, width), samples=samples)
    assert torch.equal(
        effective_receptive_field(Apply(arrange, conv=conv), (1, height, width), samples=samples), expected
    )


def test_a_recurrent_layer_keeps_the_places_along_time():
    class Recurrent(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(3, 4, batch_first=True)

        def forward(self, x):
            return self.lstm(x.transpose(1, 2))[0]  # (N, T, C)

    assert bounding_box(effective_receptive_field(Recurrent(), (3, 11), samples=1)) == ((0, 5),)  # up to time 11 // 2


UNKNOWN = {
    "patches by hand": lambda m, x: m.conv(x).unfold(2, 2, 2),
    "a product of two maps": lambda m, x: m.conv(x).flatten(2) @ x.flatten(2).transpose(1, 2),
    "written into another tensor": lambda m, x: torch.zeros(len(x), 4, 6, 7).copy_(m.conv(x)),
    "times something unknown": lambda m, x: m.conv(x).mean((2, 3), keepdim=True) * m.conv(x).unfold(2, 1, 1)[..., 0],
    "a class token in front": lambda m, x: torch.cat([x.flatten(2), x.flatten(2)[..., :1]], 2),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_followed_is_refused_and_may_be_said(name):
    model = Apply(UNKNOWN[name], conv=nn.Conv2d(3, 4, 3, padding=1))
    with pytest.raises(ValueError, match=r"the model gives a tensor of shape .*space_dims=\(1, 2\) for \(N, H, W, C\)"):
        effective_receptive_field(model, (3, 6, 7), samples=2)
    assert effective_receptive_field(model, (3, 6, 7), samples=2, space_dims=(-1,)).max() == 1


def test_the_dimensions_of_positions_may_be_said():
    model = Patches(lambda x: x.permute(0, 2, 3, 1))
    assert bounding_box(effective_receptive_field(model, (3, 32, 40), samples=2, space_dims=(1, 2))) == PATCH
    assert bounding_box(effective_receptive_field(model, (3, 32, 40), samples=2, space_dims=(-3, 2))) == PATCH
    everything = ((0, 31), (0, 39))
    assert bounding_box(effective_receptive_field(model, (3, 32, 40), samples=2, space_dims=())) == everything


@pytest.mark.parametrize("space_dims", [(1, 4), (1, -3), (-5,)])
def test_dimensions_that_are_not_there(space_dims):
    with pytest.raises(ValueError, match=r"space_dims is .*; expected different dimensions .*\(1, 8, 8, 10\)"):
        effective_receptive_field(Patches(lambda x: x), (3, 32, 40), samples=1, space_dims=space_dims)


@pytest.mark.parametrize("space_dims", [1, (1, 2.0), ("H",)])
def test_dimensions_that_are_no_whole_numbers(space_dims):
    with pytest.raises(TypeError, match=r"space_dims is .*; expected a sequence of whole numbers such as \(1, 2\)"):
        effective_receptive_field(Patches(lambda x: x), (3, 32, 40), samples=1, space_dims=space_dims)


def test_tensors_that_a_model_keeps_for_later_do_no_harm():
    def forward(m, x):
        if not hasattr(m, "grid"):
            m.grid = torch.ones(x.shape[2:])
        return m.conv(x) * m.grid[1:, 1:]

    assert effective_receptive_field(Apply(forward, conv=nn.Conv2d(1, 1, 2)), (1, 5, 5)).count_nonzero() == 4


# --- which tensor is meant ---------------------------------------------------------------------------------------


def test_several_tensors_are_refused_and_a_layer_helps():
    model = Apply(lambda m, x: {"out": m.a(x), "aux": m.b(x)}, a=nn.Conv2d(1, 1, 3), b=nn.Conv2d(1, 1, 5))
    with pytest.raises(ValueError, match=r"the model gives several tensors of floats, or none; .* do: 'a', 'b'"):
        effective_receptive_field(model, (1, 9, 9))
    assert effective_receptive_field(model, (1, 9, 9), layer="b").count_nonzero() == 25


def test_an_output_of_whole_numbers_is_refused():
    with pytest.raises(ValueError, match=r"several tensors of floats, or none; .* do: 'a'"):
        effective_receptive_field(Apply(lambda m, x: m.a(x).argmax(1), a=nn.Conv2d(1, 2, 3)), (1, 9, 9))


def test_a_layer_that_is_not_called():
    model = Apply(lambda m, x: m.a(x), a=nn.Conv2d(1, 1, 3), b=nn.Conv2d(1, 1, 5))
    with pytest.raises(ValueError, match=r"layer 'b' is not called when the model runs"):
        effective_receptive_field(model, (1, 9, 9), layer="b")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layer", "space_dims"),
    [
        ("swin_t", "features.1", (1, 2)),
        ("swin_t", "features.2", (1, 2)),
        ("swin_t", "permute", (2, 3)),
        ("convnext_tiny", "features.1.0", (2, 3)),
        ("convnext_tiny", "features.1.0.block.3", (1, 2)),
        ("vit_b_16", None, ()),
        ("vit_b_16", "conv_proj", (2, 3)),
        ("fcn_resnet50", "backbone", (2, 3)),
    ],
)
def test_the_positions_of_torchvisions_layers(name, layer, space_dims):
    model, shape = build(name), (3, 224, 224) if name.startswith("vit") else (3, 64, 96)
    given = effective_receptive_field(model, shape, layer=layer, samples=1, space_dims=space_dims)
    assert given.max() == 1
    assert torch.equal(effective_receptive_field(model, shape, layer=layer, samples=1), given)


def build(name):
    """An untrained model; nothing is downloaded."""
    options = {"weights_backbone": None} if name.startswith("fcn") else {}
    torch.manual_seed(0)
    model = models.get_model(name, weights=None, **options)
    if name.startswith("vit"):  # its last layer begins as zero
        nn.init.normal_(model.heads.head.weight)
    return model


def test_the_tokens_of_a_vision_transformer():
    torch.manual_seed(0)
    model = models.VisionTransformer(32, patch_size=8, num_layers=1, num_heads=1, hidden_dim=8, mlp_dim=8)
    with pytest.raises(
        ValueError, match=r"layer .encoder.layers. gives a tensor of shape \(1, 17, 8\).*tokens \(N, T, C\)"
    ):
        effective_receptive_field(model, (3, 32, 32), layer="encoder.layers", samples=1)
    middle = effective_receptive_field(model, (3, 32, 32), layer="encoder.layers", samples=1, space_dims=(1,))
    # The class token is the first, so token 17 // 2 = 8 is patch 7: the second row's last.
    own = middle[8:16, 24:32].mean()
    assert all(own > middle[i : i + 8, j : j + 8].mean() for i in range(0, 32, 8) for j in range(0, 24, 8))


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
