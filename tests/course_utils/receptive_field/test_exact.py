"""receptive_field: arithmetic to redo on paper, the operations one by one, the edges, and what is refused."""

import copy
import re
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.receptive_field import ReceptiveFieldError, effective_receptive_field, receptive_field
from tests.course_utils.receptive_field.apply import Apply
from tests.course_utils.receptive_field.oracle import seen


def on_paper(*layers, pixels=12):
    """The last row for a 1-d network; layers are (kernel, stride, padding, dilation)."""
    convolutions = [nn.Conv1d(1, 1, k, s, p, d) for k, s, p, d in layers]
    return receptive_field(nn.Sequential(*convolutions), (1, pixels))[-1]


# --- on paper ----------------------------------------------------------------------------------------------------


def test_two_small_kernels_see_as_much_as_one_large():
    row = on_paper((3, 1, 0, 1), (3, 1, 0, 1))
    assert (row.size, row.jump, row.center) == ((5,), (1,), (2.0,))
    assert row.bounds((0,)) == ((0, 4),)
    assert row.bounds((7,)) == ((7, 11),)


def test_a_stride_widens_all_that_comes_after():
    # 5, then four times 4 steps of 3 pixels more
    network = nn.Sequential(*[nn.Conv2d(1, 1, 5, stride) for stride in (3, 1, 1, 1, 1)])
    fields = receptive_field(network, (1, 64, 80))
    assert [row.size for row in fields] == [(n, n) for n in (5, 17, 29, 41, 53)]
    assert {row.jump for row in fields} == {(3, 3)}


def test_dilation_spreads_the_kernel():
    row = on_paper((3, 1, 0, 4))
    assert row.size == (9,)
    assert row.bounds((1,)) == ((1, 9),)


def test_padding_moves_the_window_out_of_the_input():
    row = on_paper((5, 1, 2, 1))
    assert row.center == (0.0,)
    assert row.bounds((0,), clip=False) == ((-2, 2),)
    assert row.bounds((0,)) == ((0, 2),)
    assert row.bounds((11,)) == ((9, 11),)


def test_an_even_kernel_is_not_centred():
    assert on_paper((4, 1, 0, 1)).center == (1.5,)
    same = receptive_field(nn.Conv1d(1, 1, 4, padding="same"), (1, 12))[-1]
    assert same.bounds((5,)) == ((4, 7),)  # PyTorch puts the odd pixel of padding behind


def test_height_and_width_are_separate():
    network = nn.Sequential(nn.Conv2d(1, 1, (3, 5), stride=(1, 2)), nn.MaxPool2d((2, 1)))
    row = receptive_field(network, (1, 20, 30))[-1]
    assert (row.size, row.jump) == ((4, 5), (2, 2))
    assert row.output_shape == (1, 9, 13)
    assert row.bounds((1, 3)) == ((2, 5), (6, 10))


def test_rows_that_a_floor_drops_are_not_seen():
    # Kernel 3, stride 2 on 8 pixels gives 3 units, which see the pixels 0 to 6. The last unit behind would
    # see 2 to 8; cut off at the input that is 2 to 7, but pixel 7 reaches nothing.
    row = on_paper((3, 2, 0, 1), (3, 1, 1, 1), pixels=8)
    assert row.bounds((2,), clip=False) == ((2, 8),)
    assert row.bounds((2,)) == ((2, 6),)


def test_a_unit_that_sees_only_padding_has_no_bounds():
    row = on_paper((1, 1, 2, 1))
    assert row.bounds((1,)) is None
    assert row.bounds((1,), clip=False) == ((-1, -1),)
    assert row.bounds((2,)) == ((0, 0),)


def test_two_branches_give_the_smallest_start_and_the_largest_end():
    ahead = nn.Sequential(nn.ConstantPad1d((0, 3), 0.0), nn.Conv1d(1, 1, 4))  # unit i sees i to i + 3
    branches = Apply(lambda m, x: m.around(x) + m.ahead(x), around=nn.Conv1d(1, 1, 3, padding=1), ahead=ahead)
    row = receptive_field(branches, (1, 12))[-1]
    assert row.bounds((5,), clip=False) == ((4, 8),)
    assert row.size == (5,)


