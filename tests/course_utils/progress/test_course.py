"""A whole course: what waits and what comes next, the real chapters, and whatever a folder may hold."""

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import units
from course_utils.progress import DONE, UNTOUCHED, Chapter, ExerciseState, Progress, saved_progress
from tests.course_utils.progress.conftest import UNIT, small_chapter


def chapter(name: str, *states: str, problem: str = "") -> Chapter:
    exercises = [ExerciseState(f"{name}{i}", f"Exercise {i}", 2, state, "", "") for i, state in enumerate(states)]
    return Chapter(name, name, f"{name}.ipynb", exercises, problem)


def test_points_that_wait(student, released):
    student.solve()
    student.save()
    progress = saved_progress(student.folder)
    assert (progress.points, progress.waiting) == (6.5, 4)
    assert progress.chapters[0].title == "01 · Small"
    assert progress.to_line().splitlines() == [
        "1 of 2 exercises done; 4 of 6.5 points wait",
        f"next: In words, in {UNIT}/{UNIT}.ipynb",
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["uu", "uu", "uu"], "a0"),  # nothing begun: the first
        (["du", "uu", "uu"], "a1"),
        (["du", "dt", "uu"], "b1"),  # the last chapter that was begun
        (["dt", "dd", "uu"], "c0"),  # that one is done: the next
        (["dt", "uu", "dd"], "a1"),  # none is left behind it: from the start
        (["dd", "dd", "dd"], None),
    ],
)
def test_what_comes_next(states, expected):
    words = {"d": "done", "t": "tried", "u": "untouched"}
    progress = Progress([chapter(n, *(words[s] for s in row)) for n, row in zip("abc", states, strict=True)], [])
    assert (progress.next[1].name if progress.next else None) == expected


def test_what_cannot_be_opened_does_not_come_next():
    progress = Progress([chapter("a", UNTOUCHED, problem="a.ipynb is not there."), chapter("b", UNTOUCHED)], [])
    assert progress.next[1].name == "b0"


def test_a_link_leads_to_the_exercises_heading(student, released):
    found, exercise = saved_progress(student.folder).next
    assert found.link(exercise) == f"{UNIT}/{UNIT}.ipynb#cell-id=ex1"
    student.remove("ex1")
    student.save()
    found, exercise = saved_progress(student.folder).next
    assert found.link(exercise) == f"{UNIT}/{UNIT}.ipynb#cell-id=double-task"


def test_the_release_is_untouched_and_the_solutions_are_done():
    fresh, solved = saved_progress(units.RELEASE), saved_progress(units.SOLUTIONS)
    assert [c.name for c in fresh.chapters] == [c.name for c in solved.chapters] == units.unit_names()
    assert {e.state for c in fresh.chapters for e in c.exercises} == {UNTOUCHED}
    assert {e.state for c in solved.chapters for e in c.exercises} == {DONE}
    assert fresh.waiting == fresh.points == solved.points
    assert solved.waiting == 0
    assert solved.next is None
    assert fresh.notes == solved.notes == []


def test_notebooks_side_by_side_without_release(tmp_path):
    for unit in units.unit_names()[:2]:
        shutil.copy(units.RELEASE / unit / f"{unit}.ipynb", tmp_path)
    progress = saved_progress(tmp_path)
    assert [c.path for c in progress.chapters] == [f"{unit}.ipynb" for unit in units.unit_names()[:2]]
    assert progress.waiting == progress.points > 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b'{"cells": [{"cell_type": "co', "its JSON is broken in line 1"),
        (b"<<<<<<< HEAD\n{}", "its JSON is broken in line 1"),
        (b"\xff\xfe\x00", "it is no text"),
        (b"[]", "it holds no cells, as a notebook of format 4 does"),
        (b'{"worksheets": []}', "it holds no cells, as a notebook of format 4 does"),
        (b"[" * 100_000, "its JSON is none of a notebook"),
    ],
    ids=["empty", "half", "conflict", "binary", "list", "format 3", "deep"],
)
def test_a_broken_notebook_is_said(student, released, content, reason):
    student.path.write_bytes(content)
    [found] = saved_progress(student.folder).chapters
    assert found.problem.startswith(f"{UNIT}/{UNIT}.ipynb cannot be read: {reason}.")
    assert [e.state for e in found.exercises] == [UNTOUCHED, UNTOUCHED]


