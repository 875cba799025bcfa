"""The four files that say what came of a push.

``results.json`` has the form of Gradescope's autograders
(https://gradescope-autograders.readthedocs.io/en/latest/specs/), ``junit.xml`` a case for each graded cell,
``summary.md`` is for the page of a CI run, ``feedback.html`` is the page that a student reads.
"""

from __future__ import annotations

import html
import json
import xml.etree.ElementTree as ET
from pathlib import Path

from nbformat import NotebookNode

from autograder.files import write_text
from autograder.grading.messages import printable
from autograder.grading.results import Result
from autograder.reports.exercise_rows import Row, rows_of

NAMES = ("results.json", "junit.xml", "summary.md", "feedback.html")


def automatic(result: Result) -> tuple[float, float]:
    """Points that need no person: earned and possible."""
    marked = [cell for cell in result.cells if cell["score"] is not None]
    return sum(cell["score"] for cell in marked), sum(cell["max_score"] for cell in marked)


def is_enough(result: Result, minimum: float) -> bool:
    """Whether the automatic points reach `minimum`, a part of those that are possible, 0 to 1."""
    earned, possible = automatic(result)
    return earned >= minimum * possible - 1e-9


def write_graded(out: Path, result: Result, source: NotebookNode, page: str, minimum: float) -> None:
    """The four files of a notebook that was graded; `page` is its feedback, `source` the unit's notebook."""
    write_text(out / "results.json", json.dumps(_gradescope(result), indent=1))
    write_text(out / "junit.xml", _junit(result))
    write_text(out / "summary.md", _summary(result, rows_of(result, source), minimum))
    write_text(out / "feedback.html", page)


def write_unusable(out: Path, sentence: str) -> None:
    """The four files of a notebook that cannot be graded: each has the sentence."""
    sentence = printable(sentence)
    said = {"score": 0, "output": sentence, "output_format": "text", "tests": []}
    write_text(out / "results.json", json.dumps(said, indent=1))
    root = ET.Element("testsuites")
    suite = ET.SubElement(root, "testsuite", name="notebook", tests="1", failures="0", errors="1", skipped="0")
    ET.SubElement(ET.SubElement(suite, "testcase", classname="notebook", name="readable"), "error", message=sentence)
    write_text(out / "junit.xml", ET.tostring(root, encoding="unicode", xml_declaration=True))
    write_text(out / "summary.md", f"## Not graded\n{markdown(sentence)}\n")
    head = '<meta charset="utf-8"><title>Not graded</title>'
    write_text(out / "feedback.html", f'<!doctype html><html lang="en">{head}<p>{html.escape(sentence)}</p>')


def points_in_words(result: Result, minimum: float) -> str:
    """What was earned and whether it is enough, in a line."""
    earned, possible = automatic(result)
    enough = "enough" if is_enough(result, minimum) else "not enough"
    return f"{earned:g} of {possible:g} automatic points; {minimum:.0%} are asked for: {enough}"


def markdown(text: str) -> str:
    """A stranger's text in a cell of a table."""
    plain = html.escape(printable(text), quote=False)
    for sign in "\\`*_[]|#!@":
        plain = plain.replace(sign, f"\\{sign}" if sign != "@" else "@\u200b")  # nobody is called by an "@name"
    return plain


def _gradescope(result: Result) -> dict:
    earned, possible = automatic(result)
    tests = [
        {
            "name": cell["id"],
            "score": cell["score"],
            "max_score": cell["max_score"],
            "status": "passed" if cell["score"] == cell["max_score"] else "failed",
            "output": _printable_lines(cell["message"]),
            "output_format": "text",  # a stranger's text, which is not to be read as HTML
            "visibility": "visible",
        }
        for cell in result.cells
        if cell["score"] is not None
    ]
    said = " ".join(filter(None, [f"{earned:g} of {possible:g} automatic points.", _told(result)]))
    seconds = round(result.seconds)
    return {"score": earned, "output": said, "output_format": "text", "execution_time": seconds, "tests": tests}


def _junit(result: Result) -> str:
    lost = [cell for cell in result.cells if cell["score"] is not None and cell["score"] < cell["max_score"]]
    waits = [cell for cell in result.cells if cell["score"] is None]
    counts = {"tests": len(result.cells), "failures": len(lost), "errors": 0, "skipped": len(waits)}
    root = ET.Element("testsuites")
    suite = ET.SubElement(root, "testsuite", name=result.unit, **{name: str(count) for name, count in counts.items()})
    for cell in result.cells:
        case = ET.SubElement(suite, "testcase", classname=result.unit, name=cell["id"])
        if cell in lost:
            message = _printable_lines(cell["message"])
            ET.SubElement(case, "failure", message=message.partition("\n")[0]).text = message
        elif cell in waits:
            ET.SubElement(case, "skipped", message="a person reads this answer")
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _summary(result: Result, rows: list[Row], minimum: float) -> str:
    earned, possible = automatic(result)
    enough = "enough" if is_enough(result, minimum) else "not enough"
    lines = [
        f"## {result.unit}: {earned:g} of {possible:g} automatic points",
        f"{minimum:.0%} are asked for: {enough}.",
        *([markdown(_told(result))] if _told(result) else []),
        "",
        "| exercise | points | what was found |",
        "|---|---|---|",
    ]
    for row in rows:
        findings = [f"{finding.name}: {finding.first_line}" for finding in row.findings if finding.message]
        found = "<br>".join(map(markdown, findings))
        lines.append(f"| {markdown(row.title)} | {row.marks} | {found} |")
    return "\n".join(lines) + "\n"


def _told(result: Result) -> str:
    """What is said of the whole notebook; the remarks are for a person who grades, and stay out."""
    return printable(result.note)


def _printable_lines(text: str) -> str:
    """`printable`, line by line."""
    return "\n".join(map(printable, text.splitlines()))
