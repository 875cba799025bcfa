"""The lines that stand in place of a traceback."""

from __future__ import annotations

from course_utils.session.blame import MODULE, innermost
from course_utils.session.record import NOT_RUN, Cause, Record
from course_utils.session.table import CHECK, GRADED


def lines_for(record: Record, error: Exception) -> list[str] | None:
    """What is shown for the error of the cell that runs, or None for the traceback.

    A failed check ends with the hint to open: the first, and after each further failure the next.
    """
    if cause := record.cause(error):
        return _unwritten(record, cause, error)
    if hasattr(type(error), "_render_traceback_"):  # as a CheckError, which says all in its message
        return [*type(error)._render_traceback_(error), *_hint(record)]
    if isinstance(error, NameError) and innermost(error) == MODULE:
        maker = record.maker(error.name)
        if maker and record.state(maker) == NOT_RUN:
            return [f"{error.name} is not there yet: it is the answer of exercise {maker.number}; run its cell first"]
    return None


def _unwritten(record: Record, cause: Cause, error: Exception) -> list[str]:
    exercise = cause.exercise
    if cause.name and not record.is_unwritten(exercise):
        return [
            f"{cause.name} is not there yet: the cell that makes it stopped, since the answer of exercise "
            f"{exercise.number} was not written; run that cell again"
        ]
    line = f"Not written yet: {cause.what} (exercise {exercise.number})"
    if cause.name:
        line += f"; this cell needs {cause.name}, which waits for it"
    elif exercise is not record.exercise:
        line += "; this cell needs it"
    return [line]


def _hint(record: Record) -> list[str]:
    """The hint that is next; every hint stands above the checks of its exercise."""
    if record.role not in (CHECK, GRADED) or not record.exercise.hints:
        return []
    hints = record.exercise.hints
    # Behind the check, a graded cell repeats what that said.
    failures = record.standings[record.exercise.name].failures - (record.role == GRADED)
    number = min(max(failures, 0), len(hints) - 1)
    return [f"Stuck? Open hint {number + 1} above: {hints[number]}"]
