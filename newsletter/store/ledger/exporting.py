"""Every delivery of a mailing with what is known of it, one after the other: a million need no more memory than a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from newsletter.model.delivery import Delivery
from newsletter.model.event import Fate
from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState, Outcome
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

#: deliveries read at once
_PORTION = 2000
#: outcomes that come of an attempt; who is planned again is not told what an earlier one said
_OF_ATTEMPT = (Outcome.IN_FLIGHT, Outcome.ACCEPTED, Outcome.REFUSED, Outcome.UNCERTAIN)
_WITH_WORDS = (Outcome.REFUSED, Outcome.UNCERTAIN)
_ATTEMPT = (
    *(t.attempts.c.id, t.attempts.c.sender, t.attempts.c.started_at),
    *(t.attempts.c.provider_id, t.attempts.c.detail),
)


def deliveries(connection: Connection, mailing: int, after_n: int = 0, limit: int | None = None) -> Iterator[Delivery]:
    """In the order of their numbers. Go through it inside one `read()`: everything belongs together."""
    chunks = iter(_chunks(connection, mailing, after_n))
    chunk = next(chunks, None)
    left = limit
    while left is None or left > 0:
        rows = connection.execute(_query(mailing, after_n).limit(min(_PORTION, left or _PORTION))).all()
        for row in rows:
            while chunk is not None and chunk.last < row.n:
                chunk = next(chunks, None)
            yield _delivery(row, chunk)
        if len(rows) < min(_PORTION, left or _PORTION):
            return
        after_n, left = rows[-1].n, None if left is None else left - len(rows)


def _chunks(connection: Connection, mailing: int, after_n: int) -> Sequence[Row[Any]]:
    own = t.chunks.c
    query: Select[Any] = (
        select(own.first, own.last, own.state, *_ATTEMPT)
        .select_from(t.chunks)
        .outerjoin(t.attempts, t.attempts.c.id == own.attempt)
        .where(own.mailing == mailing, own.last > after_n)
        .order_by(own.first)
    )
    return connection.execute(query).all()


def _query(mailing: int, after_n: int) -> Select[Any]:
    planned, own, fate = t.deliveries.c, t.delivery_outcomes.c, t.fates.c
    return (
        select(
            *(planned.n, planned.subscriber, t.subscribers.c.address, planned.variant, planned.tracked),
            *(own.outcome, own.reason, fate.fate, fate.reason.label("fate_reason"), fate.at.label("fate_at")),
            *_ATTEMPT,
        )
        .select_from(t.deliveries)
        .join(t.subscribers, t.subscribers.c.number == planned.subscriber)
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .outerjoin(t.attempts, t.attempts.c.id == own.attempt)
        .outerjoin(t.fates, and_(fate.mailing == planned.mailing, fate.n == planned.n))
        .where(planned.mailing == mailing, planned.n > after_n)
        .order_by(planned.n)
    )


def _delivery(row: Row[Any], chunk: Row[Any] | None) -> Delivery:
    """`chunk` is the one that it lies in."""
    outcome, attempt, reason = _of_its_own(row, chunk) if row.outcome else _of_chunk(chunk)
    if attempt is not None and (attempt.id is None or outcome not in _OF_ATTEMPT):
        attempt = None
    return Delivery(
        n=row.n,
        subscriber=row.subscriber,
        address=row.address,
        variant=row.variant,
        tracked=row.tracked,
        outcome=outcome,
        reason=reason,
        attempt=attempt.id if attempt else "",
        sender=attempt.sender if attempt else "",
        started_at=attempt.started_at if attempt else None,
        provider_id=attempt.provider_id if attempt else "",
        fate=Fate(row.fate) if row.fate else None,
        fate_reason=row.fate_reason or "",
        fate_at=row.fate_at,
    )


def _of_its_own(row: Row[Any], chunk: Row[Any] | None) -> tuple[Outcome, Row[Any] | None, str]:
    """A refusal that an earlier version noted does not say of which attempt it comes: of one of its chunk."""
    return Outcome(row.outcome), row if row.id else chunk, row.reason


def _of_chunk(chunk: Row[Any] | None) -> tuple[Outcome, Row[Any] | None, str]:
    if chunk is None:  # every delivery lies in a chunk; `db check` says where that is not so
        return Outcome.PLANNED, None, ""
    outcome = OUTCOME_OF_CHUNK[ChunkState(chunk.state)]
    return outcome, chunk, (chunk.detail or "") if outcome in _WITH_WORDS else ""
