"""The bars that the bank's verdicts have to reach, counted by hand."""

import pytest

from autograder.bank.verdicts import Verdict, falls_short, print_report


def wrong(seen: str = "", message: str = "not right", causes: tuple[str, ...] = ()) -> Verdict:
    return Verdict(
        "00-demo", "double", "wrong-x.py", "wrong", ["double-plain"], True, {"a": message}, seen, list(causes)
    )


NAMED = wrong("came: 3\n  likely cause: a factor too many", causes=("a factor",))
SEEN = wrong("came: 3")
UNSEEN = wrong()
MISLED = wrong(message="came: 3\n  likely cause: rows and columns", causes=("a factor",))


@pytest.mark.parametrize(
    ("verdict", "naming"), [(NAMED, "named rightly"), (SEEN, "unnamed"), (UNSEEN, "unnamed"), (MISLED, "named wrongly")]
)
def test_a_mistake_is_named_rightly_wrongly_or_not(verdict, naming):
    assert verdict.naming == naming


def test_came_and_expected_may_name_the_mistake_as_well():
    assert wrong("the padding is 1\n  expected: 0", causes=("padding is 1",)).naming == "named rightly"


def test_one_right_cause_does_not_excuse_a_wrong_one():
    both = wrong("x\n  likely cause: a factor too many", "x\n  likely cause: rows", ("a factor",))
    assert both.misnamed == ["rows"]


@pytest.mark.parametrize(
    ("verdicts", "bar"),
    [
        ([NAMED] * 4 + [UNSEEN], ""),  # 4 of 5 are refused in sight, and 4 of 5 are named
        ([NAMED] * 3 + [UNSEEN] * 2, "the check refuses too few"),
        ([NAMED] * 3 + [SEEN] * 2, ""),  # 3 of 5 are named
        ([NAMED] * 2 + [SEEN] * 3, "too few mistakes are named"),
        ([NAMED] * 9 + [MISLED], "is told: rows and columns"),
    ],
)
def test_bars(verdicts, bar, capsys):
    assert falls_short(verdicts) == bool(bar)
    print_report(verdicts, with_messages=False)
    out = capsys.readouterr().out
    assert ("FELL SHORT" in out) == bool(bar)
    assert bar in out
