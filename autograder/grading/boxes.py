"""Where the notebooks of a class run: here, in as many sandboxes as asked for. `autograder.cluster` is elsewhere."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from nbformat import NotebookNode

from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission
from autograder.grading.results import Result
from autograder.grading.submissions import judge
from autograder.sandbox.sandbox import Limits, Sandbox


class Boxes(Protocol):
    """A place where notebooks run, several at a time; all but `get_ready` and `start` is called from many threads.

    Attributes:
        threads: how many threads call `run` at a time at most.
    """

    threads: int

    def get_ready(self) -> None:
        """Begin with what takes long, and return at once where it can go on meanwhile."""

    def start(self, loaded: list[GradingUnit]) -> None:
        """Wait until the first notebook of these units can run.

        Raises:
            SandboxError: none ever will; the message says the mend.
        """

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """Within, one submission is in memory here; whoever comes too early waits."""

    def run(
        self, submission: Submission, unit: GradingUnit, limits: Limits, last_try: bool = False
    ) -> tuple[Result, NotebookNode | None] | None:
        """As `submissions.judge`."""

    def stop(self) -> None:
        """End all that runs at once: whoever waits gets `SandboxStopped`."""

    def close(self) -> None:
        """End what is left."""


class OwnBoxes:
    """Sandboxes on this machine.

    Args:
        modules: what the notebooks import.
        jobs: how many sandboxes.
        sandbox: without it students' code can do whatever you can.
        begun: sandboxes that begin already, see `early`; those that are too many, or do not import all these modules,
            are closed.

    Raises:
        SandboxError: there is no sandbox on this machine.
    """

    def __init__(
        self, modules: Collection[str], jobs: int, sandbox: bool = True, begun: Iterable[Sandbox] = ()
    ) -> None:
        self.threads = jobs + 1  # the one that has no sandbox reads the next submission, or writes the last one
        self._sandboxes: list[Sandbox] = []
        for one in begun:
            if one.modules.issuperset(modules) and len(self._sandboxes) < jobs:
                self._sandboxes.append(one)
            else:
                one.close()
        self._sandboxes += [Sandbox(modules, sandbox) for _ in range(jobs - len(self._sandboxes))]
        self._free: queue.SimpleQueue[Sandbox] = queue.SimpleQueue()

    def get_ready(self) -> None:
        """Have the workers import what the notebooks import."""
        for sandbox in self._sandboxes:
            sandbox.begin()

    def start(self, loaded: list[GradingUnit]) -> None:
        """Wait until the workers have imported it."""
        for sandbox in self._sandboxes:
            sandbox.start()
            self._free.put(sandbox)

    def turn(self) -> contextlib.AbstractContextManager[None]:
        """Nobody waits: there are few threads."""
        return contextlib.nullcontext()

    def run(
        self, submission: Submission, unit: GradingUnit, limits: Limits, last_try: bool = False
    ) -> tuple[Result, NotebookNode | None] | None:
        """Judge a submission in the next free sandbox."""
        return judge(submission, unit, self._borrowed(), limits, last_try)

    def stop(self) -> None:
        """End all workers at once."""
        for sandbox in self._sandboxes:
            sandbox.stop()

    def close(self) -> None:
        """End all workers, which have nothing to do."""
        for sandbox in self._sandboxes:
            sandbox.close()

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[Sandbox]:
        sandbox = self._free.get()
        try:
            yield sandbox
        finally:
            self._free.put(sandbox)
