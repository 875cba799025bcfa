"""Progress for people: the text and the HTML of a small course, whole; and the command."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import ROOT
from course_utils.progress import DONE, TRIED, UNTOUCHED, Chapter, ExerciseState, Progress

EXERCISES = [
    ExerciseState("a", "Exercise 1 · A", 2, DONE, "solved when last run", "ex1"),
    ExerciseState("b", "Exercise 2 · B", 2.5, TRIED, "the check has not been run", "ex2"),
    ExerciseState("written", "In words", 4, UNTOUCHED, "", "words"),
]
SMALL = Progress([Chapter("01-small", "01 · Small", "01-small/01-small.ipynb", EXERCISES)], ["a note"])


def test_the_text_by_hand():
    assert str(SMALL).splitlines() == [
        "chapter     done  tried  untouched  points that wait",
        "----------  ----  -----  ---------  ----------------",
        "01 · Small     1      1          1        6.5 of 8.5",
        "Your progress, from the notebooks as they were saved. Done means: solved when last run.",
        "",
        "exercise        state      points  how it is known",
        "--------------  ---------  ------  --------------------------",
        "Exercise 1 · A  done            2  solved when last run",
        "Exercise 2 · B  tried         2.5  the check has not been run",
        "In words        untouched       4",
        "Chapter 01 · Small",
        "",
        "a note",
        "1 of 3 exercises done, 1 tried; 6.5 of 8.5 points wait",
        "next: Exercise 2 · B, in 01-small/01-small.ipynb (the check has not been run)",
    ]


def parsed(progress: Progress) -> ET.Element:
    return ET.fromstring(f"<div>{progress._repr_html_()}</div>")


def test_the_html_by_hand():
    page = parsed(SMALL)
    following, note = page.findall("p")
    assert "".join(following.itertext()) == ("Next: Exercise 2 · B in chapter 01 · Small (the check has not been run)")
    assert following.find("a").get("href") == "01-small/01-small.ipynb#cell-id=ex2"
    assert note.text == "a note"
    [row] = page.findall("table/tbody/tr")
    assert ["".join(cell.itertext()) for cell in row] == ["01 · Small", "1", "1", "1", "6.5 of 8.5"]
    assert page.find("details/summary").text == "01 · Small: 1 of 3 done"
    assert [link.get("href") for link in page.find("details").iter("a")] == [
        f"01-small/01-small.ipynb#cell-id={name}" for name in ("ex1", "ex2", "words")
    ]


def test_every_table_has_a_caption_and_headings_and_no_heading_is_empty():
    tables = list(parsed(SMALL).iter("table"))
    assert len(tables) == 2
    for table in tables:
        assert table.find("caption").text
        assert all(heading.text and heading.get("scope") == "col" for heading in table.iterfind("thead/tr/th"))


def test_a_chapter_that_is_done_is_one_row_in_a_terminal():
    done = Progress([Chapter("01-small", "01 · Small", "01-small.ipynb", EXERCISES[:1])], [])
    assert "Exercise 1" not in str(done)
    assert str(done).endswith("1 of 1 exercises done; 0 of 2 points wait\nAll exercises are done.")


@given(st.text("<&>\"' a", min_size=1), st.text("<&>\"'#% a/é", min_size=1))
def test_what_a_notebook_says_is_text(title, cell):
    """A heading in a student's notebook must not become part of the page, nor an id part of a link."""
    exercise = ExerciseState("a", title, 1, TRIED, title, cell)
    page = parsed(Progress([Chapter("01", title, "01.ipynb", [exercise], "")], [title]))
    assert {found.tag for found in page.iter()} <= set(
        ["div", "p", "strong", "a", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary"]
    )
    assert page.find("details/summary").text == f"{title}: 0 of 1 done"
    target = page.find("p/a").get("href").removeprefix("01.ipynb#cell-id=")
    assert not set(target) & set("<>\"'#/ ")


def command(*arguments: str, cwd, encoding="utf-8") -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "course_utils.progress", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        capture_output=True,
        text=True,
        encoding=encoding,
    )


@pytest.mark.parametrize("arguments", [[], ["work"]])
def test_the_command_reads_work(student, released, arguments):
    result = command(*arguments, cwd=student.root)
    assert (result.returncode, result.stderr) == (0, "")
    assert "0 of 2 exercises done; 6.5 of 6.5 points wait" in result.stdout


def test_the_command_without_notebooks(tmp_path):
    nothing, nowhere = command(cwd=tmp_path), command("nowhere", cwd=tmp_path)
    assert (nothing.returncode, nowhere.returncode) == (2, 2)
    assert nothing.stdout.startswith("There is no notebook of the course in this folder.")
    assert nowhere.stderr == "progress: there is no folder nowhere\n"


def test_a_terminal_without_a_sign_shows_the_rest(student):
    result = command(cwd=student.root, encoding="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert "01 ? Small" in result.stdout
