"""The parts of `newsletter run-due`, and what the operator is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: a trouble that lasts is told again so often
TELL_AGAIN = timedelta(days=1)
#: one that comes and goes is told no more often than this
_FLAPS = timedelta(hours=1)
#: failures in a row after which what others do (a server that is away) is no passing trouble any more
MANY = 3


class Alert(StrEnum):
    """What the operator is told by mail."""

    #: what run-due does fails; facts: part, why
    FAILS = "run-due-fails"
    #: it works again; facts: part
    WORKS = "run-due-works"
    #: a backup was restored, and nobody has said that new mailings may begin; facts: why
    RESTORED = "restored-unchecked"
    #: facts of these: pipeline/running/begun.py
    HELD = "mailing-held"
    MISSED = "mailing-missed"
    #: its time comes within a day, and as things are it would be held
    FORESEEN = "mailing-foreseen"
    SKIPPED = "occurrence-without-mailing"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """How something that run-due does stands, by what earlier runs noted."""

    name: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    succeeded_at: datetime | None = None
    failed_in_a_row: int = 0
    #: what was wrong the last time
    fault: str = ""
    #: when the operator was told the last time that it fails
    told_at: datetime | None = None

    def is_due(self, now: datetime, every: timedelta, after_a_failure: timedelta) -> bool:
        """Whether it is time again. A clock that was put back makes it due, rather than silent until then."""
        last, wait = (
            (self.ended_at, min(every, after_a_failure)) if self.failed_in_a_row else (self.succeeded_at, every)
        )
        return last is None or abs(now - last) >= wait

    @property
    def is_told(self) -> bool:
        """Whether the operator knows of the trouble that it is in."""
        if not self.failed_in_a_row or self.told_at is None:
            return False
        return self.succeeded_at is None or self.told_at > self.succeeded_at

    def is_to_be_told(self, now: datetime, *, passing: bool) -> bool:
        """Whether a failure now, one more than are counted here, is news. `passing`: as a rule it mends itself."""
        if passing and self.failed_in_a_row + 1 < MANY:
            return False
        return self.told_at is None or abs(now - self.told_at) >= (TELL_AGAIN if self.is_told else _FLAPS)
