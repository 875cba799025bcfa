"""What late work costs, and what is remembered of it."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.late_rule import LateWork, Orders, Rule, keep_late_work, ordered, read_late_work, said_of
from tests.autograder.demo_course import UNIT

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [
        (0, 0),
        (15 * 60, 0),  # the last second of the grace
        (15 * 60 + 0.9, 0),  # parts of a second do not count
        (15 * 60 + 1, 0.6),  # a started day: 10 % of 6
        (DAY, 0.6),
        (DAY + 15 * 60, 0.6),  # days are counted from the end of the grace
        (DAY + 15 * 60 + 1, 1.2),
        (6 * DAY, 3.6),
        (7 * DAY, 4),  # 4.2, but only 4 were earned
        (99 * DAY, 4),
    ],
)
def test_ten_percent_of_the_units_points_for_each_started_day(seconds, penalty):
    assert Rule(10, grace=15 * 60).penalty(seconds, most=6, score=4) == pytest.approx(penalty)


def test_other_percentages():
    assert Rule(100).penalty(1, most=6, score=5.5) == 5.5
    assert Rule(0).penalty(9 * DAY, most=6, score=4) == 0
    assert Rule(3.333).penalty(1, most=7, score=7) == 0.23  # to two decimals
    assert Rule(10).penalty(DAY, most=6, score=7) == 0.6  # extra credit is not more that is taken off


@given(
    per_day=st.floats(0, 100),
    grace=st.floats(0, 10 * DAY),
    seconds=st.floats(0, 1000 * DAY),
    most=st.floats(0, 100),
    score=st.floats(-5, 120),
)
def test_a_penalty_is_never_below_0_nor_above_the_marks_and_grows_with_time(per_day, grace, seconds, most, score):
    rule = Rule(per_day, grace)
    penalty = rule.penalty(seconds, most, score)
    assert 0 <= penalty <= max(0, score)
    assert penalty <= rule.penalty(seconds + HOUR, most, score)
    assert rule.penalty(min(seconds, grace), most, score) == 0


def test_orders_are_remembered_until_others_come(demo, tmp_path):
    first = ordered(read_late_work(tmp_path), Orders((f"{UNIT}=2026-11-20T23:59Z",), "10%/day", "15m"))
    assert first == LateWork(Rule(10, 900), {UNIT: datetime(2026, 11, 20, 23, 59)}, None, is_new=True)
    keep_late_work(tmp_path, first)
    assert json.loads((tmp_path / "late.json").read_text()) == {
        "late": "10%/day",
        "grace": "15m",
        "due": {UNIT: "2026-11-20T23:59:00+00:00"},
    }
    again = ordered(read_late_work(tmp_path), Orders())
    assert (again.rule, again.due, again.is_new) == (first.rule, first.due, False)
    assert ordered(again, Orders(late="2.5%/day")).rule == Rule(2.5, 900)
    assert ordered(again, Orders(grace="1h")).rule == Rule(10, HOUR)
    assert not ordered(again, Orders(late="10 % / day")).is_new


def test_without_orders_no_file_is_made(demo, tmp_path):
    keep_late_work(tmp_path, ordered(read_late_work(tmp_path), Orders()))
    assert list(tmp_path.glob("late*")) == []


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        (Orders((UNIT,)), "--due '00-demo' is no UNIT=DATE"),
        (Orders(("09-no=2026-11-20",)), "--due: there is no unit '09-no'; the units are 00-demo"),
        (Orders((f"{UNIT}=friday",)), "--due 00-demo: 'friday' is no date such as 2026-11-20"),
        (Orders((f"{UNIT}=2026-11-20", f"{UNIT}=2026-11-21")), "--due names 00-demo twice"),
        (Orders(late="10%"), "--late '10%' is no percentage for each day, from 0%/day to 100%/day"),
        (Orders(late="110%/day"), "--late '110%/day' is no percentage"),
        (Orders(late="-1%/day"), "--late '-1%/day' is no percentage"),
        (Orders(late="10%/day", grace="15"), "'15' is no span of time such as 15m"),
        (Orders(grace="15m"), "--grace belongs to a rule, and there is none yet: give --late too"),
    ],
)
def test_orders_that_cannot_be_understood(demo, orders, message):
    with pytest.raises(ValueError, match=r"\w") as caught:
        ordered(LateWork(), orders)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[]", '{"late": 10}', '{"late": "much"}', '{"due": {"00-demo": "soon"}}'])
def test_a_file_that_somebody_spoilt(demo, tmp_path, text):
    (tmp_path / "late.json").write_text(text)
    with pytest.raises(ValueError, match=r"late.json is not as it was written .* give --late again"):
        read_late_work(tmp_path)


def test_which_time_was_taken_is_said(demo):
    [line] = said_of(Orders((f"{UNIT}=2026-11-20T23:59+01:00",)))
    assert line == "00-demo is due 2026-11-20 23:59:00+01:00: 2026-11-20 22:59:00 UTC"
