"""A submission becomes the released notebook again, whatever its author or a tool did to the cells that grade it."""

import copy

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.bank.sample_class import answer
from autograder.course import units
from autograder.course.cells import is_autograded, nbgrader_tag
from autograder.course.exercises import WRITTEN, exercises_of
from autograder.grading.repair import repair
from tests.autograder.demo_course import RIGHT, demo_notebook
from tests.autograder.demo_course import cell as demo_cell


def released_demo():
    """The demo notebook as students get it: no solution, no hidden test."""
    notebook = demo_notebook()
    for cell in notebook.cells:
        tag = nbgrader_tag(cell)
        if tag.get("solution"):
            cell.source = f"def {tag['grade_id']}(x):\n    raise NotImplementedError"
        cell.source = cell.source.partition("### BEGIN HIDDEN")[0].rstrip()
    notebook.cells[-1].source = "YOUR ANSWER HERE"
    return notebook


RELEASED = released_demo()
NAMES = [nbgrader_tag(cell).get("grade_id", cell.id) for cell in RELEASED.cells]


def names(notebook):
    return [nbgrader_tag(cell).get("grade_id", cell.get("id")) for cell in notebook.cells]


def submission(sources=RIGHT, strip=(), mark=True, ids=True):
    """The demo with right answers; the cells at the indices `strip` lose their mark, their id, or both."""
    notebook = answer(RELEASED, sources)
    for index in strip:
        if mark:
            notebook.cells[index].metadata.pop("nbgrader", None)
        if ids:
            notebook.cells[index]["id"] = f"lost-{index}"
    return notebook


EVERY = range(len(RELEASED.cells))


def repaired(notebook):
    return repair(notebook, RELEASED, demo_notebook())


def scores(notebook, undecided):
    """The automatic marks, by running the cells as the grader does; None for a cell that waits."""
    space, found = {}, {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, space)
                ok = True
            except Exception:
                ok = False
            if nbgrader_tag(cell).get("grade"):
                name = nbgrader_tag(cell)["grade_id"]
                found[name] = 1 if ok else None if name in undecided else 0
    return found


class TestDeleted:
    def test_one_deleted_test_comes_back_to_its_place(self):
        notebook = submission()
        del notebook.cells[3]  # title, imports, double, double-plain
        assert repaired(notebook).restored == ["double-plain"]
        assert names(notebook) == NAMES
        assert "HIDDEN" in notebook.cells[3].source

    @settings(deadline=None)
    @given(st.sets(st.integers(2, len(RELEASED.cells) - 1)))
    def test_any_deleted_cells_come_back_in_order(self, deleted):
        notebook = submission()
        notebook.cells = [cell for i, cell in enumerate(notebook.cells) if i not in deleted]
        result = repaired(notebook)
        assert result.restored == [NAMES[i] for i in sorted(deleted)]
        assert names(notebook) == NAMES
        assert (result.notes[1:], result.undecided) == ([], frozenset())

    def test_a_students_own_cells_stay(self):
        notebook = submission()
        notebook.cells.insert(4, new_markdown_cell("my notes", id="my-notes"))
        del notebook.cells[5]
        repaired(notebook)
        assert [name for name in names(notebook) if name != "my-notes"] == NAMES
        assert names(notebook).count("my-notes") == 1

    def test_a_test_comes_back_behind_an_answer_in_a_cell_of_its_own(self):
        notebook = submission(RIGHT | {"double": "# below"})
        notebook.cells[3:5] = [new_code_cell(RIGHT["double"])]  # in the place of both tests
        assert repaired(notebook).restored == ["double-plain", "double-hard"]
        assert set(scores(notebook, ()).values()) == {1}

    def test_a_stub_never_replaces_an_answer(self):
        notebook = submission()
        notebook.cells[2] = new_code_cell(RIGHT["double"])
        assert repaired(notebook).restored == []
        notebook = submission()
        # The answer stands above the text that it belongs under, its TODO cell is gone.
        notebook.cells[0:3] = [new_code_cell(RIGHT["double"]), *notebook.cells[0:2]]
        assert repaired(notebook).restored == []
        assert set(scores(notebook, ()).values()) == {1}

    def test_a_locked_helper_comes_back_before_the_answers(self):
        released, source = copy.deepcopy(RELEASED), demo_notebook()
        for notebook in (released, source):
            notebook.cells.insert(2, demo_cell(new_code_cell, "helper", "factor = 2", locked=True))
        notebook = submission()
        notebook.cells.insert(2, new_code_cell("assert factor == 2"))
        assert repair(notebook, released, source).restored == ["helper"]
        assert [cell.source for cell in notebook.cells[2:4]] == ["factor = 2", "assert factor == 2"]

    def test_nothing_deleted_nothing_restored(self):
        notebook = submission()
        assert repaired(notebook).notes == []
        assert names(notebook) == NAMES


