"""The error of every check, shown in a notebook as a short message without a traceback."""

from __future__ import annotations

_CAUSE = "\n  likely cause: "


class CheckError(AssertionError):
    """An answer is not right yet. The message says what came, what was expected and the likely cause.

    Args:
        message: what came, and what was expected.
        cause: the mistake that explains it; empty where none is known. It is kept as data beside the message, which can
            hold words of the answer's own.

    >>> from course_utils.checks import CheckError, check_equal
    >>> try:
    ...     check_equal(2 + 2, 5, "the sum")
    ... except CheckError as error:
    ...     print(error)
    the sum is not right.
      came:     4
      expected: 5
    >>> CheckError("the width is 28, expected 26", "the input is padded").cause
    'the input is padded'
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message + (_CAUSE + cause if cause else ""))
        self.cause = cause

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for this before it prints a traceback of its own.
        return [f"Not yet: {self}"]


def cause_in(message: str) -> str:
    """The mistake that the message of a `CheckError` names, as text that a page or a report has kept."""
    return message.partition(_CAUSE)[2].partition("\n")[0]
