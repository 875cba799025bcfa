"""What a feedback page says first: for each exercise its marks, and what was found of the cells that failed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from nbformat import NotebookNode

from autograder.course.cells import is_task, nbgrader_tag
from autograder.course.exercises import owner_of
from autograder.grading.results import Result
from course_utils.exercises import heading_above, titles

LOOKS_AT = "# Looks at: "
SAFE = "?/:@!$&'()*+,;="  # what nbconvert leaves as it is in the anchor that it makes of a heading


@dataclass(frozen=True)
class Finding:
    """A graded cell without full marks: what it is called, its place on the page, its marks, what it said."""

    name: str
    anchor: str
    marks: str
    message: str

    @property
    def first_line(self) -> str:
        """Enough of the message to know it by; all of it stands at the cell."""
        return next(iter(self.message.strip().splitlines()), "")


@dataclass(frozen=True)
class Row:
    """An exercise, or a question in words: its title and place on the page, and what became of it."""

    title: str
    anchor: str
    marks: str
    findings: list[Finding]
    comments: list[str]
    full: bool


def rows_of(result: Result, source: NotebookNode) -> list[Row]:
    """A row for each exercise of a result, in its order; names and titles are those of the unit's source notebook.

    A cell that the source lacks, as one that was renamed since, is called by its grade_id.
    """
    tasks = [nbgrader_tag(cell)["grade_id"] for cell in source.cells if is_task(cell)]
    headings = {
        nbgrader_tag(cell)["grade_id"]: heading_above(source.cells, i)[1]
        for i, cell in enumerate(source.cells)
        if nbgrader_tag(cell)
    }
    looks = _looks(source)

    def exercise_of(name: str) -> str:
        return name if name in tasks else owner_of(name, tasks) or name

    rows = []
    for exercise in dict.fromkeys(exercise_of(name) for name in [*(c["id"] for c in result.cells), *result.comments]):
        cells = [cell for cell in result.cells if exercise_of(cell["id"]) == exercise]
        comments = [text for name, text in result.comments.items() if exercise_of(name) == exercise]
        rows.append(_row(exercise, headings.get(exercise, ""), cells, comments, looks))
    return rows


def _row(exercise: str, heading: str, cells: list[dict], comments: list[str], looks: dict[str, str]) -> Row:
    title, short = titles(heading or exercise)
    findings = []
    for cell in cells:
        name = cell["id"]
        if cell["message"] or (cell["score"] is not None and cell["score"] < cell["max_score"]):
            what = "your answer" if name == exercise else looks.get(name, name)
            findings.append(Finding(f"{short}: {what}", quote(name), _marks([cell]), cell["message"] or ""))
    full = sum(cell["score"] or 0 for cell in cells) >= sum(cell["max_score"] for cell in cells)
    anchor = quote(heading.replace(" ", "-"), safe=SAFE)
    return Row(title, anchor, _marks(cells), findings, comments, full)


def _marks(cells: list[dict]) -> str:
    earned, possible = sum(cell["score"] or 0 for cell in cells), sum(cell["max_score"] for cell in cells)
    waiting = sum(cell["max_score"] for cell in cells if cell["score"] is None)
    if waiting and waiting == possible:
        return f"{waiting:g} to be given"
    return f"{earned:g} of {possible:g}" + (f", {waiting:g} to be given" if waiting else "")


def _looks(source: NotebookNode) -> dict[str, str]:
    """For each graded cell that says so in its first line, what it looks at."""
    return {
        nbgrader_tag(cell)["grade_id"]: cell.source.splitlines()[0].removeprefix(LOOKS_AT)
        for cell in source.cells
        if nbgrader_tag(cell) and cell.source.startswith(LOOKS_AT)
    }
