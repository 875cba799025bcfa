"""Mutants: first of a function of three lines, listed on paper, then judged on the demo course."""

import os

import pytest

from autograder import ROOT
from autograder.bank.answers import _judge_unit, judge_bank
from autograder.bank.mutants import EQUIVALENT, equivalents, is_drawn, mutate
from autograder.bank.verdicts import falls_short, markdown_table
from autograder.course import units
from tests.autograder.demo_course import UNIT


def changes(source: str) -> list[str]:
    return [mutant.change for mutant in mutate(source)]


def test_a_function_of_three_lines_on_paper():
    found = mutate("def windows(size, k=2):\n    n = size - k\n    if n < 0:\n        return None\n    return n + 1\n")
    assert [(mutant.line, mutant.change) for mutant in found] == [
        ("def windows(size, k=2):", "2 becomes 3"),
        ("def windows(size, k=2):", "2 becomes 1"),
        ("n = size - k", "dropped"),
        ("n = size - k", "- becomes + in size - k"),
        ("if n < 0:", "condition turned round: n < 0"),
        ("if n < 0:", "< becomes <= in n < 0"),
        ("if n < 0:", "0 becomes 1"),
        ("if n < 0:", "0 becomes -1"),
        ("return None", "dropped"),
        ("return n + 1", "dropped"),
        ("return n + 1", "+ becomes - in n + 1"),
        ("return n + 1", "1 becomes 2"),
        ("return n + 1", "1 becomes 0"),
    ]
    # Each is the whole function with that one change. 5 pixels and k = 2: the solution gives 4, that is 5 - 2 + 1.
    values = []
    for mutant in found:
        names = {}
        exec(mutant.source, names)
        try:
            values.append(names["windows"](5))
        except NameError:
            values.append("NameError")
    assert values == [3, 5, "NameError", 8, None, 4, 4, 4, 4, None, 2, 5, 3]


def test_thirds_are_drawn_by_name():
    names = [(f"y = {number}", "dropped") for number in range(300)]
    drawn = [name for name in names if is_drawn(name, 3)]
    assert 70 < len(drawn) < 130
    assert drawn == [name for name in names if is_drawn(name, 3)]
    assert all(is_drawn(name, 1) for name in names)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = f(a, b, a)", ["dropped", "a and b swapped in f(...)", "b and a swapped in f(...)"]),
        ("y = f(*a, b)", ["dropped"]),
        ("y = f(a, a)", ["dropped"]),
        ("y = -x", ["dropped", "-x loses its minus"]),
        ("y = flag and True", ["dropped", "and becomes or in flag and True", "True becomes False"]),
        ("y += x", ["the operator is left out", "+= becomes -=", "dropped"]),
        ("with a:\n    f()", ["with dropped, its body kept", "dropped"]),
        ("y = n // k", ["dropped", "// becomes / in n // k", "// becomes * in n // k"]),
        ("if not a:\n    b()", ["condition turned round: not a", "dropped"]),
        ("if a is None:\n    b()", ["condition turned round: a is None", "dropped"]),
        (
            "for i in range(n):\n    f(i)",
            ["the range begins at 1", "range bound n becomes n + 1", "range bound n becomes n - 1", "dropped"],
        ),
        ("for i in range(9):\n    f(i)", ["the range begins at 1", "9 becomes 10", "9 becomes 8", "dropped"]),
        ('def f(x: "1" = None) -> 2:\n    """Gives 1 + 1."""\n    raise ValueError(f"{x + 1} {3}")', ["dropped"]),
        ("f(1)[1]", ["dropped", "1 becomes 2", "1 becomes 0", "1 becomes 2 (2)", "1 becomes 0 (2)"]),
    ],
)  # fmt: skip
def test_each_kind_of_change(source, expected):
    assert changes(source) == expected


def test_a_minus_that_binds_is_kept_in_brackets():
    # 0 - 1 under a power: (-1)**2 is 1, and -1**2 would be -1.
    assert "x = (-1) ** 2" in [mutant.source for mutant in mutate("x = 0 ** 2")]


def test_given_code_stays():
    given = "a = 1\n### BEGIN SOLUTION\nb = 1\n### END SOLUTION\nc = 1"
    assert {mutant.line for mutant in mutate(given)} == {"b = 1"}


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the answer bank needs os.fork, which Windows lacks")


@pytest.fixture
def judge(demo):
    """Judge the demo unit's bank with mutants; the working folder is restored."""
    here = os.getcwd()
    yield lambda: _judge_unit(UNIT, units.ANSWERS / UNIT, one_in=1)
    os.chdir(here)


def set_solution(body: str) -> None:
    path = units.SOLUTIONS / UNIT / f"{UNIT}.ipynb"
    path.write_text(path.read_text().replace("return 2 * x", body.replace("\n", "\\n")))


