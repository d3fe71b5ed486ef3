"""One process sends a mailing at a time: whoever holds the lease whose generation is the highest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from newsletter.errors import LeaseHeld, LeaseLost, MailingNotFound, PauseStands, StateForbids
from newsletter.model.audit import Action
from newsletter.model.mailing import ChunkState, MailingState
from newsletter.model.sending import Lease
from newsletter.store import audit, mailings, witness
from newsletter.store import tables as t
from newsletter.store.ledger.holding import holder_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

#: after this long without a sign of life a lease may be taken over
LEASE_TIME = timedelta(minutes=2)


_OWN = t.mailings.c
_OURS = (_OWN.number == bindparam("ours"), _OWN.lease_generation == bindparam("now_ours"))
# in PostgreSQL a take-over waits for the row until this transaction is through (SQLite has one writer anyway)
_LOOK = select(_OWN.state, _OWN.latest_at).where(*_OURS).with_for_update(key_share=True)
_LENGTHEN = (
    update(t.mailings).where(*_OURS).values(lease_until=bindparam("lease_until")).returning(_OWN.state, _OWN.latest_at)
)
_STATE = (
    select(_OWN.state, _OWN.lease_generation).where(_OWN.number == bindparam("ours")).with_for_update(key_share=True)
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a mailing stands that we hold the lease of."""

    state: MailingState
    latest_at: datetime | None


def take(
    connection: Connection,
    mailing: int,
    owner: str,
    is_alive: Callable[[str], bool],
    now: datetime,
    *,
    resumes: bool = True,
) -> Lease:
    """Take the lease; what is paused goes on. What is scheduled begins first (pipeline/running/beginning.py).

    Raises:
        MailingNotFound, LeaseHeld.
        PauseStands: a person or the alarm paused it, and we may not lift that (`resumes`).
        StateForbids: it is scheduled, and has no deliveries yet.
    """
    row = _row_of(connection, mailing, owner, is_alive, now)
    if row.paused_by and not resumes:
        raise PauseStands(mailing, row.reason)
    if row.state == MailingState.SCHEDULED:
        raise StateForbids(mailing, row.state, "sent before it has begun")
    if row.state == MailingState.PAUSED:
        mailings.move(connection, mailing, MailingState.SENDING)
    if row.state == MailingState.PAUSED or (row.state == MailingState.SENDING and row.lease_owner):
        after = row.reason if row.state == MailingState.PAUSED else "interrupted"
        audit.note(connection, Action.MAILING_RESUMED, f"mailing {mailing}", now, after=after)
    if row.paused_by:
        _wait_no_longer(connection, mailing)
    return _lease(connection, row, owner, now)


def _wait_no_longer(connection: Connection, mailing: int) -> None:
    """A person lets it go on: what was put off is tried now."""
    waiting = (t.chunks.c.mailing == mailing, t.chunks.c.state == ChunkState.PLANNED)
    put_off = t.chunks.c.not_before.is_not(None)
    connection.execute(update(t.chunks).where(*waiting, put_off).values(not_before=None))


def take_as_it_is(
    connection: Connection, mailing: int, owner: str, is_alive: Callable[[str], bool], now: datetime
) -> Lease:
    """Take the lease, and leave the mailing in its state: to settle what an earlier process had in hand."""
    return _lease(connection, _row_of(connection, mailing, owner, is_alive, now), owner, now)


def _row_of(
    connection: Connection, mailing: int, owner: str, is_alive: Callable[[str], bool], now: datetime
) -> Row[Any]:
    """The mailing, unless another process has it."""
    witness.renew(connection)
    row = connection.execute(
        select(t.mailings).where(t.mailings.c.number == mailing).with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise MailingNotFound(mailing)
    held_by = holder_in((row.lease_owner, row.lease_until), now, is_alive)
    if held_by and held_by != owner:
        raise LeaseHeld(mailing, held_by)
    return row


def _lease(connection: Connection, row: Row[Any], owner: str, now: datetime) -> Lease:
    lease = Lease(mailing=row.number, generation=row.lease_generation + 1)
    connection.execute(
        update(t.mailings)
        .where(t.mailings.c.number == lease.mailing)
        .values(lease_owner=owner, lease_generation=lease.generation, lease_until=now + LEASE_TIME)
    )
    return lease


def hold(connection: Connection, lease: Lease, until: datetime | None = None) -> Standing:
    """Make sure the lease is still ours, and with `until` lengthen it. Until the transaction ends nobody else changes the mailing.

    Raises:
        LeaseLost: it is not.
    """
    ours = {"ours": lease.mailing, "now_ours": lease.generation}
    if until is None:
        row = connection.execute(_LOOK, ours).one_or_none()
    else:
        row = connection.execute(_LENGTHEN, ours | {"lease_until": until}).one_or_none()
    if row is None:
        raise LeaseLost(lease.mailing)
    return Standing(state=MailingState(row.state), latest_at=row.latest_at)


def state_if_ours(connection: Connection, lease: Lease) -> MailingState | None:
    """How the mailing stands; None when another process took it over."""
    row = connection.execute(_STATE, {"ours": lease.mailing}).one()
    return MailingState(row.state) if row.lease_generation == lease.generation else None


def give_back(connection: Connection, lease: Lease) -> None:
    connection.execute(
        update(t.mailings).where(t.mailings.c.number == lease.mailing).values(lease_owner="", lease_until=None)
    )
