"""The coordinator: notebooks go out to a cluster and results come back, whatever happens to workers and scheduler."""

from __future__ import annotations

import contextlib
import logging
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import resource_tracker

import cloudpickle
import dask
from distributed import Client, Future, LocalCluster
from tqdm import tqdm

from autograder.cluster import messages, on_worker
from autograder.cluster.archive import Archive, pack
from autograder.cluster.members import Members
from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission
from autograder.grading.results import Result
from autograder.sandbox.sandbox import Limits, SandboxError, SandboxStopped

PER_SLOT = 2  # notebooks on their way for each that can run: the next one is there when one ends
THREADS = 512  # notebooks on their way at most
LOOK_SECONDS = 1.0
CONNECT_SECONDS = 30
PATIENCE_SECONDS = 300  # without a scheduler, or without any worker, after there was one
FAILURES = 3  # of machines, with one submission in hand

# What runs in a Dask worker is sent there, whatever is installed.
cloudpickle.register_pickle_by_value(on_worker)


class Cluster:
    """A place where notebooks run, see `grading.boxes.Boxes`.

    Args:
        address: of a Dask scheduler, as ``tcp://host:8786``; or ``local:4`` for one of its own with four workers.

    Raises:
        ValueError: it is no address.
    """

    threads = THREADS

    def __init__(self, address: str) -> None:
        self._workers = _local_workers(address)
        self._address, self._local = address, None
        self._client: Client | None = None
        self._archive: Archive | None = None
        self._members: Members | None = None
        self._changed = threading.Condition()
        self._on_way = 0
        self._begun = False  # whether a worker was ever ready
        self._problem = ""  # why nothing will run any more
        self._stopped = threading.Event()
        self._avoided: dict[tuple[str, str], set[str]] = {}  # by student and unit: where it went wrong
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def get_ready(self) -> None:
        """Connect to the scheduler, or start one.

        Raises:
            SandboxError: it does not answer.
        """
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what has to be known is said here
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})
        if self._workers:
            resource_tracker.ensure_running()  # else the first process lets interrupts through again
            with _interrupts_held_back():
                self._local = _start_local(self._workers)
            self._address = self._local.scheduler_address
        try:
            self._client = self._connected()
        except OSError as error:
            raise SandboxError(
                f"no Dask scheduler answers at {self._address} ({_line(error)}): start one, or mend the address"
            ) from error

    def start(self, loaded: list[GradingUnit]) -> None:
        """Send code and units, and wait for the first worker that can grade.

        Raises:
            SandboxError: no worker can.
        """
        self._archive = pack(loaded)
        self._members = Members(self._archive, self._say, self._notify)
        self._watcher.start()
        with self._changed:
            if self._changed.wait_for(self._has_begun, timeout=CONNECT_SECONDS):
                return
        self._say(f"waiting for the first worker at {self._address}; Ctrl-C ends it")
        with self._changed:
            self._changed.wait_for(self._has_begun)

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Within, a submission is on its way: so few at a time that the memory here does not grow with the class."""

        def has_room() -> bool:
            return self._is_over() or self._on_way < max(1, PER_SLOT * self._members.slots())

        with self._changed:
            self._changed.wait_for(has_room)
            self._demand_running()
            self._on_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._on_way -= 1
                self._changed.notify()

    def run(self, submission: Submission, unit: GradingUnit, limits: Limits, last_try: bool = False) -> messages.Judged:
        """As `submissions.judge`, on some worker.

        A machine that fails costs no student anything: the submission runs elsewhere. One with which machine after
        machine fails is doubtful, and on its last try waits for a person.

        Raises:
            SandboxError: there is no cluster any more, or one that cannot run a unit's own solution.
            SandboxStopped: `stop` was called meanwhile.
        """
        request = messages.write_request(submission, limits, last_try)
        avoided = self._avoided.setdefault((submission.student, unit.name), set())
        problems: list[str] = []
        while len(problems) < FAILURES:
            client = self._client
            try:
                where, answer, problem = self._ask(request, avoided)
                judged = None if problem else messages.read_answer(answer, submission.student, unit)
            except _NoWorkerLeftError as error:
                problems.append(str(error))
                continue
            except _LostError:
                continue
            except _WorkersDiedError as error:
                problems = [str(error)] * FAILURES
                break
            except (messages.HostError, messages.BadAnswerError) as error:
                problem = str(error)
            self._members.report(client, where, problem)
            if not problem:
                if judged is None:
                    avoided.add(where)
                else:
                    self._avoided.pop((submission.student, unit.name), None)
                return judged
            avoided.add(where)
            problems.append(problem)
        if not last_try:
            return None
        if not submission.student:
            raise SandboxError(f"{FAILURES} workers failed on the solution of {unit.name} ({problems[-1]})")
        note = f"the machines that ran it failed ({problems[-1]}): grade again, or a person has to look"
        return Result(submission.student, unit.name, "unclear", note=note), None

    def stop(self) -> None:
        """Cancel all tasks: whoever waits gets `SandboxStopped`, and the workers end their boxes."""
        self._stopped.set()
        self._notify()
        self._disconnect()

    def close(self) -> None:
        """Leave the cluster; one of our own ends."""
        self._stopped.set()
        self._disconnect()
        if self._local is not None:
            self._local.close(timeout=5)

    def _ask(self, request: bytes, avoided: set[str]) -> tuple[str, bytes, str]:
        """What `on_worker.grade` gave: where, the answer, and what went wrong there."""
        self._demand_running()
        client, name = self._client, self._archive.name
        gaps = self._members.gaps
        if client is None or not self._members.slots():
            self._stopped.wait(LOOK_SECONDS)
            raise _LostError
        done = threading.Event()
        try:
            others = self._members.others(avoided) if avoided else []
            elsewhere = {"workers": others, "allow_other_workers": True} if others else {}
            task = cloudpickle.dumps(_Call(name, request))
            future: Future = client.submit(cloudpickle.loads, task, pure=False, resources={name: 1}, **elsewhere)
            future.add_done_callback(lambda _: done.set())
            # Of a future that is cancelled, since the scheduler went away, no callback tells.
            while not done.wait(LOOK_SECONDS) and future.status == "pending":
                self._demand_running()
                if client is not self._client:
                    raise _LostError
                # A task for which no worker was left is given to none that gets ready later.
                if gaps != self._members.gaps:
                    raise _NoWorkerLeftError("the last worker went while it was there")
            if future.status == "error":
                raise _WorkersDiedError(_line(future.exception(timeout=CONNECT_SECONDS)))
            return future.result(timeout=CONNECT_SECONDS)
        except (_LostError, _WorkersDiedError, SandboxError, SandboxStopped):
            raise
        except BaseException as error:  # CancelledError is none of Exception
            # Whatever a client says whose scheduler went away. Nothing is known of the submission.
            self._demand_running()
            self._stopped.wait(LOOK_SECONDS)
            raise _LostError from error

    def _watch(self) -> None:
        """Look after workers and scheduler, until the end."""
        last = time.monotonic()
        while not self._stopped.wait(LOOK_SECONDS if self._members.slots() else LOOK_SECONDS / 4):
            try:
                if self._client is None:
                    self._client = self._connected()
                    self._say(f"the scheduler at {self._address} is there again")
                self._members.look(self._client)
            except Exception as error:  # an OSError, or whatever a client says that is half closed
                if self._client is not None and not self._stopped.is_set():
                    self._say(f"the scheduler at {self._address} does not answer ({_line(error)}): waiting for it")
                self._disconnect()
                self._members.forget()
            if self._members.slots() or not self._begun:
                last = time.monotonic()
            elif time.monotonic() - last > PATIENCE_SECONDS:
                self._end(f"{self._address} had no worker that can grade for {PATIENCE_SECONDS // 60} minutes")

    def _has_begun(self) -> bool:
        """Whether a worker is ready; the end where none can be."""
        if problems := self._members.problems():
            said = "; ".join(f"{address}: {problem}" for address, problem in list(problems.items())[:3])
            self._problem = f"none of the {len(problems)} workers at {self._address} can grade ({said})"
        self._demand_running()
        self._begun = self._members.slots() > 0
        return self._begun

    def _end(self, problem: str) -> None:
        self._problem = f"{problem}; what was executed is kept, and the same command goes on from there"
        self._notify()

    def _is_over(self) -> bool:
        return bool(self._problem) or self._stopped.is_set()

    def _demand_running(self) -> None:
        if self._problem:
            raise SandboxError(self._problem)
        if self._stopped.is_set():
            raise SandboxStopped("the cluster was left")

    def _connected(self) -> Client:
        return Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):  # it is left, whatever it says
                client.close(timeout=2)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _say(self, sentence: str) -> None:
        tqdm.write(f"autograder: {sentence}", file=sys.stderr)


class _Call:
    """What is unpickled by calling `on_worker.grade`: a scheduler, which reads all functions, needs none of ours."""

    def __init__(self, *arguments: object) -> None:
        self._arguments = arguments

    def __reduce__(self) -> tuple:
        return on_worker.grade, self._arguments


class _LostError(RuntimeError):
    """Nothing is known of a submission that was sent: it is sent again."""


class _NoWorkerLeftError(_LostError):
    """Perhaps its own doing, where it is the only one that is out."""


class _WorkersDiedError(RuntimeError):
    """Dask gave a submission up, since worker after worker ended with it."""


def _local_workers(address: str) -> int:
    """The number in ``local:4``; 0 for a scheduler's address."""
    if found := re.fullmatch(r"local:([1-9]\d*)", address):
        return int(found[1])
    if not re.fullmatch(r"(tcp|tls|ws|wss|ucx)://\S+", address):
        raise ValueError(
            f"--scheduler {address!r} is no address of a Dask scheduler, as tcp://host:8786, nor local:4 for four "
            "workers on this machine"
        )
    return 0


def _start_local(workers: int) -> LocalCluster:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=":0",
        memory_limit=0,  # the notebooks' memory is limited in their boxes
        silence_logs=logging.CRITICAL,
    )


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Within, processes and threads are made that never get Ctrl-C, which a terminal sends to all of its processes."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _line(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
