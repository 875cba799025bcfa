"""Dates and spans as a person writes them."""

import time
from datetime import datetime, timedelta

import pytest

from autograder.grading.moments import in_words, moment, span


@pytest.fixture
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows cannot be told another zone")
@pytest.mark.parametrize(
    ("text", "utc", "zone"),
    [
        ("2026-11-20T23:59", "2026-11-20 22:59:00", "CET, this machine's zone"),
        ("2026-07-20 23:59", "2026-07-20 21:59:00", "CEST, this machine's zone"),
        ("2026-11-20", "2026-11-20 22:59:59", "CET, this machine's zone"),  # the whole day
        ("2026-11-20T23:59+01:00", "2026-11-20 22:59:00", "2026-11-20 23:59:00+01:00: "),
        ("2026-11-20T23:59-08:00", "2026-11-21 07:59:00", "-08:00: "),
        ("2026-11-20T23:59Z", "2026-11-20 23:59:00", "+00:00: "),
    ],
)
def test_a_date_with_and_without_a_zone(berlin, text, utc, zone):
    found, said = moment(text)
    assert str(found) == utc
    assert zone in said
    assert said.endswith(f"{utc} UTC")


@pytest.mark.parametrize(
    "text", ["", "soon", "20.11.2026", "2026-11-31", "2026-11-20 23:59 CET", "0001-01-01T00:00+10"]
)
def test_what_is_no_date_is_said(text):
    with pytest.raises(ValueError, match=r"is no date such as 2026-11-20, 2026-11-20T23:59 or 2026-11-20T23:59\+01:00"):
        moment(text)


def test_spans():
    assert span("15m") == timedelta(minutes=15)
    assert span(" 1.5 h") == timedelta(hours=1, minutes=30)
    assert (span("3d"), span("2w")) == (timedelta(days=3), timedelta(days=14))
    for text in ("", "15", "m", "-3d", "3 months", "1e9d", "999999d"):
        with pytest.raises(ValueError, match="is no span of time such as 15m, 36h, 3d or 2w"):
            span(text)


def test_in_words():
    late = datetime(2026, 11, 22, 2, 30, 1) - datetime(2026, 11, 20)
    assert in_words(late.total_seconds()) == "2 days 2 h"
    assert [in_words(s) for s in (0, 1, 60, 3600, 86400, 90060)] == [
        "0 min",
        "1 min",
        "1 min",
        "1 h",
        "1 day",
        "1 day 1 h",
    ]
