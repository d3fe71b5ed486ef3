"""What ESPs and bounce mails report, recorded: each event once, with all that follows from it, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsletter.keys import NOTICES
from newsletter.model.event import NO_TIME, EventKind
from newsletter.model.identity import identity
from newsletter.model.recording import Clicks, Named, Reached, Received
from newsletter.model.segment import Engagement
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import Suppressed, Suppressing
from newsletter.record import following, soft_bounces
from newsletter.record.fates import standing
from newsletter.record.links import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.event import Event
    from newsletter.model.recording import Leaving
    from newsletter.store.database import Store
    from newsletter.store.events.people import People

_SEEN = {EventKind.OPENED: Engagement.OPENED, EventKind.CLICKED: Engagement.CLICKED}
#: about a person, not only about a message
_PERSONAL = {*_SEEN, EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.COMPLAINED, EventKind.UNSUBSCRIBED}
#: what an identity was not suppressed by
_NO_NEWS = {Suppressed.KNOWN, Suppressed.LIFTED_SINCE, Suppressed.NOTED}


def receive(store: Store, keys: Keys, events: Sequence[Event], esp: str, now: datetime) -> Received:
    """Record them all, or none. Events that were told before change nothing, in whatever order they come."""
    if not events:
        return Received()
    with store.write() as connection:
        return record(connection, keys, events, esp, now)


def record(connection: Connection, keys: Keys, events: Sequence[Event], esp: str, now: datetime) -> Received:
    """The same inside a transaction that has locked nothing but rows of the inbox, or people."""
    from newsletter.store.events import doubt, fates, recording
    from newsletter.store.events.origins import with_ours_alone
    from newsletter.store.events.people import People
    from newsletter.store.people.consent import hold_tables

    hold_tables(connection)  # people first, as everywhere
    addresses = _Addresses(keys)
    sorted_ = with_ours_alone(connection, events, addresses.hash_of)
    people = People(connection, *_who_matters(sorted_, addresses))
    noted = [event for event in sorted_ if _may_be_noted(event, people)]
    new = recording.keep(connection, noted, esp, now)
    told = standing(new)
    fates.tell(connection, [one for one in told if one.mailing != NOTICES])
    fates.tell_of_notices(connection, [one.n for one in told if one.mailing == NOTICES])
    _note_seen(connection, new, people)
    suppressed = _Consequences(connection, new, people, addresses, esp, now).carry_out()
    ours = [event for event in new if event.mailing]
    return Received(
        new=Counter(event.kind for event in new),
        repeated=len(noted) - len(new),
        not_noted=len(events) - len(noted),
        foreign=sum(event.mailing is None for event in new),
        suppressed=suppressed,
        settled=doubt.settle(connection, ours, now),
    )


class _Addresses:
    """Addresses of events as identities; each is worked out once."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: dict[str, Named | None] = {}

    def named(self, address: str) -> Named | None:
        """None for what is no address."""
        if address not in self._known:
            self._known[address] = self._worked_out(address)
        return self._known[address]

    def hash_of(self, address: str) -> str | None:
        named = self.named(address)
        return named.identity_hash if named else None

    def _worked_out(self, address: str) -> Named | None:
        if "@" not in address:
            return None
        try:
            who = identity(address)
        except ValueError:
            return None
        return Named(self._keys.identity_hash(who), who)


def _who_matters(events: Iterable[Event], addresses: _Addresses) -> tuple[set[tuple[int, int]], set[str]]:
    """The deliveries, and of events about others' mailings the addresses, whose people have to be known."""
    deliveries: set[tuple[int, int]] = set()
    hashes: set[str] = set()
    for event in events:
        if event.mailing is not None and event.n is not None:
            if event.kind in _PERSONAL or event.known_as:
                deliveries.add((event.mailing, event.n))
        elif event.address and following.reason_of(event) and (key := addresses.hash_of(event.address)):
            hashes.add(key)
    return deliveries, hashes


