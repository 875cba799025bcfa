"""What travels between the coordinator and a slot: a line of JSON, and the bytes of a notebook.

A request names no student. An answer comes from a machine that is trusted, and has in it what came out of a box, which
is not: nothing of it is unpickled, and every field is looked at before it counts.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import nbformat
from nbformat import NotebookNode

from autograder.course.cells import nbgrader_tag
from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission
from autograder.grading.results import Result
from autograder.sandbox.sandbox import Limits
from course_utils.corrections.reading import read_notebook

STATUSES = ("graded", "timeout", "crashed", "tampered", "unclear")
_LIMITS = ("cell_seconds", "seconds", "wall_factor")
_CELL = {"id", "score", "max_score", "message", "cause"}
_SENT = ("status", "score", "max_score", "cells", "seconds", "note", "answers", "remarks")

Judged = tuple[Result, NotebookNode | None] | None


class BadAnswerError(ValueError):
    """An answer is not what a slot gives; the message says in what."""


class HostError(RuntimeError):
    """The machine failed, and not the submission; the message is what it said."""


def write_request(submission: Submission, limits: Limits, last_try: bool) -> bytes:
    """A submission, to be judged."""
    header = {"unit": submission.unit, "last_try": last_try, **{name: getattr(limits, name) for name in _LIMITS}}
    return _joined(header, submission.content)


def read_request(request: bytes) -> tuple[Submission, Limits, bool]:
    """The submission, its limits, and whether this is its last try."""
    header, content = _split(request)
    submission = Submission("", header["unit"], read_notebook(content), content=content)
    return submission, Limits(**{name: header[name] for name in _LIMITS}), header["last_try"]


def write_answer(judged: Judged) -> bytes:
    """What `submissions.judge` gave."""
    if judged is None:
        return _joined({"doubtful": True}, b"")
    result, executed = judged
    content = b"" if executed is None else nbformat.writes(executed).encode("utf-8")
    return _joined({"result": {name: asdict(result)[name] for name in _SENT}}, content)


def write_host_error(reason: str) -> bytes:
    """The machine failed."""
    return _joined({"host": reason}, b"")


def read_answer(answer: bytes, student: str, unit: GradingUnit) -> Judged:
    """What `submissions.judge` gave on the other machine.

    Raises:
        HostError: that machine failed.
        BadAnswerError: this is no answer for this unit.
    """
    try:
        header, content = _split(answer)
        if "host" in header:
            raise HostError(str(header["host"]))
        if header.get("doubtful") is True:
            return None
        fields = header["result"]
        if fields.keys() != set(_SENT):
            raise BadAnswerError(f"the fields are {sorted(fields)}")
        _demand_sound(fields, unit, bool(content))
        executed = read_notebook(content) if content else None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadAnswerError(f"an answer cannot be read ({type(error).__name__}: {error})"[:200]) from error
    return Result(student, unit.name, **fields), executed


def _demand_sound(fields: dict, unit: GradingUnit, ran: bool) -> None:
    if fields["status"] not in STATUSES or (not ran and fields["status"] != "unclear"):
        raise BadAnswerError(f"the status is {fields['status']!r}")
    if not isinstance(fields["note"], str) or not _is_number(fields["seconds"]):
        raise BadAnswerError("note or seconds are of another type")
    if not all(isinstance(remark, str) for remark in fields["remarks"]):
        raise BadAnswerError("a remark is no text")
    if not all(isinstance(text, str) for pair in fields["answers"].items() for text in pair):
        raise BadAnswerError("a digest is no text")
    most = {
        nbgrader_tag(cell)["grade_id"]: float(nbgrader_tag(cell)["points"])
        for cell in unit.released.cells
        if nbgrader_tag(cell).get("grade")
    }
    cells = {cell["id"]: cell for cell in fields["cells"]}
    if len(cells) != len(fields["cells"]) or cells.keys() != (most.keys() if ran else set()):
        raise BadAnswerError(f"the graded cells are {sorted(cells)}")
    for name, cell in cells.items():
        score = cell["score"]
        if cell.keys() != _CELL or not isinstance(cell["message"], str) or not isinstance(cell["cause"], str):
            raise BadAnswerError(f"cell {name!r} has other fields")
        if cell["max_score"] != most[name] or not (score is None or (_is_number(score) and score <= most[name])):
            raise BadAnswerError(f"cell {name!r} has {score!r} of {cell['max_score']!r} marks")
    earned, possible = sum(cell["score"] or 0 for cell in cells.values()), sum(most.values()) if ran else 0
    if (fields["score"], fields["max_score"]) != (earned, possible):
        raise BadAnswerError(f"{fields['score']!r} of {fields['max_score']!r} marks is not the sum of the cells")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _joined(header: dict, content: bytes) -> bytes:
    return json.dumps(header).encode() + b"\n" + content


def _split(message: bytes) -> tuple[dict, bytes]:
    header, _, content = message.partition(b"\n")
    return json.loads(header), content
