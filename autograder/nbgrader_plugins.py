"""The course's places in nbgrader, named in nbgrader_config.py.

`BoxedExecute` stands where nbgrader's `Execute` does, so that `nbgrader autograde` and the formgrader's button run
students' code in the sandbox too; `MessagesOnly` keeps hidden tests out of the feedback that nbgrader writes.
"""

from __future__ import annotations

import functools

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Integer

from autograder.course import units
from autograder.course.limits import own_seconds
from autograder.reports.feedback import show_messages_only
from autograder.sandbox.sandbox import Limits, Sandbox


class BoxedExecute(NbGraderPreprocessor):
    """nbgrader's `Execute`, in the box. One sandbox serves all notebooks of a process."""

    timeout = Integer(30, help="seconds of computing time that a cell may take").tag(config=True)
    sandbox = Bool(True, help="False runs students' code as you, with your rights").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each submission."""
        unit = resources["nbgrader"]["assignment"]
        imports, own = "", {}
        if unit in units.unit_names():
            source = units.source_notebook(unit)
            imports, own = units.import_lines(source), own_seconds(source)
        sandbox, limits = _shared_sandbox(unit, self.sandbox), Limits(self.timeout, own=own)
        execution = sandbox.run(nb, imports=imports, limits=limits)
        if execution.doubtful:
            execution = sandbox.run(nb, imports=imports, limits=limits, last_try=True)
        if execution.status != "graded":
            self.log.warning("%s: %s", execution.status, execution.reason)
        return nb, resources


@functools.lru_cache(maxsize=1)
def _shared_sandbox(unit: str, sandbox: bool) -> Sandbox:
    """The sandbox of this process for the unit that it grades now; the one before it ends."""
    known = unit in units.unit_names()
    return Sandbox(units.imports_of(units.source_notebook(unit)) if known else (), sandbox)


class MessagesOnly(NbGraderPreprocessor):
    """`show_messages_only` where nbgrader itself writes the feedback."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """nbconvert calls this with each notebook."""
        show_messages_only(nb)
        return nb, resources
