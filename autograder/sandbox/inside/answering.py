"""The side of the answer: a snapshot of the student's process does what a judge asks, and tells only results.

The judge sends names and arguments; a hidden test's text, what it expects and its verdict never come here.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch

from autograder.sandbox.inside.main_module import seed
from autograder.sandbox.inside.wire import Link, WireError, pack
from course_utils.checks import CheckError, forbid

MAX_TEXT = 2000  # characters of an error's message


def answer_questions(link: Link, names: dict[str, Any]) -> None:
    """Do what the judge at the other end asks, with the notebook's names, until it is gone."""
    while True:
        question = link.receive()
        reply = _look_up(question, names) if "get" in question else _call(question, names)
        try:
            link.send(reply)
        except (WireError, Exception) as error:  # too large, or a tensor of which no copy can be made
            link.send(_of_error(ValueError(f"the result cannot be sent to the test: {error}")))


def _look_up(question: dict, names: dict[str, Any]) -> dict:
    """What stands under a name: nothing, a function that can be called from over there, or a value."""
    if question["get"] not in names:
        return {"kind": "missing"}
    value = names[question["get"]]
    if callable(value):
        return {"kind": "function"}
    return {"kind": "value", "value": value}


def _call(question: dict, names: dict[str, Any]) -> dict:
    """Call an answer; what it changed in its arguments goes back with the result."""
    arguments = [question["args"], question["kwargs"]]
    before = pack(arguments)
    seed(question["seed"])
    drawn = _generators()
    torch.set_default_dtype(torch.float64 if question["double"] else torch.float32)
    try:
        with torch.set_grad_enabled(question["gradients"]), forbid(*question["forbidden"]):
            reply = {"value": names[question["call"]](*arguments[0], **arguments[1])}
    except BaseException as error:  # also SystemExit: it ends nothing here
        reply = _of_error(error)
    reply["drew"] = _generators() != drawn
    return reply | ({} if pack(arguments) == before else {"changed": arguments})


def _generators() -> tuple:
    """The states of all generators of random numbers that an answer may draw from."""
    return random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes()


def _of_error(error: BaseException) -> dict:
    """An error as its name, its message and the builtin errors that it is one of."""
    kind = type(error)
    bases = ["CheckError"] if isinstance(error, CheckError) else []
    bases += [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    try:
        text = str(error)
    except Exception:
        text = "an error that has no text"
    return {"error": kind.__name__[:80], "bases": bases, "text": text[:MAX_TEXT]}
