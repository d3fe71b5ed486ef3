"""Which senders took the deliveries of a mailing: it may have changed from one to the next on its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState, Outcome
from newsletter.store import tables as t
from newsletter.store import tallies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, kw_only=True)
class Carried:
    """That a sender accepted something."""

    sender: str
    at: datetime


def accepted_through(connection: Connection, mailing: int) -> dict[str, int]:
    """Sender -> how many it accepted; the one that took most comes first."""
    chunk, single, attempt = t.chunks.c, t.delivery_outcomes.c, t.attempts.c
    whole = (
        select(attempt.sender, func.sum(tallies.rest()))
        .select_from(t.chunks)
        .join(t.attempts, attempt.id == chunk.attempt)
        .where(chunk.mailing == mailing, chunk.state == ChunkState.ACCEPTED)
        .group_by(attempt.sender)
    )
    singly = (
        select(attempt.sender, func.count())
        .select_from(t.delivery_outcomes)
        .join(t.attempts, attempt.id == single.attempt)
        .where(single.mailing == mailing, single.outcome == Outcome.ACCEPTED)
        .group_by(attempt.sender)
    )
    found: dict[str, int] = {}
    for query in (whole, singly):
        for sender, count in connection.execute(query):
            found[sender] = found.get(sender, 0) + int(count)  # PostgreSQL sums to Decimal
    return dict(sorted(((name, count) for name, count in found.items() if count), key=lambda one: (-one[1], one[0])))


def last_through(connection: Connection, mailing: int) -> Carried | None:
    """Who accepted a chunk of it last; None where nobody has yet."""
    own = t.attempts.c
    row = connection.execute(
        select(own.sender, own.started_at)
        .join(t.chunks, t.chunks.c.number == own.chunk)
        .where(t.chunks.c.mailing == mailing, own.verdict == Verdict.ACCEPTED)
        .order_by(own.started_at.desc())
        .limit(1)
    ).first()
    return Carried(sender=row.sender, at=row.started_at) if row else None