def test_one_and_three_dimensions():
    assert receptive_field(nn.Conv1d(2, 3, 5), (2, 9))[0].size == (5,)
    row = receptive_field(nn.Sequential(nn.Conv3d(2, 3, (1, 3, 5)), nn.AvgPool3d(2)), (2, 8, 9, 10))[-1]
    assert (row.size, row.jump, row.grid) == ((2, 4, 6), (2, 2, 2), (4, 3, 3))
    assert row.bounds((3, 2, 0)) == ((6, 7), (4, 7), (0, 5))


def test_a_product_with_weights_is_a_1x1_convolution():
    x = torch.randn(1, 4, 5, 6)
    conv = nn.Conv2d(4, 3, 1, bias=False)
    products = {
        "weight @ x": lambda m, x: (m.conv.weight[:, :, 0, 0] @ x.flatten(2)).unflatten(2, (5, 6)),
        "einsum": lambda m, x: torch.einsum("oc,nchw->nohw", m.conv.weight[:, :, 0, 0], x),
    }
    for product in products.values():
        torch.testing.assert_close(Apply(product, conv=conv)(x), conv(x))
        model = nn.Sequential(nn.Conv2d(2, 4, 3, stride=2), Apply(product, conv=conv))
        row = receptive_field(model, (2, 11, 13))[-1]
        assert (row.size, row.jump, row.bounds((1, 2))) == ((3, 3), (2, 2), ((2, 4), (4, 6)))


# --- all positions at once ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", [
    nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1), nn.Sequential(nn.Flatten(), nn.Linear(2 * 5 * 7, 4)),
    Apply(lambda m, x: x.mean((2, 3))), Apply(lambda m, x: x.flatten(2).amax(-1)),
])  # fmt: skip
def test_mixing_all_positions_sees_everything(head):
    row = receptive_field(nn.Sequential(nn.Conv2d(1, 2, 3), head), (1, 7, 9))[-1]
    assert row.sees_everything
    assert (row.size, row.jump, row.center, row.grid) == ((7, 9), (0, 0), (3.0, 4.0), (1, 1))
    assert row.bounds((0, 0)) == row.bounds((0, 0), clip=False) == ((0, 6), (0, 8))


def test_everything_is_what_arrives():
    # Stride 2 drops the last row, and no linear layer brings it back.
    network = nn.Sequential(nn.Conv2d(1, 1, 2, stride=2), nn.Flatten(), nn.Linear(6, 1))
    row = receptive_field(network, (1, 5, 6))[-1]
    assert row.bounds((0, 0)) == ((0, 3), (0, 5))
    assert row.bounds((0, 0), clip=False) == ((0, 4), (0, 5))


def test_a_gate_sees_everything_and_keeps_the_jump():
    gate = Apply(lambda m, x: x * torch.sigmoid(m.fc(F.adaptive_avg_pool2d(x, 1))), fc=nn.Conv2d(2, 2, 1))
    row = receptive_field(nn.Sequential(nn.Conv2d(1, 2, 3, stride=2), gate, nn.Conv2d(2, 2, 3)), (1, 15, 17))[-1]
    assert row.sees_everything
    assert row.jump == (2, 2)
    assert row.bounds((4, 5)) == ((0, 14), (0, 16))


def test_a_map_of_one_unit_keeps_its_window():
    network = nn.Sequential(nn.Conv2d(1, 2, 4, stride=2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3))
    row = receptive_field(network, (1, 5, 5))[-1]
    assert not row.sees_everything
    assert row.bounds((0, 0)) == ((0, 3), (0, 3))


def test_adaptive_pooling_that_divides_evenly_is_a_window():
    row = receptive_field(nn.AdaptiveAvgPool1d(3), (1, 12))[-1]
    assert (row.size, row.jump) == ((4,), (4,))
    row = receptive_field(nn.AdaptiveAvgPool1d(3), (1, 7))[-1]  # windows 0-2, 2-4, 4-6
    assert (row.size, row.jump) == ((3,), (2,))


