"""`TensorLoader` and the augmentation of whole batches."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, Subset, random_split
from torchvision.datasets import VisionDataset
from torchvision.transforms.functional import to_tensor

from course_utils.training import Augment, TensorLoader, random_erase, random_flip, random_shift
from tests.course_utils.training.small_training import small_images


class Pictures(VisionDataset):
    """A data set as torchvision's: bytes in `data`, numbers in `targets`, names in `classes`."""

    def __init__(self, data, targets):
        self.data, self.targets, self.classes = data, targets, ["a", "b", "c"]

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return to_tensor(np.asarray(self.data[index])), self.targets[index]


def all_of(loader):
    images, labels = zip(*loader, strict=True)
    return torch.cat(images), torch.cat(labels)


# Plain cases


def test_bytes_become_numbers_from_0_to_1():
    images = torch.tensor([[[0, 51], [102, 255]]], dtype=torch.uint8)
    batch, labels = next(iter(TensorLoader((images, [2]), 1, device="cpu")))
    assert batch.tolist() == [[[[0.0, torch.tensor(51 / 255).item()], [torch.tensor(0.4).item(), 1.0]]]]
    assert (labels.tolist(), labels.dtype, batch.dtype) == ([2], torch.int64, torch.float32)


def test_mean_and_std_for_each_channel():
    images = torch.tensor([255, 0], dtype=torch.uint8).view(1, 2, 1, 1)
    batch, _ = next(iter(TensorLoader((images, [0]), 1, mean=(0.5, 0.25), std=(0.5, 0.125), device="cpu")))
    assert batch.flatten().tolist() == [1.0, -2.0]  # (1 - 0.5) / 0.5 and (0 - 0.25) / 0.125


def test_floats_are_taken_as_they_are():
    images = torch.randn(3, 1, 2, 2)
    assert torch.equal(all_of(TensorLoader((images, [0, 1, 2]), 2, device="cpu"))[0], images)


@pytest.mark.parametrize(("count", "size", "drop_last", "sizes"), [
    (10, 4, False, [4, 4, 2]), (10, 4, True, [4, 4]), (8, 4, False, [4, 4]), (8, 4, True, [4, 4]), (3, 9, False, [3]),
])  # fmt: skip
def test_batches(count, size, drop_last, sizes):
    loader = TensorLoader(small_images(count), size, drop_last=drop_last, device="cpu")
    assert [len(labels) for _, labels in loader] == sizes
    assert len(loader) == len(sizes)


# Against torchvision and DataLoader


@pytest.mark.parametrize("shape", [(7, 5, 6), (7, 5, 6, 3), (7, 4, 4, 1)])
def test_same_batches_as_a_dataloader_with_to_tensor(shape):
    data = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    pictures = Pictures(data, [0, 1, 2, 0, 1, 2, 0])
    for (ours, labels), (theirs, expected) in zip(
        TensorLoader(pictures, 3, device="cpu"), DataLoader(pictures, 3), strict=True
    ):
        assert torch.equal(ours, theirs)
        assert torch.equal(labels, expected)


def test_every_image_once_an_epoch_in_a_new_order():
    images = torch.arange(50, dtype=torch.uint8).view(50, 1, 1)
    loader = TensorLoader((images, torch.arange(50)), 8, shuffle=True, seed=4, device="cpu")
    first, second = all_of(loader), all_of(loader)
    for batch, labels in (first, second):
        assert sorted(labels.tolist()) == list(range(50))
        assert torch.equal((batch.flatten() * 255).round().long(), labels)
    assert not torch.equal(first[1], second[1])
    again = TensorLoader((images, torch.arange(50)), 8, shuffle=True, seed=4, device="cpu")
    assert torch.equal(all_of(again)[1], first[1])
    other = TensorLoader((images, torch.arange(50)), 8, shuffle=True, seed=40, device="cpu")
    assert not torch.equal(all_of(other)[1], first[1])


def test_subsets():
    pictures = Pictures(torch.arange(20, dtype=torch.uint8).view(20, 1, 1), torch.arange(20) % 3)
    subset = Subset(Subset(pictures, range(10, 20)), [0, 9])
    images, labels = all_of(TensorLoader(subset, 4, device="cpu"))
    assert ((images.flatten() * 255).round().tolist(), labels.tolist()) == ([10, 19], [1, 1])
    part, _ = random_split(pictures, [15, 5], generator=torch.Generator().manual_seed(0))
    loader = TensorLoader(part, 4, device="cpu")
    assert len(loader.images) == 15
    assert loader.classes == 3


