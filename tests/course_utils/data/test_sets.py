"""The pictures: what is bundled, and how the whole sets are fetched, checked and kept."""

import hashlib
import json
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import data
from course_utils.data import bundled_sets
from tests.course_utils.data.debian import DEBIAN, needs_debian

SIZES = {"mnist": (7000, 1500), "fashion-mnist": (10_000, 2000), "cifar-10": (5000, 1000)}


@pytest.fixture(params=data.NAMES)
def name(request):
    return request.param


@pytest.fixture(params=data.SPLITS)
def split(request):
    return request.param


def digests(images):
    return {hashlib.sha256(np.asarray(image).tobytes()).digest() for image in images}


def test_layout_is_torchvisions(name, split):
    bundled = data.load(name, split)
    n = SIZES[name][data.SPLITS.index(split)]
    assert len(bundled) == n
    if name == "cifar-10":
        assert isinstance(bundled.data, np.ndarray)
        assert bundled.data.shape == (n, 32, 32, 3)
        assert bundled.data.dtype == np.uint8
        assert isinstance(bundled.targets, list)
        assert type(bundled.targets[0]) is int
    else:
        assert type(bundled.data) is torch.Tensor
        assert bundled.data.shape == (n, 28, 28)
        assert bundled.data.dtype == torch.uint8
        assert bundled.targets.shape == (n,)
        assert bundled.targets.dtype == torch.int64


def test_items_are_images_and_ints(name):
    bundled = data.load(name, "test")
    image, target = bundled[-1]
    assert isinstance(image, Image.Image)
    assert (image.mode, image.size) == (("RGB", (32, 32)) if name == "cifar-10" else ("L", (28, 28)))
    np.testing.assert_array_equal(np.asarray(image), bundled.data[-1])
    assert type(target) is int
    assert target == int(bundled.targets[-1])
    with pytest.raises(IndexError):
        bundled[len(bundled)]


def test_every_class_has_as_many_images(name, split):
    bundled = data.load(name, split)
    counts = np.bincount(bundled.targets)
    assert counts.tolist() == [len(bundled) // 10] * 10


def test_no_image_is_in_both_splits(name):
    train, test = (digests(data.load(name, split).data) for split in data.SPLITS)
    assert len(train) + len(test) == sum(SIZES[name])  # and none occurs twice
    assert not train & test


def test_classes_are_torchvisions():
    from torchvision import datasets

    assert data.load("mnist", "test").classes == datasets.MNIST.classes
    assert data.load("fashion-mnist", "test").classes == datasets.FashionMNIST.classes
    assert data.load("cifar-10", "test").classes == datasets.FashionMNIST.classes
    assert data.load("fashion-mnist", "test").class_to_idx["Sandal"] == 5


def test_the_stand_in_says_what_it_is():
    bundled = data.load("cifar-10", "test")
    assert "not CIFAR-10 itself" in bundled.description
    assert bundled.description in repr(bundled)
    assert "NOT CIFAR-10" in data.load.__doc__
    assert "CIFAR" not in data.load("mnist", "test").description


def test_transform_can_be_set(name):
    bundled = data.load(name, "test")
    assert bundled.transform is None
    bundled.transform = lambda image: image.size
    assert bundled[0] == ((32, 32) if name == "cifar-10" else (28, 28), int(bundled.targets[0]))


def test_batches(name):
    from torchvision.transforms.functional import to_tensor

    bundled = data.load(name, "test")
    bundled.transform = to_tensor
    images, targets = next(iter(torch.utils.data.DataLoader(bundled, batch_size=4)))
    assert images.shape == ((4, 3, 32, 32) if name == "cifar-10" else (4, 1, 28, 28))
    assert targets.tolist() == list(map(int, bundled.targets[:4]))


def test_loading_gives_copies(name):
    first = data.load(name, "test")
    first.data[0] = 7
    first.classes.clear()
    second = data.load(name, "test")
    assert len(digests([first.data[0], second.data[0]])) == 2
    assert len(second.classes) == 10


def test_loading_takes_less_than_a_second(name):
    start = time.perf_counter()
    for split in data.SPLITS:
        data.load(name, split)
    assert time.perf_counter() - start < 1


def test_import_costs_little_more_than_torch():
    code = """if True:
        import sys, time
        start = time.perf_counter(); import torch
        middle = time.perf_counter(); import course_utils.data
        print((time.perf_counter() - middle) / (middle - start))
        course_utils.data.load("mnist", "test")
        assert "torchvision" not in sys.modules
    """
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(answer.stdout) < 0.1


def test_files_are_the_recorded_ones():
    recorded = json.loads((bundled_sets.BUNDLED / "provenance.json").read_text())["files"]
    assert {path.name for path in bundled_sets.BUNDLED.glob("*.npz")} == set(recorded)
    for file, record in recorded.items():
        assert hashlib.sha256((bundled_sets.BUNDLED / file).read_bytes()).hexdigest() == record["sha256"]
    assert sum(path.stat().st_size for path in bundled_sets.BUNDLED.iterdir()) < 20e6


@needs_debian
def test_bundled_garments_are_of_the_same_split_of_the_whole(split):
    whole = data.load("fashion-mnist", split, full=True, root=DEBIAN)
    bundled = data.load("fashion-mnist", split)
    assert len(whole) == {"train": 60_000, "test": 10_000}[split]
    assert digests(bundled.data) < digests(whole.data)
    # The whole set's first item is among the first of its class, so it is the subset's first item too.
    image, target = whole[0]
    ours, our_target = bundled[0]
    assert (target, type(target), image.mode, image.tobytes()) == (our_target, int, ours.mode, ours.tobytes())


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    ("name", "split", "choices"),
    [("cifar10", "train", "'mnist', 'fashion-mnist', 'cifar-10'"), ("mnist", "val", "'train', 'test'")],
)
def test_unknown_names_are_told_the_choices(name, split, choices, full):
    with pytest.raises(ValueError, match=choices):
        data.load(name, split, full=full)
