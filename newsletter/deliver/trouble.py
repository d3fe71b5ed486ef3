"""A sender in trouble: how long it is left alone, when another takes over or the mailing pauses.

| the sender | what follows |
|---|---|
| was not reached, or asks to slow down | it is left alone for 1 second, 2, 4, up to 5 minutes, never less than it asked for |
| still, for as long as our patience lasts and without one acceptance | the next sender takes over; after the last the mailing pauses |
| gave answers of which nobody can say what they mean | it is left alone in the same way; after 3 in a row the mailing pauses |

While it lasts one request at a time finds out whether it is over: a server in trouble is not helped by many, and what
cannot be said of one request cannot be said of a thousand readers. Answers to what was under way together are one no.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from datetime import datetime

#: after so many answers in a row of which nobody can say what they mean, a person has to look
MOST_DOUBTS = 3
_LONGEST = timedelta(minutes=5)
_MOST_DOUBLINGS = 20
_NONE = timedelta(0)


@dataclass(kw_only=True)
class Trouble:
    """What one run knows of one sender. Attempts are numbered as they begin, so that a jump of the clock mixes nothing up."""

    #: for so long it is tried again, counted from the first no
    patience: timedelta
    chance: random.Random
    _begun: int = 0
    #: an attempt up to this one was begun before the last bad answer came: it tells nothing new
    _told: int = 0
    _rounds: int = 0
    _doubts: int = 0
    #: the first and the last time that it was not reached, without an acceptance between
    _since: datetime | None = None
    _last: datetime | None = None
    _rest_until: datetime | None = None
    #: not before, by its own word
    _asked_until: datetime | None = None
    _seen: datetime | None = field(default=None, repr=False)

    @property
    def is_on(self) -> bool:
        """Whether it is in trouble: one attempt at a time finds out."""
        return self._rounds > 0

    @property
    def is_doubtful(self) -> bool:
        return self._doubts >= MOST_DOUBTS

    def begin(self) -> int:
        """The number of an attempt that begins now."""
        self._begun += 1
        return self._begun

    def accepted(self, attempt: int, now: datetime) -> None:
        """Somebody was taken. What was under way already when it said no does not take that back."""
        self._see(now)
        if attempt > self._told:
            self._rounds = self._doubts = 0
            self._since = self._last = self._rest_until = None
        elif self._since is not None:
            self._since = now

    def not_reached(self, attempt: int, now: datetime, retry_after: float | None) -> None:
        """A definite no to all: no connection, or the wish to slow down."""
        self._bad(attempt, now)
        self._since = self._since or now
        self._last = now
        if retry_after is not None and retry_after > 0:
            asked = now + timedelta(seconds=min(retry_after, timedelta(days=1).total_seconds()))
            self._asked_until = max(asked, self._asked_until or asked)

    def in_doubt(self, attempt: int, now: datetime) -> None:
        """Nobody can say whether they were taken."""
        if attempt > self._told:
            self._doubts += 1
        self._bad(attempt, now)

    def wait(self, now: datetime) -> timedelta:
        """For how long it is left alone from now on."""
        self._see(now)
        return max((self._next or now) - now, _NONE)

    def ends_at(self, now: datetime) -> datetime | None:
        """When we lose patience, if it can no longer be tried before; None while there is hope."""
        self._see(now)
        if self._since is None or self._last is None:
            return None
        deadline = self._since + self.patience
        if self._last >= deadline:
            return self._last
        return deadline if self._next and self._next > deadline else None

    @property
    def _next(self) -> datetime | None:
        """When it may be tried next: at the latest when our patience ends, at the earliest when it asked for it."""
        rest = self._rest_until
        if rest is not None and self._since is not None:
            rest = min(rest, self._since + self.patience)
        return max((moment for moment in (rest, self._asked_until) if moment is not None), default=None)

    def _bad(self, attempt: int, now: datetime) -> None:
        self._see(now)
        if attempt <= self._told and self._rest_until is not None:
            return
        rest = min(timedelta(seconds=2 ** min(self._rounds, _MOST_DOUBLINGS)), _LONGEST)
        self._rest_until = now + min(rest * self.chance.uniform(0.8, 1.2), _LONGEST)
        self._rounds += 1
        self._told = self._begun

    def _see(self, now: datetime) -> None:
        """A clock that was put back would keep us waiting: everything moves with it."""
        if self._seen is not None and now < self._seen:
            back = self._seen - now
            for name in ("_since", "_last", "_rest_until", "_asked_until"):
                moment = getattr(self, name)
                setattr(self, name, moment - back if moment is not None else None)
        self._seen = now
