"""Soft bounces of people, as far as they count: of the address that they have now, since it was last allowed again."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from newsletter.model.event import EventKind
from newsletter.model.suppressing import SuppressionAction
from newsletter.store import tables as t
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.recording import Person

#: mailings that began longer before are not looked at: their bounces cannot count together with one of now
_BACK = timedelta(days=120)


def soft_bounces(
    connection: Connection, people: Sequence[Person], around: datetime
) -> dict[int, list[tuple[int, datetime]]]:
    """Subscriber -> (mailing, when) of each. `around` is the earliest moment that is asked about."""
    known = {person.number: person for person in people}
    lifted = _lifted(connection, [person.named.identity_hash for person in people])
    planned, event, mailing = t.deliveries.c, t.events.c, t.mailings.c
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for part in parts(sorted(known)):
        query = (
            select(planned.subscriber, event.mailing, event.at)
            .select_from(t.deliveries)
            .join(t.mailings, mailing.number == planned.mailing)
            .join(t.events, and_(event.mailing == planned.mailing, event.n == planned.n))
            .where(planned.subscriber.in_(part), mailing.created_at > around - _BACK)
            .where(event.kind == EventKind.SOFT_BOUNCE)
        )
        for number, of, at in connection.execute(query):
            since = (known[number].moved_at, lifted.get(known[number].named.identity_hash))
            if all(one is None or at > one for one in since):
                found[number].append((of, at))
    return found


def _lifted(connection: Connection, hashes: Sequence[str]) -> dict[str, datetime]:
    event = t.suppression_events.c
    lifted: dict[str, datetime] = {}
    for part in parts(hashes):
        query = (
            select(event.identity_hash, func.max(event.at))
            .where(event.identity_hash.in_(part), event.action == SuppressionAction.LIFTED)
            .group_by(event.identity_hash)
        )
        lifted |= {key: at for key, at in connection.execute(query)}  # noqa: C416 - rows are no pairs
    return lifted
