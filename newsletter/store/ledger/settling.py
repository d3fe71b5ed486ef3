"""What follows from an answer, carried out: the chunk, the deliveries that fared otherwise, the notes, the attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from newsletter.errors import IllegalMove
from newsletter.model.audit import Action
from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState, MailingState, Outcome, PausedBy
from newsletter.model.sending import Settlement
from newsletter.store import audit, mailings, tallies
from newsletter.store import tables as t
from newsletter.store.ledger import chunks, proving, singly, stopping

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.letter import Answer
    from newsletter.model.sending import Claim
    from newsletter.store.ledger.leases import Standing

#: of these nothing is sent any more: a definite no stays one
_OVER = (MailingState.CANCELLED, MailingState.MISSED)


# made once, since each chunk needs them
_OWN = t.chunks.c
_IN_FLIGHT = (
    select(t.chunks, t.attempts.c.settled_by)
    .join(t.attempts, t.attempts.c.id == _OWN.attempt)
    .where(_OWN.mailing == bindparam("mailing"), _OWN.state == ChunkState.SUBMITTING)
    .where(_OWN.attempt == bindparam("attempt"))
    .order_by(_OWN.first)
)
_ANSWER = update(t.attempts).where(t.attempts.c.id == bindparam("answered"))


def settle(
    connection: Connection,
    mailing: MailingState,
    claim: Claim,
    answer: Answer,
    settlement: Settlement,
    now: datetime,
    by: str,
) -> None:
    """The answer to an attempt of ours.

    Raises:
        IllegalMove: it has been settled before.
    """
    pieces = _in_flight(connection, claim)
    if not pieces:
        _refuse_if_answered(connection, claim, settlement)
        settle_late(connection, claim, answer, settlement, now)
        return
    moves = settlement
    if known := proving.known_of(pieces[0].settled_by):  # it was proved while we waited: nothing else can be true
        by = known
        if moves.state is not ChunkState.ACCEPTED:  # else: who was left out of the request stays refused
            moves = Settlement(state=ChunkState.ACCEPTED, pause=settlement.pause)
    _carry_out(connection, mailing, claim, pieces, moves, now)
    _answer(connection, claim.attempt, answer, now, by)
    # several chunks on their way may all come back with the reason to pause
    if moves.pause and mailing is MailingState.SENDING:
        # each further run would leave more in doubt
        paused_by = PausedBy.ALARM if moves.doubtful else None
        mailings.move(connection, claim.chunk.mailing, MailingState.PAUSED, moves.pause, paused_by)
        stopping.note_pause(connection, claim.chunk.mailing, moves.pause, paused_by, now)


def _in_flight(connection: Connection, claim: Claim) -> Sequence[Row[Any]]:
    """The chunk, or what it was cut into while it was in flight, and what an event has told already."""
    found = {"mailing": claim.chunk.mailing, "attempt": claim.attempt}
    return connection.execute(_IN_FLIGHT, found).all()


def _refuse_if_answered(connection: Connection, claim: Claim, settlement: Settlement) -> None:
    """While we were believed dead somebody may have called it uncertain, and settled that: then this is a late answer."""
    own = t.attempts.c
    verdict, settled_by = connection.execute(select(own.verdict, own.settled_by).where(own.id == claim.attempt)).one()
    if verdict != Verdict.UNCERTAIN or settled_by == proving.LATE_ANSWER:
        raise IllegalMove(f"chunk {claim.chunk.number}", f"answered: {verdict}", settlement.state)


def _carry_out(
    connection: Connection,
    mailing: MailingState,
    claim: Claim,
    pieces: Sequence[Row[Any]],
    moves: Settlement,
    now: datetime,
) -> None:
    number = claim.chunk.mailing
    _write_singles(connection, claim, moves, now)
    state = moves.state
    if state is ChunkState.PLANNED and mailing in _OVER:
        state = ChunkState.CANCELLED
    due = now + moves.wait if moves.wait else None
    tries = claim.chunk.tries + moves.counts
    for piece in pieces:
        chunks.move(connection, piece, state, tries=tries, not_before=due if state is ChunkState.PLANNED else None)
    if moves.ranges:
        _split(connection, number, claim, moves)
    if due and moves.all_wait:
        _hold_back(connection, number, due)
    if state in {ChunkState.REFUSED, ChunkState.CANCELLED}:
        singly.release_ranges(connection, number, ((piece.first, piece.last) for piece in pieces))


def _write_singles(connection: Connection, claim: Claim, moves: Settlement, now: datetime) -> None:
    """Those who fared otherwise than their chunk."""
    number = claim.chunk.mailing
    for outcome, reasons in (
        (Outcome.ACCEPTED, dict.fromkeys(moves.accepted, "")),
        (Outcome.UNCERTAIN, moves.doubtful),
        (Outcome.REFUSED, moves.refused),
    ):
        if reasons:
            singly.write(connection, number, outcome, reasons, claim.attempt, now)
    if moves.refused:
        singly.release(connection, number, moves.refused)


def _split(connection: Connection, mailing: int, claim: Claim, moves: Settlement) -> None:
    """Cut at the ends of the ranges, wherever else it was cut meanwhile."""
    own = t.chunks.c
    rows = connection.execute(
        select(t.chunks)
        .where(own.mailing == mailing, own.attempt == claim.attempt)
        .where(own.first.between(claim.chunk.first, claim.chunk.last))
    ).all()
    for row in rows:
        parts = [(max(row.first, a), min(row.last, b)) for a, b in moves.ranges if a <= row.last and b >= row.first]
        if len(parts) > 1:
            chunks.cut(connection, row, parts)


def _hold_back(connection: Connection, mailing: int, due: datetime) -> None:
    """A provider that is away or asks us to slow down means all chunks: none is tried before then."""
    own = t.chunks.c
    connection.execute(
        update(t.chunks)
        .where(own.mailing == mailing, own.state == ChunkState.PLANNED)
        .where(or_(own.not_before.is_(None), own.not_before < due))
        .values(not_before=due)
    )


def settle_late(connection: Connection, claim: Claim, answer: Answer, settlement: Settlement, now: datetime) -> None:
    """Another process took the attempt for lost, and now we know better of those who were taken.

    A late "no" for all of it settles nothing: the mailing may have finished, and a person has to look.
    """
    if settlement.state is ChunkState.ACCEPTED:
        taken = frozenset(n for n, _ in claim.readers) - settlement.refused.keys() - settlement.doubtful.keys()
    else:
        taken = settlement.accepted
    if not taken:
        return
    scope = proving.Scope(claim.chunk.mailing, claim.attempt, claim.chunk.first, claim.chunk.last)
    mailings.lock(connection, scope.mailing)
    changed = proving.prove(connection, scope, taken, now, proving.LATE_ANSWER)
    changed += _refuse_late(connection, scope, settlement, now)
    # while it counts as in flight, whoever has the mailing now asks what became of the others
    if changed and not _in_flight(connection, claim):
        _answer(connection, claim.attempt, answer, now, proving.LATE_ANSWER)


def _refuse_late(connection: Connection, scope: proving.Scope, settlement: Settlement, now: datetime) -> int:
    """Beside those who were taken, the ones that were refused singly are certain too."""
    refused = {n: settlement.refused[n] for n in proving.in_doubt(connection, scope) if n in settlement.refused}
    singly.forget(connection, scope.mailing, refused)
    singly.write(connection, scope.mailing, Outcome.REFUSED, refused, scope.attempt, now)
    singly.release(connection, scope.mailing, refused)
    return len(refused)


def _answer(connection: Connection, attempt: str, answer: Answer, now: datetime, by: str) -> None:
    values = {
        "verdict": answer.verdict,
        "detail": answer.detail,
        "provider_id": answer.provider_id,
        "answered_at": now,
        "settled_by": by,
    }
    connection.execute(_ANSWER, {"answered": attempt, **values})


def finish(connection: Connection, mailing: int, standing: Standing, now: datetime) -> None:
    """sending -> finished, when nothing is left to send; after its latest time what is planned is cancelled first."""
    if standing.state is not MailingState.SENDING:
        return
    too_late = standing.latest_at is not None and standing.latest_at <= now
    if too_late:
        stopping.cancel_planned(connection, mailing)
    if _is_left(connection, mailing):
        return
    cut_short = too_late and tallies.tally(connection, mailing)[Outcome.CANCELLED]
    reason = mailings.TOO_LATE if cut_short else ""
    mailings.move(connection, mailing, MailingState.FINISHED, reason)
    connection.execute(update(t.mailings).where(t.mailings.c.number == mailing).values(finished_at=now))
    _note_end(connection, mailing, reason, now)


def _note_end(connection: Connection, mailing: int, reason: str, now: datetime) -> None:
    tally = tallies.tally(connection, mailing)
    sums = {outcome.value: tally[outcome] for outcome in Outcome if tally[outcome]}
    facts = {"why": reason} if reason else {}
    audit.note(connection, Action.MAILING_FINISHED, f"mailing {mailing}", now, deliveries=sums, **facts)


def _is_left(connection: Connection, mailing: int) -> bool:
    own = t.chunks.c
    left = (ChunkState.PLANNED, ChunkState.SUBMITTING)
    query = select(own.number).where(own.mailing == mailing, own.state.in_(left)).limit(1)
    return connection.scalar(query) is not None