def test_adaptive_pooling_at_unequal_steps_has_exact_bounds_but_no_jump():
    row = receptive_field(nn.Sequential(nn.AdaptiveAvgPool1d(4), nn.Conv1d(1, 1, 2)), (1, 10))[-1]
    # windows 0-2, 2-4, 5-7, 7-9, then two of them each
    assert [row.bounds((i,)) for i in range(3)] == [((0, 4),), ((2, 7),), ((5, 9),)]
    assert (row.size, row.jump, row.center) == ((6,), (None,), (None,))
    with pytest.raises(ReceptiveFieldError, match=r"1 \(Conv1d\): its units lie at unequal steps.*use clip=True"):
        row.bounds((0,), clip=False)


# --- operations, each against gradients --------------------------------------------------------------------------


def shuffle(m, x):
    n, c, h, w = x.size()
    return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def after_split(m, x):
    left, right = x.chunk(2, dim=1)
    return torch.cat([left, m.conv(right)], dim=1)


def after_unbind(m, x):
    first, second, third, fourth = x.unbind(1)
    return torch.stack([second, first, third, fourth], dim=1)


CONV = {"conv": nn.Conv2d(2, 2, (3, 2), padding=(1, 0))}
OPERATIONS = {
    "functional": (lambda m, x: F.max_pool2d(F.relu(F.conv2d(x, m.conv.weight, stride=2)), 2), CONV),
    "residual": (lambda m, x: m.conv(x).relu_() + x[..., 1:], CONV),
    "in place": (lambda m, x: m.conv(x).add_(x[..., :-1]), CONV),
    "depthwise": (lambda m, x: m.conv(x), {"conv": nn.Conv2d(4, 8, 3, groups=4)}),
    "reflect": (lambda m, x: m.conv(x), {"conv": nn.Conv2d(4, 2, 5, padding=2, padding_mode="reflect")}),
    "circular": (lambda m, x: m.conv(x), {"conv": nn.Conv2d(4, 2, 5, padding=2, padding_mode="circular")}),
    "negative padding": (lambda m, x: F.pad(x, (1, -2, -3, 0)), {}),
    "crop": (lambda m, x: x[:, 1:3, 1::2, -5:-1], {}),
    "one row": (lambda m, x: x[:, :, 3], {}),
    "narrow": (lambda m, x: x.narrow(3, 2, 4), {}),
    "channels last": (lambda m, x: m.fc(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), {"fc": nn.Linear(4, 3)}),
    "transposed": (lambda m, x: m.conv(x.transpose(2, 3)), CONV),
    "channel shuffle": (shuffle, {}),
    "nn.ChannelShuffle": (lambda m, x: m.mix(x), {"mix": nn.ChannelShuffle(2)}),
    "chunk": (after_split, {"conv": nn.Conv2d(2, 2, 3, padding=1)}),
    "split": (lambda m, x: F.avg_pool2d(x.split([1, 3], 1)[1], 2), {}),
    "normalisation and dropout": (
        lambda m, x: m.drop(m.layer(m.instance(m.group(m.batch(x))))),
        {
            "batch": nn.BatchNorm2d(4), "group": nn.GroupNorm(2, 4), "instance": nn.InstanceNorm2d(4),
            "layer": nn.LayerNorm([9, 11]), "drop": nn.Dropout2d(),
        },
    ),
    "stack": (lambda m, x: torch.stack([x, F.avg_pool2d(x, 3, 1, 1)]).sum(0), {}),
    "unbind": (after_unbind, {}),
    "mean over rows": (lambda m, x: x.mean(2), {}),
    "mean over rows, kept": (lambda m, x: x - x.mean(2, keepdim=True), {}),
    "channel attention": (lambda m, x: x * torch.amax(x, dim=1, keepdim=True), {}),
    "maximum": (lambda m, x: torch.maximum(x, F.avg_pool2d(x, 3, 1, 1)), {}),
    "softmax over channels": (lambda m, x: x.softmax(dim=1), {}),
    "matmul": (lambda m, x: x.flatten(1) @ torch.ones(4 * 9 * 11, 3).to(x), {}),
    "weight @ x": (lambda m, x: (torch.ones(5, 4).to(x) @ x.flatten(2)).unflatten(2, (9, 11)), {}),
    "weight @ x for each image": (lambda m, x: (torch.ones(3, 5, 4).to(x) @ x.flatten(2)).unflatten(2, (9, 11)), {}),
    "a vector of weights": (lambda m, x: (torch.ones(4).to(x) @ x.flatten(2)).unflatten(1, (1, 9, 11)), {}),
    "x @ weight on tokens": (
        lambda m, x: (x.flatten(2).transpose(1, 2) @ torch.ones(4, 3).to(x)).transpose(1, 2).unflatten(2, (9, 11)), {}
    ),
    "weights along the rows": (lambda m, x: (torch.ones(9).to(x) @ x), {}),
    "weights for every column": (
        lambda m, x: (torch.ones(11, 3, 4).to(x) @ x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1), {}
    ),
    "bmm": (lambda m, x: torch.bmm(torch.ones(1, 5, 4).to(x), x.flatten(2)).unflatten(2, (9, 11)), {}),
    "baddbmm": (
        lambda m, x: torch.baddbmm(torch.ones(1, 5, 99).to(x), torch.ones(1, 5, 4).to(x), x.flatten(2)).unflatten(
            2, (9, 11)
        ),
        {},
    ),
    "inner": (lambda m, x: torch.inner(x.permute(0, 2, 3, 1), torch.ones(2, 4).to(x)).permute(0, 3, 1, 2), {}),
    "tensordot": (lambda m, x: torch.tensordot(x, torch.ones(5, 4).to(x), ([1], [1])).permute(0, 3, 1, 2), {}),
    "einsum": (lambda m, x: torch.einsum("oc,nchw->nohw", torch.ones(5, 4).to(x), x), {}),
    "einsum with dots": (lambda m, x: torch.einsum("...chw, co -> ...ohw", x, torch.ones(4, 2).to(x)), {}),
    "einsum over rows": (lambda m, x: torch.einsum("nchw,h->ncw", x, torch.ones(9).to(x)), {}),
    "einsum without an arrow": (lambda m, x: torch.einsum("bchw,ca", x, torch.ones(4, 2).to(x)).transpose(0, 1), {}),
    "F.linear with one row": (lambda m, x: F.linear(x.permute(0, 2, 3, 1), torch.ones(4).to(x))[:, None], {}),
    "flatten and back": (lambda m, x: F.avg_pool2d(x.flatten(2).unflatten(2, (9, 11)), 2), {}),
    "expand": (lambda m, x: x + x.mean((2, 3), keepdim=True).expand_as(x), {}),
    "LPPool2d": (lambda m, x: m.pool(x), {"pool": nn.LPPool2d(2, 3, stride=2)}),
    "ceil_mode": (lambda m, x: m.pool(x), {"pool": nn.MaxPool2d(3, 2, 1, ceil_mode=True)}),
    "indices": (lambda m, x: m.pool(x)[0], {"pool": nn.MaxPool2d(2, return_indices=True)}),
    "normalised": (lambda m, x: m.norm(x), {"norm": nn.LocalResponseNorm(3)}),
    "activations": (lambda m, x: F.hardswish(F.silu(F.prelu(F.leaky_relu(x), torch.ones(4).to(x)))), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_sees_what_gradients_find(name):
    function, layers = OPERATIONS[name]
    channels = layers["conv"].in_channels if "conv" in layers and name != "chunk" else 4
    model = nn.Sequential(nn.Conv2d(3, channels, 3, padding=1), Apply(function, **layers))
    row = receptive_field(model, (3, 9, 11))[-1]

    def units(size):
        return sorted({tuple(i % n for i, n in zip((k, 2 * k), size, strict=False)) for k in range(12)})

    for index, expected in seen(model, (3, 9, 11), [""], units)[""].items():
        if name == "transposed":
            index = index[::-1]
        # An axis that is gone has a single unit, 0.
        along = iter(index)
        place = tuple(next(along) if n > 1 else 0 for n in row.grid)
        assert row.bounds(place) == expected, f"{row}, unit {index}"


def test_training_flag_in_forward_is_that_of_eval_mode():
    model = Apply(
        lambda m, x: m.wide(x) if m.training else m.narrow(x), wide=nn.Conv2d(1, 1, 9), narrow=nn.Conv2d(1, 1, 3)
    )
    assert receptive_field(model.train(), (1, 12, 12))[-1].size == (3, 3)


# --- the rows ----------------------------------------------------------------------------------------------------


def small():
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(4, 2, 3)))


