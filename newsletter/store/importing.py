"""Carrying out an import, one batch in one transaction, with statements for many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, insert, literal, select, text, update

from newsletter.model.importing import Known
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.consent import keep_wording
from newsletter.store.readers import READER_COLUMNS, subscriber_of
from newsletter.store.subscribers import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping, Table
    from sqlalchemy.engine import Connection

    from newsletter.model.importing import Decision
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.store.database import Store


#: `{"hashes": [...]}` goes with it
_OF_THESE_PEOPLE = t.subscribers.c.identity_hash.in_(bindparam("hashes", expanding=True))


class StoredSubscribers:
    """The port is subscribers/ports.py:SubscriberStore."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def import_batch(
        self,
        list_: MailingList,
        identity_hashes: Sequence[str],
        decide: Callable[[Mapping[str, Known]], Sequence[Decision]],
        *,
        consent: str | None,
        now: datetime,
    ) -> Sequence[Decision]:
        with self._store.write() as connection:
            _hold_still(connection)
            decisions = decide(_known(connection, list_.number, identity_hashes))
            _add([d for d in decisions if d.public_id], connection, now)
            _change([d.changed for d in decisions if d.changed], connection)
            _join([d for d in decisions if d.joins], connection, list_.number, consent, now)
        return decisions


def _hold_still(connection: Connection) -> None:
    """Nobody else adds people or moves subscriptions until we are through. In SQLite a writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE subscribers, subscriptions IN SHARE ROW EXCLUSIVE MODE"))


def _known(connection: Connection, list_number: int, identity_hashes: Sequence[str]) -> dict[str, Known]:
    on_list = and_(t.subscriptions.c.subscriber == t.subscribers.c.number, t.subscriptions.c.list == list_number)
    people = (
        select(*READER_COLUMNS, t.subscribers.c.identity_hash, t.subscriptions.c.status)
        .select_from(t.subscribers.outerjoin(t.subscriptions, on_list))
        .where(_OF_THESE_PEOPLE)
    )
    column = t.suppressions.c.identity_hash
    suppressed = select(column).where(column.in_(bindparam("hashes", expanding=True)))
    known: dict[str, Known] = {}
    for part in parts(identity_hashes):
        rows = connection.execute(people, {"hashes": part}).mappings()
        known |= {row[t.subscribers.c.identity_hash]: _known_of(row) for row in rows}
        known |= dict.fromkeys(connection.scalars(suppressed, {"hashes": part}), Known(suppressed=True))
    return known


def _known_of(row: RowMapping) -> Known:
    status = row[t.subscriptions.c.status]
    return Known(subscriber=subscriber_of(row), status=SubscriptionStatus(status) if status else None)


def _add(decisions: list[Decision], connection: Connection, now: datetime) -> None:
    rows = [
        {
            "public_id": decision.public_id,
            "identity_hash": decision.person.identity_hash,
            "address": decision.person.address,
            "first_name": decision.person.first_name,
            "last_name": decision.person.last_name,
            "language": decision.person.language,
            "timezone": decision.person.timezone,
            "attributes": decision.person.attributes,
            "created_at": now,
        }
        for decision in decisions
    ]
    if rows:
        connection.execute(insert(t.subscribers), rows)


def _change(people: list[Subscriber], connection: Connection) -> None:
    rows = [
        {
            "this": person.number,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "language": person.language,
            "timezone": person.timezone,
            "attributes": person.attributes,
        }
        for person in people
    ]
    if rows:
        connection.execute(update(t.subscribers).where(t.subscribers.c.number == bindparam("this")), rows)


def _join(
    decisions: list[Decision], connection: Connection, list_number: int, consent: str | None, now: datetime
) -> None:
    status = SubscriptionStatus.SUBSCRIBED if consent else SubscriptionStatus.PENDING
    values = {"list": list_number, "status": status.value, "changed_at": now}
    _insert_for_each([d for d in decisions if d.known.status is None], connection, t.subscriptions, values)
    _end_waiting([d for d in decisions if d.known.status is not None], connection, list_number, now)
    if consent and decisions:
        event = {
            "list": list_number,
            "action": ConsentAction.SUBSCRIBED.value,
            "source": ConsentSource.IMPORT.value,
            "wording": keep_wording(connection, consent),
            "at": now,
        }
        _insert_for_each(decisions, connection, t.consent_events, event)


def _insert_for_each(
    decisions: list[Decision], connection: Connection, table: Table, values: Mapping[str, object]
) -> None:
    """One row for each person, alike but for the number: the database knows it, so a few statements do for all."""
    constants = [literal(value, table.c[name].type) for name, value in values.items()]
    people = select(t.subscribers.c.number, *constants).where(_OF_THESE_PEOPLE).order_by(t.subscribers.c.number)
    statement = insert(table).from_select(["subscriber", *values], people)
    for part in parts([d.person.identity_hash for d in decisions]):
        connection.execute(statement, {"hashes": part})


def _end_waiting(decisions: list[Decision], connection: Connection, list_number: int, now: datetime) -> None:
    """pending -> subscribed"""
    change = update(t.subscriptions).values(status=SubscriptionStatus.SUBSCRIBED, changed_at=now)
    for part in parts([d.known.subscriber.number for d in decisions if d.known.subscriber]):
        theirs = t.subscriptions.c.subscriber.in_(part)
        connection.execute(change.where(t.subscriptions.c.list == list_number, theirs))
