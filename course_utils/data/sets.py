"""Load a set of pictures, bundled or whole, by its name."""

import os
from pathlib import Path

from torch.utils.data import Dataset

from course_utils.data.bundled_sets import NAMES, BundledData
from course_utils.data.whole_sets import default_root, load_whole

SPLITS = ("train", "test")


def load(name: str, split: str, full: bool = False, root: str | os.PathLike | None = None) -> Dataset:
    """A data set of pictures in ten classes, split "train" or "test".

    With `full=False` it is read from the files that come with the course, and `root` has no meaning:

    - "mnist": 7,000 and 1,500 digits, `data` a uint8 tensor (N, 28, 28), `targets` an int64 tensor (N,);
    - "fashion-mnist": 10,000 and 2,000 garments, `data` and `targets` likewise;
    - "cifar-10": a stand-in, NOT CIFAR-10, for networks that take (3, 32, 32): 5,000 and 1,000 tinted
      garments on photographs, `data` a uint8 array (N, 32, 32, 3), `targets` a list of int.

    With `full=True` it is torchvision's own MNIST, FashionMNIST or CIFAR10, kept in the folder `root`
    (default: `default_root()`), and downloaded when it is not there. The packed files may also be put there by
    hand, into `root` or into `root/name`. On Debian, after `apt install dataset-fashion-mnist`,
    this needs no network: `load("fashion-mnist", "train", full=True, root="/usr/share/datasets")`.

    >>> from course_utils import data
    >>> test = data.load("fashion-mnist", "test")
    >>> len(test)
    2000
    >>> image, label = test[0]
    >>> image.size, test.classes[label]
    ((28, 28), 'Ankle boot')

    Raises ValueError for an unknown name or split, and RuntimeError when the whole data can neither be found
    nor downloaded, or when a packed file is damaged; it says what to do.
    """
    if name not in NAMES:
        raise ValueError(f"unknown data set {name!r}: choose one of {', '.join(map(repr, NAMES))}")
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}: choose one of {', '.join(map(repr, SPLITS))}")
    if not full:
        return BundledData(name, split)
    return load_whole(name, split, Path(root).expanduser() if root is not None else default_root())