def test_rows_are_found_by_place_and_by_name():
    fields = receptive_field(small(), (1, 16, 12))
    assert [row.layer for row in fields] == ["0", "1", "2.0", "2.1"]
    assert [row.kind for row in fields] == ["Conv2d", "ReLU", "MaxPool2d", "Conv2d"]
    assert fields["2.0"] is fields[2]
    assert fields["2"] is fields[-1]
    assert len(fields) == len(fields[:]) == 4
    with pytest.raises(KeyError, match=r"no layer 'conv'; there are: 0, 1, 2\.0, 2\.1"):
        fields["conv"]


def test_a_module_called_twice_has_two_rows():
    model = Apply(lambda m, x: m.relu(m.conv(m.relu(x))), conv=nn.Conv2d(1, 1, 3), relu=nn.ReLU())
    assert [row.layer for row in receptive_field(model, (1, 8, 8))] == ["relu", "conv", "relu_1"]


def test_rows_are_frozen():
    fields = receptive_field(small(), (1, 16, 12))
    with pytest.raises(AttributeError):
        fields[0].size = (9, 9)
    with pytest.raises(AttributeError):
        fields.rows = ()


def test_the_batch_may_be_given():
    without, batched = receptive_field(small(), (1, 16, 12)), receptive_field(small(), (5, 1, 16, 12))
    assert [row.size for row in without] == [row.size for row in batched]
    assert (without[0].output_shape, batched[0].output_shape) == ((4, 14, 10), (5, 4, 14, 10))
    assert without.input_size == batched.input_size == (16, 12)


