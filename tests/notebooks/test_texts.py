"""What a reader of any chapter counts on: headings, tables, the minutes it says, a check for each exercise."""

import itertools
import re

import pytest

from autograder.course import units
from autograder.course.cells import is_autograded, is_long_check
from autograder.course.exercises import exercises_of

WORDS_A_MINUTE = 200
COMMON_NAMES = re.compile(r"^(same|shift|total|length|overlay|trained|scaled|cam|enlarged)$")


@pytest.fixture(params=units.unit_names())
def notebook(request):
    return units.source_notebook(request.param)


def text_of(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def read(notebook) -> int:
    """Words that a student reads, without those of opened hints, links' addresses and the solution's rubric."""
    text = re.sub(r"### BEGIN .*?### END \w+", "", text_of(notebook), flags=re.DOTALL)
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return len(re.findall(r"\w[\w'’-]*", text))


def test_words_are_counted_as_they_are_read():
    from nbformat.v4 import new_markdown_cell, new_notebook

    cells = ["Two words", "<details>not opened</details>", "[a link](elsewhere/file.html)"]
    assert read(new_notebook(cells=[new_markdown_cell(cell) for cell in cells])) == 4


def test_the_minutes_of_reading_are_those_of_its_words(notebook):
    (minutes,) = re.findall(r"\*\*Time:?\*\*:? (\d+) minutes of reading", text_of(notebook))
    assert int(minutes) == pytest.approx(read(notebook) / WORDS_A_MINUTE, rel=0.15, abs=1)


def test_one_title_and_no_heading_too_deep(notebook):
    headings = re.findall(r"^(#+) (.+)$", text_of(notebook), flags=re.MULTILINE)
    levels = [len(marks) for marks, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


def test_every_column_of_a_table_has_a_head(notebook):
    for head in re.findall(r"^(\|.*\|)\n\|[-:| ]+\|$", text_of(notebook), flags=re.MULTILINE):
        cells = [cell.strip() for cell in head.strip("|").split("|")]
        assert all(cells), head


def test_difficulty_is_said_in_words(notebook):
    """A screen reader spells dots out one by one."""
    assert not re.search("[●○]", text_of(notebook))
    # In the heading, or in the line below it.
    for heading in re.findall(r"^## (?:Exercise \d+|In words).*(?:\n+\*.*)?$", text_of(notebook), flags=re.MULTILINE):
        assert re.search(r"difficulty [1-5] of 5 · \d+ minutes · [\d.]+ points?", heading), heading


def test_every_exercise_has_a_visible_check_that_says_more_than_true(notebook):
    for exercise in exercises_of(notebook):
        assert exercise.sight, f"{exercise.name}: no cell whose id ends in -check stands before its graded cells"
        check = notebook.cells[exercise.sight[-1]].source
        assert re.search(r"\bcheck_\w+\(|\.check\w*\(|CheckError\(", check), exercise.name
        comes_collapsed = is_long_check(notebook.cells[exercise.sight[-1]])
        assert not comes_collapsed or check.startswith("# Check yourself: "), f"{exercise.name}: this line is shown"
        silent = re.search(r"^\s*assert [^,]*$", check, flags=re.MULTILINE)
        assert not silent, f"{exercise.name}: an assert says nothing"


def test_given_cells_leave_common_names_to_the_student(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code" and not is_autograded(cell):
            names = re.findall(r"^(\w+) = |^def (\w+)\(", cell.source, flags=re.MULTILINE)
            assert not [name for pair in names for name in pair if COMMON_NAMES.match(name)], cell.id
