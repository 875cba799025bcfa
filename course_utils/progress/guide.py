"""The progress in the guide, before it is opened."""

from __future__ import annotations

import json
from pathlib import Path

from course_utils.files import write_bytes
from course_utils.progress.course import Progress
from course_utils.progress.saved import joined

CELL = "progress"
CALL = "saved_progress()"


def show_in_guide(guide: Path, progress: Progress) -> bool:
    """Write `progress` as the output of the guide's progress cell; return whether the file was changed.

    Only the outputs of that cell change: all that the student wrote stays. A guide whose progress cell is not there,
    or calls something else, is left alone, and so is a file that is no notebook.

    >>> import json, tempfile
    >>> from pathlib import Path
    >>> from course_utils.progress import Progress
    >>> from course_utils.progress.guide import show_in_guide
    >>> cell = {"cell_type": "code", "id": "progress", "source": "progress.saved_progress()", "outputs": []}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     guide = Path(folder, "guide.ipynb")
    ...     _ = guide.write_text(json.dumps({"cells": [cell]}))
    ...     show_in_guide(guide, Progress([], ["nothing yet"])), show_in_guide(guide, Progress([], ["nothing yet"]))
    (True, False)

    Raises:
        OSError: the file cannot be read or written.
    """
    data = {"text/html": _lines(progress._repr_html_()), "text/plain": _lines(str(progress))}
    output = {"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"}
    try:
        notebook = json.loads(guide.read_bytes().decode("utf-8-sig"))
        cell = next(cell for cell in notebook["cells"] if cell.get("id") == CELL and cell["cell_type"] == "code")
        if CALL not in joined(cell["source"]) or cell.get("outputs") == [output]:
            return False
        cell["outputs"], cell["execution_count"] = [output], None
        content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    except (FileNotFoundError, ValueError, RecursionError, StopIteration, LookupError, TypeError, AttributeError):
        return False
    write_bytes(guide, content)  # whole or not at all, as the student's notes may be in it
    return True


def _lines(text: str) -> list[str]:
    """A text as notebooks store it."""
    return text.splitlines(keepends=True)
