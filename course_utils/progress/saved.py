"""A notebook's file as cells, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path


class UnreadableNotebook(ValueError):
    """A file that is no notebook, with the reason."""


def read_notebook(path: Path) -> dict:
    """The cells of a saved notebook: ``{"cells": [...]}``, each with text, type, id, metadata, outputs and count.

    Plain JSON, since nbformat would cost a second. A cell's text is one string. What has another type than a notebook's
    is left out or empty, so that who reads the cells need not look.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from course_utils.progress.saved import read_notebook
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "01.ipynb")
    ...     _ = path.write_text('{"cells": [{"cell_type": "code", "source": ["x = 1\\\\n", "x"]}]}')
    ...     read_notebook(path)["cells"][0]["source"]
    'x = 1\\nx'

    Raises:
        UnreadableNotebook: the file cannot be read, or holds no notebook.
    """
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UnreadableNotebook(f"it cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UnreadableNotebook("it is no text") from error
    except json.JSONDecodeError as error:
        reason = "it is empty" if not error.doc.strip() else f"its JSON is broken in line {error.lineno}"
        raise UnreadableNotebook(reason) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableNotebook("its JSON is none of a notebook") from error
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise UnreadableNotebook("it holds no cells, as a notebook of format 4 does")
    return {"cells": [_cell(cell) for cell in content["cells"] if isinstance(cell, dict)]}


def _cell(cell: dict) -> dict:
    metadata = _of_type(cell.get("metadata"), dict, {})
    tag = metadata.get("nbgrader")
    named = isinstance(tag, dict) and isinstance(tag.get("grade_id"), str)
    points = tag.get("points") if named else None
    countable = isinstance(points, int | float) and not isinstance(points, bool)
    tag = {"nbgrader": tag | {"points": points if countable else 0}} if named else {}
    count = cell.get("execution_count")
    return {
        "cell_type": _of_type(cell.get("cell_type"), str, "raw"),
        "id": _of_type(cell.get("id"), str, ""),
        "source": joined(cell.get("source")),
        "metadata": metadata | {"nbgrader": {}} | tag,
        "outputs": [output for output in _of_type(cell.get("outputs"), list, []) if isinstance(output, dict)],
        "execution_count": count if isinstance(count, int) and not isinstance(count, bool) else None,
    }


def joined(source: object) -> str:
    """A cell's text as one string; in a file it may be a list of lines.

    >>> from course_utils.progress.saved import joined
    >>> joined(["x = 1\\n", "x"])
    'x = 1\\nx'
    """
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return _of_type(source, str, "")


def _of_type(value: object, kind: type, default: object) -> object:
    return value if isinstance(value, kind) else default
