"""The small sets that come with the course, and need no network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Dataset

BUNDLED = Path(__file__).parents[1] / "bundled"

DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
GARMENTS = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
]  # fmt: skip


class _Bundle(NamedTuple):
    file: str
    classes: list[str]
    description: str


_BUNDLES = {
    "mnist": _Bundle(
        "mnist.npz",
        [f"{i} - {word}" for i, word in enumerate(DIGITS)],
        "MNIST, bundled subset: handwritten digits, 28x28, grey",
    ),
    "fashion-mnist": _Bundle(
        "fashion-mnist.npz",
        GARMENTS,
        "FashionMNIST, bundled subset: garments, 28x28, grey",
    ),
    "cifar-10": _Bundle(
        "coloured-garments.npz",
        GARMENTS,
        "Coloured garments, the bundled stand-in for CIFAR-10 and not CIFAR-10 itself: "
        "FashionMNIST's garments, tinted, on pieces of photographs, 32x32, colour",
    ),
}
NAMES = tuple(_BUNDLES)


class BundledData(Dataset):
    """A set that comes with the course; items are `(image, target)`.

    The image is a PIL image, or what `transform` makes of it; the target is an int, an index into `classes`.
    `description` says what the pictures are. `arrays` are other images and labels than the split's own, both uint8.

    >>> from course_utils import data
    >>> test = data.load("mnist", "test")
    >>> test
    MNIST, bundled subset: handwritten digits, 28x28, grey
        Number of images: 1500
        Split: test
        Transform: None
    >>> test.data.shape
    torch.Size([1500, 28, 28])
    """

    def __init__(self, name: str, split: str, arrays: tuple[np.ndarray, np.ndarray] | None = None) -> None:
        bundle = _BUNDLES[name]
        if arrays is None:
            with np.load(BUNDLED / bundle.file) as bundled:
                arrays = bundled[f"{split}_images"], bundled[f"{split}_labels"]
        images, labels = arrays
        grey = images.ndim == 3
        self.data = torch.from_numpy(images) if grey else images
        self.targets = torch.from_numpy(labels.astype(np.int64)) if grey else labels.tolist()
        self.classes = list(bundle.classes)
        self.class_to_idx = {label: index for index, label in enumerate(self.classes)}
        self.description = bundle.description
        self.split = split
        self.transform: Callable[[Image.Image], Any] | None = None

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        image = Image.fromarray(np.asarray(self.data[index]))
        if self.transform is not None:
            image = self.transform(image)
        return image, int(self.targets[index])

    def __repr__(self) -> str:
        lines = [f"Number of images: {len(self)}", f"Split: {self.split}", f"Transform: {self.transform}"]
        return "\n    ".join([self.description, *lines])
