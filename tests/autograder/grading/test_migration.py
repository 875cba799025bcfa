"""Graded cells came, went and were renamed after a class was graded: what people wrote moves with them."""

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from autograder import __main__ as command_line
from autograder.grading.migration import migrate
from autograder.nbgrader_bridge import NbgraderError
from tests.autograder.demo_course import RIGHT, UNIT, cell
from tests.autograder.grading.test_again import change_source, grade, graded_cell

pytestmark = pytest.mark.real_path


def change_cells(notebook) -> None:
    """`double-plain` goes, `double_all-hard` gets a new name and another mark, `double-new` comes."""
    notebook.cells = [c for c in notebook.cells if c is not graded_cell(notebook, "double-plain")]
    renamed = graded_cell(notebook, "double_all-hard")
    renamed.id = renamed.metadata.nbgrader.grade_id = "double_all-large"
    renamed.metadata.nbgrader.points = 3
    renamed.metadata["course"] = {"renamed_from": "double_all-hard"}
    place = notebook.cells.index(graded_cell(notebook, "double-hard"))
    new = cell(new_code_cell, "double-new", "assert double(7) == 14", grade=True, locked=True, points=1)
    notebook.cells.insert(place, new)


@pytest.fixture
def graded_by_hand(handed_in, tmp_path):
    """Two students, both graded; a person has written at several of ada's cells."""
    handed_in("ada", RIGHT)
    handed_in("bob", {})
    grade(handed_in, tmp_path)
    with Gradebook(f"sqlite:///{tmp_path}/out/gradebook.db") as book:
        book.update_or_create_student("bob", first_name="Bob")
        book.update_or_create_assignment(UNIT, duedate="2027-02-01 00:00:00 UTC")
        for name, points in (("written", 1.5), ("double-plain", 0.5), ("double_all-hard", 0.25)):
            grade_ = book.find_grade(name, UNIT, UNIT, "ada")
            grade_.manual_score, grade_.extra_credit, grade_.needs_manual_grade = points, 0.125, False
        book.find_comment("written", UNIT, UNIT, "ada").manual_comment = "Nice"
        book.db.commit()
    return tmp_path / "out"


def test_everything_moves_by_grade_id(graded_by_hand, handed_in, tmp_path):
    change_source(change_cells)
    assert migrate(graded_by_hand, UNIT) == ["ada, double-plain: 0.5 points by hand, 0.125 points extra"]
    [ada, bob] = grade(handed_in, tmp_path).results
    scores = {c["id"]: c["score"] for c in ada.cells}
    assert scores == {
        "double-hard": 1,
        "double-new": 1,
        "double_all-plain": 1,
        "double_all-large": 0.375,
        "written": 1.625,
    }
    assert (ada.score, ada.max_score, bob.score) == (5, 8, 0)
    assert ada.comments == {"written": "Nice"}
    with Gradebook(f"sqlite:///{graded_by_hand}/gradebook.db") as book:
        assert book.find_student("bob").first_name == "Bob"
        assert str(book.find_assignment(UNIT).duedate) == "2027-02-01 00:00:00"
        assert not book.find_grade("written", UNIT, UNIT, "ada").needs_manual_grade


def test_the_old_gradebook_stays_beside_the_new_one(graded_by_hand):
    old = (graded_by_hand / "gradebook.db").read_bytes()
    change_source(change_cells)
    migrate(graded_by_hand, UNIT)
    [backup] = graded_by_hand.glob(f"gradebook.db.before-{UNIT}-*")
    assert backup.read_bytes() == old


def test_a_migration_that_fails_leaves_the_gradebook_as_it_was(graded_by_hand):
    old = (graded_by_hand / "gradebook.db").read_bytes()
    twice = cell(new_code_cell, "double-hard", "assert True", grade=True, locked=True, points=1)
    twice.id = "another"
    change_source(lambda notebook: notebook.cells.append(twice))
    with pytest.raises(NbgraderError, match="could not generate"):
        migrate(graded_by_hand, UNIT)
    assert (graded_by_hand / "gradebook.db").read_bytes() == old
    assert list(graded_by_hand.glob(".migration*")) == []


def test_without_a_gradebook_or_a_unit_in_it_that_is_said(demo, tmp_path):
    with pytest.raises(ValueError, match="nothing has to be migrated"):
        migrate(tmp_path, UNIT)


def test_a_preview_of_a_migration_is_refused(capsys):
    assert command_line.main(["grade", "--preview", "--migrate", UNIT]) == 2
    assert "--preview writes nothing" in capsys.readouterr().err
