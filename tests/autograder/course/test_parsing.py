"""Syntax trees made in many threads: Python's own function fails there now and then, and a student would pay for it."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.course.parsing import parse

NESTED = "\n".join(f"x{i} = [[[[f(y + {i}) for y in z] for z in x] for x in w] for w in v]" for i in range(60))


class Cyclic:
    """Python code that runs whenever the collector finds it, also while a tree is made."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        sum(range(5))


@pytest.fixture
def busy():
    """Threads take turns as often as they can, and the collector runs all the time."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(1)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


def test_trees_are_made_in_eight_threads_at_once(busy):
    """With `ast.parse` itself, on Python 3.11.7, a fifth of them failed."""

    def parsed(_: int) -> int:
        Cyclic()
        return len(parse(NESTED).body)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(parsed, range(100))) == {60}
