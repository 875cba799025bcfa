"""Which answers of one exercise are alike.

An answer is the set of its *pieces*: every run of `PIECE` words of its normal form, without those that the released
notebooks contain. What many write who do not know of each other tells nothing; so between two answers only those
pieces count that few others have, of the class and of the right answers in the bank. How much two are alike is the part
that they share of the smaller one's counted pieces.

Fingerprints of overlapping runs are the usual way to compare programs (Schleimer, Wilkerson and Aiken 2003,
"Winnowing"); answers are short enough to compare all of theirs. The constants are measured on the answer bank, by
`python -m tools.calibrate_similarity`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from autograder.reports.similarity.normal_form import Word

PIECE = 6  # words
SHARED = 20  # pieces that two answers have to share; with less, chance is as likely as anything else
ALIKE = 0.5  # part of the smaller answer's pieces that counts as alike
# A piece that more than a tenth of the others have, or more than eight, is how one writes that exercise. The tenth is
# Laplace's estimate, (have it + 1) / (others + 2): of few others, one that has it is many.
COMMON, MOST_OTHERS = 0.1, 8

Piece = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    """Two answers that are alike: their numbers, the part that they share, and the pieces that say so."""

    first: int
    second: int
    alike: float
    shared: int


def pieces_of(words: list[Word], size: int = PIECE) -> dict[Piece, set[int]]:
    """Each piece of some code, and the lines on which it stands."""
    pieces: dict[Piece, set[int]] = {}
    for start in range(len(words) - size + 1):
        run = words[start : start + size]
        pieces.setdefault(tuple(word for word, _ in run), set()).update(line for _, line in run)
    return pieces


class Exercise:
    """The answers of a class to one exercise.

    Args:
        answers: the pieces of each.
        background: the pieces of answers of people who are not in the class, such as the bank's.
    """

    def __init__(self, answers: list[Collection[Piece]], background: Iterable[Collection[Piece]] = ()):
        everybody = [*answers, *background]
        self._have = Counter(piece for answer in everybody for piece in answer)
        self._few = min(max(int(COMMON * len(everybody)) - 1, 0), MOST_OTHERS)  # the two and their others
        self._answers = answers

    def counts(self, piece: Piece) -> bool:
        """Whether a piece that two answers share counts between them."""
        return self._have[piece] - 2 <= self._few

    def telling(self) -> list[int]:
        """How many pieces of each answer count between it and another that has them too."""
        return [sum(map(self.counts, answer)) for answer in self._answers]

    def pairs(self, least: float = ALIKE) -> list[Pair]:
        """The pairs that are at least so much alike, the most alike first."""
        shared, rows, columns = self._shared(self._few + 2)
        sizes, alone = self._sizes(self._few + 1)
        found = []
        for number, row, column in zip(shared, rows, columns, strict=True):
            if number < SHARED:
                continue
            # Of what only one of the two has, it is the other that has not: one more of the others may.
            least_alone = min(sizes[row] - alone[row, column], sizes[column] - alone[row, column])
            part = number / (number + least_alone)
            if part >= least:
                found.append(Pair(int(row), int(column), float(part), int(number)))
        return sorted(found, key=lambda pair: (-pair.alike, -pair.shared, pair.first, pair.second))

    def _matrix(self, most: int) -> csr_array:
        """Answers × pieces that at most so many have, 1 where the answer has the piece."""
        numbers: dict[Piece, int] = {}
        places = [
            [numbers.setdefault(piece, len(numbers)) for piece in answer if self._have[piece] <= most]
            for answer in self._answers
        ]
        starts = np.cumsum([0, *map(len, places)])
        columns = np.array([place for row in places for place in row], dtype=np.int64)
        shape = (len(places), max(len(numbers), 1))
        return csr_array((np.ones(len(columns), dtype=np.int32), columns, starts), shape=shape)

    def _shared(self, most: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """How many such pieces two answers share, and which two, each pair once."""
        matrix = self._matrix(most)
        product = (matrix @ matrix.T).tocoo()
        upper = product.row < product.col
        return product.data[upper], product.row[upper], product.col[upper]

    def _sizes(self, most: int) -> tuple[np.ndarray, np.ndarray]:
        """How many such pieces each answer has, and how many each two share (answers × answers)."""
        matrix = self._matrix(most)
        return matrix.sum(axis=1), (matrix @ matrix.T).toarray()


def groups_of(pairs: list[Pair]) -> list[list[Pair]]:
    """The pairs sorted into groups of answers that hang together, the most alike group first.

    Of each group only as many pairs are left as connect it, the most alike ones: two who copied from a third are a
    group of three in two pairs.
    """
    group_of: dict[int, int] = {}
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:  # the most alike first
        first, second = (group_of.setdefault(answer, answer) for answer in (pair.first, pair.second))
        if first == second:
            continue
        groups[first] = [*groups.get(first, []), pair, *groups.pop(second, [])]
        group_of.update((answer, first) for answer, group in group_of.items() if group == second)
    for group in groups.values():
        group.sort(key=lambda pair: (-pair.alike, -pair.shared))
    return sorted(groups.values(), key=lambda group: (-group[0].alike, -group[0].shared))
