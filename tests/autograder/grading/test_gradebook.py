"""What is written into nbgrader's gradebook."""

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder import nbgrader_bridge
from autograder.grading import gradebook
from autograder.grading.changes import Change
from autograder.grading.results import WAITS, WAITS_AGAIN, Result
from tests.autograder.demo_course import UNIT

pytestmark = pytest.mark.real_path


def result_of(student: str, unit: str = UNIT, read: str = "") -> Result:
    scores = {"double-plain": 1.0, "double-hard": 0.0, "double_all-plain": 1.0, "double_all-hard": 1.0, "written": None}
    cells = [
        {"id": name, "score": score, "max_score": 1, "message": "" if score is not None else WAITS}
        for name, score in scores.items()
    ]
    key = {"submission": "1", "source": "1"}
    return Result(student, unit, "graded", cells=cells, key=key, answers={"written": read})


def record(database, results: list[Result], before: Result | None = None) -> list[Change]:
    """Record, where `before` is what was recorded last; the marks that changed."""
    known = {} if before is None else {(before.unit, before.student): {"key": before.key, "answers": before.answers}}
    changes: list[Change] = []
    gradebook.record(database, results, known, {}, changes.extend)
    return changes


def by_hand(database, cell: str, **fields) -> None:
    """What a person does to a graded cell in the formgrader."""
    with Gradebook(f"sqlite:///{database}") as book:
        grade = book.find_grade(cell, UNIT, UNIT, "ada")
        for name, value in fields.items():
            setattr(grade, name, value)
        book.db.commit()


def waits(database, cell: str) -> bool:
    with Gradebook(f"sqlite:///{database}") as book:
        return book.find_grade(cell, UNIT, UNIT, "ada").needs_manual_grade


@pytest.fixture
def database(demo, tmp_path):
    path = tmp_path / "gradebook.db"
    nbgrader_bridge.generate_assignment(nbgrader_bridge.nbgrader_at(tmp_path / "nbgrader", path), UNIT)
    return path


def test_marks_of_a_batch_are_there_afterwards(database):
    results = [result_of("ada"), result_of("bob")]
    record(database, results)
    assert [result.score for result in results] == [3, 3]
    with Gradebook(f"sqlite:///{database}") as book:
        assert [student.id for student in book.students] == ["ada", "bob"]
        assert book.find_submission(UNIT, "ada").needs_manual_grade


def test_a_batch_is_recorded_as_a_whole_or_not_at_all(database):
    with pytest.raises(MissingEntry):
        record(database, [result_of("ada"), result_of("bob", "99-no-such-unit")])
    with Gradebook(f"sqlite:///{database}") as book:
        assert book.students == []
    record(database, [result_of("ada")])
    with Gradebook(f"sqlite:///{database}") as book:
        assert book.find_submission(UNIT, "ada").score == 3


def test_a_persons_work_stays(database):
    record(database, [result_of("ada", read="the answer")])
    by_hand(database, "written", manual_score=2, extra_credit=0.5, needs_manual_grade=False)
    with Gradebook(f"sqlite:///{database}") as book:
        book.find_comment("written", UNIT, UNIT, "ada").manual_comment = "well put"
        book.db.commit()
    again = result_of("ada", read="the answer")
    assert record(database, [again], before=result_of("ada", read="the answer")) == []
    assert (again.score, again.comments, again.waiting) == (5.5, {"written": "well put"}, 0)
    assert again.cells[-1]["message"] == ""
    assert not waits(database, "written")


def test_another_answer_is_to_be_read_again_and_keeps_its_mark_until_then(database):
    record(database, [result_of("ada", read="the answer")])
    by_hand(database, "written", manual_score=2, needs_manual_grade=False)
    another = result_of("ada", read="another answer")
    record(database, [another], before=result_of("ada", read="the answer"))
    assert (another.score, another.waiting, another.cells[-1]["message"]) == (5, 1, WAITS_AGAIN)
    assert waits(database, "written")
    by_hand(database, "written", needs_manual_grade=False)
    same = result_of("ada", read="another answer")
    record(database, [same], before=another)
    assert (same.waiting, same.cells[-1]["message"]) == (0, "")


def test_a_mark_given_over_the_graders_is_looked_at_again_only_where_the_grader_changed_its_own(database):
    record(database, [result_of("ada")])
    by_hand(database, "double-hard", manual_score=1, needs_manual_grade=False)
    by_hand(database, "double-plain", manual_score=0.5, needs_manual_grade=False)
    changed = result_of("ada")
    changed.cells[0]["score"] = 0.0
    changes = record(database, [changed], before=result_of("ada"))
    assert changes == []  # what counts is what the person gave
    assert (waits(database, "double-plain"), waits(database, "double-hard")) == (True, False)
    assert changed.score == 3.5


def test_a_mark_that_changed_is_told_with_its_cause(database):
    before = result_of("ada")
    record(database, [before])
    after = result_of("ada")
    after.cells[1]["score"], after.key = 1.0, {"submission": "2", "source": "1"}
    assert record(database, [after], before=before) == [
        Change("ada", UNIT, "double-hard", 0.0, 1.0, "another notebook was handed in")
    ]
    assert record(database, [after], before=after) == []


def test_the_class_is_in_the_gradebook_with_its_names(database):
    roster = {"ada": {"first_name": "Ada", "last_name": "L"}, "zoe": {}}
    gradebook.record(database, [result_of("ada")], {}, roster, list)
    with Gradebook(f"sqlite:///{database}") as book:
        assert {student.id: student.first_name for student in book.students} == {"ada": "Ada", "zoe": None}


def test_the_time_of_handing_in_is_recorded(database):
    result = result_of("ada")
    result.handed_in_at = "2027-01-31 12:00:00"
    record(database, [result])
    with Gradebook(f"sqlite:///{database}") as book:
        assert str(book.find_submission(UNIT, "ada").timestamp) == "2027-01-31 12:00:00"


def test_a_notebook_that_the_grader_failed_on_keeps_its_earlier_marks(database):
    record(database, [result_of("ada")])
    record(database, [Result("ada", UNIT, "unclear", note="the grader failed on it")])
    record(database, [Result("ada", UNIT, "missing")])
    with Gradebook(f"sqlite:///{database}") as book:
        assert book.find_submission(UNIT, "ada").score == 3
