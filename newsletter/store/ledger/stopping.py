"""Pausing and cancelling a mailing, and what becomes of its rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from newsletter.errors import StateForbids
from newsletter.model.audit import Action
from newsletter.model.letter import INTERRUPTED, Verdict
from newsletter.model.mailing import ChunkState, MailingState, PausedBy
from newsletter.store import audit, mailings, witness
from newsletter.store import tables as t
from newsletter.store.ledger import chunks, proving, singly
from newsletter.store.ledger.holding import holder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.engine import Connection


def pause(connection: Connection, mailing: int, reason: str, now: datetime) -> None:
    """A person stops it: what is in flight settles later by itself; whoever sends takes nothing more.

    What stopped by itself stays so until a person lets it go on; a second time changes nothing.

    Raises:
        MailingNotFound, StateForbids: it is not being sent.
    """
    mailings.lock(connection, mailing)
    state = mailings.state_of(connection, mailing)
    if state is MailingState.PAUSED:
        if _keep_paused(connection, mailing, reason):
            note_pause(connection, mailing, reason, PausedBy.PERSON, now)
        return
    if state is not MailingState.SENDING:
        raise StateForbids(mailing, state, "paused")
    mailings.move(connection, mailing, MailingState.PAUSED, reason, PausedBy.PERSON)
    note_pause(connection, mailing, reason, PausedBy.PERSON, now)


def note_pause(connection: Connection, mailing: int, reason: str, by: PausedBy | None, now: datetime) -> None:
    """`by` is None where the mailing stopped by itself."""
    audit.note(connection, Action.MAILING_PAUSED, f"mailing {mailing}", now, why=reason, by=by or "itself")


def _keep_paused(connection: Connection, mailing: int, reason: str) -> bool:
    witness.renew(connection)
    by_itself = (t.mailings.c.number == mailing, t.mailings.c.paused_by == "")
    values = {"paused_by": PausedBy.PERSON, "reason": reason}
    return bool(connection.execute(update(t.mailings).where(*by_itself).values(values)).rowcount)


def cancel(connection: Connection, mailing: int, reason: str, now: datetime, is_alive: Callable[[str], bool]) -> None:
    """The rest is never sent. What is in flight settles later by itself; where nobody is left to do that, it is doubt.

    A second time changes nothing but the latter.

    Raises:
        MailingNotFound, StateForbids: it is through.
    """
    mailings.lock(connection, mailing)
    state = mailings.state_of(connection, mailing)
    if state in {MailingState.FINISHED, MailingState.MISSED}:
        raise StateForbids(mailing, state, "cancelled")
    if state is MailingState.SENDING:
        mailings.move(connection, mailing, MailingState.PAUSED, reason)
    if state is not MailingState.CANCELLED:
        mailings.move(connection, mailing, MailingState.CANCELLED, reason)
        connection.execute(update(t.mailings).where(t.mailings.c.number == mailing).values(finished_at=now))
        cancel_planned(connection, mailing)
        audit.note(connection, Action.MAILING_CANCELLED, f"mailing {mailing}", now, why=reason)
    doubt_interrupted(connection, mailing, now, is_alive)


def cancel_planned(connection: Connection, mailing: int) -> None:
    """What is planned is certain not to go: another mailing may reach those readers."""
    witness.renew(connection)
    own = t.chunks.c
    planned = (own.mailing == mailing, own.state == ChunkState.PLANNED)
    rows = connection.execute(select(own.first, own.last).where(*planned)).all()
    singly.release_ranges(connection, mailing, chunks.joined((row.first, row.last) for row in rows))
    connection.execute(update(t.chunks).where(*planned).values(state=ChunkState.CANCELLED, not_before=None))


def doubt_interrupted(connection: Connection, mailing: int, now: datetime, is_alive: Callable[[str], bool]) -> None:
    """Of a cancelled mailing: what was in flight when its process ended, which no next run will ask about."""
    if holder(connection, mailing, now, is_alive):
        return
    flying = connection.execute(
        select(t.chunks, t.attempts.c.settled_by)
        .join(t.attempts, t.attempts.c.id == t.chunks.c.attempt)
        .where(t.chunks.c.mailing == mailing, t.chunks.c.state == ChunkState.SUBMITTING)
    ).all()
    for chunk in flying:
        known = proving.known_of(chunk.settled_by)
        chunks.move(connection, chunk, ChunkState.ACCEPTED if known else ChunkState.UNCERTAIN)
        connection.execute(
            update(t.attempts)
            .where(t.attempts.c.id == chunk.attempt)
            .values(verdict=Verdict.UNCERTAIN, detail=INTERRUPTED, answered_at=now)
        )
