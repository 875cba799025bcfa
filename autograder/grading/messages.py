"""What a student is told of a failed cell; never the hidden test."""

from __future__ import annotations

from nbformat import NotebookNode

from autograder.course.cells import is_autograded, is_task, nbgrader_tag
from autograder.course.exercises import owner_of

MAX_MESSAGE = 1500  # characters


def hidden_lines(cell: NotebookNode) -> list[str]:
    """The lines of a graded cell that students must not see, as far as they tell anything."""
    _, _, rest = cell.source.partition("### BEGIN HIDDEN TESTS")
    lines = [line.strip() for line in rest.partition("### END HIDDEN TESTS")[0].splitlines()]
    return [line for line in lines if len(line) > 12]


def failure_messages(notebook: NotebookNode) -> dict[str, str]:
    """Why each graded cell of an executed notebook scored nothing, by its grade_id; empty if it passed.

    Where the exercise's TODO cell was interrupted, or ended the notebook, that comes first. A message that quotes a
    hidden line is withheld: the student's own code can have put it there.
    """
    ended = {nbgrader_tag(cell)["grade_id"]: _own_end(cell) for cell in notebook.cells if is_task(cell)}
    messages = {}
    for cell in filter(is_autograded, notebook.cells):
        name = nbgrader_tag(cell)["grade_id"]
        before = ended.get(owner_of(name, ended), "")
        messages[name] = _failure_message(cell, before)
    return messages


def _own_end(cell: NotebookNode) -> str:
    """How the grader ended a cell of the student's own, if it did."""
    errors = [o for o in cell.outputs if o.output_type == "error" and o.ename in ("CellTimeoutError", "CrashError")]
    return errors[-1].evalue.replace("this cell", f"your cell `{nbgrader_tag(cell)['grade_id']}`", 1) if errors else ""


def _failure_message(cell: NotebookNode, before: str) -> str:
    message = ""
    for output in cell.outputs:
        if output.output_type == "error":
            ours = output.ename in ("CheckError", "NotRun", "Tampered", "CellTimeoutError")
            message = output.evalue if ours else f"{output.ename}: {output.evalue}"
            # What was not run says by itself which cell was the cause.
            message = f"{before}\n{message}" if before and output.ename != "NotRun" else message
            break
    if any(line in message for line in hidden_lines(cell)):
        return "the message is withheld, since it quotes the hidden test"
    return message[:MAX_MESSAGE]


def printable(text: str) -> str:
    """A stranger's text, as a file's name, for a terminal or another program: what cannot be seen is written out.

    Escape codes, marks that turn the direction of writing, line ends, and bytes that are no UTF-8 become ``\\x1b`` and
    the like.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
