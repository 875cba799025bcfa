"""torchvision's classification CNNs: the table of reference numbers, and what gradients find."""

import random
from pathlib import Path

import pytest
import torch
from torchvision import models

from course_utils.receptive_field import ReceptiveFieldError, receptive_field
from tests.course_utils.receptive_field.oracle import seen

# Window and jump of the last map, where the network has no gate or layer that mixes all positions before.
PUBLISHED = {
    # Araujo, Norris and Sim, Distill 2019.
    "alexnet": ("features", 195, 32),
    "vgg16": ("features", 212, 32),
    "inception_v3": ("Mixed_7c", 1311, 32),
}
COMPUTED = {
    "vgg11": ("features", 150, 32),
    "vgg13": ("features", 156, 32),
    "vgg19": ("features", 268, 32),
    "vgg11_bn": ("features", 150, 32),
    "vgg13_bn": ("features", 156, 32),
    "vgg16_bn": ("features", 212, 32),
    "vgg19_bn": ("features", 268, 32),
    "squeezenet1_0": ("features", 155, 16),
    "squeezenet1_1": ("features", 207, 16),
    "resnet18": ("layer4", 435, 32),
    "resnet34": ("layer4", 899, 32),
    "resnet50": ("layer4", 427, 32),
    "resnet101": ("layer4", 971, 32),
    "resnet152": ("layer4", 1451, 32),
    "resnext50_32x4d": ("layer4", 427, 32),
    "resnext101_32x8d": ("layer4", 971, 32),
    "resnext101_64x4d": ("layer4", 971, 32),
    "wide_resnet50_2": ("layer4", 427, 32),
    "wide_resnet101_2": ("layer4", 971, 32),
    "densenet121": ("features", 2071, 32),
    "densenet161": ("features", 2967, 32),
    "densenet169": ("features", 3351, 32),
    "densenet201": ("features", 3863, 32),
    "googlenet": ("inception5b", 379, 32),
    "mobilenet_v2": ("features", 491, 32),
    "mnasnet0_5": ("layers", 843, 32),
    "mnasnet0_75": ("layers", 843, 32),
    "mnasnet1_0": ("layers", 843, 32),
    "mnasnet1_3": ("layers", 843, 32),
    "shufflenet_v2_x0_5": ("conv5", 527, 32),
    "shufflenet_v2_x1_0": ("conv5", 527, 32),
    "shufflenet_v2_x1_5": ("conv5", 527, 32),
    "shufflenet_v2_x2_0": ("conv5", 527, 32),
    "convnext_tiny": ("features", 1688, 32),
    "convnext_small": ("features", 3416, 32),
    "convnext_base": ("features", 3416, 32),
    "convnext_large": ("features", 3416, 32),
    "regnet_x_400mf": ("trunk_output", 975, 32),
    "regnet_x_800mf": ("trunk_output", 543, 32),
    "regnet_x_1_6gf": ("trunk_output", 471, 32),
    "regnet_x_3_2gf": ("trunk_output", 663, 32),
    "regnet_x_8gf": ("trunk_output", 583, 32),
    "regnet_x_16gf": ("trunk_output", 535, 32),
    "regnet_x_32gf": ("trunk_output", 551, 32),
}
# Squeeze and excitation weighs every unit by the mean of all: from the first gate on, each unit sees everything.
# The numbers are those of the last layer before that gate.
GATED = {
    "mobilenet_v3_small": ("features.1.block.0", 7, 4),
    "mobilenet_v3_large": ("features.4.block.1", 35, 8),
    **{f"efficientnet_b{i}": ("features.1.0.block.0", 7, 2) for i in range(8)},
    "efficientnet_v2_s": ("features.4.0.block.1", 111, 16),
    "efficientnet_v2_m": ("features.4.0.block.1", 139, 16),
    "efficientnet_v2_l": ("features.4.0.block.1", 191, 16),
    **{
        f"regnet_y_{size}": ("trunk_output.block1.block1-0.f.b", 7, 4)
        for size in ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf", "128gf")
    },
}
REFERENCE = PUBLISHED | COMPUTED | GATED
REFUSED = {
    **dict.fromkeys(("vit_b_16", "vit_b_32", "vit_l_16", "vit_l_32", "vit_h_14"), "attention"),
    **{f"swin_{version}{size}": "attention" for version in ("", "v2_") for size in "tsb"},
    "maxvit_t": "attention",
}

