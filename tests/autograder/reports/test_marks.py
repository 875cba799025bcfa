"""Marks for the terminal and for programs, whatever a file is called."""

import json
import os
import xml.etree.ElementTree as ET

import pytest

from autograder.grading.classes import Graded
from autograder.grading.messages import printable
from autograder.grading.results import Result
from autograder.reports.marks import print_table, to_json, to_junit

NAMES = {
    "ada": "ada",
    "Ünal-1": "Ünal-1",
    "mal\x1b[31mlory": "mal\\x1b[31mlory",
    "two\nlines": "two\\nlines",
    "turned\u202e": "turned\\u202e",
    os.fsdecode(b"no-utf8\xff"): "no-utf8\\udcff",
}


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_seen_is_written_out(name, capsys):
    result = Result(name, "00-demo", "invalid", note=f"found {name}; expected another")
    shown = NAMES[name]
    assert printable(name) == shown
    print_table([result])
    table = capsys.readouterr().out
    assert f"found {shown}; expected another" in table
    assert all(c.isprintable() or c == "\n" for c in table)
    assert json.loads(to_json(Graded([result])))["submissions"][0]["student"] == shown
    case = ET.fromstring(to_junit(Graded([result])).encode("utf-8")).find("testsuite/testcase")
    assert (case.get("name"), case.find("failure").text) == (shown, f"found {shown}; expected another")
