"""Which notebook of whom is taken, and what is refused with a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from nbgrader.utils import parse_utc

from autograder.course.finder import UnitFinder
from autograder.intake.formats import Named
from autograder.intake.sources import File
from autograder.intake.students import Students

ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Arrival:
    """A notebook that can be taken."""

    student: str
    unit: str
    path: str
    time: datetime | None
    again: tuple[int, int]
    read: Callable[[], bytes]

    @property
    def age(self) -> tuple:
        """What is larger is newer."""
        return self.time or NEVER, self.again, self.path


@dataclass(frozen=True)
class Refused:
    """A file of the download that is not taken, and why."""

    path: str
    why: str


def arrivals_of(named: Iterable[tuple[Named | None, File]], students: Students) -> Iterator[Arrival | Refused]:
    """Each notebook with its student and unit, or why it cannot be taken; harmless other files are passed over."""
    finder, entries = UnitFinder(), list(named)
    times = {file.path.parent: _timestamp(file) for _, file in entries if file.path.name == "timestamp.txt"}
    senders, archives = set(), []
    for name, file in entries:
        suffix = file.path.suffix.lower()
        if ".ipynb_checkpoints" in file.path.parts or not (file.problem or suffix in (".ipynb", *ARCHIVES)):
            continue
        if file.problem or name is None:
            yield Refused(str(file.path), file.problem or "its name says no student")
        elif suffix in ARCHIVES:
            archives.append((name.sender, file))
        else:
            senders.add(name.sender)
            yield _arrival(name, file, times.get(file.path.parent, file.time), finder, students)
    for sender, file in archives:
        if sender not in senders:
            yield Refused(str(file.path), "it is an archive and was not opened: ask for the notebook itself")


def _arrival(
    name: Named, file: File, time: datetime | None, finder: UnitFinder, students: Students
) -> Arrival | Refused:
    try:
        content = file.read()
        student = students.find(name.sender)
        unit = finder.find(name.file, content)
    except (ValueError, OSError) as error:
        return Refused(str(file.path), str(error))
    return Arrival(student, unit, str(file.path), time, name.again, file.read)


def newest(arrivals: Iterable[Arrival]) -> dict[tuple[str, str], list[Arrival]]:
    """The arrivals of each student and unit, the newest first."""
    found: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        found[arrival.student, arrival.unit].append(arrival)
    return {key: sorted(of_one, key=lambda a: a.age, reverse=True) for key, of_one in sorted(found.items())}


def _timestamp(file: File) -> datetime | None:
    try:
        return parse_utc(file.read().decode("utf-8").strip()).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return file.time