class TestLostMarks:
    @pytest.mark.parametrize(
        ("mark", "ids", "note"),
        [
            (True, False, "7 cells had lost their marks and were found by their id"),
            (True, True, "4 cells had lost their marks and were found by their text"),
            (False, True, ""),
        ],
    )
    def test_of_the_whole_notebook(self, mark, ids, note):
        notebook = submission(strip=EVERY, mark=mark, ids=ids)
        result = repaired(notebook)
        assert note in "; ".join(result.notes)
        assert (result.restored, result.undecided) == ([], frozenset())
        assert set(scores(notebook, ()).values()) == {1}
        assert nbgrader_tag(notebook.cells[-1])["grade_id"] == WRITTEN
        assert notebook.cells[-1].source.startswith("A written answer")

    def test_line_ends_and_blanks_are_no_other_text(self):
        notebook = submission(strip=EVERY)
        for cell in notebook.cells:
            cell.source = "\n" + cell.source.replace("\n", " \r\n") + "\n"
        assert repaired(notebook).restored == []

    def test_a_copied_test_counts_once_and_the_later_one(self):
        notebook = submission(strip=EVERY)
        notebook.cells.insert(2, new_code_cell(notebook.cells[3].source))
        repaired(notebook)
        assert [nbgrader_tag(cell).get("grade_id") for cell in notebook.cells][2:5] == [None, "double", "double-plain"]

    def test_of_several_own_cells_the_one_that_defines_the_answer_is_the_todo_cell(self):
        notebook = submission(strip=EVERY)
        notebook.cells.insert(2, new_code_cell("factor = 2"))
        notebook.cells.insert(4, new_code_cell("assert double(1) == 2"))
        assert repaired(notebook).restored == []
        assert nbgrader_tag(notebook.cells[3])["grade_id"] == "double"

    def test_an_answer_with_a_syntax_error_is_found(self):
        notebook = submission(RIGHT | {"double": "def broken(:"}, strip=EVERY)
        result = repaired(notebook)
        assert (result.restored, result.undecided) == ([], frozenset())
        assert scores(notebook, ())["double-plain"] == 0

    def test_changed_tests_come_back_behind_the_answers(self):
        notebook = submission(strip=EVERY)
        for cell in notebook.cells[3:5]:
            cell.source = "# formatted by a tool\n" + cell.source
        result = repaired(notebook)
        assert result.restored == ["double-plain", "double-hard"]
        assert set(scores(notebook, ()).values()) == {1}

    def test_what_fails_where_it_was_put_back_waits(self):
        notebook = submission(RIGHT | {"double": "def double(x):\n    return 0"}, strip=EVERY)
        del notebook.cells[3]
        result = repaired(notebook)
        assert result.undecided >= {"double-plain"}
        assert scores(notebook, result.undecided) == {
            "double-plain": None,
            "double-hard": None,
            "double_all-plain": 1,
            "double_all-hard": 1,
        }

    def test_a_deleted_answer_waits_where_marks_were_lost(self):
        notebook = submission(strip=EVERY)
        del notebook.cells[2]
        result = repaired(notebook)
        assert result.restored == ["double"]
        assert scores(notebook, result.undecided)["double-plain"] is None

    def test_a_notebook_of_which_nothing_is_known_is_tested_behind_everything(self):
        notebook = submission()
        notebook.cells = [new_code_cell(text) for text in RIGHT.values()]
        result = repaired(notebook)
        assert set(scores(notebook, ()).values()) == {1}
        assert result.undecided >= {"double-plain", WRITTEN}

    def test_an_empty_notebook_is_certain(self):
        notebook = submission()
        notebook.cells = []
        assert repaired(notebook).undecided == frozenset()
        assert [name for name in names(notebook) if name not in ("title", "imports")] == NAMES[2:]


