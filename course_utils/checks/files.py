"""Files that an answer writes and reads, told as their bytes.

Each function is a probe (`course_utils.checks.probes`): the folder is where the answer runs.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from course_utils.checks.probes import probe


@probe
def new_folder() -> Path:
    """An empty folder.

    >>> from course_utils.checks import files_in, new_folder
    >>> files_in(new_folder())
    {}
    """
    return Path(tempfile.mkdtemp())


@probe
def put_file(path: Path, content: bytes) -> None:
    """Write a file; missing folders are made.

    >>> from course_utils.checks import files_in, new_folder, put_file
    >>> folder = new_folder()
    >>> put_file(folder / "runs" / "notes.txt", b"3 epochs")
    >>> files_in(folder)
    {'runs/notes.txt': b'3 epochs'}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@probe
def files_in(folder: Path) -> dict[str, bytes]:
    """What the files in a folder and below hold, by their paths from there.

    >>> from course_utils.checks import files_in, new_folder
    >>> folder = new_folder()
    >>> (folder / "a.pt").write_bytes(b"weights")
    7
    >>> files_in(folder)
    {'a.pt': b'weights'}
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@probe
def with_full_disk(function: Callable, *args: Any, room: int) -> Any:
    """Call ``function(*args)`` where no file may grow beyond `room` bytes: writing more is an OSError.

    >>> from course_utils.checks import files_in, new_folder, put_file, with_full_disk
    >>> folder = new_folder()
    >>> with_full_disk(lambda path: path.write_bytes(bytes(9)), folder / "nine", room=9)
    9

    Raises:
        ModuleNotFoundError: on Windows, which has no such limit.
    """
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        return function(*args)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


class _CtrlC:
    """Part of a state dict: writing it is where Ctrl-C comes."""

    def __reduce__(self) -> Any:
        raise KeyboardInterrupt


class _Stopped(nn.Linear):
    def get_extra_state(self) -> _CtrlC:
        return _CtrlC()


@probe
def stopped_half_way(save: Callable, path: Path | str) -> str:
    """Call ``save(model, path)``; Ctrl-C comes while the model's state dict is written.

    Returns:
        The name of the exception that came out of `save`; empty if none did.

    >>> import torch
    >>> from course_utils.checks import files_in, new_folder, stopped_half_way
    >>> folder = new_folder()
    >>> stopped_half_way(lambda model, path: torch.save(model.state_dict(), path), folder / "layer.pt")
    'KeyboardInterrupt'
    >>> list(files_in(folder))  # half a file
    ['layer.pt']
    """
    try:
        save(_Stopped(3, 2), path)
    except BaseException as error:
        return type(error).__name__
    return ""


def as_file(content: Any) -> bytes:
    """What `torch.save` writes of this.

    >>> from course_utils.checks import as_file
    >>> as_file({"epoch": 3})[:2]  # an archive
    b'PK'
    """
    file = io.BytesIO()
    torch.save(content, file)
    return file.getvalue()


@probe
def tensors_in(content: bytes) -> list[Tensor]:
    """The tensors that `torch.load` reads of a file with ``weights_only=True``, wherever in it they are.

    >>> import torch
    >>> from course_utils.checks import as_file, tensors_in
    >>> tensors_in(as_file({"epoch": 3, "weights": {"bias": torch.tensor([2.0])}}))
    [tensor([2.])]
    """
    state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return [leaf for leaf in tree_leaves(state) if isinstance(leaf, Tensor)]


@probe
def program_result(content: bytes, batch: Tensor) -> Tensor:
    """What an exported program gives for a batch, read by `torch.export.load`.

    >>> import io, torch
    >>> from course_utils.checks import program_result
    >>> batch, file = torch.ones(2, 3), io.BytesIO()
    >>> torch.export.save(torch.export.export(torch.nn.Flatten(0), (batch,)), file)
    >>> program_result(file.getvalue(), 5 * batch)
    tensor([5., 5., 5., 5., 5., 5.])
    """
    return torch.export.load(io.BytesIO(content)).module()(batch)
