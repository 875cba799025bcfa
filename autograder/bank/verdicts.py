"""What became of the answers of a bank: the verdicts, their report, and the table in docs/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.bank import erasers, mutants
from course_utils.checks.errors import cause_in

SIGHT_BAR = 0.8  # share of an exercise's wrong answers that its visible check must refuse
MUTANTS_BAR = 0.95  # share of an exercise's mutants that its graded cells must catch
NAMING = ("named rightly", "unnamed", "named wrongly")


@dataclass
class Verdict:
    """What became of one answer.

    `kind` is right, wrong, mutant, equivalent (a mutant that is listed as such and loses nothing), or eraser.
    `messages` holds what the student would be told, by lost cell (of an eraser: by the cells that believed it), and
    `seen` what the visible check says. `causes` are words of which each cause that is named must have some.
    """

    unit: str
    exercise: str
    answer: str
    kind: str
    lost: list[str]
    ok: bool
    messages: dict[str, str] = field(default_factory=dict)
    seen: str = ""
    causes: list[str] = field(default_factory=list)

    def as_json(self) -> dict:
        """The verdict as a row of the JSON report."""
        return {key: value for key, value in asdict(self).items() if key not in ("messages", "causes")}

    @property
    def misnamed(self) -> list[str]:
        """The causes that the student is told, none of which is the answer's mistake."""
        told = map(cause_in, [self.seen, *self.messages.values()])
        return [cause for cause in told if cause and not any(words in cause for words in self.causes)]

    @property
    def naming(self) -> str:
        """Whether the student is told the mistake: one of `NAMING`."""
        if self.misnamed:
            return "named wrongly"
        told = [self.seen, *self.messages.values()]
        return "named rightly" if any(words in text for words in self.causes for text in told) else "unnamed"


def falls_short(verdicts: list[Verdict]) -> bool:
    """Whether an answer was misjudged, or too many of an exercise's mutants survived."""
    return bool(_too_few(verdicts)) or not all(verdict.ok for verdict in verdicts if verdict.kind != "mutant")


def _too_few(verdicts: list[Verdict]) -> list[str]:
    """The bars that an exercise misses, in words."""
    missed = []
    for (unit, exercise), group in _by_exercise(verdicts).items():
        mutants_ = [verdict.ok for verdict in group if verdict.kind == "mutant"]
        if sum(mutants_) < MUTANTS_BAR * len(mutants_):
            missed.append(f"{unit}/{exercise}: too few mutants are caught, {MUTANTS_BAR:.0%} are asked for")
    return missed


def print_report(verdicts: list[Verdict], with_messages: bool) -> None:
    """Print what each answer is told (on request), what fell short, and a line for each exercise."""
    for verdict in verdicts:
        judged = verdict.naming if verdict.kind == "wrong" else ""
        if with_messages or not verdict.ok or judged == "named wrongly":
            print(f"{'' if verdict.ok else 'FELL SHORT '}{verdict.unit}/{verdict.exercise}/{verdict.answer} {judged}")
            print(f"  lost: {', '.join(verdict.lost) or 'nothing'}")
            for name, message in [("in sight", verdict.seen or "nothing"), *verdict.messages.items()]:
                print(f"  {name}: " + message.replace("\n", "\n      "))
    for unit, exercise, *shares in _table(verdicts):
        print(f"{unit:<22}{exercise:<26}" + "".join(f"{share:>15}" for share in shares))
    print("".join(f"FELL SHORT {bar}\n" for bar in _too_few(verdicts)), end="", flush=True)


def markdown_table(verdicts: list[Verdict]) -> str:
    """The report as a page of docs/."""
    heads, *rows = _table(verdicts)
    lines = [heads, ["---"] * 2 + ["---:"] * (len(heads) - 2), *rows]
    return _PAGE + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


_PAGE = f"""# The answer bank, exercise by exercise

Written by `python -m autograder answers --mutants --table docs/answer-bank.md`.

- **Right accepted**: right answers in different styles that pass the visible check and lose no graded cell.
- **Wrong caught**: mistakes that students make, which lose the cells they should.
- **In sight**: of these, how many the visible check refuses.
- **Named rightly, unnamed, named wrongly**: whether a message, of the visible check or of a graded cell, names the
  mistake. Right words stand in the answer's file; a cause that has none of them is wrong.
- **Mutants caught**: copies of the solution with one mechanical change (an operator, a number, a bound, a dropped
  statement, swapped arguments) that lose a graded cell. At least {MUTANTS_BAR:.0%} must.
- **Equivalent**: mutants that no test can tell from the solution. Each stands with its reason in
  `tests/answers/<unit>/{mutants.EQUIVALENT}`, and is not among the mutants counted before.
- **Erasers caught**: the solution, but each call first erases the tensors, or the weights of the networks, that it is
  given, and then is right about what is left. Graded cells whose result does not depend on them may pass it; each
  stands with its reason in `tests/answers/<unit>/{erasers.HARMLESS}`.

"""


def _table(verdicts: list[Verdict]) -> list[list[str]]:
    """Heads, a row for each exercise, and one for all together."""
    kinds = {verdict.kind for verdict in verdicts}
    columns = {head: cell for head, (kind, cell) in _COLUMNS.items() if kind in kinds}
    groups = _by_exercise(verdicts) | {("all", ""): verdicts}
    rows = [[*name, *(cell(group) for cell in columns.values())] for name, group in groups.items()]
    return [["unit", "exercise", *columns], *rows]


def _by_exercise(verdicts: list[Verdict]) -> dict[tuple[str, str], list[Verdict]]:
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict.unit, verdict.exercise), []).append(verdict)
    return groups


def _good(kind: str, is_good: Callable[[Verdict], Any] = lambda verdict: verdict.ok) -> _Column:
    def share(verdicts: list[Verdict]) -> str:
        good = [bool(is_good(verdict)) for verdict in verdicts if verdict.kind == kind]
        return f"{sum(good)} of {len(good)}"

    return kind, share


def _number(kind: str, is_meant: Callable[[Verdict], Any] = lambda verdict: True) -> _Column:
    return kind, lambda verdicts: str(sum(bool(is_meant(verdict)) for verdict in verdicts if verdict.kind == kind))


# A column's head -> the kind of answers that it is about, and what it says of some of them.
_Column = tuple[str, Callable[[list[Verdict]], str]]
_COLUMNS: dict[str, _Column] = {
    "right accepted": _good("right"),
    "wrong caught": _good("wrong"),
    "in sight": _good("wrong", lambda verdict: verdict.seen),
    **{naming: _number("wrong", lambda verdict, naming=naming: verdict.naming == naming) for naming in NAMING},
    "mutants caught": _good("mutant"),
    "erasers caught": _good("eraser"),
    "equivalent": _number("equivalent"),
}