def test_a_broken_notebook_alone_is_said(student):
    student.path.write_text("{")
    progress = saved_progress(student.folder)
    assert "cannot be read" in str(progress)
    assert "cannot be read" in progress._repr_html_()


def test_a_broken_release_leaves_the_students_own(student, released):
    released.write_text("{")
    student.solve()
    student.save()
    assert saved_progress(student.folder).waiting == 4


def test_a_byte_order_mark_is_no_fault(student, released):
    student.path.write_text(json.dumps(small_chapter()), encoding="utf-8-sig")
    assert saved_progress(student.folder).chapters[0].problem == ""


def test_a_missing_notebook_is_said(student, released):
    other = student.folder / "02-other" / "02-other.ipynb"
    other.parent.mkdir()
    shutil.copy(student.path, other)
    student.path.unlink()
    first, second = saved_progress(student.folder).chapters
    assert first.problem.startswith(f"{UNIT}/{UNIT}.ipynb is not there.")
    assert (first.waiting, second.problem) == (6.5, "")


def test_other_notebooks_are_none_of_the_course(student, released):
    """Neither in a folder that happens to be called as the release is, nor among the student's."""
    other = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    for folder in (student.folder, released.parents[1]):
        (folder / "02-holidays.ipynb").write_text(json.dumps(other))
    (released.parents[1] / "03-recipes.ipynb").write_text(json.dumps(other))
    progress = saved_progress(student.folder)
    assert [c.name for c in progress.chapters] == [UNIT]
    assert progress.notes == []


@pytest.mark.parametrize("name", [f"{UNIT} (1)", f"{UNIT}-Copy1"])
@pytest.mark.parametrize("where", [UNIT, "."])
def test_a_copy_does_not_count_and_is_said(student, released, name, where):
    student.solve()
    (student.folder / where / f"{name}.ipynb").write_text(json.dumps(student.notebook))
    progress = saved_progress(student.folder)
    assert progress.waiting == 6.5
    [note] = progress.notes
    assert f"{name}.ipynb does not count: what you hand in is called {UNIT}.ipynb." in note


@pytest.mark.parametrize("beside", [True, False])
def test_an_empty_folder_is_said(tmp_path, beside):
    if beside:
        shutil.copytree(units.RELEASE, tmp_path / "notebooks")
    (tmp_path / "work").mkdir()
    progress = saved_progress(tmp_path / "work")
    said = "There is no notebook of the course in this folder. Name the folder that holds yours."
    assert progress.to_line() == str(progress) == said
    assert said in progress._repr_html_()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
CELL = [
    ("source",),
    ("metadata",),
    ("metadata", "nbgrader"),
    ("id",),
    ("outputs",),
    ("cell_type",),
    ("execution_count",),
]
CELL += [("metadata", "nbgrader", key) for key in ("grade_id", "points", "checksum", "grade", "solution")]
PLACES = [(index, *way) for index in range(7) for way in CELL]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=4), st.booleans())
def test_whatever_stands_in_a_notebook_there_is_a_report(student, changes, answered):
    """Values of any type in any place of a student's notebook, with the release and without."""
    notebook = json.loads(json.dumps(student.notebook))
    if answered:
        notebook["cells"][2] |= {"source": "x = 1", "execution_count": 3}
    for (index, *way, last), value in changes:
        node = notebook["cells"][index]
        for step in way:
            node = node.get(step) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node[last] = value
    student.path.write_text(json.dumps(notebook))
    for progress in (saved_progress(student.folder), saved_progress(student.path.parent)):
        assert str(progress)
        assert progress._repr_html_()