def _may_be_noted(event: Event, people: People) -> bool:
    """What somebody opens and clicks is nobody's business unless they agreed."""
    if event.kind not in _SEEN:
        return True
    if not event.mailing or event.n is None:
        return False
    person = people.of_delivery(event.mailing, event.n).person
    return person is not None and person.agrees


def _note_seen(connection: Connection, new: Iterable[Event], people: People) -> None:
    """What machines opened and clicked stays among the events; in a link's count they stand apart."""
    from newsletter.store.audiences import engagement
    from newsletter.store.events import clicking

    engaged: list[engagement.Engaged] = []
    clicks: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for event in new:
        kind = _SEEN.get(event.kind)
        if kind is None or not event.mailing or event.n is None:
            continue
        person = people.of_delivery(event.mailing, event.n).person
        if person and not event.machine:
            engaged.append(engagement.Engaged(person.number, event.mailing, kind, event.at))
        if url := cleaned(event.url):
            clicks[event.mailing, url][event.machine] += 1
    engagement.note(connection, engaged)
    clicking.count(connection, [Clicks(mailing, url, *counts) for (mailing, url), counts in clicks.items()])


class _Consequences:
    """Who is suppressed, and who leaves: decided by record/, carried out here."""

    def __init__(
        self,
        connection: Connection,
        new: Sequence[Event],
        people: People,
        addresses: _Addresses,
        esp: str,
        now: datetime,
    ) -> None:
        self._connection, self._people, self._addresses = connection, people, addresses
        self._esp, self._now = esp, now
        self._new = sorted((event for event in new if self._is_grave(event)), key=lambda event: (event.at, event.id))

    @staticmethod
    def _is_grave(event: Event) -> bool:
        return event.kind in _PERSONAL - {*_SEEN} or event.known_as is not None

    def carry_out(self) -> int:
        """How many identities are suppressed that were not, or for a lesser reason."""
        from newsletter.store.events import leaving

        entries: list[Suppressing] = []
        left: list[Leaving] = []
        for event in self._new:
            reached = self._reached(event)
            goes = following.leaving(event, reached)
            if goes and goes.subscriber:
                left.append(goes)
            if not (goes and goes.everything and leaving.joined_since(self._connection, goes)):
                mailed = self._addresses.named(event.address)
                entries += following.suppressing(event, reached, mailed, self._source(event))
        entries += self._given_up()
        for one in left:
            leaving.leave(self._connection, one, self._now)
        return self._suppress(entries)

    def _reached(self, event: Event) -> Reached:
        if event.mailing is not None and event.n is not None:
            return self._people.of_delivery(event.mailing, event.n)
        key = self._addresses.hash_of(event.address)
        return self._people.of_address(key) if key else Reached(None, None)

    def _source(self, event: Event) -> str:
        if event.mailing is None:
            return f"{self._esp}, a mailing that is not ours"
        return f"{self._esp}, mailing {event.mailing}" if event.mailing else f"{self._esp}, a single mail"

    def _given_up(self) -> list[Suppressing]:
        """Addresses that refused for now once too often."""
        from newsletter.store.events.bounces import soft_bounces as known_bounces

        soft = [event for event in self._new if event.kind is EventKind.SOFT_BOUNCE and event.at != NO_TIME]
        found = {self._reached(event).person for event in soft if event.mailing}
        people = [person for person in found if person]
        if not people:
            return []
        bounces = known_bounces(self._connection, people, min(event.at for event in soft))
        source = f"{self._esp}, {soft_bounces.TOO_MANY} soft bounces in {soft_bounces.WITHIN.days} days"
        reason = SuppressionReason.HARD_BOUNCE
        return [
            Suppressing(identity_hash=who.identity_hash, identity=who.identity, reason=reason, source=source, at=at)
            for person in people
            for who in (person.named,)
            if (at := soft_bounces.gave_up_at(bounces.get(person.number, ())))
        ]

    def _suppress(self, entries: list[Suppressing]) -> int:
        from newsletter.store.suppressions.many import add_many

        if not entries:
            return 0
        return sum(outcome not in _NO_NEWS for outcome in add_many(self._connection, entries, self._now))
