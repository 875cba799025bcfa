"""How many submissions are on their way at a time."""

import threading
import time

import pytest

from autograder.cluster.cluster import Cluster
from autograder.sandbox.sandbox import SandboxStopped


class Slots:
    """The workers, of which only the number of their threads counts here."""

    def __init__(self, number: int) -> None:
        self.number = number

    def slots(self) -> int:
        return self.number


def enter(cluster: Cluster, until: threading.Event, inside: list[int], refused: list[int]) -> None:
    try:
        with cluster.turn():
            inside.append(1)
            until.wait()
    except SandboxStopped:
        refused.append(1)


def settled(inside: list[int]) -> int:
    """How many are inside when no more come."""
    before = -1
    while before != len(inside):
        before = len(inside)
        time.sleep(0.2)
    return before


@pytest.mark.parametrize(("slots", "expected"), [(0, 1), (1, 2), (3, 6)])
def test_two_for_each_slot_and_one_where_there_is_none(slots, expected):
    cluster = Cluster("local:1")
    cluster._members = Slots(slots)
    until, inside, refused = threading.Event(), [], []
    threads = [threading.Thread(target=enter, args=(cluster, until, inside, refused)) for _ in range(9)]
    for thread in threads:
        thread.start()
    assert settled(inside) == expected
    cluster.stop()
    until.set()
    for thread in threads:
        thread.join(10)
    assert (len(inside), len(refused)) == (expected, 9 - expected)


def test_a_worker_that_came_makes_room():
    cluster = Cluster("local:1")
    cluster._members = Slots(1)
    until, inside = threading.Event(), []
    threads = [threading.Thread(target=enter, args=(cluster, until, inside, [])) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert settled(inside) == 2
    cluster._members.number = 2
    cluster._notify()
    assert settled(inside) == 4
    until.set()
    for thread in threads:
        thread.join(10)
    assert len(inside) == 6
