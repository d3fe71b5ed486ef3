"""`--never-after`: a time of the workspace's zone, and what to write where clocks show it twice or never."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli import show

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_OPTION = "--never-after"


def latest_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment in UTC.

    Raises:
        click.UsageError: it is no time, has passed, or is one that clocks show twice or never.
    """
    from newsletter.model.moments import read_moment

    shown = read_moment(text)
    try:
        if isinstance(shown, datetime):
            moment = (shown if shown.tzinfo else _of_the_zone(shown, zone)).astimezone(UTC)
            return _to_come(moment, zone, now)
    except OverflowError:  # at the end of the calendar
        pass
    msg = f'{_OPTION}: write day and time, such as "2026-12-01 18:00" ({zone.key}).'
    raise click.UsageError(msg)


def _of_the_zone(shown: datetime, zone: ZoneInfo) -> datetime:
    from newsletter.model.clock import around, moments_of

    found = moments_of(shown, zone)
    if len(found) == 1:
        return found[0]
    if found:
        what, (one, other) = "show that time twice", (moment.isoformat(" ", "minutes") for moment in found)
    else:
        what, (one, other) = "never show that time", (f"{moment:%Y-%m-%d %H:%M}" for moment in around(shown, zone))
    msg = f'{_OPTION}: in {zone.key} clocks {what} on {shown:%Y-%m-%d}. Write "{one}" or "{other}".'
    raise click.UsageError(msg)


def _to_come(moment: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    if moment <= now:
        msg = f"{_OPTION}: {show.moment(moment, zone)} has passed; it is {show.moment(now, zone)}."
        raise click.UsageError(msg)
    return moment
