"""nbgrader's list of failed cells in the course's words."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from course_utils.exercises import NO_TEXT, STUB, nbgrader_tag, owner_of
from course_utils.session.table import Table, table_for

# The dialog says "The following cell failed:" above each entry, which is not so for the first one here.
_NO_CELL = "<style>#validation-message > :first-child { display: none }</style>"


def in_words(notebook: Mapping, failed: list[dict]) -> list[dict]:
    """What the dialog lists: how many exercises are not written yet, then the failed cells of the others.

    A failed cell is named by its exercise and what it looks at. Its message is what it said in the notebook.

    Args:
        notebook: as saved; one that is no unit of the course leaves the list as it is.
        failed: nbgrader's list: a cell's ``source``, and what it said as HTML, ``error``, and as text, ``raw_error``.
    """
    cells = {nbgrader_tag(cell)["grade_id"]: cell for cell in notebook["cells"] if nbgrader_tag(cell)}
    table = table_for(cells)
    if table is None:
        return failed
    names = {cell["source"].strip(): name for name, cell in cells.items()}
    titles = {exercise.name: f"Exercise {exercise.number} · {exercise.title}" for exercise in table.exercises}
    unwritten = _unwritten(table, cells, titles)
    entries = [_summary(list(unwritten.values()), len(titles) + len(table.written))] if unwritten else []
    for entry in failed:
        name = names.get(entry["source"], "")
        owner = owner_of(name, titles)
        if not {name, owner} & unwritten.keys():
            entries.append(entry | {"source": _named(entry["source"], titles.get(owner))})
    return entries


def _unwritten(table: Table, cells: Mapping[str, Mapping], titles: Mapping[str, str]) -> dict[str, str]:
    """The titles of those whose cells are as they were released, by name."""
    open_ones = [e.name for e in table.exercises if cells[e.name]["source"].count(STUB) >= e.stubs]
    in_text = {name: title for name, title in table.written.items() if NO_TEXT in cells.get(name, {}).get("source", "")}
    return {name: titles[name] for name in open_ones} | in_text


def _summary(titles: list[str], total: int) -> dict:
    text = "\n".join(titles)
    verb = "is" if len(titles) == 1 else "are"
    return {
        "source": f"{len(titles)} of {total} exercises {verb} not written yet",
        "error": _NO_CELL + escape(text),
        "raw_error": text,
    }


def _named(source: str, title: str | None) -> str:
    first = source.splitlines()[0].removeprefix("# ")
    return f"{title}\n{first}" if title else source
