"""What travels between coordinator and workers: it comes out as it went in, and nothing else is believed."""

import dataclasses
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.cluster.messages import (
    BadAnswerError,
    HostError,
    read_answer,
    read_request,
    write_answer,
    write_host_error,
    write_request,
)
from autograder.grading.grading_units import GradingUnit
from autograder.grading.handed_in import Submission
from autograder.grading.results import Result
from autograder.sandbox.sandbox import Limits
from tests.autograder.demo_course import cell


@pytest.fixture
def unit():
    released = new_notebook(
        cells=[
            cell(new_code_cell, "double-plain", "", grade=True, locked=True, points=1),
            cell(new_code_cell, "double-hard", "", grade=True, locked=True, points=2),
        ]
    )
    return GradingUnit("00-demo", {}, released, released, "", {}, {})


@pytest.fixture
def result():
    # 1 of 1 and 0.5 of 2: 1.5 of 3 marks.
    cells = [
        {"id": "double-plain", "score": 1, "max_score": 1, "message": "", "cause": ""},
        {"id": "double-hard", "score": 0.5, "max_score": 2, "message": "came: 6", "cause": "rows were flipped"},
    ]
    return Result("", "00-demo", "graded", 1.5, 3, cells, 0.7, "a note", answers={"written": "ab"}, remarks=["look"])


def changed(answer: bytes, **fields) -> bytes:
    header, _, content = answer.partition(b"\n")
    header = json.loads(header)
    header["result"] |= fields
    return json.dumps(header).encode() + b"\n" + content


def test_a_request_names_no_student_and_keeps_every_byte():
    content = nbformat.writes(new_notebook(cells=[new_code_cell("x = 'ü\\n'")])).encode()
    sent = write_request(Submission("ada", "00-demo", None, content=content), Limits(3, 20, 5), True)
    assert b'"ada"' not in sent
    submission, limits, last_try = read_request(sent)
    assert (submission.content, submission.unit, submission.student) == (content, "00-demo", "")
    assert submission.notebook.cells[0].source == "x = 'ü\\n'"
    assert (limits, last_try) == (Limits(3, 20, 5), True)


def test_a_result_comes_back_as_it_was_with_its_notebook(unit, result):
    executed = new_notebook(cells=[new_code_cell("1", id="a")])
    came, notebook = read_answer(write_answer((result, executed)), "ada", unit)
    assert came == dataclasses.replace(result, student="ada")
    assert notebook == executed


def test_what_has_no_notebook(unit):
    assert read_answer(write_answer(None), "ada", unit) is None
    failed = Result("", "00-demo", "unclear", note="the grader failed on it")
    assert read_answer(write_answer((failed, None)), "ada", unit) == (dataclasses.replace(failed, student="ada"), None)
    with pytest.raises(HostError, match="no memory"):
        read_answer(write_host_error("no memory"), "ada", unit)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "excellent"},
        {"score": 3},  # the cells have 1.5
        {"max_score": 2},
        {"seconds": float("nan")},
        {"note": ["a"]},
        {"student": "bob"},
        {"remarks": [1]},
        {"answers": {"written": 1}},
        {"cells": []},
        {"cells": [{"id": "double-plain", "score": 1, "max_score": 1, "message": "", "cause": ""}] * 2},
        {"cells": [{"id": "double-plain", "score": 2, "max_score": 1, "message": "", "cause": ""}]},
    ],
    ids=str,
)
def test_an_answer_that_no_slot_gives_is_refused(unit, result, fields):
    answer = write_answer((result, new_notebook()))
    with pytest.raises(BadAnswerError):
        read_answer(changed(answer, **fields), "ada", unit)


@pytest.mark.parametrize(
    ("name", "score", "most"),
    [("double-plain", 2, 1), ("double-plain", -1, 1), ("double-plain", True, 1), ("double-plain", 1, 10), ("x", 1, 1)],
)
def test_a_cell_has_no_more_than_its_points(unit, result, name, score, most):
    cells = [{"id": name, "score": score, "max_score": most, "message": "", "cause": ""}, result.cells[1]]
    answer = changed(write_answer((result, new_notebook())), cells=cells, score=score + 0.5, max_score=most + 2)
    with pytest.raises(BadAnswerError):
        read_answer(answer, "ada", unit)


@pytest.mark.parametrize("answer", [b"", b"{", b"[]\n", b"null\n", b'{"result": {}}\n', b'{"result": 1}\n', b"\x80\n"])
def test_what_is_no_answer_is_refused(unit, answer):
    with pytest.raises(BadAnswerError):
        read_answer(answer, "ada", unit)


def test_a_broken_notebook_is_refused(unit, result):
    with pytest.raises(BadAnswerError):
        read_answer(write_answer((result, new_notebook()))[:-5], "ada", unit)
