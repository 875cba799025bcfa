"""Erasers: the solution, but each call first erases what it is given, and then is right about what is left.

What an answer changes in its arguments, its caller sees. So a graded cell that computes what it expects from the same
tensors or networks after the call believes every answer that makes them zero and returns what is right for zeros.
Cells expect first, give a copy, or call within `course_utils.checks.unchanged`.

A graded cell that an eraser passes because its result does not depend on what was erased is listed with its reason in
``tests/answers/<unit>/harmless-erasers.toml``:

    predict-modes = "modes alone"
"""

from __future__ import annotations

import ast
import functools
import inspect
import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from autograder.bank.lists import read_list

HARMLESS = "harmless-erasers.toml"
KINDS = ("tensors", "weights")

_erased = mmap.mmap(-1, 1)  # shared by the forks of an answer and its judge: 1 after something was erased


def erasers(source: str) -> Iterator[tuple[str, str]]:
    """The erasers of a TODO cell, each with its name; none if the cell defines no function and no class."""
    defined = (ast.FunctionDef, ast.ClassDef)
    names = [node.name for node in ast.parse(source).body if isinstance(node, defined)]
    for kind in KINDS if names else ():
        call = f"erase_first(globals(), {names!r}, {kind!r})"
        yield f"erases {kind}", f"{source}\nfrom autograder.bank.erasers import erase_first\n{call}\n"


def erase_first(namespace: dict[str, Any], names: list[str], kind: str) -> None:
    """Let functions, and the public methods of classes, erase the tensors or the weights that they are given."""
    for name in names:
        value = namespace[name]
        if not isinstance(value, type):
            namespace[name] = _erasing(value, kind, first=0)
            continue
        for key, method in list(vars(value).items()):
            if inspect.isfunction(method) and not key.startswith("_"):
                setattr(value, key, _erasing(method, kind, first=1))  # itself it is not given


def nothing_erased() -> str:
    """Why no answer could be believed wrongly since the last call: nothing was erased; or an empty text."""
    erased, _erased[0] = _erased[0], 0
    return "" if erased else "nothing to erase"


def harmless(folder: Path) -> dict[str, str]:
    """The listed graded cells of a unit's bank, each with its reason.

    Raises:
        ValueError: the list is not TOML, or a reason is missing.
    """
    path = folder / HARMLESS
    listed = read_list(path)
    if without := [name for name, reason in listed.items() if not isinstance(reason, str) or not reason]:
        raise ValueError(f"{path}: no reason is given for {', '.join(without)}")
    return listed


def _erasing(function: Callable, kind: str, first: int) -> Callable:
    from torch import Tensor, nn
    from torch.utils._pytree import tree_leaves

    @functools.wraps(function)
    def erasing(*args: Any, **kwargs: Any) -> Any:
        for given in tree_leaves((args[first:], kwargs)):
            if kind == "tensors" and isinstance(given, Tensor):
                _erase(given)
            elif kind == "weights" and isinstance(given, nn.Module):
                for weight in given.parameters():
                    _erase(weight)
        return function(*args, **kwargs)

    return erasing


def _erase(tensor: Any) -> None:
    """Make a tensor of fractions zero; whole numbers are labels and places."""
    if (tensor.is_floating_point() or tensor.is_complex()) and tensor.detach().any():
        tensor.data.zero_()
        _erased[0] = 1
