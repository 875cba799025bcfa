"""A class's marks: on the screen, and for programs as JSON and JUnit."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from autograder.grading.messages import printable
from autograder.grading.results import Result


def print_table(results: list[Result]) -> None:
    """Print a line for each submission."""
    width = max(len(printable(result.student)) for result in results) + 2
    print(f"{'student':<{width}}{'unit':<18}{'status':<10}{'marks':>12}{'to read':>9}{'seconds':>9}")
    for result in results:
        mark = f"{result.score:g} of {result.max_score:g}"
        waiting = f"{result.waiting:g}" if result.waiting else ""
        print(
            f"{printable(result.student):<{width}}{result.unit:<18}{result.status:<10}{mark:>12}{waiting:>9}{result.seconds:>9.1f}"
            + (f"  {printable(result.note)}" if result.note else "")
        )


def to_json(results: list[Result]) -> str:
    """The results in the form that other programs read."""
    return json.dumps(
        {"submissions": [result.as_json() | {"student": printable(result.student)} for result in results]}, indent=1
    )


def to_junit(results: list[Result]) -> str:
    """The results as JUnit XML: a suite for each unit, a case for each student, a failure for what was not graded."""
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
                ET.SubElement(case, "failure", message=result.status).text = printable(result.note)
            ET.SubElement(case, "system-out").text = f"{result.score:g} of {result.max_score:g}"
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
