"""What became of a planned time: of one mailing, or of one time of a recurring schedule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

#: Orders an alert to the operator, in the transaction of what it tells: (connection, what, facts); `what` is one of
#: model/duty.py:Alert, the fact `cause` stays the same however often it is told. Facts of a mailing that is held or
#: missed: mailing, issue, due, why; of a time without a mailing: recurrence, rule, due, why
Tell = Callable[[Any, str, Mapping[str, str]], None]


def nobody(connection: object, what: str, facts: Mapping[str, str]) -> None:
    """Where no operator is to be told."""
    del connection, what, facts


class Became(StrEnum):
    #: its deliveries are written: it is to be sent now
    BEGUN = "begun"
    #: its time has not come
    NOT_YET = "not yet"
    #: its time has come, and something speaks against it: looked at again by the next run
    HELD = "held"
    #: it is too late for it, for good
    MISSED = "missed"
    #: somebody else began it, or took it off the schedule, meanwhile
    GONE = "gone"


class Cause(StrEnum):
    """Why a mailing is held or missed."""

    LATE = "late"
    LATEST_TIME = "latest-time"
    SENDER = "sender"
    RESTORED = "restored"
    APPROVAL = "approval"
    BYTES = "bytes"
    CHANGED = "changed"
    DISCLAIMERS = "disclaimers"
    ERRORS = "errors"
    AUDIENCE = "audience"
    NOBODY = "nobody"
    NOT_READY = "not-ready"


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """What speaks against a mailing that is due, for people, and what they should do."""

    cause: Cause
    why: str
    next_step: str = ""

    def __str__(self) -> str:
        return f"{self.why}. {self.next_step}".rstrip() if self.next_step else self.why


@dataclass(frozen=True, kw_only=True)
class Begun:
    """`is_new`: it was not so before this look."""

    mailing: int
    became: Became
    obstacle: Obstacle | None = None
    is_new: bool = False

    @property
    def why(self) -> str:
        return str(self.obstacle or "")


@dataclass(frozen=True, kw_only=True)
class Occurred:
    """One time of a recurring schedule that has come: the mailing that was planned, or why there is none."""

    recurrence: int
    due_at: datetime
    mailing: int | None = None
    said: str = ""
