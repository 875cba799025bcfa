"""Today's release around what a student wrote."""

import copy

import nbformat
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.repair import repair
from course_utils.corrections.merging import NEW_STUB, YOURS_ABOVE, Doubtful, merge
from course_utils.exercises import is_autograded, nbgrader_tag
from tests.course_utils.corrections.small_unit import (
    ANSWER,
    at,
    changed,
    exercise,
    marked_as_released,
    released_again,
    run,
    texts,
    unit,
    without_marks,
)

BASE = unit("double", "triple")
ANSWERED = changed(BASE, double_task=ANSWER.format("double"), written="Because.")
KNOWN = pytest.mark.parametrize("base", [BASE, None], ids=["base", "no base"])


def own(notebook, place, *cells):
    """A copy with cells of the student's own."""
    found = copy.deepcopy(notebook)
    found.cells[place:place] = copy.deepcopy(cells)
    return found


def without(notebook, *names):
    found = copy.deepcopy(notebook)
    found.cells = [cell for cell in found.cells if cell.get("id") not in names]
    return found


@KNOWN
def test_tests_and_stubs_are_todays_and_answers_stay(base):
    new = released_again(BASE, double_plain="assert double(2) == 4", triple_task="def triple(y):\n    raise ValueError")
    merged, changes = merge(ANSWERED, new, base)
    assert texts(merged) == texts(changed(new, double_task=ANSWER.format("double"), written="Because."))
    assert [new.cells[i].id for i in changes.tests + changes.exercises] == ["double-plain", "triple-task"]
    assert [cell.metadata for cell in merged.cells] == [cell.metadata for cell in new.cells]


def test_a_given_cell_that_nobody_changed_has_todays_text():
    new = released_again(BASE, title="# A better title", imports="import math, torch")
    merged, changes = merge(ANSWERED, new, BASE)
    assert texts(merged)[:2] == ["# A better title", "import math, torch"]
    assert (changes.texts, changes.kept_beside) == ([0, 1], [])


def test_a_given_cell_that_the_student_changed_stays_if_the_release_did_not():
    theirs = changed(ANSWERED, imports="import math, os")
    merged, changes = merge(theirs, released_again(BASE, title="# Better"), BASE)
    assert (texts(merged)[:3], changes.texts) == (["# Better", "import math, os", "## Exercise · double"], [0])


@KNOWN
def test_where_both_changed_a_given_cell_both_are_there_and_ours_runs_last(base):
    theirs = changed(ANSWERED, imports="import math, os")
    merged, changes = merge(theirs, released_again(BASE, imports="import math, torch"), base)
    assert texts(merged)[1:4] == ["import math, os", YOURS_ABOVE, "import math, torch"]
    assert [new.id for new in merged.cells[1:4]] == ["imports-yours", "imports-corrected", "imports"]
    assert changes.kept_beside == [1]


def test_without_a_base_a_notebook_that_nobody_began_has_todays_text():
    new = released_again(BASE, title="# Better", double_task="def double(y):\n    raise ValueError")
    assert merge(BASE, new)[0] == new


def test_without_a_base_and_marks_an_answer_is_no_stub_though_nothing_was_run():
    theirs = without_marks(ANSWERED)
    merged, _ = merge(theirs, released_again(BASE, double_task="def double(y):\n    raise ValueError"))
    assert at(merged, "double-task").source == ANSWER.format("double")


@KNOWN
def test_an_answer_stays_where_its_stub_is_another_and_the_stub_stands_above_it(base):
    new = released_again(BASE, double_task="def double(x, y):\n    raise NotImplementedError")
    merged, changes = merge(ANSWERED, new, base)
    place = merged.cells.index(at(merged, "double-task"))
    assert texts(merged)[place - 1 : place + 1] == [
        NEW_STUB.format(at(new, "double-task").source),
        ANSWER.format("double"),
    ]
    assert [new.cells[i].id for i in changes.stubs] == ["double-task"]


