"""What nbgrader's exchange asks for lies beside each page."""

import os

import pytest

from autograder.grading.exchange import MOST, copy_to_feedback
from autograder.grading.results import Result

UNIT = "00-demo"


@pytest.fixture
def folders(tmp_path):
    """What ada handed in, and where her page lies."""
    there, here = tmp_path / "submitted" / "ada" / UNIT, tmp_path / "feedback" / "ada" / UNIT
    there.mkdir(parents=True)
    here.mkdir(parents=True)
    return there, here


def copy(tmp_path) -> None:
    copy_to_feedback(tmp_path / "submitted", tmp_path, [Result("ada", UNIT, "graded"), Result("bob", UNIT, "missing")])


def test_both_files_are_copied_as_they_are(folders, tmp_path):
    there, here = folders
    (there / "timestamp.txt").write_bytes(b"2027-01-31 12:00:00 UTC")
    (there / "submission_secret.txt").write_bytes(b"\xff secret")
    (there / "other.txt").write_bytes(b"no")
    copy(tmp_path)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == {
        "timestamp.txt": b"2027-01-31 12:00:00 UTC",
        "submission_secret.txt": b"\xff secret",
    }
    assert not (tmp_path / "feedback" / "bob").exists()  # who has no page gets none


def test_a_link_or_a_large_file_is_not_copied(folders, tmp_path):
    there, here = folders
    (tmp_path / "private").write_text("private")
    os.symlink(tmp_path / "private", there / "timestamp.txt")
    (there / "submission_secret.txt").write_bytes(b"x" * (MOST + 1))
    copy(tmp_path)
    assert list(here.iterdir()) == []
