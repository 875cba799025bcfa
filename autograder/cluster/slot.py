"""A process that judges one notebook after the other: ``python -m autograder.cluster.slot``, from an unpacked archive.

A Dask worker starts it and speaks to it over stdin and stdout: eight bytes of length, then a message. It ends when the
worker does, or when nothing came for a minute; its box ends with it. With ``--check`` it only prints a sentence if this
machine cannot grade.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from autograder import ROOT
from autograder.sandbox import outer_wall

IDLE_SECONDS = 60
LENGTH_BYTES = 8


def main() -> None:
    """Serve until stdin ends."""
    # Whoever started the Dask worker may have had it ignore interrupts, by which cells are stopped in the box.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests), daemon=True).start()
    _serve(requests, answers)


def problem() -> str:
    """Why this machine cannot grade, in one sentence; empty if it can."""
    from autograder.cluster.archive import differences

    return outer_wall.problem() or differences(ROOT)


def _read(requests: BinaryIO, into: queue.SimpleQueue[bytes]) -> None:
    while len(length := requests.read(LENGTH_BYTES)) == LENGTH_BYTES:
        into.put(requests.read(int.from_bytes(length, "big")))
    os._exit(0)  # the Dask worker is gone, whatever runs; the box dies with this process


def _serve(requests: queue.SimpleQueue[bytes], answers: BinaryIO) -> None:
    from autograder.cluster import archive, messages
    from autograder.course.units import modules_to_load
    from autograder.grading.submissions import judge
    from autograder.sandbox.sandbox import Sandbox, SandboxError

    loaded = archive.load_units(ROOT)
    sandbox = Sandbox(set().union(*(modules_to_load(unit.source) for unit in loaded.values())))
    sandbox.start()
    while True:
        try:
            request = requests.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            return
        try:
            submission, limits, last_try = messages.read_request(request)
            free = contextlib.nullcontext(sandbox)
            answer = messages.write_answer(judge(submission, loaded[submission.unit], free, limits, last_try))
        except (OSError, MemoryError, SandboxError) as error:
            answer = messages.write_host_error(" ".join(f"{type(error).__name__}: {error}".split())[:500])
        answers.write(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
        answers.flush()


if __name__ == "__main__":
    if "--check" in sys.argv:
        print(problem())
    else:
        main()
