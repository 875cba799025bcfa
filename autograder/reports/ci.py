"""One notebook, graded for a push: no gradebook stays, and four files say what came of it.

``results.json`` has the form of Gradescope's autograders
(https://gradescope-autograders.readthedocs.io/en/latest/specs/), ``junit.xml`` a case for each graded cell,
``summary.md`` is for the page of a CI run, ``feedback.html`` is the page that a student reads.
"""

from __future__ import annotations

import html
import json
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from autograder.course import units
from autograder.course.finder import UnitFinder
from autograder.files import write_bytes, write_text
from autograder.grading.classes import grade_class
from autograder.grading.handed_in import MAX_BYTES
from autograder.grading.messages import printable
from autograder.grading.results import Result
from autograder.grading.submissions import Options
from autograder.reports import feedback
from autograder.reports.exercise_rows import Row, rows_of

STUDENT = "student"
MOST_FILES = 10_000  # of a repository; a larger one is no student's work
AT_LEAST, BELOW, UNUSABLE, NO_SANDBOX = 0, 1, 2, 3


class UnusableError(ValueError):
    """There is no notebook that could be graded; the message is a sentence for its author."""


def grade_push(notebook: Path, out: Path, minimum: float, options: Options) -> int:
    """Grade one notebook in the sandbox and write the four files.

    Args:
        notebook: a notebook of any name, or a repository with one.
        out: folder of the files; it is made.
        minimum: part of the automatic points that is enough, 0 to 1.
        options: see `Options`.

    Returns:
        `AT_LEAST`, `BELOW` the minimum, or `UNUSABLE`.

    Raises:
        SandboxError: there is no sandbox on this machine.
    """
    try:
        content, unit = _read(notebook)
        result = _grade(content, unit, out, options)
    except UnusableError as error:
        _write_unusable(out, str(error))
        return UNUSABLE
    rows = rows_of(result, units.source_notebook(unit))
    earned, possible = _automatic(result)
    write_text(out / "results.json", json.dumps(_gradescope(result, earned, possible), indent=1))
    write_text(out / "junit.xml", _junit(result))
    write_text(out / "summary.md", _summary(result, rows, earned, possible, minimum))
    print(f"{unit}: {earned:g} of {possible:g} automatic points, {minimum:.0%} asked for; status {result.status}")
    if result.status == "invalid":
        return UNUSABLE
    return AT_LEAST if earned >= minimum * possible - 1e-9 else BELOW


def _read(notebook: Path) -> tuple[bytes, str]:
    """The bytes of the notebook and its unit; of a folder, those of the one notebook in it that is of the course."""
    if notebook.is_symlink() or not notebook.exists():
        raise UnusableError(f"There is no file {notebook.name}: was the notebook deleted or renamed?")
    finder = UnitFinder()
    if notebook.is_file():
        return _checked(notebook, finder)
    found, reasons = [], []
    for number, path in enumerate(notebook.rglob("*.ipynb")):
        if number == MOST_FILES:
            raise UnusableError(
                f"There are more than {MOST_FILES} notebooks in {notebook.name}: name the one to grade."
            )
        inside = path.relative_to(notebook)
        if path.is_file() and not path.is_symlink() and not any(part.startswith(".") for part in inside.parts):
            try:
                found.append((inside, *_checked(path, finder)))
            except UnusableError as error:
                reasons.append(str(error))
    if len(found) == 1:
        return found[0][1:]
    names = ", ".join(sorted(inside.as_posix() for inside, *_ in found)[:5])
    raise UnusableError(
        f"{len(found)} notebooks of the course are there ({names}): name the one to grade."
        if found
        else " ".join(["There is no notebook of the course here.", *reasons[:3]])
    )


def _checked(path: Path, finder: UnitFinder) -> tuple[bytes, str]:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnusableError(
            f"{path.name} has {size / 1e6:.0f} MB, more than {MAX_BYTES / 1e6:.0f} MB: clear its outputs."
        )
    content = path.read_bytes()
    try:
        return content, finder.find(path.name, content)
    except ValueError as error:
        raise UnusableError(f"{path.name} cannot be graded: {error}.") from None


