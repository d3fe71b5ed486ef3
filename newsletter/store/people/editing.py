"""Adding and changing single people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from newsletter.model.subscriber import ConsentAction, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.people import former
from newsletter.store.people.consent import hold, hold_tables, note_new_address
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of
from newsletter.store.people.subscribers import by_number, suppression_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.consent import Said
    from newsletter.model.subscriber import Subscriber

#: why an old address is suppressed, and why no longer
MOVED, BACK = "its reader has another address now", "its reader has this address again"


def add(
    connection: Connection, *, public_id: str, identity_hash: str, address: str, now: datetime
) -> tuple[Subscriber, bool]:
    """The person of this identity, held still, and whether they are new."""
    row = {
        "public_id": public_id,
        "identity_hash": identity_hash,
        "address": address,
        "created_at": now,
        "joined_at": now,
    }
    hold_tables(connection)
    insert_or_ignore(connection, t.subscribers, [row])
    mine = t.subscribers.c.identity_hash == identity_hash
    hold(connection, connection.execute(select(t.subscribers.c.number).where(mine)).scalar_one())
    person = subscriber_of(connection.execute(select(*READER_COLUMNS).where(mine)).mappings().one())
    return person, person.public_id == public_id


def change(connection: Connection, person: Subscriber, now: datetime) -> None:
    """Make names, language, time zone and attributes of this number be what `person` says."""
    before = by_number(connection, person.number)
    if former.differs(before, replace(person, address=before.address)):
        former.note(connection, [person.number], now)
    names = ("first_name", "last_name", "language", "timezone")
    values = {name: getattr(person, name) for name in names} | {"attributes": dict(person.attributes)}
    connection.execute(update(t.subscribers).where(t.subscribers.c.number == person.number).values(values))


def respell(connection: Connection, subscriber: int, address: str, now: datetime) -> None:
    """The same address, written in another way."""
    former.note(connection, [subscriber], now)
    connection.execute(update(t.subscribers).where(t.subscribers.c.number == subscriber).values(address=address))


def move(connection: Connection, subscriber: int, address: str, identity_hash: str, said: Said) -> None:
    """Another address for the same person, who keeps number, lists and history.

    The old address is suppressed, as a hash only: else an old file would bring the person in a second time, without
    what they said since. The new one must be neither known nor suppressed.
    """
    hold(connection, subscriber)
    mine = t.subscribers.c.number == subscriber
    old = connection.scalar(select(t.subscribers.c.identity_hash).where(mine))
    former.note(connection, [subscriber], said.recorded_at)
    connection.execute(update(t.subscribers).where(mine).values(address=address, identity_hash=identity_hash))
    note_new_address(connection, subscriber, said)
    if old is not None:
        # the moment is that of the consent event: `take_back` knows by it whose address this was
        suppressions.add(connection, old, None, SuppressionReason.BY_HAND, MOVED, said.recorded_at)


def take_back(connection: Connection, subscriber: int, identity_hash: str, now: datetime) -> bool:
    """Lift the suppression of an address that this person had before; whether it was theirs, and nothing else stood there.

    Any other reason, given before or since, is graver and stands in the place of ours.
    """
    hold(connection, subscriber)
    why = suppression_of(connection, identity_hash)
    if why is None or why.source != MOVED:
        return False
    event = t.consent_events.c
    moved = (event.action == ConsentAction.ADDRESS_CHANGED, event.recorded_at == why.at)
    if not connection.scalar(select(exists().where(event.subscriber == subscriber, *moved))):
        return False
    suppressions.lift(connection, identity_hash, BACK, now)
    return True
