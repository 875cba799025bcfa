"""Of which unit a notebook is, whatever its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from nbformat import NotebookNode

from autograder.course import units
from autograder.course.cells import nbgrader_tag
from course_utils.corrections.reading import read_or_none

# A second file of the same name: "name (1).ipynb" by a browser, "name-1.ipynb" by Canvas.
AGAIN = re.compile(r"^(?P<stem>.*?)(?: ?\((?P<browser>\d+)\)|-(?P<canvas>\d+))$")
LFS_POINTER = b"version https://git-lfs.github.com/spec/"


class UnitFinder:
    """Knows a notebook's unit by its graded cells."""

    def __init__(self) -> None:
        self._ids = {unit: _grade_ids(units.source_notebook(unit).cells) for unit in units.unit_names()}

    def find(self, file: str, content: bytes) -> str:
        """The unit; what is no notebook is taken by its name, and the grader says what is wrong with it.

        Args:
            file: the notebook's own name.
            content: its bytes.

        Raises:
            ValueError: it is none of the course's notebooks.
        """
        if content.startswith(LFS_POINTER):
            raise ValueError("it is a pointer of Git LFS, not the notebook: take *.ipynb out of LFS, commit it anew")
        notebook = read_or_none(content)
        ids = _grade_ids(notebook.cells) if notebook is not None else set()
        shared = Counter({unit: len(ids & known) for unit, known in self._ids.items()})
        (best, most), *others = shared.most_common(2)
        if most and (not others or most > others[0][1]):
            return best
        by_name = [unit for unit in self._ids if unit in (file.removesuffix(".ipynb"), stem_of(file)[0])]
        if by_name:
            return by_name[0]
        raise ValueError("it has no graded cell of any unit, and its name is no unit's")


def stem_of(file: str) -> tuple[str, int]:
    """A notebook's name without its ending and the number of a copy: ``("02-shapes", 1)`` of ``02-shapes (1).ipynb``.

    A name that ends so by itself, as ``task-2``, loses its number too: compare both.
    """
    stem = re.sub(r"\.ipynb$", "", file, flags=re.IGNORECASE)
    found = AGAIN.match(stem)
    if found is None:
        return stem, 0
    return found["stem"], int(found["browser"] or found["canvas"])


def _grade_ids(cells: Iterable[NotebookNode]) -> set[str]:
    return {tag["grade_id"] for cell in cells if (tag := nbgrader_tag(cell)) and tag.get("grade_id")}
