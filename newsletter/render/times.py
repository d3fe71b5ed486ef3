"""When an event is, in the issue's language: its day, its time with the name of the zone, and a leaf of a calendar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.model.moments import in_zone

if TYPE_CHECKING:
    from datetime import date

    from babel import Locale

    from newsletter.model.moments import Moment

_DASH = " \N{EN DASH} "


def when(start: Moment, end: Moment | None, zone: ZoneInfo, locale: Locale) -> tuple[str, ...]:
    """One line or two: a day, and the time of it; or all from beginning to end."""
    begins = in_zone(start, zone)
    ends = in_zone(end, zone) if end else begins
    if _day(begins) != _day(ends):
        return (_from_to(begins, ends, locale),)
    if not isinstance(begins, datetime):
        return (_date(begins, locale),)
    until = _same_zone(ends, begins) if isinstance(ends, datetime) and end else None
    times = _DASH.join(_time(moment, locale) for moment in (begins, until) if moment)
    return _date(begins, locale), f"{times}, {_zone(begins, locale)}"


def leaf(start: Moment, locale: Locale) -> tuple[str, str]:
    """(month in short, day of the month)."""
    from babel.dates import format_date

    day = _day(start)
    return format_date(day, "MMM", locale), str(day.day)


def _from_to(begins: Moment, ends: Moment, locale: Locale) -> str:
    """A zone is named once where both have the same."""
    zones = [_zone(moment, locale) if isinstance(moment, datetime) else "" for moment in (begins, ends)]
    first = f", {zones[0]}" if zones[0] and zones[0] != zones[1] else ""
    second = f", {zones[1]}" if zones[1] else ""
    return f"{_whole(begins, locale)}{first}{_DASH}{_whole(ends, locale)}{second}"


def _whole(moment: Moment, locale: Locale) -> str:
    day = _date(moment, locale)
    return f"{day}, {_time(moment, locale)}" if isinstance(moment, datetime) else day


def _same_zone(moment: datetime, model: datetime) -> datetime:
    return moment.astimezone(model.tzinfo)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _date(moment: Moment, locale: Locale) -> str:
    from babel.dates import format_date

    return _plain(format_date(_day(moment), "full", locale))


def _time(moment: datetime, locale: Locale) -> str:
    from babel.dates import format_time

    return _plain(format_time(moment.time(), "short", locale=locale))


def _zone(moment: datetime, locale: Locale) -> str:
    """`Pacific Standard Time`; `GMT+02:00` for an offset that has no name."""
    from babel.dates import get_timezone_gmt, get_timezone_name

    if isinstance(moment.tzinfo, ZoneInfo):
        return _plain(get_timezone_name(moment, "long", locale=locale))
    return _plain(get_timezone_gmt(moment, "long", locale=locale))


def _plain(text: str) -> str:
    """Babel's narrow spaces are empty squares in the fonts of old mail programs."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")
