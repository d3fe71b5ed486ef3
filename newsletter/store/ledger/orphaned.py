"""Attempts that earlier processes began, and never stored an answer for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from newsletter.model.mailing import ChunkState
from newsletter.model.sending import Claim
from newsletter.store import tables as t
from newsletter.store.audiences.audience import has_own_outcome
from newsletter.store.ledger import chunks
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Chunk
    from newsletter.model.sending import Lease
    from newsletter.model.subscriber import Subscriber


def claims(connection: Connection, lease: Lease) -> list[Claim]:
    """One for each attempt, with whom it was made for."""
    found: dict[str, list[Row[Any]]] = {}
    for row in _chunks(connection, lease):
        found.setdefault(row.attempt, []).append(row)
    return [_claim(connection, pieces) for pieces in found.values()]


def _chunks(connection: Connection, lease: Lease) -> Sequence[Row[Any]]:
    """Those still `submitting` for an attempt of an earlier lease."""
    own, attempt = t.chunks.c, t.attempts.c
    return connection.execute(
        select(t.chunks, attempt.sender)
        .join(t.attempts, attempt.id == own.attempt)
        .where(own.mailing == lease.mailing, own.state == ChunkState.SUBMITTING)
        .where(attempt.generation < lease.generation)
        .order_by(own.first)
    ).all()


def _claim(connection: Connection, pieces: Sequence[Row[Any]]) -> Claim:
    """A chunk may have been cut while it was in flight."""
    readers = [reader for piece in pieces for reader in _readers(connection, chunks.chunk_of(piece))]
    whole = replace(chunks.chunk_of(pieces[0]), last=pieces[-1].last)
    tracked = whole.tracked and all(reader.tracking for _, reader in readers)
    return Claim(attempt=pieces[0].attempt, chunk=whole, readers=readers, sender=pieces[0].sender, tracked=tracked)


def _readers(connection: Connection, chunk: Chunk) -> list[tuple[int, Subscriber]]:
    """The deliveries of a chunk that have no outcome of their own, with whom they go to."""
    planned = t.deliveries.c
    rows = connection.execute(
        select(*READER_COLUMNS, planned.n)
        .join(t.deliveries, planned.subscriber == t.subscribers.c.number)
        .where(planned.mailing == chunk.mailing, planned.n.between(chunk.first, chunk.last))
        .where(~has_own_outcome())
        .order_by(planned.n)
    ).mappings()
    return [(row[planned.n], subscriber_of(row)) for row in rows]
