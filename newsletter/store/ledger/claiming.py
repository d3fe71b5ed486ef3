"""The next chunk that is due, looked at again right before it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from newsletter.model.mailing import ChunkState, Exclusion, MailingState, Outcome
from newsletter.model.sending import Claim
from newsletter.model.subscriber import Subscriber, SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences.audience import has_own_outcome
from newsletter.store.ledger import chunks, leases, singly, stopping
from newsletter.store.people.readers import READER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Chunk
    from newsletter.model.sending import Lease

_FIELDS = [column.name for column in READER_COLUMNS]


def claim(connection: Connection, lease: Lease, attempt: str, sender: str, now: datetime, most: int) -> Claim | None:
    """Store an attempt at the next `most` readers whose time has come. None when there are none, or the mailing stands.

    Raises:
        LeaseLost: another process took it over.
    """
    standing = leases.hold(connection, lease, until=now + leases.LEASE_TIME)
    if standing.state is not MailingState.SENDING:
        return None
    if standing.latest_at and standing.latest_at <= now:
        stopping.cancel_planned(connection, lease.mailing)
        return None
    while row := _next(connection, lease.mailing, now):
        chunk = _cut(connection, row, most)
        readers = sendable(connection, chunk.mailing, chunk.first, chunk.last, now)
        if readers:
            return _attempt(connection, lease, chunk, readers, attempt, sender, now)
        chunks.move(connection, row, ChunkState.CANCELLED)  # everyone in it has an outcome already
    return None


def _next(connection: Connection, mailing: int, now: datetime) -> Row[Any] | None:
    own = t.chunks.c
    return connection.execute(
        select(t.chunks)
        .where(own.mailing == mailing, own.state == ChunkState.PLANNED)
        .where(or_(own.due_at.is_(None), own.due_at <= now), or_(own.not_before.is_(None), own.not_before <= now))
        .order_by(own.first)
        .limit(1)
    ).one_or_none()


def _cut(connection: Connection, row: Row[Any], most: int) -> Chunk:
    chunk = chunks.chunk_of(row)
    end = min(chunk.last, chunk.first + most - 1)
    if end < chunk.last:
        chunks.cut(connection, row, [(chunk.first, end), (end + 1, chunk.last)])
    return replace(chunk, last=end)


def sendable(
    connection: Connection, mailing: int, first: int, last: int, now: datetime
) -> list[tuple[int, Subscriber]]:
    """Those of a range who may have it still; who left, was suppressed or erased since it was planned is excluded."""
    readers: list[tuple[int, Subscriber]] = []
    excluded: dict[int, str] = {}
    for n, erased_at, suppressed, subscribed, *fields in map(tuple, _people(connection, mailing, first, last)):
        if reason := _why_not(erased_at, suppressed, subscribed):
            excluded[n] = reason
        else:
            readers.append((n, Subscriber(**dict(zip(_FIELDS, fields, strict=True)))))
    if excluded:
        singly.write(connection, mailing, Outcome.EXCLUDED, excluded, "", now)
        singly.release(connection, mailing, excluded)
    return readers


def _people(connection: Connection, mailing: int, first: int, last: int) -> Sequence[Row[Any]]:
    planned, person, joined = t.deliveries.c, t.subscribers.c, t.subscriptions.c
    lists = connection.scalars(select(t.mailing_lists.c.list).where(t.mailing_lists.c.mailing == mailing)).all()
    # PostgreSQL would answer an EXISTS by reading all subscriptions, for each chunk again
    subscribed = (
        select(joined.list)
        .where(joined.subscriber == planned.subscriber, joined.list.in_(lists))
        .where(joined.status == SubscriptionStatus.SUBSCRIBED)
        .limit(1)
        .scalar_subquery()
    )
    return connection.execute(
        select(planned.n, person.erased_at, t.suppressions.c.identity_hash, subscribed, *READER_COLUMNS)
        .select_from(t.deliveries)
        .join(t.subscribers, person.number == planned.subscriber)
        .outerjoin(t.suppressions, t.suppressions.c.identity_hash == person.identity_hash)
        .where(planned.mailing == mailing, planned.n.between(first, last))
        .where(~has_own_outcome())
        .order_by(planned.n)
    ).all()


def _why_not(erased_at: datetime | None, suppressed: str | None, subscribed: int | None) -> Exclusion | None:
    if erased_at is not None:
        return Exclusion.ERASED
    if suppressed is not None:
        return Exclusion.SUPPRESSED
    return Exclusion.UNSUBSCRIBED if subscribed is None else None


def _attempt(
    connection: Connection,
    lease: Lease,
    chunk: Chunk,
    readers: Sequence[tuple[int, Subscriber]],
    attempt: str,
    sender: str,
    now: datetime,
) -> Claim:
    connection.execute(
        update(t.chunks).where(t.chunks.c.number == chunk.number).values(state=ChunkState.SUBMITTING, attempt=attempt)
    )
    connection.execute(
        insert(t.attempts).values(
            id=attempt,
            chunk=chunk.number,
            sender=sender,
            generation=lease.generation,
            started_at=now,
            first=chunk.first,
            last=chunk.last,
            size=len(readers),
        )
    )
    tracked = chunk.tracked and all(reader.tracking for _, reader in readers)
    return Claim(attempt=attempt, chunk=chunk, readers=readers, sender=sender, tracked=tracked)
