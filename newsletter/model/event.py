"""What an ESP reports later, in our words, and what we make of it. The words of the kinds are shared by many providers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.subscriber import SuppressionReason


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


#: Which fate stands when several are told, in whatever order: the one of the higher rank; within a rank the later one (a
#: server that refused for now takes the message after all, one that took it sends it back), at the same time the graver.
FATE_RANK: Mapping[Fate, int] = {
    Fate.DEFERRED: 0,
    Fate.DELIVERED: 1,
    Fate.DROPPED: 1,
    Fate.SOFT_BOUNCE: 1,
    Fate.HARD_BOUNCE: 2,
    Fate.COMPLAINED: 3,
}
FATE_GRAVITY: Mapping[Fate, int] = {fate: place for place, fate in enumerate(FATE_RANK)}


#: of an event that does not say when it happened. Always the same, so that it counts once however often it comes
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class Event(NamedTuple):
    """One thing that an ESP, or a bounce mail, reports. `id` with `at` makes it one: what comes twice counts once.

    `mailing` and `n` say which delivery; mailing 0 is a notice; None where the report does not say. `detail` is for
    people and holds no address. A tuple, since millions are made; always made by keywords.
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
    #: the address that it is about, as it was mailed; empty where the report does not say; never stored
    address: str = ""
    #: of DROPPED: what the ESP knows of the address, if that is why; None where only this message was at fault
    known_as: SuppressionReason | None = None
    #: of UNSUBSCRIBED: from everything, not only from the lists of its mailing
    everything: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """What one report of an ESP holds. `fault`: what of it could not be understood, in words without any address."""

    events: tuple[Event, ...] = ()
    fault: str = ""
