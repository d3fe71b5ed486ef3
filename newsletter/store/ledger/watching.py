"""How sending goes on: what is due, how fast it goes, and which attempts a person has to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select

from newsletter.model.delivery import Doubt, Pending
from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState, Outcome
from newsletter.store import tables as t
from newsletter.store import tallies
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

#: accepted lately: in this time
_LATELY = timedelta(minutes=1)
#: no answer takes longer
_LONGEST_CALL = timedelta(minutes=10)


def pending(connection: Connection, mailing: int, now: datetime) -> Pending:
    """What is planned of a mailing, and when the next of it is due."""
    own = t.chunks.c
    rows = connection.execute(
        select(
            own.due_at,
            own.not_before,
            func.sum(tallies.rest()).label("rest"),
            func.max(t.attempts.c.detail).label("detail"),
        )
        .select_from(t.chunks)
        .outerjoin(t.attempts, t.attempts.c.id == own.attempt)
        .where(own.mailing == mailing, own.state == ChunkState.PLANNED)
        .group_by(own.due_at, own.not_before)
    ).all()
    times = {row: max((at for at in (row.due_at, row.not_before) if at is not None), default=now) for row in rows}
    later = sorted((row for row in rows if times[row] > now and row.rest), key=lambda row: times[row])
    return Pending(
        due=sum(int(row.rest) for row in rows if times[row] <= now),
        later=sum(int(row.rest) for row in later),
        next_at=times[later[0]] if later else None,
        detail=next((row.detail or "" for row in later if row.not_before and row.not_before > now), ""),
    )


def rate(connection: Connection, mailing: int, now: datetime) -> int:
    """How many readers of a mailing were accepted in the last minute."""
    attempt = t.attempts.c
    accepted = connection.scalar(
        select(func.sum(attempt.size))
        .join(t.chunks, t.chunks.c.number == attempt.chunk)
        .where(attempt.started_at > now - _LATELY - _LONGEST_CALL, attempt.answered_at > now - _LATELY)
        .where(attempt.verdict == Verdict.ACCEPTED, t.chunks.c.mailing == mailing)
    )
    return int(accepted or 0)


def doubts(connection: Connection, mailing: int) -> tuple[Doubt, ...]:
    """What each attempt left uncertain, and in which words, the oldest first; what a restored backup made uncertain comes before them."""
    every = [*_in_doubt_by_chunk(connection, mailing), *_in_doubt_singly(connection, mailing)]
    attempts = _attempts(connection, sorted({part.attempt for part in every}))
    found: dict[tuple[str, str], list[_Part]] = {}
    for part in every:
        attempt = attempts.get(part.attempt)
        words = part.reason or (attempt.detail if attempt else "")
        found.setdefault((part.attempt, words), []).append(part)
    doubts = (_doubt(attempts.get(id_), words, them) for (id_, words), them in found.items())
    return tuple(sorted(doubts, key=_by_age))


class _Part(NamedTuple):
    """Deliveries in doubt, somewhere between two numbers."""

    attempt: str
    first: int
    last: int
    readers: int
    #: of their own; empty: that of the attempt
    reason: str = ""


def _in_doubt_by_chunk(connection: Connection, mailing: int) -> list[_Part]:
    own = t.chunks.c
    doubtful = (own.mailing == mailing, own.state == ChunkState.UNCERTAIN)
    rows = connection.execute(select(own.attempt, own.first, own.last, tallies.rest().label("rest")).where(*doubtful))
    return [_Part(*row) for row in rows if row.rest]


def _in_doubt_singly(connection: Connection, mailing: int) -> list[_Part]:
    own = t.delivery_outcomes.c
    rows = connection.execute(
        select(own.attempt, func.min(own.n), func.max(own.n), func.count(), own.reason)
        .where(own.mailing == mailing, own.outcome == Outcome.UNCERTAIN)
        .group_by(own.attempt, own.reason)
    )
    return [_Part(*row) for row in rows]


def _attempts(connection: Connection, ids: Sequence[str]) -> dict[str, Row[Any]]:
    own = t.attempts
    return {row.id: row for some in parts(ids) for row in connection.execute(select(own).where(own.c.id.in_(some)))}


def _doubt(attempt: Row[Any] | None, words: str, found: Sequence[_Part]) -> Doubt:
    doubt = Doubt(
        count=sum(part.readers for part in found),
        first=min(part.first for part in found),
        last=max(part.last for part in found),
    )
    if attempt is None:
        return doubt
    return replace(
        doubt,
        attempt=attempt.id,
        sender=attempt.sender,
        provider_id=attempt.provider_id,
        started_at=attempt.started_at,
        since=attempt.answered_at or attempt.started_at,
        detail=words,
    )


def _by_age(doubt: Doubt) -> tuple[bool, float, int]:
    return doubt.since is not None, doubt.since.timestamp() if doubt.since else 0, doubt.first
