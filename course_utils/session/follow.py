"""The connection with the kernel: what a notebook's first cell starts and its last one asks."""

from __future__ import annotations

import sys
from traceback import walk_tb
from types import TracebackType
from typing import Any

from course_utils.session.messages import lines_for
from course_utils.session.overview import overview
from course_utils.session.record import Record
from course_utils.session.table import Table, table


class Follower:
    """Tells a `Record` of each cell that a shell runs, and shows its messages in place of tracebacks.

    Args:
        shell: IPython's, of a kernel.
        unit: the name of the unit.
    """

    def __init__(self, shell: Any, unit: str) -> None:
        self.unit = unit
        self.table: Table = table(unit)
        self.record = Record(self.table.exercises, shell.user_ns)
        self._shell = shell
        self._is_running = False

    def start(self) -> None:
        """Follow every cell from the next one on."""
        self._shell.events.register("pre_run_cell", self._begin)
        self._shell.events.register("post_run_cell", self._end)
        self._shell.set_custom_exc((Exception,), self._show)

    def stop(self) -> None:
        """Follow no more."""
        self._shell.events.unregister("pre_run_cell", self._begin)
        self._shell.events.unregister("post_run_cell", self._end)
        self._shell.set_custom_exc((), None)

    def _begin(self, info: Any) -> None:
        self.record.begin(info.raw_cell, info.cell_id)
        self._is_running = True

    def _end(self, result: Any) -> None:
        if self._is_running:  # not the cell that called `follow`
            self.record.end(failed=not result.success)
        self._is_running = False

    def _show(
        self, shell: Any, kind: type, error: Exception, trace: TracebackType, tb_offset: int | None = None
    ) -> None:
        lines = lines_for(self.record, error) if self._is_running else None
        if lines:
            # IPython asks an error for this before it draws a traceback of its own.
            error._render_traceback_ = lambda: lines
            _drop_unfinished_figures()
        # A cell that cannot be compiled comes here too: its traceback holds nothing of the notebook.
        ran = any(frame.f_globals is shell.user_global_ns for frame, _ in walk_tb(trace))
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=ran)


_follower: Follower | None = None


def follow(unit: str) -> None:
    """From here on, say in one line where an answer is not written yet, and under a failed check which hint to open.

    In a kernel only: a program, or the grader, goes on as it is. Calling it again keeps what is known.

    >>> from course_utils import session
    >>> session.follow("01-convolution")  # not in a kernel: nothing happens

    Args:
        unit: the name of the unit.

    Raises:
        ValueError: there is no such unit.
    """
    global _follower
    shell = _kernels_shell()
    if shell is None or (_follower and _follower.unit == unit):
        return
    if _follower:
        _follower.stop()
    _follower = Follower(shell, unit)
    _follower.start()


def whats_open() -> None:
    """Print which exercises are done, tried and not written, by what ran since the kernel was started.

    >>> from course_utils import session
    >>> session.whats_open()  # nothing was followed
    Nothing is known of the exercises: run the notebook's first code cell, then the others.
    """
    if _follower:
        print(overview(_follower.record, _follower.table.written))
    else:
        print("Nothing is known of the exercises: run the notebook's first code cell, then the others.")


def _drop_unfinished_figures() -> None:
    """Close what a cell had begun to draw: shown under its message, empty axes would look like a result."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot and "inline" in pyplot.get_backend():  # elsewhere figures of other cells may be open
        pyplot.close("all")


def _kernels_shell() -> Any:
    """The shell of the kernel in which this runs, or None."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if hasattr(shell, "kernel") else None