# Small enough to be measured with the fast tests.
FAST = [
    "alexnet", "squeezenet1_1", "resnet18", "densenet121", "googlenet", "mobilenet_v2", "mobilenet_v3_small",
    "mnasnet0_5", "shufflenet_v2_x0_5", "efficientnet_b0", "regnet_y_400mf",
]  # fmt: skip


def build(name: str, device: str) -> torch.nn.Module:
    """The untrained model; nothing is downloaded."""
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    # RegNet computes its widths with tensors, which meta tensors cannot do.
    with torch.device("cpu" if name.startswith("regnet") else device):
        return models.get_model(name, weights=None, **options)


def slow_unless(fast: bool, name: str):
    return pytest.param(name, marks=() if fast else pytest.mark.slow)


@pytest.mark.parametrize("name", [slow_unless(name in FAST or name in PUBLISHED, name) for name in REFERENCE])
def test_reference_numbers(name):
    layer, size, jump = REFERENCE[name]
    fields = receptive_field(build(name, "meta"), (3, 224, 224))
    row = fields[layer]
    assert (row.size, row.jump) == ((size, size), (jump, jump))
    assert fields[-1].sees_everything
    if name in GATED:
        gate = next(row for row in fields if row.sees_everything)
        assert fields.rows.index(gate) > fields.rows.index(row)
        assert all(r.jump == (32, 32) for r in fields if r.sees_everything and r.grid == (7, 7))


def test_the_page_shows_these_numbers():
    page = (Path(__file__).parents[3] / "docs" / "receptive-fields.md").read_text(encoding="utf-8")
    shown = {}
    for line in page.splitlines():
        cells = [cell.strip(" *") for cell in line.strip().strip("|").split("|")]
        for names, size, jump in (cells[i : i + 3] for i in range(0, len(cells) - 2, 4)):
            if size.isdigit():
                shown |= dict.fromkeys(names.split(", "), (int(size), int(jump)))
    assert shown == {name: numbers[1:] for name, numbers in REFERENCE.items()}


def test_the_example_of_the_page():
    row = receptive_field(build("resnet18", "meta"), (3, 224, 224))["layer2"]
    assert (row.size, row.jump) == ((99, 99), (8, 8))
    assert row.bounds((0, 27)) == ((0, 49), (167, 223))
    assert row.bounds((0, 27), clip=False) == ((-49, 49), (167, 265))


@pytest.mark.parametrize(("name", "last"), [("squeezenet1_0", 222), ("squeezenet1_1", 222), ("inception_v3", 220)])
def test_the_last_rows_and_columns_are_not_seen(name, last):
    # The first convolution has stride 2 and no padding: 224 pixels are one too many. In Inception v3 the second pooling
    # drops a row too, which is two pixels further.
    fields = receptive_field(build(name, "meta"), (3, 224, 224))
    assert fields[-1].bounds((0, 0)) == ((0, last), (0, last))


def test_every_classification_model_is_in_the_table_or_refused():
    assert set(models.list_models(module=models)) == REFERENCE.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", ["vit_b_32", "swin_t", "swin_v2_t", "maxvit_t"])
def test_attention_is_refused_by_name(name):
    with pytest.raises(ReceptiveFieldError, match=r"(?i)attention"):
        receptive_field(build(name, "cpu"), (3, 224, 224))


@pytest.mark.parametrize("name", [slow_unless(name in FAST, name) for name in REFERENCE])
def test_bounds_are_what_gradients_find(name):
    """Corner, middle and a drawn unit of each large block, on an input that is not square."""
    shape = (3, 80, 104)
    model = build(name, "cpu")
    fields = receptive_field(model, shape)
    blocks = [block for block, _ in model.named_children() if any(r.layer.startswith(block) for r in fields)]
    if name not in FAST or name in ("mobilenet_v3_small", "efficientnet_b0"):
        trunk = getattr(model, "features", torch.nn.Module())
        blocks += [f"features.{block}" for block, _ in trunk.named_children()]
    blocks = [block for block in blocks if not block.endswith(("AuxLogits", "aux1", "aux2"))]
    draw = random.Random(0)

    def units(size):
        if not size:
            return [()]
        return [tuple(0 for _ in size), tuple(n // 2 for n in size), tuple(draw.randrange(n) for n in size)]

    for block, by_unit in seen(model, shape, [*blocks, ""], units).items():
        row = fields[block] if block else fields[-1]
        for index, expected in by_unit.items():
            assert row.bounds(index or (0, 0)) == expected, f"{row}, unit {index}"
