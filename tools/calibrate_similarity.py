"""Measure on the answer bank when two answers are alike: `python -m tools.calibrate_similarity`.

Positives, which should be found, are disguises of a right answer beside it. Negatives are two right answers of one
exercise, which were written to be different. What is around a pair in each comparison are the exercise's other right
answers. The table shows for each limit of `ALIKE` how many of each are listed.
"""

from __future__ import annotations

import argparse
import ast
import functools
import itertools
import random
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from autograder.bank.mutants import mutate
from autograder.course import units
from autograder.reports.similarity import alike
from autograder.reports.similarity.normal_form import parse, words_of
from autograder.reports.similarity.written import Given, bank_of, given_by

LIMITS = [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9]


@dataclass(frozen=True)
class Case:
    """Two answers of an exercise, what kind of pair they are, and how much alike; 0 with too few shared pieces."""

    kind: str
    exercise: str
    names: tuple[str, str]
    alike: float
    long_enough: bool


def renamed(source: str, random_: random.Random) -> str:
    """The same code with other names for whatever it names itself, other formatting, comments and a docstring."""
    tree = ast.parse(source)
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)} - {"self"}
    new = dict(zip(sorted(bound), random_.sample([f"value_{i}" for i in range(10_000)], len(bound)), strict=True))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
        elif isinstance(node, ast.FunctionDef):
            node.returns = ast.Name("object")
            node.body.insert(0, ast.Expr(ast.Constant("My own words.")))
    lines = ast.unparse(ast.fix_missing_locations(tree)).splitlines()
    return "\n".join(f"{line}\n# Here." if random_.random() < 0.3 else line for line in lines)


@functools.cache
def _mutants(source: str) -> list[str]:
    return [found.source for found in mutate(source)] or [source]


def moved(source: str, random_: random.Random) -> str:
    """The same code, renamed, its functions in reverse order and each behind a helper."""
    tree = ast.parse(renamed(source, random_))
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        call = f"def {function.name}(*args, **kwargs):\n    return helper_{function.name}(*args, **kwargs)"
        function.name = f"helper_{function.name}"
        tree.body.insert(0, ast.parse(call).body[0])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    return ast.unparse(ast.Module([*functions[::-1], *others], []))


def mutant(source: str, random_: random.Random) -> str:
    """The code with one mechanical change, where there is anything to change."""
    return random_.choice(_mutants(source))


def reworked(source: str, random_: random.Random) -> str:
    """Renamed, with three mechanical changes."""
    for _ in range(3):
        source = mutant(source, random_)
    return renamed(source, random_)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "one mutant": mutant,
    "renamed, reformatted": renamed,
    "moved to helpers": moved,
    "renamed, three mutants": reworked,
}
INDEPENDENT = "independent"


def cases(
    kinds: Collection[str] = (*DISGUISES, INDEPENDENT), size: int = alike.PIECE, one_in: int = 1
) -> Iterator[Case]:
    """Every pair of right answers, and one of each disguise of one right answer in so many of each exercise."""
    for unit in units.unit_names():
        given = given_by(unit, size)
        for exercise, bank in bank_of(unit).items():
            pieces = {name: _pieces(source, given, size) for name, source in bank.items()}
            for one, two in itertools.combinations(bank, 2) if INDEPENDENT in kinds else ():
                others = [found for name, found in pieces.items() if name not in (one, two)]
                yield _case(INDEPENDENT, exercise, (one, two), pieces[one], pieces[two], others)
            for kind, name in itertools.product(kinds, list(bank)[::one_in]):
                if kind != INDEPENDENT:
                    copy = DISGUISES[kind](bank[name], random.Random(f"{kind} {exercise} {name}"))
                    others = [found for other, found in pieces.items() if other != name]
                    yield _case(kind, exercise, (name, kind), pieces[name], _pieces(copy, given, size), others)


def _pieces(source: str, given: Given, size: int) -> set[alike.Piece]:
    return set(alike.pieces_of(words_of(parse(source), given.imported), size)) - given.pieces


def _case(kind: str, exercise: str, names: tuple[str, str], one: set, two: set, others: list[set]) -> Case:
    compared = alike.Exercise([one, two], others)
    pairs = compared.pairs(least=0)
    return Case(kind, exercise, names, pairs[0].alike if pairs else 0.0, min(compared.telling()) >= alike.SHARED)


def listed(found: list[Case], limit: float = alike.ALIKE) -> float:
    """The part of the cases that would be listed."""
    return sum(case.alike >= limit for case in found) / len(found)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate_similarity", description=__doc__)
    parser.add_argument("--pieces", type=int, nargs="*", default=[alike.PIECE], help="lengths to try")
    parser.add_argument("--worst", action="store_true", help="also list the independent answers that are most alike")
    options = parser.parse_args()
    for size in options.pieces:
        measured = list(cases(size=size))
        print(f"\npieces of {size} words, at least {alike.SHARED} shared; in % of the pairs, at a limit of")
        print(f"{'':<26}{'pairs':>7}" + "".join(f"{limit:>8.0%}" for limit in LIMITS))
        for kind in (*DISGUISES, INDEPENDENT):
            of_kind = [case for case in measured if case.kind == kind]
            for name, group in ((kind, of_kind), ("  long enough", [case for case in of_kind if case.long_enough])):
                shares = "".join(f"{100 * listed(group, limit):>8.1f}" for limit in LIMITS)
                print(f"{name:<26}{len(group):>7}{shares}")
        if options.worst:
            negatives = sorted((c for c in measured if c.kind == INDEPENDENT), key=lambda case: -case.alike)
            for case in negatives[:10]:
                print(f"  {case.exercise}: {' and '.join(case.names)}: {case.alike:.0%}")


if __name__ == "__main__":
    main()
