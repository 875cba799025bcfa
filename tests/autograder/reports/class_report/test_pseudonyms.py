"""Ids that are hidden stand nowhere."""

import re

from autograder.reports.class_report.pseudonyms import Hidden, Shown

ROSTER = {"ada": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org", "lms_user_id": "4711"}}


def test_each_student_has_a_number():
    names = Hidden(["ada", "bob", "cyd"], {})
    assert sorted(map(names.name, ["ada", "bob", "cyd"])) == ["student 1", "student 2", "student 3"]


def test_words_of_the_roster_go_out_of_texts_and_parts_of_words_stay():
    names = Hidden(["ada", "b.o"], ROSTER)
    ada, bo = names.name("ada"), names.name("b.o")
    text = names.text("ADA_Lovelace (1).ipynb by ada@example.org, 4711; adaptive; bxo; b.o: no")
    assert text == f"{ada}_{ada} (1).ipynb by {ada}, {ada}; adaptive; bxo; {bo}: no"


def test_letters_whose_case_is_not_what_it_seems():
    assert Hidden(["kim"], {}).text("KIM, k\u0131m") in ("student 1, a student", "student 1, k\u0131m")


def test_nobody_is_hidden_by_nothing():
    assert Hidden([], {}).text("a note") == "a note"


def test_what_cannot_be_seen_is_written_out():
    assert Shown().text("one\x1b[31m\ntwo") == "one\\x1b[31m\ntwo"
    assert re.fullmatch(r"student \d", Hidden(["a\nb"], {}).name("a\nb"))
