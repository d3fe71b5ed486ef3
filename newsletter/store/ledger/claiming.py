"""The next chunk that is due, looked at again right before it leaves."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, insert, or_, select

from newsletter.model.mailing import ChunkState, Exclusion, MailingState, Outcome
from newsletter.model.sending import Claim
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences.audience import has_own_outcome
from newsletter.store.ledger import chunks, leases, singly, stopping
from newsletter.store.ledger.chunks import CHANGE
from newsletter.store.people import former
from newsletter.store.people.readers import READER_COLUMNS, subscriber_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Chunk
    from newsletter.model.sending import Lease
    from newsletter.model.subscriber import Subscriber


class Nobody(Enum):
    NOBODY = auto()


NOBODY: Literal[Nobody.NOBODY] = Nobody.NOBODY

# statements are made once: making one takes as long as carrying it out, and each chunk needs all of them


def _next_query() -> Select[Any]:
    own, now = t.chunks.c, bindparam("now", type_=t.chunks.c.due_at.type)
    return (
        select(t.chunks)
        .where(own.mailing == bindparam("mailing"), own.state == ChunkState.PLANNED)
        .where(or_(own.due_at.is_(None), own.due_at <= now), or_(own.not_before.is_(None), own.not_before <= now))
        .order_by(own.first)
        .limit(1)
        # whoever leaves somebody of it out meanwhile (singly.py) is through before we look
        .with_for_update(key_share=True)
    )


def _people_query() -> Select[Any]:
    planned, person, joined = t.deliveries.c, t.subscribers.c, t.subscriptions.c
    # PostgreSQL would answer an EXISTS by reading all subscriptions, for each chunk again
    subscribed = (
        select(joined.list)
        .where(joined.subscriber == planned.subscriber, joined.list.in_(bindparam("lists", expanding=True)))
        .where(joined.status == SubscriptionStatus.SUBSCRIBED)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(planned.n, person.erased_at, t.suppressions.c.identity_hash, subscribed, *READER_COLUMNS)
        .select_from(t.deliveries)
        .join(t.subscribers, person.number == planned.subscriber)
        .outerjoin(t.suppressions, t.suppressions.c.identity_hash == person.identity_hash)
        .where(planned.mailing == bindparam("mailing"), planned.n.between(bindparam("first"), bindparam("last")))
        .where(~has_own_outcome())
        .order_by(planned.n)
    )


_NEXT = _next_query()
_PEOPLE = _people_query()
_LISTS = select(t.mailing_lists.c.list).where(t.mailing_lists.c.mailing == bindparam("mailing"))
_INSERT = insert(t.attempts)


def claim(
    connection: Connection, lease: Lease, attempt: str, sender: str, now: datetime, most: int
) -> Claim | Literal[Nobody.NOBODY] | None:
    """Store an attempt at the next `most` readers whose time has come. None when there are none, or the mailing stands;
    NOBODY when all of them have an outcome already, and others may be due.

    Raises:
        LeaseLost: another process took it over.
    """
    standing = leases.hold(connection, lease, until=now + leases.LEASE_TIME)
    if standing.state is not MailingState.SENDING:
        return None
    if standing.latest_at and standing.latest_at <= now:
        stopping.cancel_planned(connection, lease.mailing)
        return None
    row = _next(connection, lease.mailing, now)
    if row is None:
        return None
    chunk = _cut(connection, row, most)
    now = former.not_before_a_change(connection, now)
    readers = sendable(connection, chunk.mailing, chunk.first, chunk.last, now)
    if readers:
        return _attempt(connection, lease, chunk, readers, attempt, sender, now)
    chunks.move(connection, row, ChunkState.CANCELLED)
    return NOBODY


def _next(connection: Connection, mailing: int, now: datetime) -> Row[Any] | None:
    return connection.execute(_NEXT, {"mailing": mailing, "now": now}).one_or_none()


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
    for n, erased_at, suppressed, subscribed, *fields in _people(connection, mailing, first, last):
        if reason := _why_not(erased_at, suppressed, subscribed):
            excluded[n] = reason
        else:
            readers.append((n, subscriber_from(*fields)))
    if excluded:
        singly.write(connection, mailing, Outcome.EXCLUDED, excluded, "", now)
        singly.release(connection, mailing, excluded)
    return readers


def _people(connection: Connection, mailing: int, first: int, last: int) -> Sequence[Sequence[Any]]:
    lists = connection.scalars(_LISTS, {"mailing": mailing}).all()
    return connection.execute(_PEOPLE, {"mailing": mailing, "first": first, "last": last, "lists": lists}).all()


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
    connection.execute(CHANGE, {"changed": chunk.number, "state": ChunkState.SUBMITTING, "attempt": attempt})
    made = {
        "id": attempt,
        "chunk": chunk.number,
        "sender": sender,
        "generation": lease.generation,
        "started_at": now,
        "first": chunk.first,
        "last": chunk.last,
        "size": len(readers),
    }
    connection.execute(_INSERT, made)
    tracked = chunk.tracked and all(reader.tracking for _, reader in readers)
    return Claim(attempt=attempt, chunk=chunk, readers=readers, sender=sender, tracked=tracked)
