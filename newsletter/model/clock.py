"""What a clock shows and when that is: twice a year a time is shown twice, or never."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo


def moments_of(shown: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When clocks of the zone show this time (without an offset): once; two moments, the earlier first; or never."""
    both = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    there = (moment.astimezone(zone) for moment in sorted(both))
    return tuple(moment for moment in there if moment.replace(tzinfo=None, fold=0) == shown)


def around(shown: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """For a time that clocks never show: as long before and after the gap as it lies within."""
    before, after = sorted(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return before.astimezone(zone), after.astimezone(zone)
