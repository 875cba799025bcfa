"""Workers that begin before nbgrader is imported, which takes half a second: they import meanwhile."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import units
from autograder.grading import finished
from autograder.grading.handed_in import digest_of, find_students, find_units
from autograder.grading.roster import read_roster
from autograder.sandbox.sandbox import Sandbox

LOOKS = 50  # submissions of a unit that are looked at; in a class that was graded before, most are known


def begin_workers(
    submitted: Path, output: Path, asked: list[str], jobs: int, sandbox: bool = True, force: bool = False
) -> list[Sandbox]:
    """Begin workers for notebooks that `classes.grade_class` will run: none where all that is looked at is known.

    Args:
        submitted: as there, like `output` and `asked`.
        jobs: how many at most.
        sandbox: without it students' code can do whatever you can.
        force: what was executed before runs again.

    Raises:
        ValueError: a unit does not exist.
        SandboxError: there is no sandbox on this machine.
    """
    students = find_students(submitted, read_roster(output / "roster.csv"))
    waiting = {
        unit: len(list(itertools.islice(_waiting(submitted, output, unit, students[:LOOKS], force), jobs)))
        for unit in find_units(submitted, asked)
    }
    modules = set().union(*(units.modules_to_load(units.source_notebook(unit)) for unit in waiting if waiting[unit]))
    begun = [Sandbox(modules, sandbox) for _ in range(min(jobs, sum(waiting.values())))]
    for worker in begun:
        worker.begin()
    return begun


def _waiting(submitted: Path, output: Path, unit: str, students: Iterable[str], force: bool) -> Iterator[str]:
    """The students whose notebook of this unit has no kept result."""
    unit_key = finished.unit_key(unit)
    for student in students:
        digest = digest_of(submitted, student, unit)
        if digest and (force or not finished.load(output, unit, student, finished.key_of(digest, unit_key))):
            yield student
