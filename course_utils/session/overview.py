"""Each exercise's state in a session, as text."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.session.record import DONE, NOT_RUN, NOT_WRITTEN, TRIED, Record


def overview(record: Record, written: Mapping[str, str]) -> str:
    """What is open, in groups by state; a line alone if nothing is.

    Args:
        record: of the session.
        written: the headings of the unit's written answers, which no check reads.
    """
    groups = {state: [e for e in record.exercises if record.state(e) == state] for state in _MEANING}
    if len(groups[DONE]) == len(record.exercises):
        lines = [f"All {len(record.exercises)} exercises are done: each passed its checks."]
    else:
        lines = [f"{len(groups[DONE])} of {len(record.exercises)} exercises are done."]
        for state, exercises in groups.items():
            if exercises:
                lines.append(f"\n{state} ({_MEANING[state]}):")
                lines += [f"  {exercise.number} · {exercise.title}" for exercise in exercises]
        lines.append("")
    lines += [f"No check reads your written answer ({heading})." for heading in written.values()]
    return "\n".join(lines)


_MEANING = {
    DONE: "every check passed",
    TRIED: "a check failed, or has not run",
    NOT_WRITTEN: "the line with `raise` still stands in the cell",
    NOT_RUN: "its cell has not run since the kernel was started",
}
