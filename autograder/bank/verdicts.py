"""What became of the answers of a bank: the verdicts, their report, and the table in docs/."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field

from autograder.bank import erasers, mutants

MUTANTS_BAR = 0.95  # share of an exercise's mutants that its graded cells must catch
COLUMNS = {
    "right": "right accepted",
    "wrong": "wrong caught",
    "mutant": "mutants caught",
    "eraser": "erasers caught",
    "equivalent": "equivalent",  # a number alone, so the last
}


@dataclass
class Verdict:
    """What became of one answer. `messages` holds what the student would be told, by lost cell.

    `kind` is right, wrong, mutant, equivalent (a mutant that is listed as such and loses nothing), or eraser, whose
    `messages` are of the cells that believed it.
    """

    unit: str
    exercise: str
    answer: str
    kind: str
    lost: list[str]
    ok: bool
    messages: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict:
        """The verdict as a row of the JSON report."""
        return {key: value for key, value in asdict(self).items() if key != "messages"}


def falls_short(verdicts: list[Verdict]) -> bool:
    """Whether an answer of the bank was misjudged, or too many of an exercise's mutants survived."""
    if not all(verdict.ok for verdict in verdicts if verdict.kind != "mutant"):
        return True
    counts = [by_kind["mutant"] for by_kind in _counts(verdicts).values() if "mutant" in by_kind]
    return any(caught < MUTANTS_BAR * all_ for caught, all_ in counts)


def print_report(verdicts: list[Verdict], with_messages: bool) -> None:
    """Print what each answer is told (on request), what fell short, and a line for each exercise."""
    for verdict in verdicts:
        if with_messages or not verdict.ok:
            print(f"{'' if verdict.ok else 'FELL SHORT '}{verdict.unit}/{verdict.exercise}/{verdict.answer}")
            print(f"  lost: {', '.join(verdict.lost) or 'nothing'}")
            for name, message in verdict.messages.items():
                print(f"  {name}: " + message.replace("\n", "\n      "))
    heads, *rows = _table(verdicts)
    for unit, exercise, *shares in [heads, *rows]:
        print(f"{unit:<22}{exercise:<24}" + "".join(f"{share:>16}" for share in shares))
    sys.stdout.flush()


def markdown_table(verdicts: list[Verdict]) -> str:
    """The report as a page of docs/."""
    heads, *rows = _table(verdicts)
    lines = [heads, ["---"] * 2 + ["---:"] * (len(heads) - 2), *rows]
    return _PAGE + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


_PAGE = f"""# The answer bank, exercise by exercise

Written by `python -m autograder answers --mutants --table docs/answer-bank.md`.

- **Right accepted**: right answers in different styles that lose no graded cell.
- **Wrong caught**: mistakes that students make, which lose the cells they should.
- **Mutants caught**: copies of the solution with one mechanical change (an operator, a number, a bound, a dropped
  statement, swapped arguments) that lose a graded cell. At least {MUTANTS_BAR:.0%} must.
- **Equivalent**: mutants that no test can tell from the solution. Each stands with its reason in
  `tests/answers/<unit>/{mutants.EQUIVALENT}`, and is not among the mutants counted before.
- **Erasers caught**: the solution, but each call first erases the tensors, or the weights of the networks, that it is
  given, and then is right about what is left. Graded cells whose result does not depend on them may pass it; each
  stands with its reason in `tests/answers/<unit>/{erasers.HARMLESS}`.

"""


def _table(verdicts: list[Verdict]) -> list[list[str]]:
    """Heads and rows: unit, exercise, and for each kind of answer how many were judged as they should be."""
    counts = _counts(verdicts)
    kinds = [kind for kind in COLUMNS if any(kind in by_kind for by_kind in counts.values())]
    rows = [["unit", "exercise", *(COLUMNS[kind] for kind in kinds)]]
    for (unit, exercise), by_kind in counts.items():
        shares = ["{} of {}".format(*by_kind.get(kind, (0, 0))) for kind in kinds if kind != "equivalent"]
        if "equivalent" in kinds:
            shares.append(str(by_kind.get("equivalent", (0, 0))[0]))
        rows.append([unit, exercise, *shares])
    return rows


def _counts(verdicts: list[Verdict]) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """By exercise and kind: how many answers were judged as they should be, and how many there are."""
    counts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
    for verdict in verdicts:
        by_kind = counts.setdefault((verdict.unit, verdict.exercise), {})
        good, all_ = by_kind.get(verdict.kind, (0, 0))
        by_kind[verdict.kind] = (good + verdict.ok, all_ + 1)
    return counts