def test_the_students_own_cells_stay_behind_the_cell_that_they_followed():
    notes = [new_markdown_cell("My notes", id="mine"), new_code_cell("y = 1", id="mine-too")]
    new = released_again(BASE)
    new.cells[7:7] = exercise("half")  # behind the tests of double
    merged, changes = merge(own(ANSWERED, 7, *notes), new, BASE)
    ids = [cell.id for cell in merged.cells]
    assert ids[6:10] == ["double-hard", "mine", "mine-too", "half-idea"]
    assert [name for name in ids if not name.startswith("mine")] == [cell.id for cell in new.cells]
    assert [new.cells[i].id for i in changes.exercises] == ["half-task"]


def test_a_new_exercise_comes_though_the_student_has_something_of_its_name():
    new = released_again(BASE)
    new.cells[7:7] = exercise("half")
    theirs = own(ANSWERED, 2, new_code_cell("def half(x):\n    return x / 2"))
    assert at(merge(theirs, new, BASE)[0], "half-task").source == at(new, "half-task").source


def test_what_the_student_deleted_stays_deleted_but_for_what_is_graded():
    theirs = without(ANSWERED, "title", "double-check", "double-plain", "triple-task")
    merged, changes = merge(theirs, released_again(BASE, imports="import torch"), BASE)
    assert [cell.id for cell in merged.cells] == [
        cell.id for cell in BASE.cells if cell.id not in ("title", "double-check")
    ]
    assert [BASE.cells[i].id for i in changes.tests + changes.exercises] == ["double-plain", "triple-task"]


def test_no_stub_stands_behind_an_answer_in_a_cell_of_the_students_own():
    theirs = own(without(ANSWERED, "double-task"), 2, new_code_cell(ANSWER.format("double")))
    merged, _ = merge(theirs, released_again(BASE, imports="import torch"), BASE)
    assert not [text for text in texts(merged) if text.startswith("def double(x):\n    raise")]


@KNOWN
def test_an_exercise_that_is_gone_leaves_the_answer(base):
    new = released_again(without(BASE, *[cell.id for cell in exercise("double")]))
    merged, changes = merge(run(ANSWERED), new, base)
    assert (changes.orphans, ANSWER.format("double") in texts(merged)) == (["def double(x):"], True)
    assert [nbgrader_tag(cell).get("grade_id") for cell in merged.cells if nbgrader_tag(cell)] == [
        "triple",
        "triple-plain",
        "triple-hard",
        "written",
    ]
    assert "assert double(1) == 2" not in texts(merged)
    # Without the release that it came from, a text without a mark could be the student's own.
    assert ("print(double(3))" in texts(merged)) == (base is None)


def test_the_answer_to_an_exercise_that_is_gone_is_none_to_the_one_in_its_place():
    new = released_again(BASE)
    new.cells[2:7] = exercise("half")
    for theirs in (ANSWERED, without_marks(ANSWERED)):
        merged, changes = merge(theirs, new, BASE)
        assert at(merged, "half-task").source == at(new, "half-task").source
        assert changes.orphans == ["def double(x):"] * ("id" in theirs.cells[0])
        assert ANSWER.format("double") in texts(merged)


def test_exercises_in_another_order_take_answers_and_own_cells_along():
    new = released_again(BASE)
    new.cells[2:12] = new.cells[7:12] + new.cells[2:7]
    theirs = own(ANSWERED, 4, new_markdown_cell("My notes", id="mine"))
    merged, changes = merge(theirs, new, BASE)
    assert changes.moved
    ids = [cell.id for cell in merged.cells]
    assert ids[7:10] == ["double-idea", "double-task", "mine"]
    assert at(merged, "double-task").source == ANSWER.format("double")
    assert [name for name in ids if name != "mine"] == [cell.id for cell in new.cells]


def test_outputs_stay_where_the_text_did():
    new = released_again(BASE, double_check="print(double(4))")
    merged, _ = merge(run(own(ANSWERED, 7, new_code_cell("1 + 1", id="mine"))), new, BASE)
    empty = [cell.id for cell in merged.cells if cell.cell_type == "code" and not cell.outputs]
    assert empty == ["double-check"]
    assert at(merged, "double-check").execution_count is None
    assert at(merged, "mine").execution_count == 6


