"""A time as somebody types it -> the moment that is meant; what is shown twice or never is not guessed."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.errors import TimeUnclear
from newsletter.model.clock import around, moments_of
from newsletter.model.moments import read_moment

if TYPE_CHECKING:
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

#: whoever plans so far ahead has probably mistyped the year
FAR = timedelta(days=2 * 365)
#: `2026-12-01 9:00`
_SHORT_HOUR = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d:.*)")


def moment_written(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """`2026-12-01 09:00` by the clocks of the zone, or with an offset of its own; in UTC.

    Raises:
        TimeUnclear: it is no time, has passed, or is one that clocks show twice or never.
    """
    shown = _shown(text, zone)
    try:
        moment = (shown if shown.tzinfo else _single(shown, zone, now)).astimezone(UTC)
        return _to_come(moment, zone, now)
    except OverflowError:  # at the end of the calendar
        raise _no_time(zone) from None


def local_time_written(text: str, zone: ZoneInfo) -> datetime:
    """`2026-12-01 09:00` by everybody's own clocks: it has no zone.

    Raises:
        TimeUnclear: it is no time, or belongs to one place.
    """
    shown = _shown(text, zone)
    if shown.tzinfo:
        raise TimeUnclear("a time where each reader is has no offset", f'Write "{shown:%Y-%m-%d %H:%M}".')
    if not MINYEAR < shown.year < MAXYEAR:  # somewhere in the world the calendar has no such moment
        raise _no_time(zone)
    return shown.replace(second=0, microsecond=0)


def is_far(moment: datetime, now: datetime) -> bool:
    return moment - now > FAR


def _shown(text: str, zone: ZoneInfo) -> datetime:
    shown = read_moment(_SHORT_HOUR.sub(r"\1 0\2", text.strip()))
    if not isinstance(shown, datetime):
        raise _no_time(zone)
    return shown


def _no_time(zone: ZoneInfo) -> TimeUnclear:
    return TimeUnclear(
        "that is no day and time", f'Write both, such as "2026-12-01 18:00", by the clocks of {zone.key}.'
    )


def _single(shown: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    found = moments_of(shown, zone)
    if len(found) == 1 or (found and found[-1] <= now):
        return found[-1]
    if found:
        what, (one, other) = "show that time twice", (moment.isoformat(" ", "minutes") for moment in found)
    else:
        what, (one, other) = "never show that time", (f"{moment:%Y-%m-%d %H:%M}" for moment in around(shown, zone))
    raise TimeUnclear(f"in {zone.key} clocks {what} on {shown:%Y-%m-%d}", f'Write "{one}" or "{other}".')


def _to_come(moment: datetime, zone: tzinfo, now: datetime) -> datetime:
    if moment <= now:
        raise TimeUnclear(f"{_told(moment, zone)} has passed", f"It is {_told(now, zone)}: write a time to come.")
    return moment


def _told(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
