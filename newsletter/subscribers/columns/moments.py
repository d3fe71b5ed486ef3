"""Dates and times as other programs write them -> UTC. What can be read in two ways is unknown, not wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

#: earlier or later nobody joined anything by email
_EARLIEST, _LATEST = 1985, 2100
_LONGEST = 64
#: 2026-11-02, 2026-11-02T10:11:12.123456Z, 2026-11-02 10:11:12 +0100, and Go's `... +0000 UTC`, `... +0000 +0000`
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})? ?(am|pm)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?(?: (?:UTC|GMT|[+-]\d{4}))?)?",
    re.IGNORECASE | re.ASCII,
)
#: 02.11.2026 and 11/02/2026, with a time or without
_NUMBERS = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))? ?(am|pm)?)?", re.IGNORECASE | re.ASCII
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
#: Nov 2, 2026 and 2 November 2026
_ENGLISH = re.compile(
    r"(?:([a-z]{3,9})\.? (\d{1,2})|(\d{1,2}) ([a-z]{3,9})\.?),? (\d{4})(?:,?(?: at)? (\d{1,2}):(\d{2})(?::(\d{2}))? ?(am|pm)?)?",
    re.IGNORECASE | re.ASCII,
)
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+)?", re.ASCII)
_MILLISECONDS = re.compile(r"(\d{10})\d{3}", re.ASCII)


def moment_value(text: str) -> datetime | None:
    """The moment in UTC, which is also meant where no zone is named; None for what cannot be told for sure."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        moment = _iso(text) or _numbers(text) or _english(text) or _epoch(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment and _EARLIEST <= moment.year <= _LATEST else None


def _iso(text: str) -> datetime | None:
    if not (found := _ISO.fullmatch(text)):
        return None
    year, month, day, hour, minute, second, half, zone = found.groups()
    return _moment(year, month, day, (hour, minute, second, half)) - _offset(zone)


def _offset(zone: str | None) -> timedelta:
    if not zone or zone.upper() in {"Z", "UTC", "GMT"}:
        return timedelta()
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    timezone(offset)  # refuses more than a day
    return -offset if zone[0] == "-" else offset


def _numbers(text: str) -> datetime | None:
    """With points the day is first; with slashes or hyphens that is only sure where one of the numbers is no month."""
    if not (found := _NUMBERS.fullmatch(text)):
        return None
    first, between, second, year, *clock = found.groups()
    if between == "." or int(first) > 12 or first == second:
        return _moment(year, second, first, clock)
    return _moment(year, first, second, clock) if int(second) > 12 else None


def _english(text: str) -> datetime | None:
    if not (found := _ENGLISH.fullmatch(text)):
        return None
    month, day, day_first, month_second, year, *clock = found.groups()
    number = _MONTHS.index((month or month_second)[:3].lower()) + 1
    return _moment(year, number, day or day_first, clock)


def _epoch(text: str) -> datetime | None:
    found = _SECONDS.fullmatch(text) or _MILLISECONDS.fullmatch(text)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _moment(year: str, month: str | int, day: str, clock: list[str | None] | tuple[str | None, ...]) -> datetime:
    hour, minute, second, half = clock
    number = int(hour or 0)
    if half:
        if not 1 <= number <= 12:
            raise ValueError("no hour has this number")
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(int(year), int(month), int(day), number, int(minute or 0), int(second or 0), tzinfo=UTC)
