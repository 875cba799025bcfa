"""How much of what a text asks for a graded cell asks for, where it measures with other images than the student did."""

import math


def hidden_threshold(stated: float, count: int) -> float:
    """The share of right answers that a network needs on `count` images, where `stated` is asked for; from 0 to 1.

    Three sampling errors less than stated: measured on so many images, a share p is off by sqrt(p (1 - p) / count) (its
    standard error), by chance alone. So a network that reaches what is stated is not failed by an unlucky draw.

    >>> from course_utils.checks import hidden_threshold
    >>> round(hidden_threshold(0.82, 2000), 4)
    0.7942
    """
    return stated - 3 * math.sqrt(stated * (1 - stated) / count)