class TestWritten:
    def test_one_cell_in_its_place_is_the_answer(self):
        notebook = submission(strip=[7, 8])
        result = repaired(notebook)
        assert (names(notebook)[-1], result.undecided) == (WRITTEN, frozenset())

    def test_several_or_none_call_a_person(self):
        notebook = submission(strip=[8])
        notebook.cells.append(new_markdown_cell("and my thoughts"))
        assert repaired(notebook).undecided == {WRITTEN}
        notebook = submission(strip=EVERY)
        del notebook.cells[-1]
        assert repaired(notebook).undecided == {WRITTEN}

    def test_untouched_it_is_known_as_such(self):
        notebook = submission({}, strip=EVERY)
        assert repaired(notebook).undecided == frozenset()
        assert notebook.cells[-1] == RELEASED.cells[-1]


OWN = st.sampled_from(
    [
        new_markdown_cell("my notes"),
        new_code_cell("x = 1"),
        new_code_cell("assert double(2) == 4"),
        new_code_cell("raise ValueError('mine')"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    marks=st.sets(st.sampled_from(EVERY)),
    ids=st.sets(st.sampled_from(EVERY)),
    own=st.lists(st.tuples(st.integers(0, 20), OWN), max_size=4),
    changed=st.sets(st.sampled_from([3, 4, 6, 7])),
    deleted=st.sets(st.sampled_from([3, 4, 6, 7]), max_size=2),
    below=st.booleans(),
)
def test_no_drawn_loss_costs_a_mark(marks, ids, own, changed, deleted, below):
    """Right answers keep every automatic mark, or the cell waits, and the written answer waits for a person."""
    notebook = submission(strip=marks, ids=False)
    for index in ids:
        notebook.cells[index]["id"] = f"lost-{index}"
    for index in changed:
        notebook.cells[index].source += "  # formatted by a tool"
    if below:  # the answer is in a cell of its own under the TODO cell
        notebook.cells[5].source = "# see below"
    notebook.cells = [cell for i, cell in enumerate(notebook.cells) if i not in deleted]
    if below:
        todo = next(i for i, cell in enumerate(notebook.cells) if cell.source == "# see below")
        notebook.cells.insert(todo + 1, new_code_cell(RIGHT["double_all"]))
    for place, cell in own:
        notebook.cells.insert(place, copy.deepcopy(cell))
    result = repaired(notebook)
    found = scores(notebook, result.undecided)
    assert set(found) == set(NAMES) - {"title", "imports", "double", "double_all", WRITTEN}
    assert 0 not in found.values()
    answers = [cell.source for cell in notebook.cells if nbgrader_tag(cell).get("grade_id") == WRITTEN]
    assert answers == ["A written answer waits for a person to read it."] or WRITTEN in result.undecided


@pytest.mark.parametrize("unit", units.unit_names())
@pytest.mark.parametrize(("mark", "ids"), [(True, False), (False, True), (True, True)])
def test_a_real_unit_is_whole_again(unit, mark, ids):
    released = nbformat.read(units.RELEASE / unit / f"{unit}.ipynb", as_version=4)
    bank = {e.name: sorted((units.ANSWERS / unit / e.name).glob("right-*.py"))[0] for e in exercises_of(released)}
    right = {name: path.read_text(encoding="utf-8") for name, path in bank.items()}
    whole = answer(released, right)
    stripped = copy.deepcopy(whole)
    for number, cell in enumerate(stripped.cells):
        if mark:
            cell.metadata = {}
        if ids:
            cell["id"] = f"lost-{number}"
    source = units.source_notebook(unit)
    result = repair(stripped, released, source)
    repair(whole, released, source)
    assert (result.restored, result.undecided) == ([], frozenset())
    tagged = [[cell for cell in notebook.cells if nbgrader_tag(cell)] for notebook in (stripped, whole)]
    assert tagged[0] == tagged[1]
    assert [cell.source for cell in stripped.cells] == [cell.source for cell in whole.cells]


@pytest.mark.parametrize("opened", [False, True], ids=["collapsed", "opened"])
def test_whether_a_student_opened_a_collapsed_cell_changes_nothing(opened):
    """JupyterLab takes the mark from a cell that is opened; other programs never had it."""
    released, plain = copy.deepcopy(RELEASED), submission()
    for notebook in (released, plain):
        for cell in filter(is_autograded, notebook.cells):
            if notebook is released or not opened:
                cell.metadata["jupyter"] = {"source_hidden": True}
    done = repair(plain, released, demo_notebook())
    assert (done.restored, done.found, done.undecided) == ([], {}, frozenset())
    collapsed = [bool(cell.metadata.get("jupyter")) for cell in plain.cells]
    assert collapsed == [is_autograded(cell) for cell in released.cells]
