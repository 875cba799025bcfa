"""Blocks of `forbid` that stand from one use to the next, for a process that is asked the same many times."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from course_utils.checks.forbidden import forbid
from course_utils.checks.forbidden_functions import elsewhere


class Standing:
    """A block for many short uses: its refusals stand until another block is asked for, since raising takes 7 ms.

    >>> import torch
    >>> from course_utils.checks.standing import Standing
    >>> standing = Standing()
    >>> for size in (3, 4):
    ...     with standing.block(("torch.conv2d",)):
    ...         print(torch.ones(size).sum().item())
    3.0
    4.0
    >>> standing.lift()
    """

    def __init__(self) -> None:
        self._key: Any = None
        self._stack = contextlib.ExitStack()

    @contextlib.contextmanager
    def block(self, names: tuple[str, ...]) -> Iterator[None]:
        """Run a block in which these are forbidden."""
        block = forbid(*names)
        key = names, len(torch.ops.loaded_libraries), sorted(elsewhere(block.operations))
        if key != self._key:
            self.lift()
            self._block, self._stands = block, self._stack.enter_context(block.raised())
            self._key = key
        with self._block.used(self._stands):
            yield

    def lift(self) -> None:
        """Allow again what the last block forbade."""
        self._key = None
        self._stack.close()
