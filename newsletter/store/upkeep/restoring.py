"""What a database must be told once it is a backup that was put in place: it has forgotten what happened since.

All of it happens in one transaction, and nothing is ever sent from a backup that was not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, select, update

from newsletter.errors import LeaseHeld, SecretChanged
from newsletter.model.audit import Action
from newsletter.model.letter import Verdict
from newsletter.model.mailing import CHUNK_MOVES, ChunkState, MailingState, Outcome
from newsletter.store import audit, facts, mailings, scheduled, upgrade, witness
from newsletter.store import tables as t
from newsletter.store.people import erasing
from newsletter.store.upkeep import restored

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Mailing, Tally
    from newsletter.store.database import Store
    from newsletter.store.upkeep.restored import Memory

#: chunks that may have gone out after the backup was taken, wherever the table of moves lets them become uncertain
_MAY_BE_OUT = tuple(state for state, after in CHUNK_MOVES.items() if ChunkState.UNCERTAIN in after)


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What a restored database must be told, and what may stand against restoring it."""

    #: of the secret at hand
    fingerprint: str | None
    #: hashes of the people who were erased
    erasures: Collection[str]
    #: whether the process that calls itself so may still be running
    is_alive: Callable[[str], bool]
    now: datetime
    #: who restores it, for the audit log
    actor: str = "newsletter"


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a backup says of itself."""

    revision: str
    fingerprint: str | None
    taken_at: datetime | None
    #: None where that is not to be had without restoring it
    readers: int | None = None
    mailings: int | None = None


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put in place, and what was done to it."""

    #: None when the backup does not say
    taken_at: datetime | None
    #: every mailing that had begun and was not finished, with how it stands now
    paused: tuple[tuple[Mailing, Tally], ...]
    #: people who were erased, as far as the file of erasures knows
    erasures: int
    #: those of them who had come back
    erased_again: int
    #: issues with a mailing that only the database that was there knows
    forgotten: tuple[str, ...]
    #: whether it could be read, so that these are all
    compared: bool
    #: every mailing that was scheduled, as it stands now: scheduled still, or missed
    scheduled: tuple[Mailing, ...] = ()

    @property
    def uncertain(self) -> int:
        return sum(tally[Outcome.UNCERTAIN] for _, tally in self.paused)


def refuse_unless_ours(revision: str, fingerprint: str | None, label: str, circumstances: Circumstances) -> None:
    """Raises DatabaseTooNew, SecretChanged, or ServiceMissing for another program's tables."""
    upgrade.refuse_unknown(revision, label)
    if fingerprint not in {None, circumstances.fingerprint}:
        raise SecretChanged


def tell(store: Store, circumstances: Circumstances, before: Memory = restored.NO_MEMORY) -> Restored:
    """Tell it everything, in one transaction, at whose end it counts as the database that was used last.

    `before` is what the database that was there knew.
    """
    with store.write(circumstances.actor) as connection:
        witness.adopt(connection)
        return settle(connection, circumstances.erasures, circumstances.now, before)


def settle(
    connection: Connection, erasures: Collection[str], now: datetime, before: Memory = restored.NO_MEMORY
) -> Restored:
    """Pause what is not finished, doubt what may be out, take all leases away, erase again who was erased.

    New mailings, and those that are scheduled, have to wait until somebody has looked (store/upkeep/restored.py). Where the
    time of a scheduled one has come already, it may have gone out, and is missed.
    """
    own = t.mailings.c
    unfinished = select(own.number).where(own.state.in_(mailings.UNFINISHED)).order_by(own.number)
    planned = scheduled.every(connection)
    paused = connection.scalars(unfinished.where(own.state != MailingState.SCHEDULED)).all()
    for one in planned:
        if one.due_at is None or one.due_at <= now:
            scheduled.miss(connection, one.number, scheduled.MAY_BE_OUT, now)
    for number in paused:
        _doubt(connection, number)
        _pause(connection, number)
    taken_away = t.mailings.c.lease_generation + 1
    connection.execute(update(t.mailings).values(lease_owner="", lease_until=None, lease_generation=taken_away))
    erased_again = erasing.apply_again(connection, erasures, now)
    taken_at = _taken(connection)
    noted = restored.note(connection, before, taken_at, now)
    audit.note(
        connection,
        Action.DATABASE_RESTORED,
        "database",
        now,
        backup_taken_at=taken_at.isoformat() if taken_at else None,
        entries_before=before.logged,
        paused=list(paused),
        erased_again=erased_again,
    )
    return Restored(
        taken_at=taken_at,
        paused=tuple((mailings.get(connection, number), mailings.tally(connection, number)) for number in paused),
        scheduled=tuple(mailings.get(connection, one.number) for one in planned),
        erasures=len(erasures),
        erased_again=erased_again,
        forgotten=noted.issues,
        compared=noted.compared,
    )


def _taken(connection: Connection) -> datetime | None:
    """When this backup was taken; from now on that is its last one, and it is a backup no more."""
    begun = facts.get(connection, facts.BEGUN)
    if begun:
        facts.put(connection, facts.BACKUP, begun)
        facts.drop(connection, facts.BEGUN)
    return facts.moment(begun)


def _doubt(connection: Connection, mailing: int) -> None:
    """What was planned or under way at the time of the backup: nobody can say whether it went out after it."""
    doubtful = (t.chunks.c.mailing == mailing, t.chunks.c.state.in_(_MAY_BE_OUT))
    connection.execute(
        update(t.attempts)
        .where(t.attempts.c.verdict.is_(None), t.attempts.c.chunk.in_(select(t.chunks.c.number).where(*doubtful)))
        .values(verdict=Verdict.UNCERTAIN, detail="the database was restored from a backup made before the answer came")
    )
    # what was planned went out, if it did, by an attempt that is forgotten
    attempt = case((t.chunks.c.state == ChunkState.PLANNED, ""), else_=t.chunks.c.attempt)
    doubt = {"state": ChunkState.UNCERTAIN, "not_before": None, "attempt": attempt}
    connection.execute(update(t.chunks).where(*doubtful).values(doubt))


def _pause(connection: Connection, mailing: int) -> None:
    if mailings.state_of(connection, mailing) is MailingState.PAUSED:
        connection.execute(update(t.mailings).where(t.mailings.c.number == mailing).values(reason=mailings.RESTORED))
    else:
        mailings.move(connection, mailing, MailingState.PAUSED, mailings.RESTORED)


def refuse_while_sending(connection: Connection, is_alive: Callable[[str], bool], now: datetime) -> None:
    """Raises LeaseHeld while a process that may still be running sends a mailing of this database."""
    held = select(t.mailings.c.number, t.mailings.c.lease_owner).where(
        t.mailings.c.lease_owner != "", t.mailings.c.lease_until > now
    )
    for number, owner in connection.execute(held):
        if is_alive(owner):
            raise LeaseHeld(number, owner)
