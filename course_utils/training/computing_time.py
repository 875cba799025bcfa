"""How much of its computing time a cell that trains has used."""

import os


class ComputingTime:
    """A clock that starts when it is made, for a cell to which the grader gives `limit` seconds.

    Computing time is what the processor cores spend on this process and on those of its helpers that have
    ended, as loaders' workers; waiting for a disk or a person is none of it. Two threads that compute side by
    side for a second take two seconds. What a GPU computes is not in it.

    >>> from course_utils.training import ComputingTime
    >>> clock = ComputingTime(limit=60)
    >>> total = sum(range(1000))
    >>> clock.report()
    Your training took 0 of 60 seconds of computing time.

    Args:
        limit: seconds of computing time, as the text before the cell states them.

    Raises:
        ValueError: the limit is no number above 0.
    """

    def __init__(self, limit: float):
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit > 0:
            raise ValueError(f"limit is {limit!r}; expected a number of seconds above 0")
        self.limit = limit
        self._start = _seconds()

    def used(self) -> float:
        """Seconds of computing time since the clock was made.

        >>> from course_utils.training import ComputingTime
        >>> 0 <= ComputingTime(limit=60).used() < 1
        True
        """
        return _seconds() - self._start

    def report(self) -> None:
        """Print how much of the limit is used, and what to do if it is all.

        >>> from course_utils.training import ComputingTime
        >>> ComputingTime(limit=120).report()
        Your training took 0 of 120 seconds of computing time.
        """
        used = self.used()
        print(f"Your training took {used:.0f} of {self.limit:g} seconds of computing time.")
        if used > self.limit:
            print("The grader stops a cell at its limit: train for fewer epochs, or a smaller network.")


def _seconds() -> float:
    """Processor time of this process and its ended children (`os.times`; Windows knows no children)."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
