"""What ran in a session, and what that says of each exercise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course_utils.exercises import STUB
from course_utils.session.blame import MODULE, made, read, stub_behind
from course_utils.session.table import CHECK, GRADED, TASK, Exercise

DONE, TRIED, NOT_WRITTEN, NOT_RUN = "done", "tried", "not written", "not run"


@dataclass
class Standing:
    """What ran of an exercise: stubs in its TODO cell, its visible check, failures of that, graded cells that failed.

    `stubs` is None until the TODO cell has run, `check` until the check has.
    """

    stubs: int | None = None
    check: bool | None = None
    failures: int = 0
    lost: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Cause:
    """The unwritten answer that an error comes from: its exercise, what is missing, and the name that waits for it.

    `name` is empty where the cell needs the answer itself.
    """

    exercise: Exercise
    what: str
    name: str = ""


class Record:
    """Follows the cells of a session: `begin` before each, `cause` of its error, `end` after it.

    Args:
        exercises: those of the unit.
        names: the notebook's names and their values, which change as it runs.
    """

    def __init__(self, exercises: list[Exercise], names: Mapping[str, Any]) -> None:
        self.exercises = exercises
        self.standings = {exercise.name: Standing() for exercise in exercises}
        self.exercise: Exercise | None = None  # to which the cell belongs that runs now, as its `role`
        self.role = ""
        self.waiting: dict[str, Cause] = {}  # names that were not made, and why
        self._names = names
        self._source = ""
        self._cause: Cause | None = None

    def begin(self, source: str, cell_id: str | None = None) -> None:
        """A cell is about to run."""
        self._source, self._cause = source, None
        self.exercise, self.role = self._place(source, cell_id)
        if self.role == TASK:
            for name in self.exercise.asked:  # from now on it is made, or fails for another reason
                self.waiting.pop(name, None)
            failures = self.standings[self.exercise.name].failures
            self.standings[self.exercise.name] = Standing(source.count(STUB), failures=failures)

    def cause(self, error: BaseException) -> Cause | None:
        """The unwritten answer that the error of the running cell comes from, where that is certain."""
        self._cause = self._stub(error) or self._waited_for(error)
        return self._cause

    def end(self, failed: bool) -> None:
        """The cell has run."""
        if self.role in (CHECK, GRADED):
            self._judge(self.standings[self.exercise.name], failed)
        if not failed:
            for name in made(self._source):
                self.waiting.pop(name, None)
        elif self._cause:
            names = made(self._source)
            if self.role == TASK:
                names = [*self.exercise.names, *names]
            for name in names:
                if name not in self._names or (self.role == TASK and name in self.exercise.asked):
                    self.waiting[name] = self._cause

    def is_unwritten(self, exercise: Exercise) -> bool:
        """Whether the TODO cell ran as it was released."""
        stubs = self.standings[exercise.name].stubs
        return stubs is not None and stubs >= exercise.stubs

    def state(self, exercise: Exercise) -> str:
        """`DONE`, `TRIED`, `NOT_WRITTEN` or `NOT_RUN`."""
        standing = self.standings[exercise.name]
        if standing.stubs is None:
            return NOT_RUN
        if self.is_unwritten(exercise):
            return NOT_WRITTEN
        return DONE if standing.check and not standing.lost else TRIED

    def maker(self, name: str) -> Exercise | None:
        """The exercise whose answer has this name."""
        return next((exercise for exercise in self.exercises if name in exercise.names), None)

    def _place(self, source: str, cell_id: str | None) -> tuple[Exercise | None, str]:
        for exercise in self.exercises:
            if cell_id in exercise.cells:
                return exercise, exercise.cells[cell_id]
        for exercise in self.exercises:
            for start, role in exercise.starts.items():
                if source.startswith(start):
                    return exercise, role
        # A TODO cell that begins otherwise now.
        return next(((e, TASK) for e in self.exercises if set(e.names) & set(made(source))), (None, ""))

    def _stub(self, error: BaseException) -> Cause | None:
        where = stub_behind(error)
        if where is None:
            return None
        exercise = self.exercise if where == MODULE else self.maker(where.partition(".")[0])
        what = ", ".join(exercise.asked) if exercise and where == MODULE else where.removesuffix(".__init__")
        return exercise and Cause(exercise, what)

    def _waited_for(self, error: BaseException) -> Cause | None:
        if self.role in (CHECK, GRADED) and self.is_unwritten(self.exercise):
            return Cause(self.exercise, ", ".join(self.exercise.asked))
        if isinstance(error, NameError):
            names = [error.name]
        elif self.role == "":  # a given cell
            own = made(self._source)
            names = [name for name in read(self._source) if name not in own]
        else:
            names = []
        for name in names:
            cause = self.waiting.get(name)
            if cause and name in cause.exercise.asked:
                return Cause(cause.exercise, cause.what)
            if cause and name not in self._names:
                return Cause(cause.exercise, cause.what, name)
        return None

    def _judge(self, standing: Standing, failed: bool) -> None:
        if self.role == CHECK:
            standing.check = not failed
            standing.failures = standing.failures + 1 if failed and not self._cause else 0
        elif failed:
            standing.lost.add(self._source)
        else:
            standing.lost.discard(self._source)
