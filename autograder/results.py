"""What became of a submission, and how people and programs read it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
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


def print_table(results: list[Result]) -> None:
    """Print a line for each submission."""
    width = max(len(result.student) for result in results) + 2
    print(f"{'student':<{width}}{'unit':<18}{'status':<10}{'marks':>12}{'to read':>9}{'seconds':>9}")
    for result in results:
        mark = f"{result.score:g} of {result.max_score:g}"
        waiting = f"{result.waiting:g}" if result.waiting else ""
        print(
            f"{result.student:<{width}}{result.unit:<18}{result.status:<10}{mark:>12}{waiting:>9}{result.seconds:>9.1f}"
            + (f"  {result.note}" if result.note else "")
        )


def to_json(results: list[Result]) -> str:
    """The results in the form that other programs read."""
    return json.dumps({"submissions": [result.as_json() for result in results]}, indent=1)


def to_junit(results: list[Result]) -> str:
    """The results as JUnit XML: a suite for each unit, a case for each student, a failure for what was not graded."""
    root = ET.Element("testsuites")
    for unit in dict.fromkeys(result.unit for result in results):
        rows = [result for result in results if result.unit == unit]
        ungraded = [result for result in rows if result.status != "graded"]
        suite = ET.SubElement(root, "testsuite", name=unit, tests=str(len(rows)), failures=str(len(ungraded)))
        for result in rows:
            case = ET.SubElement(suite, "testcase", classname=unit, name=result.student, time=str(result.seconds))
            if result in ungraded:
                ET.SubElement(case, "failure", message=result.status).text = result.note
            ET.SubElement(case, "system-out").text = f"{result.score:g} of {result.max_score:g}"
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
