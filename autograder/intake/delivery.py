"""`take_in`: the newest notebook of each student and unit goes to ``submitted/``, and every choice is printed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from nbgrader.utils import parse_utc

from autograder.files import write_bytes, write_text
from autograder.grading.handed_in import handed_in_at
from autograder.grading.roster import Roster
from autograder.intake.arrivals import Arrival, Refused, arrivals_of, newest
from autograder.intake.clones import clones_of
from autograder.intake.formats import FORMATS, recognised
from autograder.intake.sources import files_of
from autograder.intake.students import Students


def take_in(source: Path, kind: str | None, roster: Roster, submitted: Path, dry_run: bool = False) -> bool:
    """Copy the notebooks of a download to ``submitted/<student>/<unit>/<unit>.ipynb``, each with its ``timestamp.txt``.

    Of several notebooks of one student and unit the newest wins, also over what is there already. A notebook of which
    unit or student are not certain, and whatever must not be read, is listed and not taken.

    Args:
        source: a zip or a folder, as it was downloaded; of git, the folder with the clones.
        kind: "moodle", "canvas", "folder" or "git"; None to recognise it by the names in it.
        roster: as `read_roster` gives it; without one, the folders' names are the students' ids.
        submitted: gets the notebooks.
        dry_run: print what would be done, and write nothing.

    Returns:
        Whether every notebook in the download could be taken.

    Raises:
        ValueError: the source cannot be read, or is in no known format.
    """
    if kind == "git":
        named = clones_of(source, roster)
    else:
        files = list(files_of(source))
        known = FORMATS[kind or recognised([file.path for file in files])]
        named = [(known(file.path), file) for file in files]
    found = list(arrivals_of(named, Students(roster)))
    refused = [entry for entry in found if isinstance(entry, Refused)]
    taken = newest(entry for entry in found if isinstance(entry, Arrival))
    for arrivals in taken.values():
        _take(arrivals, submitted, dry_run)
    for entry in refused:
        print(f"not taken: {entry.path}: {entry.why}")
    absent = sorted(set(roster) - {student for student, _ in taken})
    if absent:
        print(f"nothing from {len(absent)} of {len(roster)} in roster.csv: {', '.join(absent)}")
    print(
        f"{len(taken)} notebooks of {len({student for student, _ in taken})} students, {len(refused)} not taken"
        + ("; a dry run: nothing was written" if dry_run else "")
    )
    return not refused


def _take(arrivals: list[Arrival], submitted: Path, dry_run: bool) -> None:
    """Take the first of them, unless what is there is newer; print the choice."""
    chosen, *others = arrivals
    folder = submitted / chosen.student / chosen.unit
    notebook, timestamp = folder / f"{chosen.unit}.ipynb", folder / "timestamp.txt"
    content = chosen.read()
    before = _time(handed_in_at(submitted, chosen.student, chosen.unit))
    if notebook.is_file() and notebook.read_bytes() == content:
        what = "as before"
    elif before and chosen.time and before > chosen.time:
        what = f"left out: what is there was handed in later, {before:%Y-%m-%d %H:%M:%S} UTC"
    else:
        what = "taken in place of an older one" if notebook.is_file() else "taken"
        if not dry_run:
            write_bytes(notebook, content)
            timestamp.unlink(missing_ok=True)
            if chosen.time:
                write_text(timestamp, f"{chosen.time:%Y-%m-%d %H:%M:%S} UTC\n")
    when = f" of {chosen.time:%Y-%m-%d %H:%M:%S} UTC" if chosen.time else ""
    over = f", over {', '.join(PurePosixPath(other.path).name for other in others)}" if others else ""
    print(f"{chosen.student} {chosen.unit}: {chosen.path}{when}{over}: {what}")


def _time(text: str) -> datetime | None:
    return parse_utc(text).replace(tzinfo=UTC) if text else None
