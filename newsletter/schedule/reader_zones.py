"""One time on everybody's clock: when that is in each zone.

Here nobody can be asked: where clocks skip the time, the next minute that they show is taken; where they show it twice,
the first.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsletter.model.clock import moments_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_SECOND = timedelta(seconds=1)


def zone_named(name: str, home: ZoneInfo) -> ZoneInfo:
    """Readers of whom no zone is known, or one that this machine does not know, live where the newsletter does."""
    if not name:
        return home
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return home


def moment_there(shown: datetime, zone: ZoneInfo) -> datetime:
    """When clocks of the zone show this time (without an offset), in UTC."""
    found = moments_of(shown, zone)
    return (found[0] if found else _end_of_gap(shown, zone)).astimezone(UTC)


def moments_by_zone(shown: datetime, names: Iterable[str], home: ZoneInfo) -> dict[str, datetime]:
    """Name of a zone, as it stands with a reader -> the moment there. The empty name is always among them."""
    return {name: moment_there(shown, zone_named(name, home)) for name in {"", *names}}


def passed(moments: Mapping[str, datetime], readers: Mapping[str, int], now: datetime) -> dict[str, int]:
    """Zone -> readers, of those where the time has passed already."""
    return {name: count for name, count in sorted(readers.items()) if count and moments[name] < now}


def earliest(moments: Mapping[str, datetime], readers: Mapping[str, int]) -> datetime:
    """When the first of these readers are due; where there is nobody, when they would be at home."""
    return min((moments[name] for name, count in readers.items() if count), default=moments[""])


def _end_of_gap(shown: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after clocks were put forward over this time."""
    before, after = sorted(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
