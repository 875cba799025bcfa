"""All chapters below a folder, and the next thing to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from course_utils.exercises import all_exercises, heading_above, nbgrader_tag
from course_utils.progress import report
from course_utils.progress.saved import UnreadableNotebook, read_notebook
from course_utils.progress.states import DONE, UNTOUCHED, ExerciseState, state_of

RELEASE = "notebooks"


@dataclass(frozen=True)
class Chapter:
    """A chapter and its exercises.

    >>> from course_utils.progress import Chapter
    >>> Chapter("01-convolution", "01 · What a convolution computes", "01-convolution/01-convolution.ipynb", []).begun
    False

    Attributes:
        name: the unit, as in ``01-convolution``.
        title: its heading.
        path: its notebook, from the folder that was read.
        exercises: what became of each; as untouched where the notebook is not there or cannot be read.
        problem: why it is not there or cannot be read, or "".
    """

    name: str
    title: str
    path: str
    exercises: list[ExerciseState]
    problem: str = ""

    def count(self, state: str) -> int:
        """How many of its exercises are in this state."""
        return sum(exercise.state == state for exercise in self.exercises)

    @property
    def begun(self) -> bool:
        """Whether anything in it is done or tried."""
        return any(exercise.state != UNTOUCHED for exercise in self.exercises)

    @property
    def points(self) -> float:
        """What all its exercises give."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def waiting(self) -> float:
        """The points of the exercises that are not done."""
        return sum(exercise.waiting for exercise in self.exercises)

    def link(self, exercise: ExerciseState | None = None) -> str:
        """Where the chapter, or one of its exercises, is, for a page in the folder that was read."""
        cell = f"#cell-id={quote(exercise.cell, safe='')}" if exercise and exercise.cell else ""
        return quote(self.path) + cell


@dataclass(frozen=True)
class Progress:
    """What saved notebooks tell; in a notebook it shows as HTML, in a terminal as text.

    >>> from course_utils.progress import Progress
    >>> print(Progress([], ["there is no notebook of the course in work/"]))
    there is no notebook of the course in work/

    Attributes:
        chapters: in the order of the course.
        notes: what else was seen, as a copy that does not count.
    """

    chapters: list[Chapter]
    notes: list[str]

    @property
    def points(self) -> float:
        """What the whole course gives."""
        return sum(chapter.points for chapter in self.chapters)

    @property
    def waiting(self) -> float:
        """The points of the exercises that are not done."""
        return sum(chapter.waiting for chapter in self.chapters)

    @property
    def next(self) -> tuple[Chapter, ExerciseState] | None:
        """The first exercise that is not done in the last chapter that was begun, or else behind it, or else before."""
        begun = [i for i, chapter in enumerate(self.chapters) if chapter.begun]
        first = begun[-1] if begun else 0
        for chapter in [*self.chapters[first:], *self.chapters[:first]]:
            for exercise in chapter.exercises:
                if exercise.state != DONE and not chapter.problem:
                    return chapter, exercise
        return None

    def to_line(self) -> str:
        """How much is done and what comes next, in a line each."""
        return report.line(self)

    def __str__(self) -> str:
        return report.text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return report.html(self)


def saved_progress(folder: Path | str = ".") -> Progress:
    """Read the notebooks in `folder` as they were saved, each in a folder of its name or beside the others.

    They are compared with the release, ``notebooks/`` beside `folder`. Where there is none, nbgrader's checksum in a
    notebook tells what was released, and only chapters whose notebook is there are known.

    >>> import tempfile
    >>> from course_utils.progress import saved_progress
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved_progress(folder).notes
    ['There is no notebook of the course in this folder. Name the folder that holds yours.']
    """
    folder = Path(folder).resolve()
    release = folder.parent / RELEASE
    released = dict(_notebooks(release)) if release != folder else {}
    own = dict(_notebooks(folder))
    known = released.keys() | own.keys()
    names = sorted(name for name in known if not any(name.startswith(other) for other in known - {name}))  # no copies
    found = [_chapter(folder, name, own.get(name), released.get(name)) for name in names] if own else []
    # A notebook without exercises is none of the course; a student's own that cannot be read may be one.
    chapters = [chapter for chapter in found if chapter.exercises or (chapter.problem and chapter.name in own)]
    notes = [note for name in names for note in _copies(folder, name)]
    if not chapters:
        notes.append("There is no notebook of the course in this folder. Name the folder that holds yours.")
    return Progress(chapters, notes)


def _notebooks(folder: Path) -> Iterator[tuple[str, Path]]:
    """Unit and notebook: those that lie beside each other, and over them those in a folder of their own."""
    for path in sorted(folder.glob("[0-9][0-9]-*.ipynb")):
        yield path.stem, path
    for path in sorted(folder.glob("[0-9][0-9]-*/*.ipynb")):
        if path.stem == path.parent.name:
            yield path.stem, path


def _chapter(folder: Path, name: str, own: Path | None, released: Path | None) -> Chapter:
    path = (own or folder / name / f"{name}.ipynb").relative_to(folder).as_posix()
    problem, notebook = "", None
    try:
        if own is None:
            problem = f"{path} is not there. Open the course once more, and it is copied again."
        else:
            notebook = read_notebook(own)
    except UnreadableNotebook as error:
        problem = f"{path} cannot be read: {error}. Rename it and open the course once more: a fresh one is copied."
    try:
        source = read_notebook(released) if released else notebook
    except UnreadableNotebook:
        source = notebook  # a damaged release is not the student's fault; their own notebook tells enough
    if source is None:
        return Chapter(name, name, path, [], problem)
    return Chapter(name, _title(source, name), path, _exercises(source, notebook), problem)


def _title(notebook: dict, name: str) -> str:
    first = next((i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "markdown"), -1)
    return heading_above(notebook["cells"], first + 1)[1] or name


def _exercises(source: dict, notebook: dict | None) -> list[ExerciseState]:
    """What became of each exercise of `source`, the release, in `notebook`, the student's."""
    theirs = notebook["cells"] if notebook else []
    by_name = {nbgrader_tag(cell)["grade_id"]: cell for cell in reversed(theirs) if nbgrader_tag(cell)}
    by_id = {cell["id"]: cell for cell in reversed(theirs) if cell["id"]}

    def own(index: int | None) -> dict | None:
        """The student's form of a released cell: of the same name, or of the same id where a tool took names away."""
        if index is None:
            return None
        cell = source["cells"][index]
        return by_name.get(nbgrader_tag(cell).get("grade_id")) or by_id.get(cell["id"])

    found = []
    for exercise in all_exercises(source):
        graded = [cell for cell in map(own, exercise.graded.values()) if cell]
        task, heading = own(exercise.task), own(exercise.heading)
        if notebook is None:
            state, reason = UNTOUCHED, ""
        else:
            state, reason = state_of(task, own(exercise.check), graded, source["cells"][exercise.task])
        place = (heading or task or {"id": ""})["id"]
        found.append(ExerciseState(exercise.name, exercise.title, exercise.points, state, reason, place))
    return found


def _copies(folder: Path, name: str) -> Iterator[str]:
    """A sentence for each notebook that looks like a copy of a chapter's."""
    for path in sorted([*folder.glob(f"{name}*.ipynb"), *folder.glob(f"{name}/{name}*.ipynb")]):
        if path.stem != name:
            found = path.relative_to(folder).as_posix()
            yield f"{found} does not count: what you hand in is called {name}.ipynb."
