"""Transforms of pictures: ranges, randomness, and whether a garment survives."""

import pytest
import torch
from torchvision.transforms import v2

from course_utils import data
from course_utils.checks import CheckError, check_black_border, check_random, check_range, check_recognisable

STEPS = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,), (0.5,))]
RAMP = (torch.arange(784) % 256).reshape(28, 28).to(torch.uint8)


@pytest.mark.parametrize(
    ("steps", "cause"),
    [
        (STEPS[:2], "v2.Normalize is missing"),
        ([*STEPS[:2], v2.Normalize((0.1307,), (0.3081,))], "mean and std of MNIST"),
        ([v2.RandomHorizontalFlip(1.0), *STEPS], "it is mirrored"),
        ([v2.RandomInvert(1.0), *STEPS], "bright and dark are swapped"),
        ([v2.RandomCrop(28, padding=2), *STEPS], "something in it is random"),
    ],
)
def test_a_range_that_is_wrong_is_named(steps, cause):
    torch.manual_seed(0)
    check_range(v2.Compose(STEPS), RAMP, "t")
    with pytest.raises(CheckError) as caught:
        check_range(v2.Compose(steps), RAMP, "t")
    assert cause in caught.value.cause


@pytest.mark.parametrize(
    ("steps", "cause"),
    [
        ([*STEPS, v2.RandomAffine(0, translate=(0.1, 0.1), fill=1)], "are white"),
        ([*STEPS, v2.RandomCrop(28, padding=2)], "are grey"),
        ([v2.RandomInvert(), *STEPS], "swapped in some draws"),
    ],
)
def test_a_border_that_is_not_black_is_named(steps, cause):
    torch.manual_seed(0)
    check_black_border(v2.Compose([v2.RandomCrop(28, padding=2), *STEPS]), "t")
    with pytest.raises(CheckError) as caught:
        check_black_border(v2.Compose(steps), "t")
    assert cause in caught.value.cause


def test_randomness():
    check_random(v2.Compose([v2.RandomCrop(28, padding=1), *STEPS]), RAMP, "t")
    with pytest.raises(CheckError, match="nothing in it is random"):
        check_random(v2.Compose(STEPS), RAMP, "t")


@pytest.mark.parametrize("label", [0, 3, 4, 8, 9])  # thin ones, as sandals, change more with each pixel
def test_mild_changes_leave_each_garment_recognisable(label):
    garments = data.load("fashion-mnist", "train")
    picture = garments.data[int((garments.targets == label).nonzero()[0])]
    torch.manual_seed(label)
    mild = [v2.RandomHorizontalFlip(), v2.RandomAffine(degrees=5, translate=(0.08, 0.08))]
    check_recognisable(v2.Compose([*mild, *STEPS]), picture, "t", draws=30)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (v2.RandomVerticalFlip(1.0), "upside down"),
        (v2.RandomRotation((90, 90)), "on its side"),
        (v2.RandomInvert(1.0), "bright and dark"),
    ],
)
def test_a_garment_that_is_lost_is_described(change, cause):
    boot = torch.zeros(28, 28)
    boot[5:23, 14:20] = boot[17:23, 6:20] = 255
    with pytest.raises(CheckError) as caught:
        check_recognisable(v2.Compose([change, *STEPS]), boot.to(torch.uint8), "t", draws=2)
    assert cause in caught.value.cause
