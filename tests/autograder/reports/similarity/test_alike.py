"""How much two answers are alike: small numbers redone on paper, then what must hold of all."""

import random

import pytest

from autograder.reports.similarity import alike
from autograder.reports.similarity.alike import Exercise, Pair, groups_of, pieces_of


def answer(*runs):
    """The pieces with the numbers of some ranges."""
    return {(f"piece {number}",) for start, stop in runs for number in range(start, stop)}


def test_pieces_are_the_overlapping_runs_with_their_lines():
    words = [("a", 1), ("b", 1), ("c", 2), ("a", 3), ("b", 3), ("c", 4)]
    assert pieces_of(words, 3) == {("a", "b", "c"): {1, 2, 3, 4}, ("b", "c", "a"): {1, 2, 3}, ("c", "a", "b"): {2, 3}}
    assert pieces_of(words, 7) == {}


def test_alike_is_the_part_of_the_smaller_one_that_both_have():
    # 30 shared; the first has 10 more, the second 70: 30 of 40.
    assert Exercise([answer((0, 40)), answer((10, 110))]).pairs() == [Pair(0, 1, 0.75, 30)]
    assert Exercise([answer((0, 60)), answer((31, 91))]).pairs() == []  # 29 of 60
    assert Exercise([answer((0, 19)), answer((0, 19))]).pairs() == []  # the same, but too short to tell


def test_what_others_have_does_not_count():
    one, two = answer((0, 40)), answer((0, 40))
    # Of 40 shared pieces an answer of the bank has 15: 25 of 25 are left. With 25 of them, too few are.
    assert Exercise([one, two], [answer((0, 15))]).pairs() == [Pair(0, 1, 1.0, 25)]
    assert Exercise([one, two], [answer((0, 25))]).pairs() == []
    # What one alone shares with a third counts neither: 25 shared, the first has 5 more of its own, the second 15.
    one, two = answer((0, 25), (100, 105), (200, 300)), answer((0, 25), (300, 315))
    assert Exercise([one, two], [answer((200, 300))]).pairs() == [Pair(0, 1, pytest.approx(25 / 30), 25)]


@pytest.mark.parametrize(("ring", "is_found"), [(2, True), (10, True), (11, False), (60, False)])
def test_of_120_ten_may_be_a_ring_and_more_are_a_way_to_write_it(ring, is_found):
    copies = [answer((0, 50)) for _ in range(ring)]
    others = [answer((1000 * i, 1000 * i + 50)) for i in range(1, 121 - ring)]
    pairs = Exercise([*copies, *others]).pairs()
    assert len(pairs) == (ring * (ring - 1) // 2 if is_found else 0)


def test_where_all_write_the_same_nobody_is_listed():
    exercise = Exercise([answer((0, 50), (100 * i, 100 * i + 5)) for i in range(1, 31)])
    assert exercise.pairs() == []
    assert exercise.telling() == [5] * 30


def test_in_a_small_class_one_other_is_many():
    for size, is_found in ((3, False), (19, False), (20, True)):
        others = [answer((1000 * i, 1000 * i + 50)) for i in range(1, size - 2)]
        three = [answer((0, 50))] * 2, [answer((0, 50))]
        found = Exercise([*three[0], *others], three[1]).pairs()
        assert bool(found) is is_found, size


def test_the_order_of_the_answers_changes_nothing():
    random_ = random.Random(3)
    answers = [answer(*((s, s + 25) for s in random_.sample(range(0, 3000, 25), 20))) for _ in range(14)]
    pairs = Exercise(answers).pairs(least=0.1)
    turned = Exercise(answers[::-1]).pairs(least=0.1)
    assert pairs
    assert {(p.first, p.second, p.alike) for p in pairs} == {(13 - p.second, 13 - p.first, p.alike) for p in turned}


def test_no_answers_are_no_pairs():
    assert Exercise([]).pairs() == []
    assert Exercise([answer((0, 50)), set()]).pairs() == []


def test_two_who_copied_from_a_third_are_one_group_in_two_pairs():
    strong, weak, between, apart = Pair(0, 1, 0.9, 40), Pair(0, 2, 0.8, 40), Pair(1, 2, 0.7, 40), Pair(3, 4, 0.95, 40)
    assert groups_of([apart, strong, weak, between]) == [[apart], [strong, weak]]


def test_two_groups_become_one():
    pairs = [Pair(0, 1, 0.9, 40), Pair(2, 3, 0.9, 40), Pair(1, 2, 0.6, 40), Pair(0, 3, 0.5, 40)]
    assert groups_of(pairs) == [pairs[:3]]
    assert alike.ALIKE <= 0.6
