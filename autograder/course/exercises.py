"""The exercises of a source notebook that are answered with code: each a TODO cell and the cells that grade it."""

from __future__ import annotations

from nbformat import NotebookNode

from course_utils.exercises import Exercise, all_exercises, is_autograded, nbgrader_tag, owner_of

__all__ = ["WRITTEN", "Exercise", "exercises_of", "owner_of"]

WRITTEN = "written"


def exercises_of(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a source notebook, in order, without questions in words.

    Raises:
        ValueError: a graded cell belongs to no exercise.
    """
    exercises = [exercise for exercise in all_exercises(notebook) if not exercise.written]
    owned = {name for exercise in exercises for name in exercise.graded}
    for name in (nbgrader_tag(cell)["grade_id"] for cell in notebook.cells if is_autograded(cell)):
        if name not in owned:
            raise ValueError(f"graded cell {name!r} belongs to no exercise; name it <its TODO cell>-<what>")
    return exercises