@pytest.mark.parametrize("index", [(7, 0), (-1, 0), (0,), (0, 0, 0), 3])
def test_a_unit_that_is_not_there(index):
    with pytest.raises(IndexError, match=r"2\.0 \(MaxPool2d\) has no unit .*grid of 7×5"):
        receptive_field(small(), (1, 16, 12))["2.0"].bounds(index)


def test_table_as_text():
    assert str(receptive_field(small(), (1, 16, 12))).splitlines() == [
        "layer  kind       output   size  jump  center",
        "-----  ---------  -------  ----  ----  --------",
        "0      Conv2d     4×14×10  3×3   1×1   1, 1",
        "1      ReLU       4×14×10  3×3   1×1   1, 1",
        "2.0    MaxPool2d  4×7×5    4×4   2×2   1.5, 1.5",
        "2.1    Conv2d     2×5×3    8×8   2×2   3.5, 3.5",
        "Receptive fields; the input has 16×12 pixels",
    ]


def test_table_as_html():
    page = receptive_field(small(), (1, 16, 12))._repr_html_()
    assert page.count("<tr>") == 5
    assert '<th scope="col" style="text-align: left">jump</th>' in page
    cells = re.findall("<td[^>]*>(.*?)</td>", page)
    assert cells[12:16] == ["2.0", "MaxPool2d", "4×7×5", "4×4"]


# --- notes: where the counted field is not the whole truth -----------------------------------------------------


@pytest.mark.parametrize("norm", [nn.GroupNorm(2, 4), nn.InstanceNorm2d(4), nn.LayerNorm([4, 6, 6])])
def test_statistics_of_the_map_are_named_not_counted(norm):
    fields = receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), norm), (1, 8, 8))
    assert fields[-1].size == (3, 3)
    assert len(fields.notes) == 1
    assert fields.notes[0].startswith("1: the normalisation takes its mean and variance from the whole map")
    assert fields.notes[0] in str(fields)
    assert fields.notes[0] in fields._repr_html_()


def test_batch_norm_needs_no_note():
    assert receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)), (1, 8, 8)).notes == ()


def test_channels_taken_out_of_a_concatenation_are_named():
    model = Apply(lambda m, x: torch.cat([x, m.conv(x)], 1)[:, :1], conv=nn.Conv2d(1, 1, 3, padding=1))
    fields = receptive_field(model, (1, 8, 8))
    assert fields[-1].bounds((4, 4)) == ((3, 5), (3, 5))
    assert "some channels of a concatenation are taken" in fields.notes[0]


