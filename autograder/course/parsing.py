"""Python code as a syntax tree, also from several threads at once."""

from __future__ import annotations

import ast
import threading

# Python counts the depth of the trees that it makes for all threads together, and raises SystemError where two of them
# make one at once (CPython's issue 106905).
_ONE_AT_A_TIME = threading.Lock()


def parse(source: str) -> ast.Module:
    """As `ast.parse`, and from any thread."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)
