"""What is written into nbgrader's gradebook."""

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder import nbgrader_bridge
from autograder.grading import gradebook
from autograder.grading.results import Result
from tests.autograder.demo_course import UNIT

pytestmark = pytest.mark.real_path


def result_of(student: str, unit: str = UNIT) -> Result:
    scores = {"double-plain": 1.0, "double-hard": 0.0, "double_all-plain": 1.0, "double_all-hard": 1.0, "written": None}
    return Result(student, unit, "graded", cells=[{"id": name, "score": score} for name, score in scores.items()])


@pytest.fixture
def database(demo, tmp_path):
    path = tmp_path / "gradebook.db"
    nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(tmp_path / "nbgrader", path), UNIT)
    return path


def test_marks_of_a_batch_are_there_afterwards(database):
    results = [result_of("ada"), result_of("bob")]
    gradebook.record(database, results)
    gradebook.read_marks(database, results)
    assert [result.score for result in results] == [3, 3]
    with Gradebook(f"sqlite:///{database}") as book:
        assert [student.id for student in book.students] == ["ada", "bob"]
        assert book.find_submission(UNIT, "ada").needs_manual_grade


def test_a_batch_is_recorded_as_a_whole_or_not_at_all(database):
    with pytest.raises(MissingEntry):
        gradebook.record(database, [result_of("ada"), result_of("bob", "99-no-such-unit")])
    with Gradebook(f"sqlite:///{database}") as book:
        assert book.students == []
    gradebook.record(database, [result_of("ada")])
    with Gradebook(f"sqlite:///{database}") as book:
        assert book.find_submission(UNIT, "ada").score == 3


def test_marks_that_a_person_gave_stay(database):
    gradebook.record(database, [result_of("ada")])
    with Gradebook(f"sqlite:///{database}") as book:
        book.find_grade("written", UNIT, UNIT, "ada").manual_score = 2
        book.db.commit()
    again = result_of("ada")
    gradebook.record(database, [again])
    gradebook.read_marks(database, [again])
    assert again.score == 5
