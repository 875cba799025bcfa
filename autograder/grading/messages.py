"""What a student is told of a failed cell; never the hidden test."""

from __future__ import annotations

from nbformat import NotebookNode

MAX_MESSAGE = 1500  # characters


def hidden_lines(cell: NotebookNode) -> list[str]:
    """The lines of a graded cell that students must not see, as far as they tell anything."""
    _, _, rest = cell.source.partition("### BEGIN HIDDEN TESTS")
    lines = [line.strip() for line in rest.partition("### END HIDDEN TESTS")[0].splitlines()]
    return [line for line in lines if len(line) > 12]


def failure_message(cell: NotebookNode, hidden: list[str]) -> str:
    """Why a graded cell of an executed notebook scored nothing; empty if it passed.

    A message that quotes a hidden line is withheld: the student's own code can have put it there.
    """
    message = ""
    for output in cell.outputs:
        if output.output_type == "error":
            ours = output.ename in ("CheckError", "NotRun", "Tampered", "CellTimeoutError")
            message = output.evalue if ours else f"{output.ename}: {output.evalue}"
            break
    if any(line in message for line in hidden):
        return "the message is withheld, since it quotes the hidden test"
    return message[:MAX_MESSAGE]


def printable(text: str) -> str:
    """A stranger's text, as a file's name, for a terminal or another program: what cannot be seen is written out.

    Escape codes, marks that turn the direction of writing, line ends, and bytes that are no UTF-8 become ``\\x1b`` and
    the like.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
