"""`take_in`, from each kind of download to ``submitted/``."""

import os
import subprocess
import zipfile

import pytest

from autograder.__main__ import main
from autograder.intake.delivery import take_in
from tests.autograder.intake.downloads import OTHER, ROSTER, UNIT, name_bytes, released, write_zip

ADA, ZOE = "Ada Lovelace_5001_assignsubmission_file_", "Zoë van der Müller-Lüdenscheidt_5002_assignsubmission_file_"


def written(submitted):
    """Every file of ``submitted/`` with its bytes."""
    files = {path.relative_to(submitted).as_posix(): path.read_bytes() for path in submitted.rglob("*.*")}
    return {name: content for name, content in files.items() if not name.startswith(".")}


@pytest.fixture
def submitted(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path / "submitted"


def test_moodles_zip_with_two_units_and_a_second_copy(tmp_path, submitted, capsys):
    first, second = f"{ADA}/{UNIT}.ipynb", f"{ADA}/{UNIT} (1).ipynb"
    files = {first: released(remark="a"), second: released(remark="bc"), f"{ZOE}/homework.ipynb": released(OTHER)}
    source = write_zip(tmp_path / "all.zip", files, {first: 9, second: 10})
    assert take_in(source, None, ROSTER, submitted)
    assert written(submitted) == {
        f"ada/{UNIT}/{UNIT}.ipynb": released(remark="bc"),
        f"ada/{UNIT}/timestamp.txt": b"2026-11-20 10:00:00 UTC\n",
        f"zoe/{OTHER}/{OTHER}.ipynb": released(OTHER),
        f"zoe/{OTHER}/timestamp.txt": b"2026-11-20 12:00:00 UTC\n",
    }
    said = capsys.readouterr().out
    assert f"ada {UNIT}: {second} of 2026-11-20 10:00:00 UTC, over {UNIT}.ipynb: taken" in said
    assert "nothing from 2 of 4 in roster.csv: anna1, anna2" in said
    assert "2 notebooks of 2 students, 0 not taken" in said


def test_the_same_from_the_unpacked_folder_and_a_dry_run_writes_nothing(tmp_path, submitted):
    files = {f"{ADA}/{UNIT}.ipynb": released(), f"{ZOE}/{UNIT}.ipynb": released()}
    write_zip(tmp_path / "all.zip", files)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        archive.extractall(tmp_path / "all")
    assert take_in(tmp_path / "all", None, ROSTER, submitted, dry_run=True)
    assert not submitted.exists()
    assert take_in(tmp_path / "all", "moodle", ROSTER, submitted)
    assert {f"{student}/{UNIT}/{UNIT}.ipynb" for student in ("ada", "zoe")} <= set(written(submitted))


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_names_without_the_utf_8_bit(tmp_path, submitted, encoding):
    source = write_zip(tmp_path / "all.zip", {f"{ZOE}/{UNIT}.ipynb": released()})
    name_bytes(source, encoding)
    with zipfile.ZipFile(source) as archive:
        assert not archive.infolist()[0].flag_bits & 0x800
    assert take_in(source, None, ROSTER, submitted)
    assert f"zoe/{UNIT}/{UNIT}.ipynb" in written(submitted)


def test_canvas_takes_the_newest_attachment(tmp_path, submitted):
    names = [f"lovelaceada_101_9000_{UNIT}.ipynb", f"lovelaceada_LATE_101_9001_{UNIT}-1.ipynb"]
    files = {names[1]: released(remark="new"), names[0]: released(), f"nobody_999_9002_{UNIT}.ipynb": released()}
    assert not take_in(write_zip(tmp_path / "submissions.zip", files), None, ROSTER, submitted)
    assert written(submitted)[f"ada/{UNIT}/{UNIT}.ipynb"] == released(remark="new")
    assert len(list(submitted.iterdir())) == 1


def test_equal_names_are_told_apart_by_their_number_or_listed(tmp_path, submitted, capsys):
    files = {f"Anna Schmidt_{number}_assignsubmission_file_/{UNIT}.ipynb": released() for number in (104, 5003)}
    assert not take_in(write_zip(tmp_path / "all.zip", files), None, ROSTER, submitted)
    assert [path.name for path in submitted.iterdir()] == ["anna2"]
    assert "anna1 and anna2 have this name: give each an lms_id of their own" in capsys.readouterr().out


def test_a_number_that_is_another_students_by_chance_is_not_believed(tmp_path, submitted):
    files = {f"Ada Lovelace_102_assignsubmission_file_/{UNIT}.ipynb": released()}
    assert take_in(write_zip(tmp_path / "all.zip", files), None, ROSTER, submitted)
    assert [path.name for path in submitted.iterdir()] == ["ada"]


def test_what_must_not_be_read_is_listed_and_the_others_are_taken(tmp_path, submitted, capsys):
    link = zipfile.ZipInfo(f"{ADA}/link.ipynb")
    link.external_attr = 0o120777 << 16
    files = {
        f"{ZOE}/{UNIT}.ipynb": released(),
        f"{ADA}/../../../evil.ipynb": released(),
        f"/{ADA}/{UNIT}.ipynb": released(),
        f"{ADA}/bomb.txt": b"0" * 30_000_000,
        f"{ADA}/bomb.ipynb": os.urandom(1000) * 21_000,
        f"{ADA}/notes.ipynb": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
        "Anna Schmidt_103_assignsubmission_file_/work.zip": b"PK",
    }
    source = write_zip(tmp_path / "all.zip", files)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert not take_in(source, None, ROSTER, submitted)
    assert {name.partition("/")[0] for name in written(submitted)} == {"zoe"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "submitted"]
    said = capsys.readouterr().out
    for reason in (
        "evil.ipynb: its name leads out of the archive",
        f"/{ADA}/{UNIT}.ipynb: its name leads out of the archive",
        "bomb.txt: its 30 MB are packed into",
        "bomb.ipynb: it",
        "link.ipynb: it is a link",
        "notes.ipynb: it has no graded cell of any unit",
        "work.zip: it is an archive and was not opened",
    ):
        assert reason in said
    assert "1 notebooks of 1 students, 7 not taken" in said


def test_what_is_there_and_newer_stays(tmp_path, submitted, capsys):
    name = f"{ADA}/{UNIT}.ipynb"
    take_in(write_zip(tmp_path / "b.zip", {name: released(remark="new")}, {name: 15}), None, ROSTER, submitted)
    take_in(write_zip(tmp_path / "a.zip", {name: released()}, {name: 9}), None, ROSTER, submitted)
    take_in(tmp_path / "b.zip", None, ROSTER, submitted)
    assert written(submitted)[f"ada/{UNIT}/{UNIT}.ipynb"] == released(remark="new")
    said = capsys.readouterr().out
    assert "left out: what is there was handed in later, 2026-11-20 15:00:00 UTC" in said
    assert "as before" in said


def test_clones_by_their_cells_with_the_time_of_the_commit(tmp_path, submitted, capsys):
    clones = tmp_path / "clones"
    clone = clones / "cnn-ada"
    (clone / "deep").mkdir(parents=True)
    (clone / "deep" / "my answers.ipynb").write_bytes(released())
    (clone / "link.ipynb").symlink_to("/etc/passwd")
    git = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    dates = os.environ | {"GIT_COMMITTER_DATE": "2026-11-20T10:00:00+02:00", "GIT_AUTHOR_DATE": "2026-11-20T10:00:00"}
    for command in (["init", "-q"], ["add", "deep"], ["commit", "-q", "-m", "done"]):
        subprocess.run([*git, *command], check=True, env=dates)
    roster = {
        "ada": {"repository": "git@example.org:class/cnn-ada.git"},
        "zoe": {"repository": "https://example.org/class/cnn-zoe"},
        "anna1": {"repository": "https://example.org/class/both/"},
        "anna2": {"repository": "https://example.org/class/both.git"},
    }
    assert not take_in(clones, "git", roster, submitted)
    assert written(submitted) == {
        f"ada/{UNIT}/{UNIT}.ipynb": released(),
        f"ada/{UNIT}/timestamp.txt": b"2026-11-20 08:00:00 UTC\n",
    }
    said = capsys.readouterr().out
    assert "cnn-ada/link.ipynb: it is a link" in said
    assert "cnn-zoe: the roster names this repository, and no clone of it is there" in said
    assert "both: the roster gives anna1 and anna2 this one repository" in said


def test_nbgraders_exchange_with_its_timestamp(tmp_path, submitted):
    for time, remark in (("2026-11-20 10:00:00 UTC", ""), ("2026-11-20 11:30:00 UTC", "new")):
        folder = tmp_path / "inbound" / f"ada+{UNIT}+{time}+x{remark}"
        folder.mkdir(parents=True)
        (folder / f"{UNIT}.ipynb").write_bytes(released(remark=remark))
        (folder / "timestamp.txt").write_text(time)
    assert take_in(tmp_path / "inbound", None, {}, submitted)
    assert written(submitted) == {
        f"ada/{UNIT}/{UNIT}.ipynb": released(remark="new"),
        f"ada/{UNIT}/timestamp.txt": b"2026-11-20 11:30:00 UTC\n",
    }


def test_the_command_says_what_is_wrong_with_a_source(tmp_path, capsys):
    (tmp_path / "no.zip").write_bytes(b"no zip")
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name,lms_id\nada,Ada,Lovelace,101\n")
    common = ["--submitted", str(tmp_path / "submitted"), "--roster", str(roster)]
    assert main(["intake", str(tmp_path / "nowhere"), *common]) == 2
    assert "there is no file or folder" in capsys.readouterr().err
    assert main(["intake", str(tmp_path / "no.zip"), *common]) == 2
    assert "no.zip cannot be read as a zip: File is not a zip file" in capsys.readouterr().err
    write_zip(
        tmp_path / "all.zip", {f"{ADA}/{UNIT}.ipynb": released(), f"Eve_5_assignsubmission_file_/{UNIT}.ipynb": b""}
    )
    assert main(["intake", str(tmp_path / "all.zip"), *common]) == 1
    assert (tmp_path / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb").is_file()


def test_a_file_that_is_cut_off_is_said(tmp_path, submitted, capsys):
    source = write_zip(tmp_path / "all.zip", {f"{ADA}/{UNIT}.ipynb": released()})
    content = bytearray(source.read_bytes())
    content[2000:2100] = bytes(100)
    source.write_bytes(content)
    assert not take_in(source, None, ROSTER, submitted)
    assert "it cannot be unpacked" in capsys.readouterr().out
    assert not submitted.exists()
