"""What a call prints, as a text that can be checked."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

from course_utils.checks.probes import probe


@probe
def printed(function: Callable[..., Any], *args: Any) -> str:
    """What ``function(*args)`` prints; what it returns is dropped.

    >>> from course_utils.checks import printed
    >>> printed(lambda x: print("x is", x), 3)
    'x is 3\\n'
    """
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        function(*args)
    return stream.getvalue()