# Augmentation


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 5), st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 4), st.integers(0, 999)
)
def test_each_shift_moves_zeros_in(count, channels, height, width, pixels, seed):
    torch.manual_seed(seed)
    images = torch.randint(1, 256, (count, channels, height, width), dtype=torch.uint8)
    before = images.clone()
    shifted = random_shift(images, pixels)
    assert torch.equal(images, before)
    assert (shifted.shape, shifted.dtype) == (images.shape, images.dtype)
    for image, result in zip(images, shifted, strict=True):
        candidates = []
        for down in range(-pixels, pixels + 1):
            for right in range(-pixels, pixels + 1):
                moved = torch.zeros_like(image)
                rows, columns = slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0))
                if abs(down) < height and abs(right) < width:  # else all of it has moved out
                    moved[:, rows, columns] = image[
                        :, max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)
                    ]
                candidates.append(moved)
        assert any(torch.equal(result, moved) for moved in candidates)


def test_all_shifts_are_equally_likely():
    torch.manual_seed(0)
    images = torch.zeros(9000, 1, 5, 5, dtype=torch.uint8)
    images[:, :, 2, 2] = 1
    share = random_shift(images, 1).sum(0)[0] / 9000
    assert share[1:4, 1:4].sum() == pytest.approx(1)
    assert (share[1:4, 1:4] - 1 / 9).abs().max() < 0.02


def test_flip():
    torch.manual_seed(0)
    images = torch.tensor([1, 2, 3], dtype=torch.uint8).expand(4000, 1, 1, 3)
    flipped = random_flip(images)[:, 0, 0]
    is_flipped = (flipped == torch.tensor([3, 2, 1])).all(1)
    assert (is_flipped | (flipped == torch.tensor([1, 2, 3])).all(1)).all()
    assert is_flipped.float().mean() == pytest.approx(0.5, abs=0.04)
    assert torch.equal(random_flip(images, 0.0), images)
    assert torch.equal(random_flip(images, 1.0), images.flip(-1))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 10), st.integers(0, 999))
def test_erase_takes_one_square_inside(channels, height, width, size, seed):
    torch.manual_seed(seed)
    images = torch.randint(1, 256, (4, channels, height, width), dtype=torch.uint8)
    for image, erased in zip(images, random_erase(images, size), strict=True):
        gone = (erased == 0).all(0)
        assert torch.equal(erased.where(~gone, image), image)
        assert gone.sum() == min(size, height) * min(size, width)
        rows, columns = gone.any(1).nonzero().flatten(), gone.any(0).nonzero().flatten()
        assert len(rows) * len(columns) == gone.sum()
        if len(rows):
            assert rows[-1] - rows[0] + 1 == len(rows)
            assert columns[-1] - columns[0] + 1 == len(columns)


def test_augment_is_applied_to_bytes_and_only_when_asked():
    images, labels = small_images()
    loader = TensorLoader((images, labels), 40, augment=Augment(shift=2, flip=True, erase=3), device="cpu")
    torch.manual_seed(0)
    batch, _ = next(iter(loader))
    assert not torch.equal(batch, images / 255)
    assert torch.equal(Augment()(images), images)
    torch.manual_seed(0)
    assert torch.equal(batch, random_erase(random_flip(random_shift(images, 2)), 3) / 255)


# What is refused


@pytest.mark.parametrize(
    ("data", "options", "error", "message"),
    [
        ((torch.zeros(3, 2, 2), [0, 1]), {}, ValueError, "3 images but 2 labels"),
        ((torch.zeros(0, 2, 2), []), {}, ValueError, "there are no images"),
        ((torch.zeros(3, 2), [0, 1, 2]), {}, ValueError, r"shape \(3, 2\); expected \(N, H, W\)"),
        ((torch.zeros(1, 2, 2, dtype=torch.int64), [0]), {}, ValueError, "torch.int64; expected bytes"),
        ([1, 2, 3], {}, TypeError, "data is a list; expected a data set"),
        ((torch.zeros(2, 2, 2), [0, 1]), {"batch_size": 0}, ValueError, "batch_size is 0; expected"),
        ((torch.zeros(2, 2, 2), [0, 1]), {"batch_size": 3, "drop_last": True}, ValueError, "leaves no batch of 2"),
        ((torch.zeros(2, 2, 2), [0, 1]), {"mean": (1, 2, 3)}, ValueError, "mean has 3 values, .* 1 channels"),
        ((torch.zeros(2, 2, 2), [0, 1]), {"std": 0}, ValueError, "must be above 0"),
    ],
)
def test_refused(data, options, error, message):
    with pytest.raises(error, match=message):
        TensorLoader(data, **{"batch_size": 1, "device": "cpu", **options})


@pytest.mark.parametrize("wrong", [{"shift": -1}, {"erase": 1.5}, {"shift": True}])
def test_augment_refuses(wrong):
    with pytest.raises(ValueError, match="expected a number of pixels"):
        Augment(**wrong)
