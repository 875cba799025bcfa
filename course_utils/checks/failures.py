"""The message of a check that is none of equality: what came, what was expected, and the likely cause."""

from __future__ import annotations

from course_utils.checks.errors import CheckError


def failure(what: str, came: str, expected: str, cause: str = "") -> CheckError:
    """A `CheckError` to raise; without a cause where none is known.

    >>> from course_utils.checks.failures import failure
    >>> print(failure("the sum is not right.", "4", "5", "one is forgotten"))
    the sum is not right.
      came:     4
      expected: 5
      likely cause: one is forgotten
    """
    return CheckError(f"{what}\n  came:     {came}\n  expected: {expected}", cause)