def test_metadata_is_todays_where_the_student_set_nothing():
    base = copy.deepcopy(BASE)
    for name in ("double-plain", "triple-plain"):
        at(base, name).metadata["jupyter"] = {"source_hidden": True}
    at(base, "imports").metadata["tags"] = ["old"]
    new = released_again(base)
    at(new, "imports").metadata["tags"] = ["raises-exception"]
    at(new, "double-hard").metadata["jupyter"] = {"source_hidden": True}
    at(new, "double-task").metadata["course"] = {"seconds": 60}
    theirs = copy.deepcopy(base)
    at(theirs, "double-plain").metadata.pop("jupyter")  # opened
    at(theirs, "imports").metadata["tags"] = ["old", "mine"]
    at(theirs, "double-task").metadata["scrolled"] = True
    at(base, "title").metadata["tags"] = at(theirs, "title").metadata["tags"] = ["gone"]
    merged, changes = merge(theirs, new, base)
    assert "jupyter" not in at(merged, "double-plain").metadata
    assert at(merged, "triple-plain").metadata["jupyter"] == {"source_hidden": True}
    assert at(merged, "double-hard").metadata["jupyter"] == {"source_hidden": True}
    assert at(merged, "imports").metadata["tags"] == ["raises-exception", "mine"]
    assert at(merged, "double-task").metadata["course"] == {"seconds": 60}
    assert at(merged, "double-task").metadata["scrolled"]
    assert at(merged, "title").metadata == {}
    assert (changes.texts, changes.tests) == ([], [])


def test_a_kernel_that_the_student_chose_stays():
    new = released_again(BASE)
    new.metadata.kernelspec["display_name"] = "Python 4"
    assert merge(ANSWERED, new, BASE)[0].metadata.kernelspec["display_name"] == "Python 4"
    theirs = copy.deepcopy(ANSWERED)
    theirs.metadata.kernelspec["name"] = "convnets"
    assert merge(theirs, new, BASE)[0].metadata.kernelspec["name"] == "convnets"


def test_a_picture_in_an_answer_stays():
    theirs = copy.deepcopy(ANSWERED)
    at(theirs, "written").attachments = {"a.png": {"image/png": "aGk="}}
    new = released_again(BASE, title="# Better")
    assert at(merge(theirs, new, BASE)[0], "written").attachments == {"a.png": {"image/png": "aGk="}}


def test_a_second_copy_of_an_answer_is_the_students_own():
    theirs = own(ANSWERED, 3, at(ANSWERED, "double-task"))
    merged, _ = merge(theirs, released_again(BASE, title="# Better"), BASE)
    marks = [nbgrader_tag(cell).get("grade_id") for cell in merged.cells if cell.source == ANSWER.format("double")]
    assert sorted(marks, key=str) == [None, "double"]
    nbformat.validate(merged)


@KNOWN
@pytest.mark.parametrize("lost", [False, True])
def test_a_notebook_that_lost_its_marks_comes_out_the_same(base, lost):
    """With the release that it came from, lost marks change nothing; without, given texts are in doubt."""
    new = released_again(BASE, title="# Better", double_plain="assert double(5) == 10")
    theirs = without_marks(ANSWERED) if lost else ANSWERED
    merged, _ = merge(theirs, new, base)
    assert {cell.id for cell in new.cells} <= {cell.id for cell in merged.cells}
    expected = changed(new, double_task=ANSWER.format("double"), written="Because.")
    if base is not None:
        assert merged == expected
    assert [at(merged, cell.id).source for cell in new.cells] == texts(expected)


def test_of_several_texts_that_may_be_the_written_answer_none_is_replaced_by_an_empty_one():
    theirs = without_marks(own(ANSWERED, len(ANSWERED.cells), new_markdown_cell("My notes")))
    merged, _ = merge(theirs, released_again(BASE, title="# Better"), BASE)
    assert texts(merged)[-2:] == ["Because.", "My notes"]
    assert repair(merged, BASE, BASE).undecided == {"written"}


def test_where_nothing_is_known_and_an_answer_was_not_found_nothing_is_done():
    theirs = without_marks(own(ANSWERED, len(ANSWERED.cells), new_markdown_cell("My notes")))
    with pytest.raises(Doubtful, match="not every answer was found"):
        merge(theirs, released_again(BASE, title="# Better"))


