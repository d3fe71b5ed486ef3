"""Every delivery of a mailing with what is known of it, one after the other: a million need no more memory than a few."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, select

from newsletter.model.delivery import Delivery
from newsletter.model.event import Fate
from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState, Outcome
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

#: deliveries read at once
_PORTION = 2000
#: outcomes that come of an attempt; who is planned again is not told what an earlier one said
_OF_ATTEMPT = (Outcome.IN_FLIGHT, Outcome.ACCEPTED, Outcome.REFUSED, Outcome.UNCERTAIN)
_WITH_WORDS = (Outcome.REFUSED, Outcome.UNCERTAIN)
_ATTEMPT = (t.attempts.c.id, t.attempts.c.sender, t.attempts.c.started_at, t.attempts.c.provider_id)


class _Attempt(NamedTuple):
    id: str = ""
    sender: str = ""
    started_at: datetime | None = None
    provider_id: str = ""


_NONE = _Attempt()


class _Chunk(NamedTuple):
    """What is told of those in it who have no outcome of their own."""

    last: int
    outcome: Outcome
    reason: str
    attempt: _Attempt


def deliveries(connection: Connection, mailing: int, after_n: int = 0, limit: int | None = None) -> Iterator[Delivery]:
    """In the order of their numbers. Go through it inside one `read()`: everything belongs together."""
    chunks = _chunks(connection, mailing, after_n)
    chunk = next(chunks, _NO_CHUNK)
    left = limit
    while left is None or left > 0:
        portion = _PORTION if left is None else min(_PORTION, left)
        rows = connection.execute(_query(mailing, after_n).limit(portion)).all()
        for row in rows:
            while chunk.last < row[0]:
                chunk = next(chunks, _NO_CHUNK)
            yield _delivery(chunk, *row)
        if len(rows) < portion:
            return
        after_n, left = rows[-1][0], None if left is None else left - portion


#: every delivery lies in a chunk; `db check` says where that is not so
_NO_CHUNK = _Chunk(sys.maxsize, Outcome.PLANNED, "", _NONE)


def _chunks(connection: Connection, mailing: int, after_n: int) -> Iterator[_Chunk]:
    own = t.chunks.c
    query: Select[Any] = (
        select(own.last, own.state, t.attempts.c.detail, *_ATTEMPT)
        .select_from(t.chunks)
        .outerjoin(t.attempts, t.attempts.c.id == own.attempt)
        .where(own.mailing == mailing, own.last > after_n)
        .order_by(own.first)
    )
    for last, state, detail, *attempt in connection.execute(query).all():
        outcome = OUTCOME_OF_CHUNK[ChunkState(state)]
        told = _Attempt(*attempt) if attempt[0] and outcome in _OF_ATTEMPT else _NONE
        yield _Chunk(last, outcome, (detail or "") if outcome in _WITH_WORDS else "", told)


def _query(mailing: int, after_n: int) -> Select[Any]:
    planned, own, fate = t.deliveries.c, t.delivery_outcomes.c, t.fates.c
    return (
        select(
            *(planned.n, planned.subscriber, t.subscribers.c.address, planned.variant, planned.tracked),
            *(own.outcome, own.reason, fate.fate, fate.reason, fate.at, *_ATTEMPT),
        )
        .select_from(t.deliveries)
        .join(t.subscribers, t.subscribers.c.number == planned.subscriber)
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .outerjoin(t.attempts, t.attempts.c.id == own.attempt)
        .outerjoin(t.fates, and_(fate.mailing == planned.mailing, fate.n == planned.n))
        .where(planned.mailing == mailing, planned.n > after_n)
        .order_by(planned.n)
    )


def _delivery(
    chunk: _Chunk,
    n: int,
    subscriber: int,
    address: str | None,
    variant: str,
    tracked: bool,
    outcome: str | None,
    reason: str,
    fate: str | None,
    fate_reason: str | None,
    fate_at: datetime | None,
    *attempt: Any,  # noqa: ANN401 - columns of `attempts`
) -> Delivery:
    """What is known of it singly, else what is known of its chunk."""
    stands, words, of = chunk.outcome, chunk.reason, chunk.attempt
    if outcome is not None:
        stands, words = Outcome(outcome), reason
        # a refusal that an earlier version noted does not say of which attempt it comes: of one of its chunk
        of = (_Attempt(*attempt) if attempt[0] else of) if stands in _OF_ATTEMPT else _NONE
    became = Fate(fate) if fate else None
    return Delivery(*(n, subscriber, address, variant, tracked, stands, words, *of, became, fate_reason or "", fate_at))
