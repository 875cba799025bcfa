"""The two bars on the answer bank: at most 1 % of independent pairs are listed, and disguised copies are found."""

import random

import pytest

from tools.calibrate_similarity import DISGUISES, INDEPENDENT, cases, listed, moved, mutant, renamed

ANSWER = (
    "def area(width, height):\n    total = 0\n    for row in range(height):\n        total += width\n    return total\n"
)
# Measured with `python -m tools.calibrate_similarity`, less three points: of those long enough to be compared.
FOUND = {"one mutant": 0.92, "renamed, reformatted": 0.97, "moved to helpers": 0.97, "renamed, three mutants": 0.79}
COMPARED = 0.7  # of the positives, the others being too short; measured: 0.78 to 0.83, of one in three 0.75


def test_disguises_are_what_they_say():
    random_ = random.Random(0)
    for disguise in (renamed, moved):
        source = disguise(ANSWER, random_)
        names = {}
        exec(source, names)
        assert names["area"](3, 4) == 12
        assert "total" not in source
        assert "width" not in source
    assert mutant(ANSWER, random_) != ANSWER
    assert renamed(ANSWER, random.Random(1)) != renamed(ANSWER, random.Random(2))


@pytest.mark.real_path
def test_of_independent_answers_at_most_one_percent_of_pairs_are_listed():
    negatives = list(cases([INDEPENDENT]))
    assert len(negatives) > 600
    assert listed(negatives) <= 0.01
    assert listed([case for case in negatives if case.long_enough]) <= 0.01


@pytest.mark.real_path
def test_disguised_copies_are_found():
    positives = list(cases(DISGUISES, one_in=3))
    for kind, least in FOUND.items():
        of_kind = [case for case in positives if case.kind == kind]
        long_enough = [case for case in of_kind if case.long_enough]
        assert len(long_enough) >= COMPARED * len(of_kind), kind
        assert listed(long_enough) >= least, kind
