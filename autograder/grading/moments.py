"""Dates and spans of time, as a person writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

LAST = time(23, 59, 59)  # of a day that is named without a time
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str) -> tuple[datetime, str]:
    """An ISO date, with or without a time and a zone, as UTC without a zone; and how it was taken, for a person.

    A date alone means the whole day, to its last second. Without a zone it is this machine's.

    Raises:
        ValueError: it is none.
    """
    text = text.strip()
    try:
        try:
            when = datetime.combine(date.fromisoformat(text), LAST)
        except ValueError:
            when = datetime.fromisoformat(text)
        here = when.astimezone() if when.tzinfo is None else when
        utc = here.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        examples = "2026-11-20, 2026-11-20T23:59 or 2026-11-20T23:59+01:00"
        raise ValueError(f"{text!r} is no date such as {examples}") from None
    taken = "" if when.tzinfo else f" ({here:%Z}, this machine's zone)"
    return utc, f"{when.isoformat(' ')}{taken}: {utc.isoformat(' ')} UTC"


def span(text: str) -> timedelta:
    """A span such as ``15m``, ``36h``, ``3d`` or ``2w``.

    Raises:
        ValueError: it is none.
    """
    match = re.fullmatch(r"(\d{1,5}(?:\.\d+)?)\s*([mhdw])", text.strip())
    if not match:
        raise ValueError(f"{text!r} is no span of time such as 15m, 36h, 3d or 2w")
    return timedelta(**{UNITS[match[2]]: float(match[1])})


def in_words(seconds: float) -> str:
    """A span, rounded up to the minute, as ``2 days 3 h`` or ``1 h 5 min``: the two largest of its parts."""
    minutes = -int(-seconds // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes % 60, "min")]
    largest = next((number for number, (count, _) in enumerate(parts) if count), 2)
    return " ".join(f"{count} {name}" for count, name in parts[largest : largest + 2] if count) or "0 min"
