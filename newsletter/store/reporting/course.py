"""When the readers of a mailing were handed over, and when their servers took the mail."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.model.event import Fate
from newsletter.model.mailing import ChunkState, Outcome
from newsletter.model.reporting import Course
from newsletter.store import tables as t
from newsletter.store import tallies
from newsletter.store.reporting import buckets

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: a mailing that was handed over within this is told by the minute
_SHORT = timedelta(days=2)
#: what is delivered longer after the last was handed over is not told by its time: providers give up after three days
_TAIL = timedelta(days=3)


def course(connection: Connection, mailing: int) -> Course:
    first, last = _span(connection, mailing)
    if first is None or last is None:
        return Course(interval=buckets.LENGTHS[buckets.MINUTE])
    letters = buckets.MINUTE if last - first <= _SHORT else buckets.HOUR
    return Course(
        interval=buckets.LENGTHS[letters],
        handed_over=_handed_over(connection, mailing, letters),
        delivered=_delivered(connection, mailing, letters, last + _TAIL),
    )


def _span(connection: Connection, mailing: int) -> tuple[datetime | None, datetime | None]:
    attempt = t.attempts.c
    query = (
        select(func.min(attempt.started_at), func.max(attempt.started_at))
        .select_from(t.attempts)
        .join(t.chunks, t.chunks.c.number == attempt.chunk)
        .where(t.chunks.c.mailing == mailing)
    )
    first, last = connection.execute(query).one()
    return first, last


def _handed_over(connection: Connection, mailing: int, letters: int) -> dict[datetime, int]:
    """By the time of the answer that accepted them; those of whom no attempt is known are in none."""
    chunk, attempt, single = t.chunks.c, t.attempts.c, t.delivery_outcomes.c
    answered = buckets.bucket(connection, func.coalesce(attempt.answered_at, attempt.started_at), letters)
    whole = (
        select(answered, func.sum(tallies.rest()))
        .select_from(t.chunks)
        .join(t.attempts, attempt.id == chunk.attempt)
        .where(chunk.mailing == mailing, chunk.state == ChunkState.ACCEPTED)
        .group_by(answered)
    )
    singly = (
        select(answered, func.count())
        .select_from(t.delivery_outcomes)
        .join(t.attempts, attempt.id == single.attempt)
        .where(single.mailing == mailing, single.outcome == Outcome.ACCEPTED)
        .group_by(answered)
    )
    found: Counter[datetime] = Counter()
    for text, count in [*connection.execute(whole), *connection.execute(singly)]:
        found[buckets.begin(text)] += int(count)
    return {at: count for at, count in sorted(found.items()) if count}


def _delivered(connection: Connection, mailing: int, letters: int, until: datetime) -> dict[datetime, int]:
    own = t.fates.c
    at = buckets.bucket(connection, own.at, letters)
    query = (
        select(at, func.count())
        .where(own.mailing == mailing, own.fate == Fate.DELIVERED, own.at <= until)
        .group_by(at)
        .order_by(at)
    )
    return {buckets.begin(text): count for text, count in connection.execute(query)}
