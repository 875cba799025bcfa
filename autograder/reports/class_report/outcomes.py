"""What became of each answer in code, and the likely causes of what failed.

A cause is what the failed check itself has found, see `CheckError.cause`; nothing is read off a message, which can hold
words of the answer's own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from autograder.grading.results import Result
from autograder.reports.class_report.reading import Submission, Task, Unit
from course_utils.exercises import STUB

FULL, CAUSE, UNKNOWN, UNWRITTEN, STOPPED, WAITS = KINDS = (
    "full marks",
    "likely cause",
    "no known cause",
    "not written",
    "stopped",
    "waits for a person",
)
# How `forbid` says that something was called which an answer must not use, and the cause that the report makes of it.
FORBIDDEN = (" blocked here", " is what you are asked to write here")
USES_FORBIDDEN = "it uses what the exercise forbids"
# A number that a check has measured is another one in each answer, and the cause is the same.
MEASURED = re.compile(r"^(every value is (?:off by )?|a weight has grown to )-?\d[\d.e+-]*")
NO_NAME = re.compile(r"NameError: name '(\w+)' is not defined")
# How the grader begins where a cell ended early, or was never reached.
ENDED = ("not run: ", "this cell ", "your cell ", "the cell ", "CrashError: ", "Tampered: ")


@dataclass(frozen=True)
class Outcome:
    """An answer of one student: which of `KINDS`, the causes found, the graded cells lost, the first one's message."""

    student: str
    kind: str
    causes: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    message: str = ""


@dataclass
class CauseRow:
    """A likely cause in an exercise: the students whose answer failed by it, and the graded cells that said so."""

    cause: str
    students: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)


@dataclass
class Unexplained:
    """Answers that failed alike, and no check knows why: which graded cells they lost, and what the first one said."""

    task: Task
    lost: tuple[str, ...]
    message: str
    students: list[str] = field(default_factory=list)


def outcomes(unit: Unit, task: Task) -> list[Outcome]:
    """What became of an exercise in code, for each graded submission whose result is kept."""
    kept = [(submission, submission.kept) for submission in unit.graded if submission.kept is not None]
    return [outcome for submission, result in kept if (outcome := _outcome(submission, result, task)) is not None]


def counts(found: list[Outcome]) -> dict[str, int]:
    """How many answers are of each kind, in the order of `KINDS`, without those that nobody's is."""
    number = Counter(outcome.kind for outcome in found)
    return {kind: number[kind] for kind in KINDS if number[kind]}


def causes(found: list[Outcome], unit: Unit, task: Task) -> list[CauseRow]:
    """The likely causes in an exercise, those of most students first; a student can have several."""
    said = {submission.student: submission.kept for submission in unit.graded}
    rows: dict[str, CauseRow] = {}
    for outcome in found:
        for cause in outcome.causes:
            row = rows.setdefault(cause, CauseRow(cause))
            row.students.append(outcome.student)
            own = [c["id"] for c in said[outcome.student].cells if _cause(c) == cause and c["id"] in task.cells]
            row.cells += own or outcome.lost
    for row in rows.values():
        row.cells = [name for name in task.cells if name in row.cells]
    return sorted(rows.values(), key=lambda row: (-len(row.students), row.cause))


def unexplained(found: list[Outcome], task: Task) -> list[Unexplained]:
    """The failures in an exercise that no cause explains: the same cells and the same message are one."""
    groups: dict[tuple, Unexplained] = {}
    for outcome in found:
        if outcome.kind == UNKNOWN:
            key = outcome.lost, outcome.message
            groups.setdefault(key, Unexplained(task, *key)).students.append(outcome.student)
    return sorted(groups.values(), key=lambda group: (-len(group.students), group.message))


def bank_lines(unit: str, failure: Unexplained) -> list[str]:
    """A file of the answer bank for such an answer: its name and its first lines; the answer itself comes below."""
    return [
        f"tests/answers/{unit}/{failure.task.name}/wrong-NAME.py",
        "# WHAT IS WRONG, IN A SENTENCE.",
        f"# loses: {', '.join(failure.lost)}",
        "# cause: WORDS THAT A MESSAGE SHOULD SAY",
    ]


def _cause(cell: dict) -> str:
    return MEASURED.sub(r"\1…", cell.get("cause", ""))


def _is_not_there(message: str, task: Task) -> bool:
    """Whether the TODO cell is as it was released, or a name is missing that it should define."""
    found = NO_NAME.match(message)
    return STUB in message or (found is not None and found[1] in task.answers)


def _outcome(submission: Submission, result: Result, task: Task) -> Outcome | None:
    cells = [cell for cell in result.cells if cell["id"] in task.cells]
    if not cells:
        return None  # the exercise came into the unit later
    if any(cell["score"] is None for cell in cells):
        return Outcome(submission.student, WAITS)
    lost = [cell for cell in cells if cell["score"] < cell["max_score"]]
    found = tuple(dict.fromkeys(_cause(cell) for cell in lost if cell.get("cause")))
    if not found and any(form in cell["message"] for cell in lost for form in FORBIDDEN):
        found = (USES_FORBIDDEN,)
    message = lost[0]["message"] if lost else ""
    names = tuple(cell["id"] for cell in lost)
    if not lost:
        kind = FULL
    elif found:
        kind = CAUSE
    elif all(_is_not_there(cell["message"], task) for cell in lost):
        kind = UNWRITTEN
    else:
        kind = STOPPED if all(cell["message"].startswith(ENDED) for cell in lost) else UNKNOWN
    return Outcome(submission.student, kind, found, names, message)