# --- what is refused, and how ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (nn.ConvTranspose2d(4, 4, 2, stride=2), r"1 \(ConvTranspose2d\): conv_transpose2d is not .*lie at fractions"),
        (nn.Upsample(scale_factor=2), r"1 \(Upsample\): upsample_nearest2d is not supported: .*may lie at fractions"),
        (Apply(lambda m, x: F.interpolate(x, scale_factor=2, mode="bilinear")), r"upsample_bilinear2d is not"),
        (nn.PixelShuffle(2), r"1 \(PixelShuffle\): pixel_shuffle is not supported: .*grid"),
        (nn.Unfold(3), r"1 \(Unfold\): im2col is not supported"),
        (Apply(lambda m, x: m.look(x, x, x), look=nn.MultiheadAttention(6, 2)), r"1\.look \(MultiheadAtt.*attention"),
        (Apply(lambda m, x: x.flatten(2) @ x.flatten(2).transpose(1, 2)), r"1\.matmul \(matmul\): matmul multiplies"),
        (Apply(lambda m, x: F.conv2d(torch.ones(1, 4, 9, 9), x[..., :3, :3])), r"conv2d.*computed from it, perhaps"),
        (Apply(lambda m, x: torch.einsum("nchw,nkhw->nck", x, x)), r"1\.einsum \(einsum\): einsum multiplies"),
        (Apply(lambda m, x: torch.einsum("nchh->nch", x)), r"1\.einsum \(einsum\): it takes a diagonal"),
        (Apply(lambda m, x: torch.addmm(x[0, 0], torch.ones(6, 2), torch.ones(2, 6))), r"addmm adds to a tensor"),
        (Apply(lambda m, x: x.flatten(2).softmax(-1)), r"1\.softmax \(softmax\): softmax over positions makes"),
        (Apply(lambda m, x: torch.cat([x, x], 2)), r"1\.cat \(cat\): cat joins maps side by side"),
        (Apply(lambda m, x: x + x.transpose(2, 3)), r"1\.add \(add\): .*rows"),
        (Apply(lambda m, x: x.reshape(-1, 4, 3, 2, 3, 2)), r"1\.reshape \(reshape\): .*cuts the rows or columns"),
        (Apply(lambda m, x: x.roll(1, 2)), r"1\.roll \(roll\): roll is not supported: there is no rule for it"),
        (Apply(lambda m, x: x[:, :, torch.tensor([0, 1])]), r"index is not supported: there is no rule for it"),
        (Apply(lambda m, x: F.grid_sample(x, torch.zeros(1, 2, 2, 2))), r"grid_sampler\w* is .*depends on the data"),
        (Apply(lambda m, x: m.lstm(x[:, :, 0]), lstm=nn.LSTM(6, 2)), r"1\.lstm \(LSTM\): lstm is not .*recurrent"),
        (Apply(lambda m, x: x.flip(2)), r"1\.flip \(flip\): flip is not supported: there is no rule for it"),
        (Apply(lambda m, x: x.flatten(2)[..., 1:]), r"a dimension that a flatten or reshape before put together"),
        (Apply(lambda m, x: x.reshape(-1, 3, 48)), r"1\.reshape \(reshape\): .*cuts the channels"),
        (Apply(lambda m, x: x.mean(3)[..., None] + x.mean(3)[..., None, :]), r"two dimensions .* the same axis"),
    ],
)  # fmt: skip
def test_refused_by_name(layer, reason):
    with pytest.raises(ReceptiveFieldError, match=reason):
        receptive_field(nn.Sequential(nn.Conv2d(1, 4, 3), layer), (1, 8, 8))


def test_branches_that_disagree_on_the_jump():
    halves = Apply(lambda m, x: m.a(x) + m.b(x), a=nn.Conv1d(1, 1, 2, stride=2), b=nn.Conv1d(1, 1, 5))
    with pytest.raises(
        ReceptiveFieldError, match=r"add \(add\): the branches .* disagree on the jump .*: 1 and 2.*strides"
    ):
        receptive_field(halves, (1, 8))


