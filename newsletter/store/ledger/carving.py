"""Cutting chunks so that certain deliveries lie in chunks of their own, to be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert, select, update

from newsletter.store import tables as t
from newsletter.store.ledger import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import ChunkState


class _Piece(NamedTuple):
    first: int
    last: int
    #: the attempt that decided these deliveries; None: they stay as they are
    attempt: str | None


def carve(connection: Connection, mailing: int, targets: Mapping[int, str], state: ChunkState) -> None:
    """Put exactly these deliveries (n -> the attempt that decided it) into chunks of a state; the others stay.

    They must have no outcome of their own any more. Every n of the mailing stays in exactly one chunk.
    """
    numbers = sorted(targets)
    position = 0
    for row in _holding(connection, mailing, numbers):
        inside = []
        while position < len(numbers) and numbers[position] <= row.last:
            # one attempt is noted for all of a chunk: who was not in it cannot stay
            if (row.state, row.attempt) != (state, targets[numbers[position]]):
                inside.append(numbers[position])
            position += 1
        if inside:
            _cut(connection, row, [*_pieces(row, inside, targets)], state)


def _holding(connection: Connection, mailing: int, numbers: Sequence[int]) -> Sequence[Row[Any]]:
    if not numbers:
        return ()
    own = t.chunks.c
    span = (own.first <= numbers[-1], own.last >= numbers[0])
    return connection.execute(select(t.chunks).where(own.mailing == mailing, *span).order_by(own.first)).all()


def _pieces(row: Row[Any], inside: Sequence[int], targets: Mapping[int, str]) -> Iterator[_Piece]:
    """Runs of targets that one attempt decided, and what lies between them."""
    begin = row.first
    run: list[int] = []
    for n in [*inside, None]:
        if run and (n != run[-1] + 1 or targets[n] != targets[run[0]]):
            yield _Piece(run[0], run[-1], targets[run[0]])
            begin, run = run[-1] + 1, []
        if n is not None:
            if not run and begin < n:
                yield _Piece(begin, n - 1, None)
            run.append(n)
    if begin <= row.last:
        yield _Piece(begin, row.last, None)


def _cut(connection: Connection, row: Row[Any], pieces: Sequence[_Piece], state: ChunkState) -> None:
    """The first piece keeps the chunk's number: attempts refer to it."""
    rows = [_row(row, piece, state) for piece in pieces]
    keeping, *others = rows
    connection.execute(update(t.chunks).where(t.chunks.c.number == row.number).values(**keeping))
    if others:
        connection.execute(insert(t.chunks), others)


def _row(row: Row[Any], piece: _Piece, state: ChunkState) -> dict[str, Any]:
    if piece.attempt is None:
        return chunks.part_of(row, piece.first, piece.last)
    again = {"state": state, "attempt": piece.attempt, "tries": 0, "not_before": None}
    return chunks.part_of(row, piece.first, piece.last, **again)