@needs_fork
def test_the_demo_course_by_hand(judge):
    # return 2 * x: dropped, 2 + x, 3 * x, 1 * x. The graded cells ask for 1, 2, 10 and 11.
    verdicts = [verdict for verdict in judge() if verdict.kind == "mutant" and verdict.exercise == "double"]
    assert [(verdict.answer, verdict.lost) for verdict in verdicts] == [
        ("return 2 * x: dropped", ["double-plain"]),
        ("return 2 * x: * becomes + in 2 * x", ["double-plain"]),
        ("return 2 * x: 2 becomes 3", ["double-plain"]),
        ("return 2 * x: 2 becomes 1", ["double-plain"]),
    ]
    assert all(verdict.ok for verdict in verdicts)
    assert not falls_short(verdicts)


SURVIVOR = '[[double]]\nline = "y = 2 * x if x > -5 else None"\nchange = "5 becomes 6"\nreason = "Never asked."\n'


@needs_fork
def test_a_survivor_falls_short_until_it_is_listed(judge):
    set_solution("y = 2 * x if x > -5 else None\n    return y")
    survived = {verdict.answer.partition(": ")[2] for verdict in judge() if not verdict.ok}
    assert survived == {"> becomes >= in x > -5", "5 becomes 6", "5 becomes 4"}
    (units.ANSWERS / UNIT / EQUIVALENT).write_text(SURVIVOR)
    verdicts = judge()
    assert [v.answer for v in verdicts if v.kind == "equivalent"] == ["y = 2 * x if x > -5 else None: 5 becomes 6"]
    assert falls_short(verdicts)  # the other two
    row = next(line for line in markdown_table(verdicts).splitlines() if line.startswith(f"| {UNIT} | double |"))
    caught = sum(verdict.ok for verdict in verdicts if (verdict.kind, verdict.exercise) == ("mutant", "double"))
    assert row == f"| {UNIT} | double | 1 of 1 | 1 of 1 | 0 of 1 | 0 | 1 | 0 | {caught} of {caught + 2} | 2 of 2 | 1 |"


@needs_fork
def test_mutants_of_a_line_of_the_students_choice_are_not_run(judge):
    set_solution("y = 2 * x if x > -5 else None\n    return y")
    path = units.ANSWERS / UNIT / EQUIVALENT
    path.write_text(SURVIVOR.replace("5 becomes 6", "*"))
    lines = {v.answer.partition(": ")[0]: v.kind for v in judge() if v.kind in ("mutant", "equivalent")}
    assert lines == {"y = 2 * x if x > -5 else None": "equivalent", "return y": "mutant", "return 3 * x": "mutant"}
    path.write_text(SURVIVOR.replace("5 becomes 6", "*").replace("-5", "-6"))
    with pytest.raises(ValueError, match="are no mutants"):
        judge()


@needs_fork
def test_an_entry_that_is_no_survivor_is_an_error(judge):
    (units.ANSWERS / UNIT / EQUIVALENT).write_text(
        '[[double]]\nline = "return 2 * x"\nchange = "2 becomes 3"\nreason = "Surely."\n'
    )
    with pytest.raises(ValueError, match=r"double: these are caught, or are no mutants:\n  return 2 \* x: 2 becomes 3"):
        judge()
    (units.ANSWERS / UNIT / EQUIVALENT).write_text(SURVIVOR.replace("double", "triple"))
    with pytest.raises(ValueError, match="has no exercise triple"):
        judge()


@needs_fork
@pytest.mark.real_path  # waits for the time limit
def test_a_mutant_that_never_ends_is_caught(judge):
    # Without its last line the loop never ends.
    set_solution("y = 0\n    while y < 2 * x:\n        y += 1\n    return y")
    endless = [v for v in judge() if v.answer == "y += 1: dropped"]
    assert [v.messages for v in endless] == [
        {"double-plain": "AnswerGone: the process of the answer ended while the test waited for it"}
    ]


@pytest.mark.parametrize(
    ("text", "message"), [("[[double]\n", "line 1"), ('[[double]]\nline = "a"\n', "lacks change, reason")]
)
def test_a_list_with_a_fault_says_where(tmp_path, text, message):
    (tmp_path / EQUIVALENT).write_text(text)
    with pytest.raises(ValueError, match=message):
        equivalents(tmp_path)


@pytest.mark.slow
@needs_fork
def test_the_committed_table_is_up_to_date():
    page = (ROOT / "docs" / "answer-bank.md").read_text(encoding="utf-8")
    assert markdown_table(list(judge_bank(one_in=1))) == page, (
        "run `python -m autograder answers --mutants --table docs/answer-bank.md`"
    )
