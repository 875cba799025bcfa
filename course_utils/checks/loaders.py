"""Splits and loaders: what is asked of them, and which mistake gives what came.

Facts come from probes (`course_utils.checks.training_parts`), so a graded cell can judge with the same functions as a
visible check, with other numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor

from course_utils.checks.failures import failure
from course_utils.checks.training_parts import batches_of, split_numbers
from course_utils.checks.values import check_equal


def numbered(count: int) -> list[tuple[Tensor, int]]:
    """A data set that shows where each image goes: image i is (1, 2, 2), full of i, and so is its label.

    >>> from course_utils.checks import numbered
    >>> numbered(3)[2][1], numbered(3)[2][0].sum().item()
    (2, 8.0)
    """
    return [(torch.full((1, 2, 2), float(number)), number) for number in range(count)]


def check_split(
    split: Callable, count: int, validation_size: int, seed: int | None = None, *, own: bool = False
) -> None:
    """Check that ``split(train_set, validation_size, seed)`` cuts `count` images into two disjoint parts.

    >>> from course_utils.checks import check_split
    >>> def first_images(train_set, validation_size, seed=0):
    ...     return train_set, train_set[:validation_size]
    >>> check_split(first_images, 5, 2)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the number of training images in split(5 images, 2) is not right.
      came:     5
      expected: 3
      likely cause: the validation images are still among the training images

    Args:
        split: the function under test.
        count, validation_size: images in all, and to hold out.
        seed: handed on; None: the function's own default.
        own: the data set is no list, and has nothing but ``len`` and an index.

    Raises:
        CheckError: sizes differ, or an image is in both parts or in neither.
    """
    [[training, validation]] = split_numbers(split, count, validation_size, [seed], own=own)
    call = f"split({count} images, {validation_size}{'' if seed is None else f', seed={seed}'})"
    swapped = {"the parts are returned in the other order": validation_size}
    if len(validation) == count - validation_size != validation_size:
        check_equal(len(training), count - validation_size, f"the number of training images in {call}", likely=swapped)
    whole = {"the validation images are still among the training images": count}
    check_equal(len(training), count - validation_size, f"the number of training images in {call}", likely=whole)
    check_equal(len(validation), validation_size, f"the number of validation images in {call}")
    for part, name in ((training, "training"), (validation, "validation")):
        twice = len(part) - len(set(part))
        cause = {"numbers drawn with replacement": twice} if twice else {}
        check_equal(twice, 0, f"how many {name} images stand twice in {call}", likely=cause)
    both = len(set(training) & set(validation))
    check_equal(both, 0, f"the number of images in both parts of {call}")
    check_equal(len({*training, *validation}), count, f"the number of images in one of the parts of {call}")


def check_split_seeds(split: Callable, count: int, validation_size: int, seeds: tuple[int, int]) -> None:
    """Check that a seed gives one draw, the same each time, and another seed another.

    >>> from course_utils.checks import check_split_seeds
    >>> check_split_seeds(lambda images, size, seed=0: (images[size:], images[:size]), 20, 5, (1, 2))
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the validation images of split(20 images, 5, seed=1) is not right.
      came:     (0, 1, 2, 3, 4)
      expected: 5 images drawn at random
      likely cause: they stand in one piece: a set that is sorted by class would lose whole classes

    Raises:
        CheckError: the draws are no draws, or do not depend on the seed alone.
    """
    [[_, first], [_, again], [_, other]] = split_numbers(split, count, validation_size, [seeds[0], seeds[0], seeds[1]])
    call = f"the validation images of split({count} images, {validation_size}, seed={seeds[0]})"
    gaps = {after - before for before, after in zip(sorted(first), sorted(first)[1:], strict=False)}
    if len(gaps) == 1:
        cause = "they stand in one piece: a set that is sorted by class would lose whole classes"
        cause = cause if gaps == {1} else "they stand at equal distances"
        _fail_order(call, first, f"{validation_size} images drawn at random", cause)
    if sorted(first) != sorted(again):
        cause = "the draw does not depend on `seed` alone: hand a generator with that seed to it"
        _fail_order(f"{call}, called again,", sorted(again), f"the same as before: {_short(sorted(first))}", cause)
    if sorted(first) == sorted(other):
        name = f"the validation images with seed={seeds[1]}"
        _fail_order(name, sorted(other), f"others than with seed={seeds[0]}", "`seed` is not used in the draw")


def check_test_batches(loader: Any, count: int, batch_size: int, others: int = 0) -> None:
    """Check that a loader of `numbered(count)` gives each image once, in order, in batches of `batch_size`.

    >>> from torch.utils.data import DataLoader
    >>> from course_utils.checks import check_test_batches, numbered
    >>> check_test_batches(DataLoader(numbered(5), 2, drop_last=True), 5, 2)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the labels in the batches of the test loader is not right.
      came:     ((0, 1), (2, 3))
      expected: ((0, 1), (2, 3), (4,))
      likely cause: the last images are dropped: drop_last=True

    Args:
        loader: gives batches (images, labels).
        count, batch_size: of the set that it should hold, and of its batches.
        others: images in the training set, to tell it apart.

    Raises:
        CheckError: other labels, another order, other batches.
    """
    came = _labels(loader)
    rows = [label for batch in came for label in batch]
    expected = _cut(range(count), batch_size)
    likely: dict[str, Any] = {
        "the last images are dropped: drop_last=True": tuple(row for row in expected if len(row) == batch_size),
        "batch_size is not handed on: batches of one are the default": _cut(range(count), 1),
        "all images come in one batch": _cut(range(count), count),
        "the test loader got the training set": _cut(range(others), batch_size),
    }
    if len(expected[-1]) == batch_size:
        del likely["the last images are dropped: drop_last=True"]
    if sorted(rows) == list(range(count)) and rows != sorted(rows):
        likely = {"the test images are shuffled": came}
    elif sorted(rows) == list(range(others)) and rows != sorted(rows):
        likely = {"this is the training loader: the two are returned in the other order, or shuffle stands here": came}
    check_equal(came, expected, "the labels in the batches of the test loader", likely=likely)


def check_training_batches(loader: Any, count: int, batch_size: int, others: int = 0) -> None:
    """Check that a loader of `numbered(count)` shuffles in each pass anew; a last, smaller batch may be dropped.

    >>> from torch.utils.data import DataLoader
    >>> from course_utils.checks import check_training_batches, numbered
    >>> check_training_batches(DataLoader(numbered(6), 2), 6, 2)
    Traceback (most recent call last):
        ...
    course_utils.checks.errors.CheckError: the order of the training images is not right.
      came:     (0, 1, 2, 3, 4, 5)
      expected: a random order
      likely cause: shuffle=True is missing

    Args:
        loader, count, batch_size: as in `check_test_batches`.
        others: images in the test set, to tell it apart.

    Raises:
        CheckError: images are missing or stand twice, the batches have other sizes, or the order is not drawn anew.
    """
    came = _labels(loader)
    first, second = ([label for batch in epoch for label in batch] for epoch in (came, _labels(loader)))
    whole = [len(row) for row in _cut(range(count), batch_size)]
    sizes = [len(row) for row in came]
    likely = {
        "batch_size is not handed on: batches of one are the default": [1] * count,
        "all images come in one batch": [count],
        "this loader has the test set": [len(row) for row in _cut(range(others), batch_size)] if others else [-1],
    }
    if sizes != [size for size in whole if size == batch_size]:
        check_equal(sizes, whole, "the sizes of the training batches", likely=likely)
    twice = {"numbers drawn with replacement": len(first) - len(set(first))} if len(first) > len(set(first)) else {}
    check_equal(len(first) - len(set(first)), 0, "how many training images stand twice in an epoch", likely=twice)
    if first == sorted(first):
        _fail_order("the order of the training images", first, "a random order", "shuffle=True is missing")
    if first == second:
        cause = "the order is drawn once, or from one seed in each epoch"
        _fail_order("the order in the second epoch", second, "another one than in the first", cause)


def _labels(loader: Any) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(batch[1].tolist()) for batch in batches_of(loader))


def _cut(numbers: Sequence[int], size: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(numbers[start : start + size]) for start in range(0, len(numbers), size))


def _short(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:12]))
    return f"({shown}, ...)" if len(numbers) > 12 else f"({shown})"


def _fail_order(name: str, came: Sequence[int], expected: str, cause: str) -> NoReturn:
    raise failure(f"{name} is not right.", _short(came), expected, cause)
