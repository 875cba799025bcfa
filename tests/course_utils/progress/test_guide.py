"""The progress in the guide: in the guide as released, and never at the cost of what a student wrote there."""

import json

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from autograder.course import units
from course_utils.progress import Progress, saved_progress
from course_utils.progress.guide import show_in_guide

SOME = Progress([], ["some"])


@pytest.fixture
def guide(student):
    """The released guide, in a student's folder."""
    path = student.folder / "guide.ipynb"
    path.write_bytes((units.RELEASE / "guide.ipynb").read_bytes())
    return path


def test_the_released_guide_shows_it(student, released, guide):
    student.solve()
    student.save()
    before = nbformat.read(guide, as_version=4)
    assert show_in_guide(guide, saved_progress(student.folder))
    after = nbformat.read(guide, as_version=4)
    nbformat.validate(after)
    [cell] = [cell for cell in after.cells if cell.id == "progress"]
    assert "4 of 6.5 points wait" in cell.outputs[0].data["text/plain"]
    assert '<a href="01-small/01-small.ipynb#cell-id=words">In words</a>' in cell.outputs[0].data["text/html"]
    cell.outputs = []
    assert after == before


def test_it_is_what_the_cell_gives_when_it_is_run(student, released, guide, monkeypatch):
    """By IPython, in the student's folder."""
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(student.folder)
    show_in_guide(guide, saved_progress(student.folder))
    [cell] = [cell for cell in nbformat.read(guide, as_version=4).cells if cell.id == "progress"]
    shell = InteractiveShell()
    result = shell.run_cell(cell.source)
    assert cell.outputs[0].data == shell.display_formatter.format(result.result)[0]


def test_a_second_time_only_news_are_written(guide):
    assert show_in_guide(guide, SOME)
    before = guide.stat().st_mtime_ns
    assert not show_in_guide(guide, SOME)
    assert guide.stat().st_mtime_ns == before
    assert show_in_guide(guide, Progress([], ["news"]))


def test_a_students_notes_stay(guide):
    notebook = nbformat.read(guide, as_version=4)
    notebook.cells.insert(0, new_markdown_cell("My notes: ½ ≠ 0.5 €", id="mine"))
    nbformat.write(notebook, guide)
    assert show_in_guide(guide, SOME)
    assert nbformat.read(guide, as_version=4).cells[0].source == "My notes: ½ ≠ 0.5 €"


def test_the_cell_as_a_student_changed_it_stays(guide):
    notebook = nbformat.read(guide, as_version=4)
    [cell] = [cell for cell in notebook.cells if cell.id == "progress"]
    cell.source = "print('mine')"
    nbformat.write(notebook, guide)
    before = guide.read_bytes()
    assert not show_in_guide(guide, SOME)
    assert guide.read_bytes() == before


CALL = {"id": "progress", "cell_type": "code", "source": "saved_progress()"}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"cells": 3}', '{"cells": [3]}', '{"cells": []}', json.dumps({"cells": [CALL, "\ud800"]})],
)
def test_what_is_no_guide_stays(tmp_path, content):
    path = tmp_path / "guide.ipynb"
    path.write_text(content)
    assert not show_in_guide(path, SOME)
    assert path.read_text() == content
    assert [found.name for found in tmp_path.iterdir()] == ["guide.ipynb"]


def test_without_guide_none_is_made(tmp_path):
    assert not show_in_guide(tmp_path / "guide.ipynb", SOME)
    assert list(tmp_path.iterdir()) == []