def test_writing_into_shared_memory():
    def forward(m, x):
        x = m.conv(x)
        corner = x[..., :4, :4]
        return corner.add_(F.avg_pool2d(corner, 3, 1, 1)) + x[..., 2:, 2:]

    with pytest.raises(ReceptiveFieldError, match=r"add_ writes into memory that another tensor"):
        receptive_field(Apply(forward, conv=nn.Conv2d(1, 1, 3)), (1, 8, 8))


def test_an_untraceable_model():
    model = Apply(lambda m, x: x if x.sum() > 0 else -x)
    with pytest.raises(
        ReceptiveFieldError, match=r"(?s)torch\.fx cannot trace Apply: TraceError.*`if`.*model\.features.*wrap"
    ):
        receptive_field(model, (1, 8, 8))


def test_a_forward_pass_that_fails():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Conv2d(3, 4, 3))
    with pytest.raises(ReceptiveFieldError, match=r"(?s)fails at 1 \(Conv2d\) .*\(1, 1, 8, 8\).*trace_shapes"):
        receptive_field(model, (1, 8, 8))


@pytest.mark.parametrize(
    ("model", "shape", "error", "message"),
    [
        ("resnet", (3, 8, 8), TypeError, r"model is str; expected a torch\.nn\.Module"),
        (nn.Conv2d(1, 1, 3), 28, TypeError, r"input_shape is 28; expected whole numbers such as \(3, 224, 224\)"),
        (nn.Conv2d(1, 1, 3), (1, 2.5, 3), TypeError, r"expected whole numbers"),
        (nn.Conv2d(1, 1, 3), (1, 0, 3), ValueError, r"each at least 1"),
        (nn.Conv2d(1, 1, 3), (28, 28), ReceptiveFieldError, r"\(28, 28\), with 2 numbers; .*2-d maps"),
        (nn.LazyConv2d(1, 3), (1, 8, 8), ValueError, r"LazyConv2d is lazy.*run the model once"),
    ],
)
def test_wrong_arguments(model, shape, error, message):
    with pytest.raises(error, match=message):
        receptive_field(model, shape)


# --- nothing is left behind --------------------------------------------------------------------------------------


def busy_model():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Dropout(), nn.Conv2d(4, 2, 3)
    )
    model.calls = []
    model[0].register_forward_hook(lambda *call: model.calls.append("hook"))
    model[1].eval()
    model[4].weight.grad = torch.ones_like(model[4].weight)
    return model


@pytest.mark.parametrize("look", [receptive_field, effective_receptive_field])
@pytest.mark.parametrize("fails", [False, True])
def test_the_model_and_the_generator_stay_as_they_are(look, fails):
    model = busy_model()
    if fails:
        model.append(nn.Linear(3, 3))
    before = copy.deepcopy(model.state_dict())
    modes = [module.training for module in model.modules()]
    tensors = [parameter.data_ptr() for parameter in model.parameters()]
    state = torch.get_rng_state()
    if fails:
        with pytest.raises((ValueError, RuntimeError)):
            look(model, (1, 12, 12))
    else:
        look(model, (1, 12, 12))
    assert torch.equal(torch.get_rng_state(), state)
    assert [module.training for module in model.modules()] == modes
    assert [parameter.data_ptr() for parameter in model.parameters()] == tensors
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert model.calls == []
    assert len(model[0]._forward_hooks) == 1
    assert torch.equal(model[4].weight.grad, torch.ones_like(model[4].weight))
    assert model[0].weight.grad is None
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_dropout_that_ignores_eval_mode_does_not_draw_from_the_global_generator():
    model = Apply(lambda m, x: F.dropout(m.conv(x), training=True), conv=nn.Conv2d(1, 1, 3))
    state = torch.get_rng_state()
    first = effective_receptive_field(model, (1, 8, 8))
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(3)
    assert torch.equal(first, effective_receptive_field(model, (1, 8, 8)))


def test_no_memory_is_spent_on_a_large_model():
    with torch.device("meta"):
        model = nn.Sequential(nn.Flatten(), nn.Linear(3 * 512 * 512, 100_000))
    assert receptive_field(model, (3, 512, 512))[-1].sees_everything


def test_importing_does_not_import_matplotlib():
    code = "import sys, course_utils.receptive_field; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"
