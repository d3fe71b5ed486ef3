"""When mail may leave: days and hours, in the newsletter's time zone.

What counts is what a clock on the wall shows there. An hour that is shown twice (the clock is put back) is open twice, one
that is left out (put forward) is not open that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_MINUTE = timedelta(minutes=1)
#: no clock is put forward or back by more
_LARGEST_JUMP = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Open from minute `begins` to before minute `ends` of each of these days of the week (Monday is 0)."""

    zone: tzinfo = UTC
    days: frozenset[int] = frozenset(range(7))
    begins: int = 0
    ends: int = _DAY

    @classmethod
    def of(cls, days: Iterable[str], hours: str | None, zone: tzinfo) -> Window:
        """From the settings: "mon" and so on, and "08:00-20:00"; the end may be "24:00"."""
        begins, ends = hours.split("-") if hours else ("00:00", "24:00")
        return cls(
            zone=zone, days=frozenset(_NAMES.index(day) for day in days), begins=_minute(begins), ends=_minute(ends)
        )

    def is_open(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        return local.weekday() in self.days and self.begins <= local.hour * 60 + local.minute < self.ends

    def opening(self, now: datetime) -> datetime:
        """`now` if it is open, else the next moment at which it opens."""
        moment = now.astimezone(UTC)
        while not self.is_open(moment):
            # by the clock on the wall, which may be moved before then: the last hours are gone through one by one
            left = self._until_beginning(moment.astimezone(self.zone).replace(tzinfo=None))
            moment = moment.replace(second=0, microsecond=0) + max(left - _LARGEST_JUMP, _MINUTE)
        return moment

    def _until_beginning(self, local: datetime) -> timedelta:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(len(_NAMES) + 1):
            day = midnight + timedelta(days=ahead)
            begins = day + timedelta(minutes=self.begins)
            if day.weekday() in self.days and begins > local:
                return begins - local
        msg = "a window that never opens"
        raise ValueError(msg)


def _minute(text: str) -> int:
    hour, minute = text.strip().split(":")
    return int(hour) * 60 + int(minute)
