"""What needs a person before the marks go out."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.reports.class_report.pseudonyms import Shown
from autograder.reports.class_report.reading import Submission, Unit

STATUSES = ("tampered", "unclear", "crashed", "timeout", "invalid")  # the gravest first
WAY_ROUND, NOT_GRADED, NOT_KEPT, TO_READ = "a way round?", "not graded", "no result", "to be read"
NOT_IN_GRADEBOOK = "handed in, and not in the gradebook: grade it; the table says if the grader failed on it"
WHATS = (*STATUSES, WAY_ROUND, NOT_GRADED, NOT_KEPT, TO_READ)


@dataclass
class Matter:
    """Something to look at in a unit: one of `WHATS`, in words, and whose submissions it is about."""

    unit: str
    what: str
    note: str
    students: list[str] = field(default_factory=list)


def matters(unit: Unit, names: Shown) -> list[Matter]:
    """What a person has to look at in a unit; the same note stands once, with all whom it is about.

    Args:
        unit: the unit.
        names: how students are called, in notes too: so the same note about two of them is one.
    """
    found: dict[tuple[str, str], Matter] = {}
    for submission in unit.submissions:
        for what, note in _of(submission):
            key = what, names.text(note)
            found.setdefault(key, Matter(unit.name, *key)).students.append(names.name(submission.student))
    if unit.not_graded:
        waiting = [names.name(student) for student in unit.not_graded]
        found[NOT_GRADED, ""] = Matter(unit.name, NOT_GRADED, NOT_IN_GRADEBOOK, waiting)
    return sorted([*found.values(), *_to_read(unit)], key=lambda matter: WHATS.index(matter.what))


def _of(submission: Submission) -> list[tuple[str, str]]:
    kept = submission.kept
    if kept is None:
        return [(NOT_KEPT, "it is in the gradebook, but autograded/ has no result of it: grade it again")]
    status = [(kept.status, kept.note)] if kept.status in STATUSES else []
    return status + [(WAY_ROUND, remark) for remark in kept.remarks]


def _to_read(unit: Unit) -> list[Matter]:
    found = []
    for task in unit.tasks:
        waiting = [s for s in unit.graded if any(m.waits for n, m in s.entry.marks.items() if n in task.cells)]
        if waiting:
            answers = f"{len(waiting)} answer{'s' * (len(waiting) > 1)}"
            wait = "wait" if len(waiting) > 1 else "waits"
            found.append(Matter(unit.name, TO_READ, f"{task.title}: {answers} of {task.points:g} points {wait}"))
    return found
