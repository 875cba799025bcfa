"""By what a person marks an answer in words: what stands in the source where students are to write."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from course_utils.exercises import all_exercises, nbgrader_tag

MARKERS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION *\n?", re.MULTILINE)


def rubrics_of(source: NotebookNode) -> dict[str, str]:
    """By grade_id, the Markdown that stands in a source notebook's cells for answers in words."""
    written = (source.cells[exercise.task] for exercise in all_exercises(source) if exercise.written)
    return {nbgrader_tag(cell)["grade_id"]: MARKERS.sub("", cell.source).strip() for cell in written}
