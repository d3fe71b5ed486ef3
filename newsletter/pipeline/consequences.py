"""What follows from events for people: who is suppressed, and who leaves. Decided by record/, carried out here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import NO_TIME, EventKind
from newsletter.model.recording import Reached
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import Suppressed, Suppressing
from newsletter.record import following, soft_bounces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.event import Event
    from newsletter.model.recording import Leaving
    from newsletter.pipeline.identities import Identities
    from newsletter.store.events.people import People

_GRAVE = {EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE, EventKind.COMPLAINED, EventKind.UNSUBSCRIBED}
#: what an identity was not suppressed by
_NO_NEWS = {Suppressed.KNOWN, Suppressed.LIFTED_SINCE, Suppressed.NOTED}


class Consequences:
    """Who is suppressed, and who leaves: decided by record/, carried out here."""

    def __init__(
        self,
        connection: Connection,
        new: Sequence[Event],
        people: People,
        identities: Identities,
        esp: str,
        now: datetime,
    ) -> None:
        self._connection, self._people, self._identities = connection, people, identities
        self._esp, self._now = esp, now
        self._new = sorted((event for event in new if self._is_grave(event)), key=lambda event: (event.at, event.id))

    @staticmethod
    def _is_grave(event: Event) -> bool:
        return event.kind in _GRAVE or event.known_as is not None

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
                mailed = self._identities.named(event.address)
                entries += following.suppressing(event, reached, mailed, self._source(event))
        entries += self._given_up()
        for one in left:
            leaving.leave(self._connection, one, self._now)
        return self._suppress(entries)

    def _reached(self, event: Event) -> Reached:
        if event.mailing is not None and event.n is not None:
            return self._people.of_delivery(event.mailing, event.n)
        key = self._identities.hash_of(event.address)
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
