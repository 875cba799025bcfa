"""Progress as text and as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from course_utils.progress.states import DONE, TRIED, UNTOUCHED
from course_utils.tables import Table

if TYPE_CHECKING:
    from course_utils.progress.course import Chapter, Progress

CHAPTERS = ("chapter", DONE, TRIED, UNTOUCHED, "points that wait")
EXERCISES = ("exercise", "state", "points", "how it is known")
CAPTION = "Your progress, from the notebooks as they were saved. Done means: solved when last run."


def line(progress: Progress) -> str:
    """How much is done and what comes next, in a line each."""
    if not progress.chapters:
        return "\n".join(progress.notes)
    exercises = [exercise for chapter in progress.chapters for exercise in chapter.exercises]
    done = sum(exercise.state == DONE for exercise in exercises)
    tried = sum(exercise.state == TRIED for exercise in exercises)
    begun = f", {tried} tried" if tried else ""
    points = f"{progress.waiting:g} of {progress.points:g} points wait"
    return f"{done} of {len(exercises)} exercises done{begun}; {points}\n{_next_in_words(progress)}"


def _next_in_words(progress: Progress) -> str:
    if progress.next is None:
        return "All exercises are done." if progress.waiting == 0 else "Nothing can be said of what comes next."
    chapter, exercise = progress.next
    return f"next: {exercise.title}, in {chapter.path}{_because(exercise.reason)}"


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def text(progress: Progress) -> str:
    """The chapters, the exercises of those that are begun and not done, what comes next."""
    if not progress.chapters:
        return "\n".join(progress.notes)
    parts = [Table(CHAPTERS, [_row(c, c.title) for c in progress.chapters], CAPTION, CHAPTERS[1:]).to_text()]
    for chapter in (chapter for chapter in progress.chapters if chapter.begun and chapter.waiting):
        rows = [(e.title, e.state, f"{e.points:g}", e.reason) for e in chapter.exercises]
        parts.append(Table(EXERCISES, rows, f"Chapter {chapter.title}", ("points",)).to_text())
    return "\n\n".join([*parts, "\n".join([*_problems(progress), line(progress)])])


def html(progress: Progress) -> str:
    """The same with links: what comes next, the chapters, and for each chapter its exercises, folded away."""
    parts = [_next_as_link(progress), *(Markup("<p>{}</p>").format(problem) for problem in _problems(progress))]
    if progress.chapters:
        rows = [_row(chapter, _link(chapter.link(), chapter.title)) for chapter in progress.chapters]
        parts.append(Table(CHAPTERS, rows, CAPTION, CHAPTERS[1:]).to_html())
    parts += [_folded(chapter) for chapter in progress.chapters]
    return "\n".join(map(str, parts))


def _row(chapter: Chapter, title: str) -> tuple[str, ...]:
    counts = (str(chapter.count(state)) for state in (DONE, TRIED, UNTOUCHED))
    return (title, *counts, f"{chapter.waiting:g} of {chapter.points:g}")


def _next_as_link(progress: Progress) -> Markup:
    if progress.next is None:
        return Markup("<p>{}</p>").format(_next_in_words(progress) if progress.chapters else "")
    chapter, exercise = progress.next
    where = _link(chapter.link(exercise), exercise.title)
    return Markup("<p><strong>Next:</strong> {} in chapter {}{}</p>").format(
        where, chapter.title, _because(exercise.reason)
    )


def _folded(chapter: Chapter) -> Markup:
    rows = [
        (_link(chapter.link(e), e.title) if not chapter.problem else e.title, e.state, f"{e.points:g}", e.reason)
        for e in chapter.exercises
    ]
    caption = f"The exercises of chapter {chapter.title}"
    table = Markup(Table(EXERCISES, rows, caption, ("points",)).to_html())  # its cells are escaped already
    said = f"{chapter.title}: {chapter.count(DONE)} of {len(rows)} done"
    return Markup("<details><summary>{}</summary>{}</details>").format(said, table)


def _link(target: str, title: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(target, title)


def _problems(progress: Progress) -> list[str]:
    return [*(chapter.problem for chapter in progress.chapters if chapter.problem), *progress.notes]
