"""Checkpoints on disk: written whole or not at all, and read without running any code that they hold."""

import os
import pickle
from pathlib import Path

import torch

from course_utils.checks import forbiddable

_FORMAT = "course_utils.training 1"


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
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with open(unfinished, "wb") as file:
            torch.save({"format": _FORMAT, **state}, file)
            file.flush()
            os.fsync(file.fileno())
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
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no checkpoint {path}; train with checkpoint={str(path)!r} first")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError, OSError, ValueError) as error:
        raise ValueError(
            f"{path} cannot be read as a checkpoint: it is cut off, damaged or another kind of file. "
            "Delete it and train again without resume=True"
        ) from error
    if not isinstance(state, dict) or state.get("format") != _FORMAT:
        raise ValueError(f"{path} is not a checkpoint of fit; perhaps it holds a model's weights alone")
    return state
