from pathlib import PurePosixPath

import pytest

from autograder.course.finder import stem_of
from autograder.intake.formats import Named, Sender, canvas, folder, moodle, recognised


@pytest.mark.parametrize(
    ("path", "name", "number", "file"),
    [
        ("Ada Lovelace_12345_assignsubmission_file_/02.ipynb", "Ada Lovelace", "12345", "02.ipynb"),
        ("Ada Lovelace_12345_assignsubmission_file/a/02.ipynb", "Ada Lovelace", "12345", "02.ipynb"),
        ("Ada Lovelace_12345_assignsubmission_file_02.ipynb", "Ada Lovelace", "12345", "02.ipynb"),
        ("A1/Ada Lovelace_7_assignsubmission_file_/02.ipynb", "Ada Lovelace", "7", "02.ipynb"),
        ("Group B-Ada_L_7_assignsubmission_file_/02.ipynb", "Group B-Ada_L", "7", "02.ipynb"),
        ("Participant_7_assignsubmission_file_/02.ipynb", "", "7", "02.ipynb"),
    ],
)
def test_moodle(path, name, number, file):
    assert moodle(PurePosixPath(path)) == Named(Sender(name=name, number=number), file)


@pytest.mark.parametrize(
    ("path", "name", "number", "file", "again"),
    [
        ("lovelaceada_101_9000_02-shapes.ipynb", "lovelaceada", "101", "02-shapes.ipynb", (0, 9000)),
        ("lovelaceada_LATE_101_9000_02-shapes-1.ipynb", "lovelaceada", "101", "02-shapes-1.ipynb", (1, 9000)),
        ("submissions/lovelaceada_101_9000_my_file_1.ipynb", "lovelaceada", "101", "my_file_1.ipynb", (0, 9000)),
    ],
)
def test_canvas(path, name, number, file, again):
    assert canvas(PurePosixPath(path)) == Named(Sender(name=name, lms_id=number), file, again)


def test_nbgrader_and_folders():
    exchange = PurePosixPath("inbound/ada+02-shapes+2026-11-20 10:00:00 UTC+abc/02-shapes.ipynb")
    assert folder(exchange).sender == Sender(id="ada")
    assert folder(PurePosixPath("ada/02-shapes/02-shapes.ipynb")).sender == Sender(id="ada")
    assert folder(PurePosixPath("02-shapes.ipynb")) is None


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("02-shapes.ipynb", ("02-shapes", 0)),
        ("02-shapes (1).ipynb", ("02-shapes", 1)),
        ("02-shapes(12).ipynb", ("02-shapes", 12)),
        ("02-shapes-1.IPYNB", ("02-shapes", 1)),
        ("my notes.ipynb", ("my notes", 0)),
    ],
)
def test_the_number_of_a_copy(file, stem):
    assert stem_of(file) == stem


def test_a_format_is_recognised_by_most_of_the_notebooks():
    names = ["lovelaceada_101_9000_a.ipynb", "lovelaceada_101_9001_b.ipynb", "stray.ipynb", "x/y.txt"]
    assert recognised([PurePosixPath(name) for name in names]) == "canvas"
    assert recognised([PurePosixPath("ada/a.ipynb")]) == "folder"
    with pytest.raises(ValueError, match="2 notebooks are in it, and their names are none of Moodle's"):
        recognised([PurePosixPath("a.ipynb"), PurePosixPath("b.ipynb")])
