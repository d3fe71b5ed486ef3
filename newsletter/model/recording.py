"""What is known when events are recorded, and what follows from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.event import EventKind, Fate


class Named(NamedTuple):
    """An address that is told, by its identity."""

    identity_hash: str
    identity: str


class Person(NamedTuple):
    """A subscriber, held still while events about them are recorded."""

    number: int
    #: of the address that they have now
    named: Named
    #: that opens and clicks are noted
    agrees: bool
    #: when they last changed their address
    moved_at: datetime | None = None


class Reached(NamedTuple):
    """Whom a delivery went to, and when its mailing began. `person` is None once they were erased."""

    person: Person | None
    sent_at: datetime | None


class Fated(NamedTuple):
    """The fate of one delivery, when, and what was said."""

    mailing: int
    n: int
    fate: Fate
    at: datetime
    reason: str


class Clicks(NamedTuple):
    """How often a link was followed."""

    mailing: int
    url: str
    people: int
    machines: int


class Leaving(NamedTuple):
    """Somebody said that they want no more: of the lists of a mailing, or of anything (None)."""

    subscriber: int
    mailing: int | None
    everything: bool
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came of events. new + repeated + not_noted is how many there were."""

    #: for the first time, by kind
    new: Counter[EventKind] = field(default_factory=Counter)
    #: told before
    repeated: int = 0
    #: opens and clicks of people who do not agree that they are noted: nothing of them is stored
    not_noted: int = 0
    #: of the new: about no delivery of ours
    foreign: int = 0
    #: addresses that are suppressed by them
    suppressed: int = 0
    #: deliveries of which it was not known whether they were taken
    settled: int = 0

    @property
    def total(self) -> int:
        return self.new.total() + self.repeated + self.not_noted

    def __add__(self, other: Received) -> Received:
        return Received(
            new=self.new + other.new,
            repeated=self.repeated + other.repeated,
            not_noted=self.not_noted + other.not_noted,
            foreign=self.foreign + other.foreign,
            suppressed=self.suppressed + other.suppressed,
            settled=self.settled + other.settled,
        )