def _grade(content: bytes, unit: str, out: Path, options: Options) -> Result:
    with tempfile.TemporaryDirectory(prefix="ci-") as scratch:
        submitted, graded_in = Path(scratch, "submitted"), Path(scratch, "graded")
        graded_in.mkdir()
        write_bytes(submitted / STUDENT / unit / f"{unit}.ipynb", content)
        graded = grade_class(submitted, graded_in, [unit], options, feedback)
        if graded.refused:
            raise ValueError(graded.refused[unit])
        page = graded_in / "feedback" / STUDENT / unit / f"{unit}.html"
        result = graded.results[0]
        write_text(out / "feedback.html", page.read_text(encoding="utf-8") if page.is_file() else _page(result.told))
    return result


def _automatic(result: Result) -> tuple[float, float]:
    """Points that need no person: earned and possible."""
    marked = [cell for cell in result.cells if cell["score"] is not None]
    return sum(cell["score"] for cell in marked), sum(cell["max_score"] for cell in marked)


def _gradescope(result: Result, earned: float, possible: float) -> dict:
    tests = [
        {
            "name": cell["id"],
            "score": cell["score"] or 0,
            "max_score": cell["max_score"],
            "status": "passed" if cell["score"] == cell["max_score"] else "failed",
            "output": _printable_lines(cell["message"]),
            "visibility": "visible",
        }
        for cell in result.cells
        if cell["score"] is not None
    ]
    said = f"{earned:g} of {possible:g} automatic points." + (f" {_told(result)}" if _told(result) else "")
    return {"score": earned, "output": said, "execution_time": round(result.seconds), "tests": tests}


def _junit(result: Result) -> str:
    lost = [cell for cell in result.cells if cell["score"] is not None and cell["score"] < cell["max_score"]]
    waits = [cell for cell in result.cells if cell["score"] is None]
    counts = {"tests": len(result.cells), "failures": len(lost), "skipped": len(waits)}
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


def _summary(result: Result, rows: list[Row], earned: float, possible: float, minimum: float) -> str:
    enough = "enough" if earned >= minimum * possible - 1e-9 else "not enough"
    lines = [
        f"## {result.unit}: {earned:g} of {possible:g} automatic points",
        f"{minimum:.0%} are asked for: {enough}.",
        *([_markdown(_told(result))] if _told(result) else []),
        "",
        "| exercise | points | what was found |",
        "|---|---|---|",
    ]
    for row in rows:
        findings = [f"{finding.name}: {finding.first_line}" for finding in row.findings if finding.message]
        found = "<br>".join(map(_markdown, findings))
        lines.append(f"| {_markdown(row.title)} | {row.marks} | {found} |")
    return "\n".join(lines) + "\n"


def _write_unusable(out: Path, sentence: str) -> None:
    """The four files of a notebook that cannot be graded: each has the sentence."""
    sentence = printable(sentence)
    write_text(out / "results.json", json.dumps({"score": 0, "output": sentence, "tests": []}, indent=1))
    root = ET.Element("testsuites")
    suite = ET.SubElement(root, "testsuite", name="notebook", tests="1", errors="1")
    ET.SubElement(ET.SubElement(suite, "testcase", classname="notebook", name="readable"), "error", message=sentence)
    write_text(out / "junit.xml", ET.tostring(root, encoding="unicode", xml_declaration=True))
    write_text(out / "summary.md", f"## Not graded\n{_markdown(sentence)}\n")
    write_text(out / "feedback.html", _page(sentence))
    print(sentence)


def _told(result: Result) -> str:
    """What is said of the whole notebook; the remarks are for a person who grades, and stay out."""
    return printable(result.note)


def _printable_lines(text: str) -> str:
    """`printable`, line by line."""
    return "\n".join(map(printable, text.splitlines()))


def _markdown(text: str) -> str:
    """A stranger's text in a cell of a table."""
    plain = html.escape(printable(text), quote=False)
    for sign in "\\`*_[]|#!@":
        plain = plain.replace(sign, f"\\{sign}" if sign != "@" else "@\u200b")  # nobody is called by an "@name"
    return plain


def _page(sentence: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Not graded</title><p>{html.escape(sentence)}</p>'
    )
