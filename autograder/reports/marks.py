"""A class's marks: on the screen, and for programs as JSON and JUnit."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from autograder.grading.changes import Change, by_submission
from autograder.grading.classes import Graded
from autograder.grading.messages import printable
from autograder.grading.results import Result

MOST_CHANGES = 20  # lines on the screen


def print_table(results: list[Result]) -> None:
    """Print a line for each submission."""
    width = max([len("student"), *(len(printable(result.student)) for result in results)]) + 2
    print(f"{'student':<{width}}{'unit':<18}{'status':<10}{'marks':>12}{'late':>7}{'to read':>9}{'seconds':>9}")
    for result in results:
        mark = f"{result.score:g} of {result.max_score:g}"
        waiting = f"{result.waiting:g}" if result.waiting else ""
        late = f"{-result.penalty:g}" if result.penalty else ""
        print(
            f"{printable(result.student):<{width}}{result.unit:<18}{result.status:<10}{mark:>12}{late:>7}{waiting:>9}{result.seconds:>9.1f}"
            + (f"  {printable(result.told)}" if result.told else "")
        )


def print_changes(changes: list[Change]) -> None:
    """Say how many submissions have another mark than last time, and which."""
    moved = by_submission(changes)
    if not moved:
        return
    down = sum(points < 0 for points, _ in moved.values())
    up = sum(points > 0 for points, _ in moved.values())
    print(f"{len(moved)} changed: {down} down, {up} up (all of them: history.jsonl)")
    # The losses first: a lost mark is the worse fault.
    for (student, unit), (points, group) in sorted(moved.items(), key=lambda item: item[1][0])[:MOST_CHANGES]:
        cells = ", ".join(f"{change.cell} {_mark(change.old)} to {_mark(change.new)}" for change in group)
        print(f"  {printable(student)} {unit}: {points:+g} ({cells}): {group[0].cause}")


def print_migration(lost: list[str]) -> None:
    """Say what a person wrote that has no place in the rebuilt unit."""
    print("the unit is rebuilt in the gradebook; " + ("what had no place:" if lost else "everything has its place"))
    for line in lost:
        print(f"  {printable(line)}")


def _mark(score: float | None) -> str:
    return "waiting" if score is None else f"{score:g}"


def to_json(graded: Graded) -> str:
    """The results in the form that other programs read, and why a unit was refused."""
    submissions = [
        result.as_json() | {"student": printable(result.student), "note": printable(result.told)}
        for result in graded.results
    ]
    return json.dumps({"submissions": submissions, "refused": graded.refused}, indent=1)


def to_junit(graded: Graded) -> str:
    """The results as JUnit XML: a suite for each unit, a case for each student, a failure for what was not graded."""
    results = graded.results
    root = ET.Element("testsuites")
    for unit in dict.fromkeys(result.unit for result in results):
        rows = [result for result in results if result.unit == unit]
        ungraded = [result for result in rows if result.status != "graded"]
        suite = ET.SubElement(root, "testsuite", name=unit, tests=str(len(rows)), failures=str(len(ungraded)))
        for result in rows:
            case = ET.SubElement(
                suite, "testcase", classname=unit, name=printable(result.student), time=str(result.seconds)
            )
            if result in ungraded:
                ET.SubElement(case, "failure", message=result.status).text = printable(result.told)
            mark = f"{result.score:g} of {result.max_score:g}"
            lines = filter(None, [mark, result.late, *map(printable, result.remarks)])
            ET.SubElement(case, "system-out").text = "\n".join(lines)
    for unit, reason in graded.refused.items():
        suite = ET.SubElement(root, "testsuite", name=unit, tests="1", errors="1")
        ET.SubElement(ET.SubElement(suite, "testcase", classname=unit, name=unit), "error", message=reason)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
