"""The times of an event as an author writes them: ISO 8601 dates, with or without a time, with or without an offset."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

#: a whole day, or a moment; one without offset is meant in the workspace's zone
Moment = date | datetime


def read_moment(text: str) -> Moment | None:
    """`2026-12-01`, `2026-12-01T18:00`, `2026-12-01 18:00+01:00`; None for anything else."""
    written = text.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def in_zone(moment: Moment, zone: ZoneInfo) -> Moment:
    """A moment made aware; one with the offset that the zone has then belongs to the zone, so that it has a name."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    there = moment.astimezone(zone)
    return there if there.utcoffset() == moment.utcoffset() else moment


def ends_before(start: Moment, end: Moment, zone: ZoneInfo) -> bool:
    """Whether the end lies before the start; a whole day ends with its last moment."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return _aware(end, zone) < _aware(start, zone)
    return _day(end) < _day(start)


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
