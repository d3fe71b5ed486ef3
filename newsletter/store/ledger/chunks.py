"""Rows of `chunks`, and moving them by the table of legal moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, update

from newsletter.errors import IllegalMove
from newsletter.model.mailing import CHUNK_MOVES, Chunk, ChunkState
from newsletter.store import tables as t
from newsletter.store import tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

#: sets what it is given beside the number of the chunk; made once, since each chunk needs it
CHANGE = update(t.chunks).where(t.chunks.c.number == bindparam("changed"))
#: what the parts of a chunk that is cut have in common
_INHERITED = ("mailing", "variant", "state", "tracked", "due_at", "tries", "not_before", "attempt")


def chunk_of(row: Row[Any]) -> Chunk:
    return Chunk(
        number=row.number,
        mailing=row.mailing,
        first=row.first,
        last=row.last,
        state=ChunkState(row.state),
        variant=row.variant,
        tracked=row.tracked,
        due_at=row.due_at,
        not_before=row.not_before,
        tries=row.tries,
    )


def refuse_unless_legal(number: int, before: ChunkState, after: ChunkState) -> None:
    """Raises IllegalMove: the table has no such move."""
    if after not in CHUNK_MOVES[before]:
        raise IllegalMove(f"chunk {number}", before, after)


def move(connection: Connection, row: Row[Any], state: ChunkState, **values: object) -> None:
    """Change the state of a chunk that was just read.

    Raises:
        IllegalMove: the table has no such move.
    """
    refuse_unless_legal(row.number, ChunkState(row.state), state)
    connection.execute(CHANGE, {"changed": row.number, "state": state, **values})


def cut(connection: Connection, row: Row[Any], ranges: Sequence[tuple[int, int]]) -> None:
    """The chunk keeps the first of these ranges; each other becomes a chunk that is alike."""
    (first, last), *others = ranges
    connection.execute(update(t.chunks).where(t.chunks.c.number == row.number).values(first=first, last=last))
    if others:
        connection.execute(insert(t.chunks), [part_of(row, *one) for one in others])


def part_of(row: Row[Any], first: int, last: int, **values: object) -> dict[str, Any]:
    """The row of a part of a chunk."""
    return {name: getattr(row, name) for name in _INHERITED} | {"first": first, "last": last} | values


def cancel_the_empty(connection: Connection, mailing: int) -> None:
    """Where everybody in a chunk has an outcome of their own nothing of it is left to send."""
    own = t.chunks.c
    empty = (own.mailing == mailing, own.state == ChunkState.PLANNED, tallies.rest() == 0)
    connection.execute(update(t.chunks).where(*empty).values(state=ChunkState.CANCELLED))


def joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in their order, those that touch made one."""
    made: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if made and made[-1][1] + 1 == first:
            made[-1] = (made[-1][0], last)
        else:
            made.append((first, last))
    return made
