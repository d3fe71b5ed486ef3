"""What an ESP reports later, in our words, and what we make of it. The words of the kinds are shared by many providers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EventKind(StrEnum):
    #: the ESP took the message and begins to deliver it
    PROCESSED = "processed"
    #: the ESP took it and will never send it
    DROPPED = "dropped"
    DELIVERED = "delivered"
    #: the reader's server asked to come back later
    DEFERRED = "deferred"
    #: the address does not exist, for good
    HARD_BOUNCE = "hard bounce"
    #: refused for now: full, blocked, too large
    SOFT_BOUNCE = "soft bounce"
    #: the reader pressed "spam"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    #: a kind that we do not know: kept, and nothing follows from it
    UNKNOWN = "unknown"


class Fate(StrEnum):
    """What the world did with a delivery that was handed over."""

    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    SOFT_BOUNCE = "soft bounce"
    HARD_BOUNCE = "hard bounce"
    COMPLAINED = "complained"


#: Which fate stands when several are told, in whatever order: the graver one.
FATE_GRAVITY: Mapping[Fate, int] = {
    Fate.DEFERRED: 0,
    Fate.DELIVERED: 1,
    Fate.DROPPED: 2,
    Fate.SOFT_BOUNCE: 3,
    Fate.HARD_BOUNCE: 4,
    Fate.COMPLAINED: 5,
}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that an ESP, or a bounce mail, reports. `id` with `at` makes it one: what comes twice counts once.

    `mailing` and `n` say which delivery; mailing 0 is a notice; None where the report does not say. `detail` is for
    people and holds no address.
    """

    id: str
    at: datetime
    kind: EventKind
    mailing: int | None = None
    n: int | None = None
    #: the attempt that it proves to have been taken; empty where the report does not say
    attempt: str = ""
    #: whether one event proves the whole attempt (one request), or its own delivery only (SMTP)
    proves_all: bool = False
    detail: str = ""
    #: the link that was followed
    url: str = ""
    #: not a person: a mail program that fetches everything, a scanner that follows links
    machine: bool = False
    #: the address that it is about, where it names no delivery of ours; never stored
    address: str = ""
