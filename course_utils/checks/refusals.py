"""What a function that reads checkpoints says of files that are none, and what it does to the model meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from course_utils.checks.errors import CheckError
from course_utils.checks.files import as_file, new_folder


class _MakesFolder:
    """Code in a file: it makes a folder, and gives what looks like nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.folder,)


def check_refuses(
    load: Callable[[nn.Module, Path], Any], model: nn.Module, content: bytes | None, word: str, what: str
) -> None:
    """Check that ``load(model, path)`` raises a ValueError with a word in it, and leaves the model as it was.

    >>> import torch
    >>> from course_utils.checks import check_refuses
    >>> def load(model, path):
    ...     model.load_state_dict(torch.load(path, weights_only=True))
    >>> check_refuses(load, torch.nn.Linear(3, 2), b"no weights", "foreign", "a text")
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the loading of a text is not refused as asked
      came:     UnpicklingError
      expected: a ValueError with the word 'foreign'
      likely cause: an error of torch.load or load_state_dict went through: turn it into a ValueError

    Args:
        load: the function under test.
        model: whose weights it must not touch.
        content: of the file; None for a checkpoint with code in it, which must not run.
        word: that the message must have.
        what: the file in words.

    Raises:
        CheckError: code in the file ran, no such error came, or the model has changed.
    """
    folder = new_folder()
    path, ran = folder / "bad.pt", folder / "it-ran"
    path.write_bytes(as_file({"weight": _MakesFolder(ran)}) if content is None else content)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    came = "no error"
    try:
        load(model, path)
    except ValueError as error:
        came = f"ValueError: {error}".replace(str(path), "path")[:90]
    except Exception as error:
        came = type(error).__name__
    if ran.exists():
        cause = "weights_only=True is missing, or False"
        raise CheckError(f"the loading of {what} has run the code in it\n  expected: it is refused", cause)
    if not came.startswith("ValueError") or word not in came:
        own = came in ("UnpicklingError", "RuntimeError", "EOFError")
        cause = "an error of torch.load or load_state_dict went through: turn it into a ValueError" if own else ""
        message = f"the loading of {what} is not refused as asked\n  came:     {came}\n"
        raise CheckError(f"{message}  expected: a ValueError with the word {word!r}", cause)
    if not all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items()):
        cause = "load_state_dict copies what fits before it complains: compare names and shapes first"
        raise CheckError(f"the loading of {what} has changed the model\n  expected: it stays as it was", cause)
