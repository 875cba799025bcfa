"""What a kept result depends on."""

import pytest

from autograder.grading import finished


@pytest.mark.parametrize("name", ["images/judging.npz", "cell.ipynb", "code.py"])
def test_another_file_is_another_key(tmp_path, name):
    """Other pictures give a trained network another mark."""
    path = tmp_path / "grader" / name
    path.parent.mkdir(parents=True)
    keys = set()
    for content in (b"one", b"two", b"one"):
        path.write_bytes(content)
        keys.add(finished._digest(tmp_path / "grader"))
    path.unlink()
    keys.add(finished._digest(tmp_path / "grader"))
    assert len(keys) == 3