def line_ends(cell):
    cell.source = "".join(f"{line} \r\n" for line in cell.source.splitlines())


def test_line_ends_are_no_change():
    theirs = copy.deepcopy(ANSWERED)
    for cell in theirs.cells:
        line_ends(cell)
    merged, changes = merge(theirs, released_again(BASE, title="# Better"), BASE)
    assert (at(merged, "title").source, changes.kept_beside) == ("# Better", [])


OWN = st.sampled_from(
    [new_markdown_cell("my notes"), new_code_cell("x = 1"), new_code_cell("def double(x):\n    return x + x")]
)
INDEX = st.integers(0, len(BASE.cells) - 1)


@st.composite
def releases(draw):
    """The small unit with cells changed, deleted, added and moved by the course."""
    new = copy.deepcopy(BASE)
    for index in draw(st.sets(INDEX, max_size=5)):
        new.cells[index].source += "\n# corrected" if new.cells[index].cell_type == "code" else "\ncorrected"
    for name in draw(st.sets(st.sampled_from(["double", "triple", "title", "imports"]), max_size=2)):
        new.cells = [cell for cell in new.cells if not cell.id.startswith(name)]
    if draw(st.booleans()):
        new.cells[2:2] = exercise("half")
    if draw(st.booleans()):
        new.cells.reverse()
    for cell in new.cells:
        marked_as_released(cell)
    return new


@st.composite
def students(draw):
    """The small unit in a student's hands and tools."""
    theirs = run(BASE) if draw(st.booleans()) else copy.deepcopy(BASE)
    for index in draw(st.sets(INDEX, max_size=5)):
        theirs.cells[index].source = f"# my words {index}"
    deleted = draw(st.sets(INDEX, max_size=4))
    theirs.cells = [cell for i, cell in enumerate(theirs.cells) if i not in deleted]
    for place, cell in draw(st.lists(st.tuples(st.integers(0, 12), OWN), max_size=3)):
        theirs.cells.insert(place, copy.deepcopy(cell))
        theirs.cells[min(place, len(theirs.cells) - 1)]["id"] = f"own-{len(theirs.cells)}"
    if draw(st.booleans()):
        theirs = without_marks(theirs)
    if draw(st.booleans()):
        theirs.cells.insert(0, theirs.cells.pop())
    return theirs


@settings(max_examples=150, deadline=None)
@given(theirs=students(), new=releases(), base=st.sampled_from([BASE, None]))
def test_no_drawn_change_loses_a_text_or_a_test(theirs, new, base):
    before = copy.deepcopy(theirs)
    try:
        merged, _ = merge(theirs, new, base)
    except Doubtful:
        assert base is None
        reject()
    assert theirs == before
    nbformat.validate(merged)
    # Locked tests are replaced, which only a tool can have changed, and so are given texts where there is no base and
    # nothing was run. They are in the back-up.
    begun = base is not None or any(cell.get("outputs") for cell in before.cells)
    tags = [nbgrader_tag(cell) for cell in BASE.cells]
    replaced = [i for i, tag in enumerate(tags) if tag.get("locked") or not (begun or tag.get("solution"))]
    ours = {*texts(BASE), *(f"# my words {index}" for index in replaced)}
    assert not [text for text in texts(before) if text not in {*texts(merged), *ours}]
    tests = [(nbgrader_tag(cell)["grade_id"], cell.source) for cell in merged.cells if is_autograded(cell)]
    assert tests == [(nbgrader_tag(cell)["grade_id"], cell.source) for cell in new.cells if is_autograded(cell)]
    # A run that was interrupted before the new release was noted: from the same base again; and where it was noted.
    # A given cell or an answer that was in doubt may be known now; nothing else comes or goes.
    ours |= {cell.source for cell in new.cells if cell.id == "written"} | {NEW_STUB.format(c.source) for c in new.cells}
    for noted in (base, new):
        again, _ = merge(merged, new, noted)
        assert sorted(t for t in texts(again) if t not in ours) == sorted(t for t in texts(merged) if t not in ours)
