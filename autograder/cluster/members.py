"""Which workers of a cluster take part: those that can box students' code, with the versions that marks depend on."""

from __future__ import annotations

import contextlib
import platform
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from distributed import Client

from autograder.cluster import on_worker
from autograder.cluster.archive import Archive

FAILURES = 3  # in a row, and a worker gets nothing more
ASKED_AT_A_TIME = 8


@dataclass
class _Member:
    """A worker; `problem` says why it does not take part, `ready` that it does."""

    threads: int
    ready: bool = False
    problem: str = ""
    failures: int = 0


class Members:
    """The workers, by address. A new one gets the archive and is looked at, while the others go on.

    Args:
        archive: what they grade with.
        say: tells the person at the keyboard.
        changed: is called, from any thread, when one came, went or was refused.

    Attributes:
        gaps: how often none was left that takes part.
    """

    def __init__(self, archive: Archive, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._archive, self._say, self._changed = archive, say, changed
        self.gaps = 0
        self._members: dict[str, _Member] = {}
        self._lock = threading.Lock()
        self._asking = threading.Semaphore(ASKED_AT_A_TIME)

    def slots(self) -> int:
        """How many notebooks can run at a time."""
        with self._lock:
            return sum(member.threads for member in self._members.values() if member.ready)

    def problems(self) -> dict[str, str]:
        """Why no worker takes part, by address; empty while one does, or may yet."""
        with self._lock:
            problems = {address: member.problem for address, member in self._members.items()}
        return problems if all(problems.values()) else {}

    def others(self, avoided: Iterable[str]) -> list[str]:
        """Those that take part and are none of these."""
        with self._lock:
            return [address for address, m in self._members.items() if m.ready and address not in set(avoided)]

    def look(self, client: Client) -> None:
        """See who came and who went.

        Raises:
            OSError: the scheduler does not answer.
        """
        here = client.nthreads()
        with self._lock:
            gone = [address for address in self._members if address not in here]
            came = [address for address in here if address not in self._members]
            for address in gone:
                del self._members[address]
            for address in came:
                self._members[address] = _Member(here[address])
            self._count_gap(bool(gone))
        for address in came:
            # No pool: at the end nobody waits for a worker that does not answer.
            threading.Thread(target=self._take_in, args=(client, address), daemon=True).start()
        if gone:
            self._changed()

    def forget(self) -> None:
        """Of all workers: after a new scheduler they have to be asked again."""
        with self._lock:
            self._members.clear()
            self._count_gap(True)

    def report(self, client: Client, address: str, problem: str) -> None:
        """A worker judged a notebook, or could not, for this reason; one that often cannot gets none any more."""
        with self._lock:
            if (member := self._members.get(address)) is None or not member.ready:
                return
            member.failures = member.failures + 1 if problem else 0
            if member.failures < FAILURES:
                return
        self._refuse(address, f"it failed on {FAILURES} notebooks in a row ({problem})")
        threading.Thread(target=self._withdraw, args=(client, address), daemon=True).start()

    def _count_gap(self, gone: bool) -> None:
        if gone and not any(member.ready for member in self._members.values()):
            self.gaps += 1

    def _take_in(self, client: Client, address: str) -> None:
        try:
            with self._asking:
                problem = self._problem(client, address)
        except Exception:  # it went away, or the scheduler did: whoever is there at the next look is asked again
            with self._lock:
                self._members.pop(address, None)
            return
        if problem:
            self._refuse(address, problem)
            return
        with self._lock:
            if (member := self._members.get(address)) is not None:
                member.ready = True
        self._changed()

    def _problem(self, client: Client, address: str) -> str:
        """Why a worker cannot grade; empty if it is ready."""
        theirs, own = client.run(platform.python_version, workers=[address])[address], platform.python_version()
        if theirs.split(".")[:2] != own.split(".")[:2]:  # functions do not travel between them
            return f"it has Python {theirs} and this machine {own}: use the same on both"
        name, content = self._archive.name, self._archive.content
        problem = client.run(on_worker.prepare, name, None, workers=[address])[address]
        if problem is None:
            problem = client.run(on_worker.prepare, name, content, workers=[address])[address]
        return problem

    def _withdraw(self, client: Client, address: str) -> None:
        with contextlib.suppress(Exception):  # it went away
            client.run(on_worker.withdraw, self._archive.name, workers=[address])

    def _refuse(self, address: str, problem: str) -> None:
        with self._lock:
            if (member := self._members.get(address)) is not None:
                member.ready, member.problem = False, problem
                self._count_gap(True)
        self._say(f"the worker {address} does not grade: {problem}")
        self._changed()
