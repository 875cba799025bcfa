"""Answers known to be wrong: where a graded cell passes with one of them too, somebody has switched the check off."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from autograder.course import units
from autograder.course.exercises import exercises_of


def answers_that_lose(notebook: NotebookNode, unit: str) -> dict[str, list[str]]:
    """For each graded cell, a TODO cell of the answer bank that is known to lose it, if there is one.

    Known are the cells in the answer's line ``# loses: id, id``; the bank's own test proves that line.
    """
    found: dict[str, list[str]] = {}
    for exercise in exercises_of(notebook):
        for path in sorted((units.ANSWERS / unit / exercise.name).glob("wrong-*.py")):
            source = path.read_text(encoding="utf-8")
            for name in declared_losses(source):
                if name in exercise.graded:
                    found.setdefault(name, [source])
    return found


def declared_losses(answer: str) -> list[str]:
    """The graded cells that an answer of the bank says it loses; none if it does not say."""
    declared = re.search(r"^# loses: (.+)$", answer, flags=re.MULTILINE)
    return [name.strip() for name in declared[1].split(",")] if declared else []
