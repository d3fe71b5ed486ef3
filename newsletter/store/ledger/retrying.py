"""A person's word that what was refused is worth another try, and what waits need not wait longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, insert, literal, select, update

from newsletter.errors import StateForbids
from newsletter.model.audit import Action
from newsletter.model.mailing import ChunkState, Exclusion, MailingState, Outcome
from newsletter.store import audit, mailings, tallies, witness
from newsletter.store import tables as t
from newsletter.store.audiences.audience import has_own_outcome
from newsletter.store.ledger import carving, singly
from newsletter.store.ledger.chunks import cancel_the_empty
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

_STATES = (MailingState.SENDING, MailingState.PAUSED, MailingState.FINISHED)


def retry(connection: Connection, mailing: int, now: datetime, reason: str | None = None) -> int:
    """Plan again whoever was refused, for this reason only or for any; returns how many.

    Who has got the issue by another mailing meanwhile is excluded. Without a reason, chunks that wait after a definite
    no are due at once, too. A finished mailing becomes paused.

    Raises:
        MailingNotFound, StateForbids: it was cancelled, or has not begun.
    """
    witness.renew(connection)
    mailings.lock(connection, mailing)
    state = mailings.state_of(connection, mailing)
    if state not in _STATES:
        raise StateForbids(mailing, state, "tried again")
    if reason is None:
        _do_not_wait(connection, mailing)
    chunks, singles = _refused_chunks(connection, mailing, reason), _refused_singly(connection, mailing, reason)
    for some in parts([row.number for row in chunks]):
        connection.execute(
            update(t.chunks)
            .where(t.chunks.c.number.in_(some))
            .values(state=ChunkState.PLANNED, not_before=None, tries=0)
        )
    singly.forget(connection, mailing, singles)
    carving.carve(connection, mailing, singles, ChunkState.PLANNED)
    again = len(singles) + sum(int(row.rest) for row in chunks)
    for some_of_them in _portions(chunks, sorted(singles)):
        again -= _promise_again(connection, mailing, some_of_them, now)
    cancel_the_empty(connection, mailing)
    if again and state is MailingState.FINISHED:
        mailings.move(connection, mailing, MailingState.PAUSED, mailings.REFUSED_AGAIN)
    if again:
        facts = {} if reason is None else {"refused_because": reason}
        audit.note(connection, Action.MAILING_RETRIED, f"mailing {mailing}", now, deliveries=again, **facts)
    return again


def _do_not_wait(connection: Connection, mailing: int) -> None:
    own = t.chunks.c
    waiting = (own.mailing == mailing, own.state == ChunkState.PLANNED, own.not_before.is_not(None))
    connection.execute(update(t.chunks).where(*waiting).values(not_before=None, tries=0))


def _refused_chunks(connection: Connection, mailing: int, reason: str | None) -> Sequence[Row[Any]]:
    own = t.chunks.c
    query = select(own.number, own.first, own.last, tallies.rest().label("rest")).where(
        own.mailing == mailing, own.state == ChunkState.REFUSED
    )
    if reason is not None:
        told = select(t.attempts.c.detail).where(t.attempts.c.id == own.attempt).scalar_subquery()
        query = query.where(told == reason)
    return connection.execute(query).all()


def _refused_singly(connection: Connection, mailing: int, reason: str | None) -> dict[int, str]:
    """n -> the attempt that it was refused in."""
    own = t.delivery_outcomes.c
    query = select(own.n, own.attempt).where(own.mailing == mailing, own.outcome == Outcome.REFUSED)
    if reason is not None:
        query = query.where(own.reason == reason)
    return {row.n: row.attempt for row in connection.execute(query)}


def _portions(chunks: Sequence[Row[Any]], numbers: Sequence[int]) -> Iterator[ColumnElement[bool]]:
    """Conditions on rows of `deliveries`, each for some of those who are planned again; everybody in one of them."""
    n = t.deliveries.c.n
    yield from (n.between(row.first, row.last) for row in chunks)
    inside = {number for row in chunks for number in range(row.first, row.last + 1)}
    yield from (n.in_(some) for some in parts([number for number in numbers if number not in inside]))


def _promise_again(connection: Connection, mailing: int, condition: ColumnElement[bool], now: datetime) -> int:
    """Note that they are getting the issue; who has it by another mailing is excluded. Returns how many those are."""
    planned, own = t.deliveries.c, t.mailings.c
    issue, serial = connection.execute(select(own.issue, own.again_serial).where(own.number == mailing)).one()
    theirs = (planned.mailing == mailing, condition, ~has_own_outcome())
    had = (
        literal(Outcome.EXCLUDED.value),
        literal(Exclusion.ALREADY_SENT.value),
        literal(now, t.delivery_outcomes.c.at.type),
    )
    rows = select(planned.mailing, planned.n, *had, literal("")).where(*theirs, _has_it(issue, serial))
    columns = ["mailing", "n", "outcome", "reason", "at", "attempt"]
    note_it = insert(t.delivery_outcomes).from_select(columns, rows).returning(t.delivery_outcomes.c.n)
    excluded = len(connection.scalars(note_it).all())
    notes = select(literal(issue), literal(serial), planned.subscriber, planned.mailing, planned.n).where(*theirs)
    columns = ["issue", "again_serial", "subscriber", "mailing", "n"]
    connection.execute(insert(t.issue_readers).from_select(columns, notes))
    return excluded


def _has_it(issue: str, serial: int) -> ColumnElement[bool]:
    """Whether somebody is noted for the issue: in whatever round, unless the mailing began a round of its own."""
    note, own = t.issue_readers.c, t.mailings.c
    rounds = [serial] if serial else select(own.again_serial).where(own.issue == issue)
    return exists().where(
        note.issue == issue, note.again_serial.in_(rounds), note.subscriber == t.deliveries.c.subscriber
    )
