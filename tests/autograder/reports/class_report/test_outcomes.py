"""What became of the answers, counted by hand."""

import pytest

from autograder.bank.declared import declared_causes, declared_losses
from autograder.grading.roster import read_roster
from autograder.reports.class_report import outcomes
from autograder.reports.class_report.reading import read_class
from tests.autograder.demo_course import UNIT
from tests.autograder.reports.class_report.small_class import STUB, cell, result, write_class

FLIPPED, TWICE = "rows were flipped", "it is called twice"


@pytest.fixture
def double(demo, tmp_path):
    """A function that gives the unit and its exercise `double` of a class with these results."""

    def read(*results):
        write_class(tmp_path / "out", *results)
        (unit,) = read_class(tmp_path / "out", read_roster(tmp_path / "none"), [])
        return unit, unit.tasks[0], outcomes.outcomes(unit, unit.tasks[0])

    return read


def test_each_answer_is_of_one_kind(double):
    _, _, found = double(
        result("ada"),
        result("bob", cell("double-plain", message="came: 3", cause=FLIPPED), cell("double-hard", message="came: 4")),
        result("cyd", cell("double-hard", message="came: 5")),
        result("dan", cell("double-plain", message=STUB), cell("double-hard", message=STUB)),
        result("eve", cell("double-plain", message="not run: cell `double` used up its 30 seconds"), status="timeout"),
        result("fay", cell("double-plain") | {"score": None}),
        result("gil", cell("double-plain", message="torch.conv2d and its relatives are blocked here (f was called)")),
    )
    assert {outcome.student: outcome.kind for outcome in found} == {
        "ada": "full marks",
        "bob": "likely cause",
        "cyd": "no known cause",
        "dan": "not written",
        "eve": "stopped",
        "fay": "waits for a person",
        "gil": "likely cause",
    }
    assert outcomes.counts(found)["likely cause"] == 2


def test_a_cause_counts_students_not_cells(double):
    unit, task, found = double(
        result(
            "ada", cell("double-plain", message="m", cause=FLIPPED), cell("double-hard", message="m", cause=FLIPPED)
        ),
        result("bob", cell("double-plain", message="m", cause=TWICE), cell("double-hard", message="m", cause=FLIPPED)),
        result("cyd", cell("double_all-plain", message="m", cause=TWICE)),
    )
    flipped, twice = outcomes.causes(found, unit, task)
    assert (flipped.cause, flipped.students, flipped.cells) == (
        FLIPPED,
        ["ada", "bob"],
        ["double-plain", "double-hard"],
    )
    assert (twice.cause, twice.students, twice.cells) == (TWICE, ["bob"], ["double-plain"])


def test_measured_numbers_are_one_cause_and_others_are_not(double):
    tail = " times the expected one"
    unit, task, found = double(
        result("ada", cell("double-plain", message="m", cause=f"every value is 0.5{tail}")),
        result("bob", cell("double-plain", message="m", cause=f"every value is -2e-05{tail}")),
        result("cyd", cell("double-plain", message="m", cause="channel 1 comes before channel 0")),
        result("dan", cell("double-plain", message="m", cause="channel 0 comes before channel 1")),
    )
    rows = outcomes.causes(found, unit, task)
    assert [(row.cause, row.students) for row in rows] == [
        (f"every value is …{tail}", ["ada", "bob"]),
        ("channel 0 comes before channel 1", ["dan"]),
        ("channel 1 comes before channel 0", ["cyd"]),
    ]


def test_an_answer_without_its_name_is_not_written_and_a_slip_in_it_is_a_failure(double):
    _, _, found = double(
        result("ada", cell("double-plain", message="NameError: name 'double' is not defined")),
        result("bob", cell("double-plain", message="NameError: name 'dobule' is not defined")),
    )
    assert [outcome.kind for outcome in found] == ["not written", "no known cause"]


def test_a_cause_that_stands_in_the_text_alone_is_none(double):
    """The text can hold words of the answer's own."""
    unit, task, found = double(result("ada", cell("double-plain", message="f raised E\n  likely cause: the grader")))
    assert outcomes.causes(found, unit, task) == []
    assert [outcome.kind for outcome in found] == ["no known cause"]


def test_failures_alike_are_one_and_the_bank_reads_their_lines(double):
    lost = cell("double-plain", message="came: 3"), cell("double-hard", message="came: 4")
    _, task, found = double(result("ada", *lost), result("bob", *lost), result("cyd", lost[1]))
    both, hard = outcomes.unexplained(found, task)
    assert (both.students, both.message) == (["ada", "bob"], "came: 3")
    assert (hard.students, hard.lost) == (["cyd"], ("double-hard",))
    name, *lines = outcomes.bank_lines(UNIT, both)
    assert name.startswith(f"tests/answers/{UNIT}/double/wrong-")
    assert declared_losses("\n".join(lines)) == ["double-plain", "double-hard"]
    assert len(declared_causes("\n".join(lines))) == 1
