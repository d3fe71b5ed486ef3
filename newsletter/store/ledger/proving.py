"""An attempt was taken after all: an event of the ESP proves it, or an answer that came late.

What is proved holds, whatever was believed before: doubt is cleared, and who was to be sent to again is not. Only what
is in flight waits for its own answer, which then cannot be a no any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select, update

from newsletter.model.mailing import ChunkState, Outcome
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.ledger import chunks, singly
from newsletter.store.upkeep import restored

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

#: attempts.settled_by
EVENT = "event"
LATE_ANSWER = "late answer"
#: outcomes that took the note of the issue back
_RELEASED = (ChunkState.REFUSED, ChunkState.CANCELLED)


class Scope(NamedTuple):
    """An attempt, and the deliveries that it was made for."""

    mailing: int
    attempt: str
    first: int
    last: int


def settle_by_event(
    connection: Connection,
    attempt: str,
    numbers: Collection[int] | None,
    now: datetime,
    *,
    mailing: int = 0,
    named: Collection[int] = (),
) -> int:
    """An event proves that an attempt was taken: these deliveries of it, or all (None). Returns how many that changed.

    `mailing` and `named` are what the events say beside it. They are needed where the attempt is not known (empty in
    the report, or forgotten by a backup that was restored), and where its deliveries were in another attempt since.
    Take the locks on people and suppressions before you call this: it locks the mailing.
    """
    exact = frozenset(numbers or ()) | frozenset(named)
    scope = _scope_of(connection, attempt) or _of_no_known_attempt(connection, attempt, mailing, exact)
    if scope is None or not _may_change(connection, scope):
        return 0
    mailings.lock(connection, scope.mailing)
    return prove(connection, scope, numbers, now, EVENT, named=exact)


def _scope_of(connection: Connection, attempt: str) -> Scope | None:
    own = t.attempts.c
    row = connection.execute(
        select(t.chunks.c.mailing, own.id, own.first, own.last)
        .join(t.chunks, t.chunks.c.number == own.chunk)
        .where(own.id == attempt)
    ).one_or_none()
    return Scope(*row) if row else None


def _of_no_known_attempt(connection: Connection, attempt: str, mailing: int, exact: Collection[int]) -> Scope | None:
    """After a backup was restored the attempts since are forgotten, and numbers of mailings since are given again."""
    created_at = connection.scalar(select(t.mailings.c.created_at).where(t.mailings.c.number == mailing))
    known = restored.get(connection)
    if created_at is None or not exact or (attempt and not (known and created_at < known.at)):
        return None
    own = t.chunks.c
    begins = select(own.first).where(own.mailing == mailing, own.first <= min(exact)).order_by(own.first.desc())
    return Scope(mailing, attempt or "?", connection.scalar(begins.limit(1)) or 1, max(exact))


def pieces_of(connection: Connection, scope: Scope) -> Sequence[Row[Any]]:
    """The chunks that hold its deliveries now; an attempt is made for one, which is only ever cut."""
    own = t.chunks.c
    inside = own.first.between(scope.first, scope.last)
    # the states are named so that the index is used
    query = select(t.chunks).where(own.mailing == scope.mailing, own.state.in_([*ChunkState]), inside)
    return connection.execute(query.order_by(own.first)).all()


def _may_change(connection: Connection, scope: Scope) -> bool:
    """Nearly every event is about what is accepted already: that is seen without a lock."""
    if any(piece.state != ChunkState.ACCEPTED for piece in pieces_of(connection, scope)):
        return True
    own = singly.between(connection, scope.mailing, scope.first, scope.last)
    return any(row.outcome != Outcome.ACCEPTED for row in own.values())


def prove(
    connection: Connection,
    scope: Scope,
    numbers: Collection[int] | None,
    now: datetime,
    by: str,
    *,
    named: Collection[int] = (),
) -> int:
    """These deliveries of an attempt were taken (None: all); `named` were, whatever was tried with them since."""
    single: set[int] = set()
    count = 0
    own = singly.between(connection, scope.mailing, scope.first, scope.last)
    lost_note = set()
    for n, row in own.items():
        theirs = row.attempt == scope.attempt and row.outcome == Outcome.UNCERTAIN
        if row.outcome != Outcome.ACCEPTED and (n in named or (theirs and _among(n, numbers))):
            single.add(n)
            lost_note |= {n} if row.outcome != Outcome.UNCERTAIN else set()
    singly.forget(connection, scope.mailing, single)
    for piece in pieces_of(connection, scope):
        rest = [n for n in range(piece.first, piece.last + 1) if n not in own]
        latest = piece.attempt == scope.attempt
        proved = [n for n in rest if n in named or (latest and _among(n, numbers))]
        if not proved or piece.state == ChunkState.ACCEPTED:
            continue
        whole = numbers is None or (piece.first, piece.last) == (scope.first, scope.last)
        if len(proved) < len(rest) or (piece.state == ChunkState.SUBMITTING and not (latest and whole)):
            single.update(proved)  # what is noted on the attempt holds for all that it was made for
        elif piece.state == ChunkState.SUBMITTING:
            _note_on_attempt(connection, scope.attempt, by)
            continue
        else:
            chunks.move(connection, piece, ChunkState.ACCEPTED, not_before=None)
            count += len(proved)
        lost_note |= set(proved) if piece.state in _RELEASED else set()
    singly.write(connection, scope.mailing, Outcome.ACCEPTED, dict.fromkeys(sorted(single), ""), scope.attempt, now)
    singly.note_again(connection, scope.mailing, sorted(lost_note), now)
    if count or single:  # noted before its answer came it would stand for all of the attempt
        _note_on_attempt(connection, scope.attempt, by, t.attempts.c.verdict.is_not(None))
    return count + len(single)


def _among(n: int, numbers: Collection[int] | None) -> bool:
    return numbers is None or n in numbers


def _note_on_attempt(connection: Connection, attempt: str, by: str, *conditions: ColumnElement[bool]) -> None:
    connection.execute(update(t.attempts).where(t.attempts.c.id == attempt, *conditions).values(settled_by=by))


def known_of(settled_by: str) -> str:
    """What proved an attempt that is still in flight; empty when nothing did."""
    return settled_by if settled_by in {EVENT, LATE_ANSWER} else ""


def in_doubt(connection: Connection, scope: Scope) -> set[int]:
    """Deliveries that this attempt left uncertain."""
    own = singly.between(connection, scope.mailing, scope.first, scope.last)
    singles = {n for n, row in own.items() if row.outcome == Outcome.UNCERTAIN and row.attempt == scope.attempt}
    whole = {
        n
        for piece in pieces_of(connection, scope)
        if piece.state == ChunkState.UNCERTAIN and piece.attempt == scope.attempt
        for n in range(piece.first, piece.last + 1)
        if n not in own
    }
    return singles | whole
