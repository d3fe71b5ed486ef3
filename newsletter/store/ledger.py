"""The engine's ledger on our tables: leases, claims, answers. Each method is one transaction.

The port is deliver/ports.py:Ledger. Every change of a chunk is conditional on the lease's generation.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from newsletter.errors import IllegalMove, LeaseHeld, LeaseLost
from newsletter.model.letter import Verdict
from newsletter.model.mailing import CHUNK_MOVES, Chunk, ChunkState, MailingState, Outcome
from newsletter.model.sending import Claim, Lease
from newsletter.store import mailings, witness
from newsletter.store import tables as t
from newsletter.store.audiences import audience
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.letter import Answer
    from newsletter.model.sending import Settlement
    from newsletter.model.subscriber import Subscriber
    from newsletter.store.database import Store

#: after this long without a sign of life a lease may be taken over
LEASE_TIME = timedelta(minutes=2)


class StoredLedger:
    """`is_alive(owner)` says whether the process that calls itself so may still be running."""

    def __init__(self, store: Store, is_alive: Callable[[str], bool]) -> None:
        self._store = store
        self._is_alive = is_alive

    def take(self, mailing: int, owner: str, now: datetime) -> Lease:
        with self._store.write() as connection:
            witness.renew(connection)
            row = connection.execute(select(t.mailings).where(t.mailings.c.number == mailing)).one()
            held = row.lease_owner and row.lease_until > now and self._is_alive(row.lease_owner)
            if held and row.lease_owner != owner:
                raise LeaseHeld(mailing, row.lease_owner)
            if row.state in {MailingState.SCHEDULED, MailingState.PAUSED}:
                mailings.move(connection, mailing, MailingState.SENDING)
            lease = Lease(mailing=mailing, generation=row.lease_generation + 1)
            connection.execute(
                update(t.mailings)
                .where(t.mailings.c.number == mailing)
                .values(lease_owner=owner, lease_generation=lease.generation, lease_until=now + LEASE_TIME)
            )
        return lease

    def recover(self, lease: Lease, *, repeatable: Sequence[str]) -> None:
        with self._store.write() as connection:
            _hold(connection, lease)
            orphans = connection.execute(
                select(t.chunks.c.number, t.attempts.c.id, t.attempts.c.sender)
                .join(t.attempts, t.attempts.c.chunk == t.chunks.c.number)
                .where(t.chunks.c.mailing == lease.mailing, t.chunks.c.state == ChunkState.SUBMITTING)
                .where(t.attempts.c.verdict.is_(None), t.attempts.c.generation < lease.generation)
            ).all()
            for number, attempt, sender in orphans:
                again = sender in repeatable
                _move_chunk(connection, number, ChunkState.PLANNED if again else ChunkState.UNCERTAIN)
                _answer(connection, attempt, Verdict.UNCERTAIN, "interrupted before an answer came")

    def claim(self, lease: Lease, attempt: str, sender: str, now: datetime) -> Claim | None:
        with self._store.write() as connection:
            _hold(connection, lease, until=now + LEASE_TIME)
            if mailings.state_of(connection, lease.mailing) is not MailingState.SENDING:
                return None
            while chunk := _next_chunk(connection, lease.mailing, now):
                audience.exclude_unsendable(connection, lease.mailing, chunk.first, chunk.last, now)
                readers = _readers(connection, chunk)
                if readers:
                    break
                _move_chunk(connection, chunk.number, ChunkState.CANCELLED)  # everyone in it has an outcome already
            else:
                return None
            _move_chunk(connection, chunk.number, ChunkState.SUBMITTING)
            connection.execute(
                insert(t.attempts).values(
                    id=attempt, chunk=chunk.number, sender=sender, generation=lease.generation, started_at=now
                )
            )
        return Claim(attempt=attempt, chunk=chunk, readers=readers)

    def settle(self, lease: Lease, claim: Claim, answer: Answer, settlement: Settlement, now: datetime) -> None:
        with self._store.write() as connection:
            ours = _is_current(connection, lease)
            if ours or _clears_doubt(connection, claim, answer):
                _carry_out(connection, claim, settlement, now)
                _answer(connection, claim.attempt, answer.verdict, answer.detail, answer.provider_id, now)
            # several chunks on their way may all come back with the reason to pause
            if ours and settlement.pause and mailings.state_of(connection, lease.mailing) is MailingState.SENDING:
                mailings.move(connection, lease.mailing, MailingState.PAUSED, settlement.pause)
        if not ours:
            raise LeaseLost(lease.mailing)

    def next_due(self, lease: Lease) -> datetime | None:
        with self._store.read() as connection:
            if mailings.state_of(connection, lease.mailing) is not MailingState.SENDING:
                return None
            row = connection.execute(
                select(t.chunks.c.not_before, t.mailings.c.started_at)
                .join(t.mailings, t.mailings.c.number == t.chunks.c.mailing)
                .where(t.chunks.c.mailing == lease.mailing, t.chunks.c.state == ChunkState.PLANNED)
                .order_by(t.chunks.c.not_before.is_not(None), t.chunks.c.not_before)
            ).first()
        return (row.not_before or row.started_at) if row else None

    def renew(self, lease: Lease, now: datetime) -> None:
        with self._store.write() as connection:
            _hold(connection, lease, until=now + LEASE_TIME)

    def finish(self, lease: Lease, now: datetime) -> None:
        with self._store.write() as connection:
            _hold(connection, lease)
            left = connection.scalar(
                select(t.chunks.c.number)
                .where(t.chunks.c.mailing == lease.mailing)
                .where(t.chunks.c.state.in_((ChunkState.PLANNED, ChunkState.SUBMITTING)))
                .limit(1)
            )
            if left is None and mailings.state_of(connection, lease.mailing) is MailingState.SENDING:
                mailings.move(connection, lease.mailing, MailingState.FINISHED)
                connection.execute(
                    update(t.mailings).where(t.mailings.c.number == lease.mailing).values(finished_at=now)
                )
            connection.execute(
                update(t.mailings).where(t.mailings.c.number == lease.mailing).values(lease_owner="", lease_until=None)
            )


def resolve_uncertain(connection: Connection, mailing: int, *, accepted: bool) -> int:
    """A person's word on every uncertain chunk of a mailing: it was accepted, or it was not and is planned again.

    Returns the number of deliveries concerned.
    """
    witness.renew(connection)
    mailings.lock(connection, mailing)
    doubtful = connection.execute(
        select(t.chunks).where(t.chunks.c.mailing == mailing, t.chunks.c.state == ChunkState.UNCERTAIN)
    ).all()
    concerned = sum(len(_readers(connection, _chunk(row))) for row in doubtful)
    for row in doubtful:
        _move_chunk(connection, row.number, ChunkState.ACCEPTED if accepted else ChunkState.PLANNED)
    if doubtful and not accepted and mailings.state_of(connection, mailing) is MailingState.FINISHED:
        mailings.move(connection, mailing, MailingState.PAUSED, "resolved: some are to be sent again")
    return concerned


def _hold(connection: Connection, lease: Lease, until: datetime | None = None) -> None:
    """Make sure the lease is still ours, and lengthen it.

    Raises:
        LeaseLost: it is not.
    """
    if not _is_current(connection, lease):
        raise LeaseLost(lease.mailing)
    if until is not None:
        connection.execute(update(t.mailings).where(t.mailings.c.number == lease.mailing).values(lease_until=until))


def _is_current(connection: Connection, lease: Lease) -> bool:
    # FOR UPDATE: in PostgreSQL a take-over waits until this transaction is through (SQLite has one writer anyway)
    query = select(t.mailings.c.lease_generation).where(t.mailings.c.number == lease.mailing).with_for_update()
    return connection.scalar(query) == lease.generation


def _next_chunk(connection: Connection, mailing: int, now: datetime) -> Chunk | None:
    row = connection.execute(
        select(t.chunks)
        .where(t.chunks.c.mailing == mailing, t.chunks.c.state == ChunkState.PLANNED)
        .where(or_(t.chunks.c.not_before.is_(None), t.chunks.c.not_before <= now))
        .order_by(t.chunks.c.first)
        .limit(1)
    ).one_or_none()
    return _chunk(row) if row else None


def _chunk(row: Row[Any]) -> Chunk:
    return Chunk(
        number=row.number,
        mailing=row.mailing,
        first=row.first,
        last=row.last,
        state=ChunkState(row.state),
        variant=row.variant,
        not_before=row.not_before,
        tries=row.tries,
    )


def _readers(connection: Connection, chunk: Chunk) -> list[tuple[int, Subscriber]]:
    """The deliveries of a chunk that have no outcome of their own, with whom they go to."""
    rows = connection.execute(
        select(*READER_COLUMNS, t.deliveries.c.n)
        .join(t.deliveries, t.deliveries.c.subscriber == t.subscribers.c.number)
        .where(t.deliveries.c.mailing == chunk.mailing, t.deliveries.c.n.between(chunk.first, chunk.last))
        .where(~audience.has_own_outcome())
        .order_by(t.deliveries.c.n)
    ).mappings()
    return [(row[t.deliveries.c.n], subscriber_of(row)) for row in rows]


def _move_chunk(connection: Connection, number: int, state: ChunkState, **values: object) -> None:
    before = ChunkState(connection.execute(select(t.chunks.c.state).where(t.chunks.c.number == number)).scalar_one())
    if state not in CHUNK_MOVES[before]:
        raise IllegalMove(f"chunk {number}", before, state)
    connection.execute(update(t.chunks).where(t.chunks.c.number == number).values(state=state, **values))


def _clears_doubt(connection: Connection, claim: Claim, answer: Answer) -> bool:
    """Another process declared this very attempt uncertain, and now we know that it was taken.

    A late "no" settles nothing: the mailing may have finished, and a person has to look.
    """
    state = connection.scalar(select(t.chunks.c.state).where(t.chunks.c.number == claim.chunk.number))
    accepted = answer.verdict is Verdict.ACCEPTED
    return accepted and state == ChunkState.UNCERTAIN and _is_latest(connection, claim)


def _is_latest(connection: Connection, claim: Claim) -> bool:
    latest = connection.scalar(
        select(t.attempts.c.id)
        .where(t.attempts.c.chunk == claim.chunk.number)
        .order_by(t.attempts.c.generation.desc(), t.attempts.c.started_at.desc())
        .limit(1)
    )
    return latest == claim.attempt


def _carry_out(connection: Connection, claim: Claim, moves: Settlement, now: datetime) -> None:
    chunk = claim.chunk
    due = now + moves.wait if moves.wait else None
    _move_chunk(connection, chunk.number, moves.state, tries=chunk.tries + 1 if moves.counts else 0, not_before=due)
    if due:
        _hold_back(connection, chunk.mailing, due)
    for n, reason in moves.refused.items():
        connection.execute(
            insert(t.delivery_outcomes).values(
                mailing=chunk.mailing, n=n, outcome=Outcome.REFUSED, reason=reason, at=now
            )
        )
    if moves.ranges:
        _split(connection, chunk, moves)
    _release_refused(connection, claim, moves)


def _hold_back(connection: Connection, mailing: int, due: datetime) -> None:
    """A provider that is away or asks us to slow down means all chunks: none is tried before then."""
    connection.execute(
        update(t.chunks)
        .where(t.chunks.c.mailing == mailing, t.chunks.c.state == ChunkState.PLANNED)
        .where(or_(t.chunks.c.not_before.is_(None), t.chunks.c.not_before < due))
        .values(not_before=due)
    )


def _split(connection: Connection, chunk: Chunk, moves: Settlement) -> None:
    (_, last), *others = moves.ranges
    connection.execute(update(t.chunks).where(t.chunks.c.number == chunk.number).values(last=last))
    rows = [
        {"mailing": chunk.mailing, "first": first, "last": end, "variant": chunk.variant, "state": moves.state}
        for first, end in others
    ]
    connection.execute(insert(t.chunks), rows)


def _release_refused(connection: Connection, claim: Claim, moves: Settlement) -> None:
    """A refusal is definite: those readers do not have the issue, and another mailing may bring it."""
    chunk = claim.chunk
    gone = list(moves.refused)
    if moves.state is ChunkState.REFUSED:
        gone = [n for n, _ in claim.readers]
    if gone:
        audience.release(connection, chunk.mailing, t.issue_readers.c.n.in_(gone))


def _answer(
    connection: Connection,
    attempt: str,
    verdict: Verdict,
    detail: str,
    provider_id: str = "",
    now: datetime | None = None,
) -> None:
    connection.execute(
        update(t.attempts)
        .where(t.attempts.c.id == attempt)
        .values(verdict=verdict, detail=detail, provider_id=provider_id, answered_at=now)
    )
