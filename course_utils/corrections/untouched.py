"""Whether a student's file is as it was given, by the copy that was kept then."""

from __future__ import annotations

import json
from pathlib import PurePath

from course_utils.corrections.merging import is_same
from course_utils.corrections.reading import read_or_none
from course_utils.files import portable
from course_utils.progress.guide import CELL as PROGRESS


def is_untouched(name: PurePath, theirs: bytes, base: bytes) -> bool:
    """Whether a file is as it was given: nobody wrote or ran anything in it.

    That a program saved a notebook anew is no difference, nor are the ends of lines, nor the progress that the course
    itself writes into the guide.

    >>> from pathlib import PurePath
    >>> from course_utils.corrections.untouched import is_untouched
    >>> is_untouched(PurePath("figure.svg"), b"<svg>\\r\\n</svg>", b"<svg>\\n</svg>")
    True
    """
    if portable(theirs) == portable(base):
        return True
    notebook, given = (read_or_none(content) if name.suffix == ".ipynb" else None for content in (theirs, base))
    if notebook is None or given is None:
        return False
    if len(notebook.cells) != len(given.cells) or any(
        cell.get("outputs") for cell in notebook.cells if cell.get("id") != PROGRESS
    ):
        return False
    return all(is_same(*pair) for pair in zip(notebook.cells, given.cells, strict=True))


def went_back(theirs: bytes, before: bytes, new: bytes) -> bool:
    """Whether a notebook lost its last correction, as by an editor that had it open and wrote over it.

    >>> import json
    >>> from course_utils.corrections.untouched import went_back
    >>> old, new = (json.dumps({"cells": [{"id": "idea", "source": text}]}).encode() for text in ("kernal", "kernel"))
    >>> went_back(old, old, new), went_back(new, old, new)
    (True, False)
    """
    mine, old, today = (_sources(content) for content in (theirs, before, new))
    return any(mine.get(name) == text != today.get(name, text) for name, text in old.items())


def _sources(content: bytes) -> dict[str, str]:
    """The texts of a notebook's cells by id; nothing for what is no notebook or has no ids."""
    try:
        return {cell["id"]: "".join(cell["source"]) for cell in json.loads(content)["cells"]}
    except (ValueError, LookupError, TypeError):
        return {}
