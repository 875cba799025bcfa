"""What became of a submission."""

from __future__ import annotations

from dataclasses import dataclass, field

# What is said of a cell instead of a check's message.
WAITS = "waits for a person"
WAITS_AGAIN = "waits for a person; until then the mark is that of an earlier answer"


@dataclass
class Result:
    """What became of one submission. A cell's score is None while it waits for a person.

    Attributes:
        cells: of each graded cell id, score, max_score, message, and the cause that its check found, or "".
        key: what the result was made from, see `finished.key_of`.
        answers: digests of the written answers, by grade_id: a person's mark stands for the answer that was read.
        comments: what a person wrote to the student, by grade_id, as the gradebook has it.
        remarks: what a person should look at, see `ways_round`; told with the note, but never to the student.
        again: grade_ids of the cells that a person marked and is to look at again, as the gradebook has it.
        handed_in_at: the content of ``timestamp.txt``, if there is one.
        penalty: points for handing in late; they are taken off the score.
        late: what is to be said of the time of handing in.
    """

    student: str
    unit: str
    status: str
    score: float = 0.0
    max_score: float = 0.0
    cells: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""
    key: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    handed_in_at: str = ""
    remarks: list[str] = field(default_factory=list)
    penalty: float = 0.0
    late: str = ""

    @property
    def waiting(self) -> float:
        """Points that a person has still to give, or to look at again."""
        return sum(cell["max_score"] for cell in self.cells if cell["score"] is None or cell["id"] in self.again)

    @property
    def told(self) -> str:
        """The note, the lateness and the remarks, for the person who grades."""
        return "; ".join(filter(None, [self.note, self.late, *self.remarks]))

    def as_json(self) -> dict:
        """The result as an entry of the JSON report; its note is all that is told to a person."""
        shown = ("student", "unit", "score", "max_score", "penalty", "status", "cells", "seconds")
        return {name: getattr(self, name) for name in shown} | {"note": self.told}
