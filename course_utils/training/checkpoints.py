"""Checkpoints on disk: written whole or not at all, and read without running any code that they hold."""

import _codecs
import os
import pickle
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch

from course_utils.checks import forbiddable

_NAME = "course_utils.training"
_FORMAT = f"{_NAME} 2"  # 1 kept less of a run; its weights can still be read
_NUMPY = [  # what a NumPy number or array in the file is built with: a learning rate may be one
    np.ndarray,
    np.dtype,
    np.float64(0).__reduce__()[0],
    np.zeros(0).__reduce__()[0],
    _codecs.encode,
    *{type(np.dtype(code)) for code in "?bhilqBHILQefd"},
]


@forbiddable
def write_checkpoint(path: str | Path, state: dict) -> None:
    """Write `state` (tensors, numbers, strings, and lists and dictionaries of them) to `path`.

    It goes to a file beside it first, which then takes the name in one step: whoever reads sees the old
    checkpoint or the new one, never a part. Missing folders are made.

    >>> import tempfile
    >>> from course_utils.training import read_checkpoint, write_checkpoint
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_checkpoint(f"{folder}/run.pt", {"epoch": 3})
    ...     read_checkpoint(f"{folder}/run.pt")["epoch"]
    3

    Raises:
        TypeError: `state` holds an object that `read_checkpoint` would refuse. The old file stays.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with open(unfinished, "wb") as file:
            _save({"format": _FORMAT, **state}, file, path)
            file.flush()
            os.fsync(file.fileno())
        _check_readable(unfinished, path)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@forbiddable
def read_checkpoint(path: str | Path) -> dict:
    """Read what `write_checkpoint` wrote; tensors come back on the CPU.

    >>> import tempfile
    >>> import torch
    >>> from course_utils.training import read_checkpoint, write_checkpoint
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_checkpoint(f"{folder}/run.pt", {"weights": torch.tensor([1.0, 2.0])})
    ...     read_checkpoint(f"{folder}/run.pt")["weights"]
    tensor([1., 2.])

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is cut off or damaged, or something else than a checkpoint of `fit`.
        OSError: the file cannot be opened, for instance because it is a folder.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no checkpoint {path}; train with checkpoint={str(path)!r} first")
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:  # torch.load does not compare the check sums
                raise ValueError("a check sum is wrong")
        with torch.serialization.safe_globals(_NUMPY):
            state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # each kind of damage raises another one
        raise ValueError(
            f"{path} cannot be read as a checkpoint: it is cut off, damaged or another kind of file. "
            "Give another name, or train again without resume=True"
        ) from error
    found = state.get("format") if isinstance(state, dict) else None
    if not isinstance(found, str) or not found.startswith(f"{_NAME} "):
        raise ValueError(f"{path} is not a checkpoint of fit; perhaps it holds a model's weights alone")
    if found not in (_FORMAT, f"{_NAME} 1"):
        raise ValueError(f"{path} has the format {found!r}, this version of fit reads up to {_FORMAT!r}; update it")
    return state


def _save(state: dict, file: BinaryIO, path: Path) -> None:
    """Save, and explain what cannot be saved.

    Raises:
        TypeError: a function or another object that pickle cannot take is in it.
    """
    try:
        torch.save(state, file)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise TypeError(_cannot_hold(path, f"something else ({error})")) from error


def _check_readable(file: Path, path: Path) -> None:
    """Refuse what `read_checkpoint` would not build, before the file takes its name.

    Raises:
        TypeError: the file needs other objects than tensors, numbers, strings, lists and dictionaries.
    """
    with torch.serialization.safe_globals(_NUMPY):
        foreign = torch.serialization.get_unsafe_globals_in_checkpoint(file)
    if foreign:
        raise TypeError(_cannot_hold(path, f"a {foreign[0]}"))


def _cannot_hold(path: Path, what: str) -> str:
    return (
        f"{path} was not written: a checkpoint holds numbers, strings, tensors, and lists and dictionaries of them, "
        f"and the state of this run holds {what}. Keep it out of every state_dict: of the model, the loss function, "
        "the optimizer, the scheduler, the sampler"
    )
