"""The error of every check, shown in a notebook as a short message without a traceback."""

from __future__ import annotations


class CheckError(AssertionError):
    """An answer is not right yet. The message says what came, what was expected and the likely cause.

    >>> from course_utils.checks import CheckError, check_equal
    >>> try:
    ...     check_equal(2 + 2, 5, "the sum")
    ... except CheckError as error:
    ...     print(error)
    the sum is not right.
      came:     4
      expected: 5
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it prints a traceback of its own.
        return [f"Not yet: {self}"]
