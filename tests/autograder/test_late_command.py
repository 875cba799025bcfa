"""`grade --due --late --grace` on the command line."""

import pytest

from autograder import __main__ as command_line
from tests.autograder.demo_course import UNIT


@pytest.fixture
def grade(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    (tmp_path / "submitted").mkdir()
    return lambda *options: command_line.main(["grade", "--submitted", str(tmp_path / "submitted"), *options])


def test_which_time_was_taken_is_printed_and_a_sample_class_has_none(grade, tmp_path, capsys):
    assert grade("--due", f"{UNIT}=2026-11-20T23:59+01:00", "--late", "10%/day") == 2
    said = capsys.readouterr()
    assert f"{UNIT} is due 2026-11-20 23:59:00+01:00: 2026-11-20 22:59:00 UTC" in said.out
    assert "submitted/ is empty: give --due, --late and --grace once something was handed in" in said.err
    assert [path.name for path in tmp_path.glob("late*")] == []


def test_what_cannot_be_understood_is_wrong_usage(grade, tmp_path, capsys):
    assert grade("--due", f"{UNIT}=friday") == 2
    assert "--due 00-demo: 'friday' is no date such as 2026-11-20" in capsys.readouterr().err
    (tmp_path / "submitted" / "ada" / UNIT).mkdir(parents=True)
    assert grade("--late", "ten") == 2
    assert "--late 'ten' is no percentage for each day" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"course", "submitted"}


def test_the_help_names_the_options(grade, capsys):
    with pytest.raises(SystemExit):
        grade("--help")
    assert "10%/day" in capsys.readouterr().out
