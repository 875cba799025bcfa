"""The whole sets by torchvision: found, downloaded, and checked file by file.

torchvision is imported only where a set is loaded: it takes longer to import than torch does.
"""

import contextlib
import os
import socket
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

from torch.utils.data import Dataset

TIMEOUT = 20  # seconds without a byte until a download is given up

# What torchvision does not check: the unpacked files of MNIST and FashionMNIST, by their MD5 checksums.
_UNPACKED_MD5 = {
    "MNIST": {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    },
    "FashionMNIST": {
        "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
        "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
        "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
    },
}


def default_root() -> Path:
    """Where the whole sets are kept: $COURSE_DATA if it is set, else `convnet-course` in the user's cache.

    >>> import os
    >>> from course_utils.data import default_root
    >>> os.environ["COURSE_DATA"] = "sets"
    >>> str(default_root())
    'sets'
    >>> del os.environ["COURSE_DATA"]
    """
    if chosen := os.environ.get("COURSE_DATA"):
        return Path(chosen).expanduser()
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    return Path(os.environ.get(variable) or Path.home() / ".cache") / "convnet-course"


def load_whole(name: str, split: str, root: Path) -> Dataset:
    """torchvision's own data set, after a check of every file that it reads."""
    from torchvision import datasets

    kind = {"mnist": datasets.MNIST, "fashion-mnist": datasets.FashionMNIST, "cifar-10": datasets.CIFAR10}[name]
    train = split == "train"
    if not _damaged(kind, root):
        dataset = kind(root, train=train)
    elif packed := _packed_by_hand(kind, name, root):
        # Unpacked for this call only: the folder may be read-only, as Debian's is.
        with tempfile.TemporaryDirectory() as unpacked:
            _unpack(kind, packed, Path(unpacked))
            dataset = kind(unpacked, train=train)
        dataset.root = root
    else:
        _download(kind, name, root)
        dataset = kind(root, train=train)
    dataset.description = f"{kind.__name__}, the whole {split} split"
    return dataset


def _packed_names(kind: type) -> list[str]:
    """The files that are downloaded."""
    return [kind.filename] if hasattr(kind, "filename") else [name for name, _ in kind.resources]


def _unpacked_md5(kind: type) -> dict[Path, str]:
    """The MD5 checksum of each unpacked file, by its path below root."""
    if kind.__name__ in _UNPACKED_MD5:
        return {Path(kind.__name__, "raw", file): md5 for file, md5 in _UNPACKED_MD5[kind.__name__].items()}
    listed = [*kind.train_list, *kind.test_list, (kind.meta["filename"], kind.meta["md5"])]
    return {Path(kind.base_folder, file): md5 for file, md5 in listed}


def _damaged(kind: type, root: Path) -> list[Path]:
    """The unpacked files that are missing from root or are not what they should be."""
    from torchvision.datasets.utils import check_integrity

    return [file for file, md5 in _unpacked_md5(kind).items() if not check_integrity(root / file, md5)]


def _packed_by_hand(kind: type, name: str, root: Path) -> list[Path]:
    """The packed files in root/name or in root; empty unless they are all there."""
    for folder in (root / name, root):
        files = [folder / file for file in _packed_names(kind)]
        if all(file.is_file() for file in files):
            return files
    return []


def _unpack(kind: type, packed: list[Path], root: Path) -> None:
    """Unpack the files below root, where torchvision looks for them, and check the result."""
    from torchvision.datasets.utils import extract_archive

    # The CIFAR-10 archive brings its folder with it.
    target = root if hasattr(kind, "base_folder") else root / kind.__name__ / "raw"
    target.mkdir(parents=True, exist_ok=True)
    for file in packed:
        try:
            extract_archive(file, target)
        except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise RuntimeError(f"{file} cannot be unpacked ({error}): replace it or delete it") from error
    if damaged := _damaged(kind, root):
        files = ", ".join(file.name for file in damaged)
        raise RuntimeError(
            f"{packed[0].parent} does not hold {kind.__name__}: after unpacking, the checksum of {files} is "
            "wrong. Replace the packed files or delete them"
        )


def _download(kind: type, name: str, root: Path) -> None:
    """Download into a folder of this call's own inside root, check, then move file by file into place.

    A file is moved whole, and only when its checksum is right and that of the file in its place is not. So
    neither a crash nor another process that downloads at the same time does harm.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".partial-", dir=root) as folder, _socket_timeout(TIMEOUT):
            kind(folder, download=True)
            if damaged := _damaged(kind, Path(folder)):
                raise RuntimeError(f"wrong checksum of {', '.join(map(str, damaged))}")
            for file in _damaged(kind, root):
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(folder, file), root / file)
    except (OSError, RuntimeError, HTTPException) as error:
        raise RuntimeError(_offline_help(kind, name, root, error)) from error


@contextlib.contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    """A time-out for connections made inside: torchvision's downloads have none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _offline_help(kind: type, name: str, root: Path, error: Exception) -> str:
    """What to do when the host cannot be reached."""
    source = kind.url if hasattr(kind, "url") else kind.mirrors[0]
    lines = [
        f"{kind.__name__} could not be downloaded to {root}: {str(error).strip()}",
        f"Without a network, put {', '.join(_packed_names(kind))} into the folder {root / name} "
        f"(they come from {source}) and load again.",
    ]
    if name == "fashion-mnist":
        lines.append('On Debian: apt install dataset-fashion-mnist, and load with root="/usr/share/datasets".')
    lines.append("Or load with full=False: the bundled pictures need no network.")
    return "\n".join(lines)
