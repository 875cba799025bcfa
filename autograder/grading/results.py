"""What became of a submission."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass
class Result:
    """What became of one submission. A cell's score is None while it waits for a person."""

    student: str
    unit: str
    status: str
    score: float = 0.0
    max_score: float = 0.0
    cells: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""

    @property
    def waiting(self) -> float:
        """Points that a person has still to give."""
        return sum(cell["max_score"] for cell in self.cells if cell["score"] is None)

    def as_json(self) -> dict:
        """The result as an entry of the JSON report."""
        return {key: value for key, value in asdict(self).items() if key != "note"}
