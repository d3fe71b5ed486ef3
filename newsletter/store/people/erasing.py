"""Erasing a person: their row keeps its number and nothing else, so that every sum stays; their hash stays out for ever.

All of it happens in one transaction of the caller. What is taken from a SQLite file is overwritten there; PostgreSQL
keeps old versions of rows until VACUUM.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select, update

from newsletter.model.erasure import Erased
from newsletter.model.mailing import ChunkState
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import suppressions, witness
from newsletter.store import tables as t
from newsletter.store.events.erasing import NOT_LOOKED, clear_reports
from newsletter.store.people import erasing_texts
from newsletter.store.people.locking import hold_people_still
from newsletter.store.people.sought import look_for_all, sought_for
from newsletter.store.people.subscribers import parts
from newsletter.store.suppressions import mirrored

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store
    from newsletter.store.events.erasing import Looked

SOURCE = "erased"
#: table that knows people -> what erasing does there; a test holds it to tables.py
REACH = {
    "subscribers": "keeps the number",
    "subscriptions": "deleted",
    "subscriber_tags": "deleted",
    "engagements": "deleted",
    "consent_events": "keeps list, action, source and times",
    "suppressions": "keeps the keyed hash",
    "suppression_events": "keeps the keyed hash, reasons and times",
    "esp_suppressions": "deleted",
    "deliveries": "keeps the number",
    "delivery_outcomes": "keeps the number, outcome and time; the reason without addresses",
    "issue_readers": "keeps the number",
    "fates": "keeps the number, fate and time; the reason without addresses",
    "events": "keeps the number, kind and time of what became of a mail; opens and clicks are deleted",
    "notices": "keeps kind, state and times",
    "leaving_reasons": "deleted",
    "former_fields": "deleted",
}


def erase(
    connection: Connection, identity_hash: str, address: str | None, now: datetime, looked: Looked = NOT_LOOKED
) -> Erased:
    """Erase whoever has this hash, and keep them out. `address` is what texts are searched for, beside the stored one.

    Somebody of whom nothing is known is kept out all the same. Without `looked` all reports are read in this transaction.
    """
    witness.renew(connection)
    hold_people_still(connection)
    row = _row(connection, identity_hash)
    known = connection.execute(select(t.suppressions).where(t.suppressions.c.identity_hash == identity_hash)).first()
    notices = connection.scalars(select(t.notices.c.number).where(t.notices.c.identity_hash == identity_hash)).all()
    sought = sought_for(connection, identity_hash, address)._replace(tokens=looked.sought.tokens)
    deliveries: tuple[tuple[int, int], ...] = ()
    if row:
        deliveries = deliveries_of(connection, row[0])
        erasing_texts.clear_ledger(connection, row[0], sorted(sought.addresses))
        erasing_texts.clear_seen(connection, row[0])
        _empty(connection, row[0], now)
    empty_notices(connection, notices)
    clear_reports(connection, sought, looked)
    mirrored.forget(connection, identity_hash)
    _keep_out(connection, identity_hash, now)
    return Erased(
        subscriber=row[0] if row else None,
        was_suppressed=known is not None,
        deliveries=deliveries,
        in_flight=in_flight(connection, row[0]) if row else (),
        notices=tuple(notices),
    )


def foresee(connection: Connection, identity_hash: str) -> Erased:
    """What erasing would find; nothing changes."""
    row = _row(connection, identity_hash)
    known = connection.scalar(select(t.suppressions.c.reason).where(t.suppressions.c.identity_hash == identity_hash))
    notices = connection.scalars(select(t.notices.c.number).where(t.notices.c.identity_hash == identity_hash))
    return Erased(
        subscriber=row[0] if row else None,
        was_suppressed=known is not None,
        deliveries=deliveries_of(connection, row[0]) if row else (),
        in_flight=in_flight(connection, row[0]) if row else (),
        notices=tuple(notices),
    )


def apply_again(connection: Connection, hashes: Collection[str], now: datetime) -> int:
    """Erase again whom a restored backup brought back, and keep all of these hashes out; returns how many came back."""
    back = 0
    for part in parts(sorted(hashes)):
        known = set[str]()
        for table in (t.subscribers, t.notices):
            column = table.c.identity_hash
            known.update(connection.scalars(select(column).where(column.in_(part))))
        column = t.suppressions.c.identity_hash
        out = set(
            connection.scalars(
                select(column).where(column.in_(part), t.suppressions.c.reason == SuppressionReason.ERASED)
            )
        )
        looked = look_for_all(connection, known)
        back += sum(erase(connection, one, None, now, looked).subscriber is not None for one in sorted(known))
        for one in sorted({*part} - known - out):
            _keep_out(connection, one, now)
    return back


def deliveries_of(connection: Connection, number: int) -> tuple[tuple[int, int], ...]:
    """(mailing, n) of every copy that was planned for somebody."""
    planned = t.deliveries.c
    rows = connection.execute(
        select(planned.mailing, planned.n).where(planned.subscriber == number).order_by(planned.mailing)
    )
    return tuple((mailing, n) for mailing, n in rows)


def in_flight(connection: Connection, number: int) -> tuple[tuple[int, int], ...]:
    """Of these, the ones that a provider is being handed at this moment."""
    planned, chunk, own = t.deliveries.c, t.chunks.c, t.delivery_outcomes.c
    rows = connection.execute(
        select(planned.mailing, planned.n)
        .join(t.chunks, and_(chunk.mailing == planned.mailing, planned.n.between(chunk.first, chunk.last)))
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .where(planned.subscriber == number, chunk.state == ChunkState.SUBMITTING, own.n.is_(None))
    )
    return tuple((mailing, n) for mailing, n in rows)


def dates_of_mailings(connection: Connection) -> dict[int, datetime]:
    """Number -> the date that its mails carry."""
    columns = t.mailings.c
    rows = connection.execute(select(columns.number, columns.started_at, columns.created_at))
    return {number: started_at or created_at for number, started_at, created_at in rows}


def clear_log(store: Store) -> bool | None:
    """Empty SQLite's log of recent changes, in which the person still stands; whether that was possible just now.

    None on PostgreSQL, which has no such file of ours.
    """
    if store.url.get_backend_name() != "sqlite":
        return None
    import sqlite3

    with closing(sqlite3.connect(str(store.url.database), timeout=5)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _row(connection: Connection, identity_hash: str) -> tuple[int, str | None] | None:
    columns = t.subscribers.c
    row = connection.execute(
        select(columns.number, columns.address).where(columns.identity_hash == identity_hash)
    ).one_or_none()
    return (row.number, row.address) if row else None


def _empty(connection: Connection, number: int, now: datetime) -> None:
    for table in (t.subscriptions, t.subscriber_tags, t.engagements, t.leaving_reasons, t.former_fields):
        connection.execute(delete(table).where(table.c.subscriber == number))
    erasing_texts.clear_consent(connection, number)
    nothing = dict.fromkeys(("first_name", "last_name", "language", "timezone"), "")
    connection.execute(
        update(t.subscribers)
        .where(t.subscribers.c.number == number)
        .values(public_id=None, identity_hash=None, address=None, attributes={}, tracking=False, joined_at=None)
        .values(**nothing, created_at=_day(now), erased_at=_day(now))
    )


def empty_notices(connection: Connection, numbers: Sequence[int]) -> None:
    for number in numbers:
        connection.execute(
            update(t.notices)
            .where(t.notices.c.number == number)
            .values(cause=f"erased {number}", identity_hash="", address=None, detail="", about=None, language="")
        )


def _keep_out(connection: Connection, identity_hash: str, now: datetime) -> None:
    """The hash joins the suppressions; what was noted beside it may name the person."""
    events, column = t.suppression_events, t.suppressions.c.identity_hash
    theirs = select(events.c.number, events.c.at).where(events.c.identity_hash == identity_hash)
    for number, at in connection.execute(theirs).all():
        connection.execute(update(events).where(events.c.number == number).values(source=SOURCE, at=_day(at)))
    connection.execute(update(t.suppressions).where(column == identity_hash).values(identity=None, source=SOURCE))
    suppressions.add(connection, identity_hash, None, SuppressionReason.ERASED, SOURCE, _day(now))


def _day(now: datetime) -> datetime:
    """By the second, the time of a suppression and that of an erasing would tell which number a hash had."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
