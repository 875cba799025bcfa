"""What was handed in is read as data; what this machine does not let us read is nobody's fault."""

from pathlib import Path

import pytest

from autograder.grading.handed_in import digest_of, handed_in_at, read_submission
from autograder.grading.roster import read_roster


def hand_in(folder, content: bytes, student="ada"):
    path = folder / student / "00-demo" / "00-demo.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_a_file_that_cannot_be_read_waits_for_a_person(tmp_path, monkeypatch):
    hand_in(tmp_path, b"{}")

    def fail(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    submission = read_submission(tmp_path, "ada", "00-demo")
    assert submission.status == "unclear"
    assert "cannot be read here (Input/output error)" in submission.problem
    assert digest_of(tmp_path, "ada", "00-demo") == ""


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe{", b'{"cells": 5}', b"[" * 100_000])
def test_what_is_no_notebook_says_so_and_has_a_digest(content, tmp_path):
    hand_in(tmp_path, content)
    submission = read_submission(tmp_path, "ada", "00-demo")
    assert submission.status == "invalid"
    assert submission.problem.startswith("00-demo.ipynb is not a Jupyter notebook: ")
    assert submission.digest == digest_of(tmp_path, "ada", "00-demo") != ""


def test_another_byte_is_another_digest(tmp_path):
    hand_in(tmp_path, b"{}")
    hand_in(tmp_path, b"{} ", "bob")
    assert digest_of(tmp_path, "ada", "00-demo") != digest_of(tmp_path, "bob", "00-demo")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2027-01-31 13:00:00 UTC\n", "2027-01-31 13:00:00"),
        ("2027-01-31T13:00:00+01:00", "2027-01-31 12:00:00"),
        ("2027-01-31 13:00:00 CET", "2027-01-31 12:00:00"),
        ("2027-01-31 13:00:00 +0100", "2027-01-31 12:00:00"),
        ("2027-01-31 13:00:00.250000 -05:30", "2027-01-31 18:30:00.250000"),
        ("2027-01-31 13:00:00", "2027-01-31 13:00:00"),
        ("2027-01-31 13:00:00 PDT", ""),  # nobody knows this zone here; it is not taken for UTC
        ("soon", ""),
        ("9" * 90, ""),
        ("", ""),
    ],
)
def test_the_time_of_handing_in(text, time, tmp_path):
    path = hand_in(tmp_path, b"{}")
    (path.parent / "timestamp.txt").write_text(text)
    assert handed_in_at(tmp_path, "ada", "00-demo") == time


@pytest.mark.parametrize(
    ("text", "class_"),
    [
        ("id,first_name,group\nada,Ada,1\nzoe,,2\n", {"ada": {"first_name": "Ada"}, "zoe": {}}),
        ("\ufeffstudent;last_name\nada;L\n\n", {"ada": {"last_name": "L"}}),
        ("email,id\na@example.org,ada\n", {"ada": {"email": "a@example.org"}}),
        ("ada\nzoe\n", {"ada": {}, "zoe": {}}),
        ("", {}),
    ],
)
def test_a_roster_is_read_as_nbgrader_reads_it(text, class_, tmp_path):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv") == class_


def test_what_is_wrong_with_a_roster_is_said(tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\nada\n")
    with pytest.raises(ValueError, match="the student 'ada' twice"):
        read_roster(tmp_path / "roster.csv")
    (tmp_path / "roster.csv").write_bytes("id\nZoë".encode("latin-1"))
    with pytest.raises(ValueError, match="not text in UTF-8"):
        read_roster(tmp_path / "roster.csv")
    assert read_roster(tmp_path / "none.csv") == {}
