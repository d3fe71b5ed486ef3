"""How fast: readers a second and readers an hour at most, in any second and in any hour.

For the second, readers count from the moment that they are claimed until a second after their answer: whenever in between
the provider noted them, it never counts more in any second. For the hour the ledger is asked, which knows what was handed
over before this process began, and what other mailings hand over beside it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

HOUR = timedelta(hours=1)
#: clocks of two machines may differ by so much
_DIFFERENCE = timedelta(minutes=1)
_NONE = timedelta(0)


@dataclass
class Limit:
    """At most `most` in any stretch of `length`."""

    most: int
    length: timedelta
    _gone: deque[tuple[datetime, int]] = field(default_factory=deque)
    _total: int = 0

    def note(self, now: datetime, count: int) -> None:
        self._turn(now)
        self._gone.append((now, count))
        self._total += count

    def replace(self, gone: Iterable[tuple[datetime, int]], now: datetime) -> None:
        """What another knows of it. Where that lies ahead our clock was put back, and what we noted is better."""
        known = sorted(gone)
        if self._gone and known and known[-1][0] - now > _DIFFERENCE:
            return
        self._gone = deque(known)
        self._total = sum(count for _, count in self._gone)

    def room(self, now: datetime) -> int:
        """How many more may go now; less than none if a setting was lowered."""
        self._turn(now)
        return self.most - self._total

    def wait(self, now: datetime, beside: int = 0) -> timedelta:
        """How long until there is room for one, where `beside` count too."""
        too_many = beside + 1 - self.room(now)
        if too_many <= 0:
            return _NONE
        for at, count in self._gone:
            too_many -= count
            if too_many <= 0:
                return at + self.length - now
        return self.length  # those beside have to be answered first

    def _turn(self, now: datetime) -> None:
        """Forget what is long enough ago. A clock that was put back would keep us waiting: the log moves with it."""
        if self._gone and (ahead := self._gone[-1][0] - now) > _NONE:
            self._gone = deque((at - ahead, count) for at, count in self._gone)
        while self._gone and self._gone[0][0] + self.length <= now:
            self._total -= self._gone.popleft()[1]


class Pace:
    """`per_second` below 1 means one reader in so many seconds; parts of a reader above it do not count (2.5 is 2)."""

    def __init__(self, per_second: float | None = None, per_hour: int | None = None) -> None:
        self._second: Limit | None = None
        if per_second is not None:
            length = timedelta(seconds=max(1.0, 1 / per_second))
            self._second = Limit(max(1, int(per_second)), length)
        self._hour = Limit(per_hour, HOUR) if per_hour is not None else None
        self._under_way = 0

    @property
    def counts_hours(self) -> bool:
        return self._hour is not None

    def hear(self, handed_over: Iterable[tuple[datetime, int]], now: datetime) -> None:
        """What the ledger knows of the last hour, ourselves included."""
        if self._hour:
            self._hour.replace(handed_over, now)

    def room(self, now: datetime) -> int | None:
        """How many may be claimed now; None for any number."""
        rooms = [self._hour.room(now)] if self._hour else []
        rooms += [self._second.room(now) - self._under_way] if self._second else []
        return max(min(rooms), 0) if rooms else None

    def wait(self, now: datetime) -> timedelta:
        """How long until there is room, as far as that can be known before what is under way is answered."""
        by_hour = self._hour.wait(now) if self._hour else _NONE
        by_second = self._second.wait(now, self._under_way) if self._second else _NONE
        return max(by_hour, by_second)

    def begin(self, count: int, now: datetime) -> None:
        self._under_way += count
        if self._hour:
            self._hour.note(now, count)

    def land(self, count: int, now: datetime) -> None:
        self._under_way -= count
        if self._second:
            self._second.note(now, count)
