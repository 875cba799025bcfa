"""What comes out of the box is not trusted to be what it should: here it becomes that, or nothing."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode, from_dict

MAX_CAUSE = 300  # characters


def valid_cause(cause: object) -> str:
    """A cause as checks write it: a line that begins with a letter, a digit or a backtick; else nothing."""
    if not isinstance(cause, str) or not cause.isprintable() or len(cause) > MAX_CAUSE:
        return ""
    return cause if cause[:1].isalnum() or cause[:1] == "`" else ""


def valid_outputs(outputs: object) -> list[NotebookNode]:
    """Outputs in the notebook format; an error in place of each that is none."""
    valid = []
    for output in outputs if isinstance(outputs, list) else []:
        try:
            node = from_dict(_printable(output))
            nbformat.validate(node, ref="output", version=4)
        except Exception:
            error = {"ename": "InvalidOutput", "evalue": "no notebook output", "traceback": []}
            node = from_dict({"output_type": "error"} | error)
        valid.append(node)
    return valid


def _printable(value: object) -> object:
    """JSON without halves of surrogate pairs: they cannot be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(entry) for key, entry in value.items()}
    return value
