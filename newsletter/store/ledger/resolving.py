"""A person's word on deliveries that nobody can tell about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from newsletter.model.audit import Action
from newsletter.model.mailing import ChunkState, MailingState, Outcome
from newsletter.store import audit, mailings, tallies, witness
from newsletter.store import tables as t
from newsletter.store.ledger import carving, chunks, singly
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: nothing of these is sent any more
_OVER = (MailingState.CANCELLED, MailingState.MISSED)
#: deliveries that the audit log names; beyond them they are counted
_MOST_NAMED = 100
#: attempts.settled_by
_PERSON = "person"


def resolve_uncertain(
    connection: Connection, mailing: int, *, accepted: bool, now: datetime, only: Collection[int] | None = None
) -> int:
    """They have it; or they do not, and are planned again, in a cancelled mailing cancelled. Returns how many.

    `only` names deliveries; those of them that are not uncertain stay as they are.
    """
    witness.renew(connection)
    mailings.lock(connection, mailing)
    state = mailings.state_of(connection, mailing)
    again = ChunkState.CANCELLED if state in _OVER else ChunkState.PLANNED
    singles = _singles(connection, mailing, only)
    if only is None:
        count = len(singles) + _resolve_chunks(connection, mailing, ChunkState.ACCEPTED if accepted else again)
        of_chunks: Mapping[int, str] = {}
    else:
        of_chunks = _of_chunks(connection, mailing, only)
        count = len(singles) + len(of_chunks)
    if accepted:
        _accept(connection, mailing, singles, of_chunks, now)
    else:
        singly.forget(connection, mailing, singles)
        carving.carve(connection, mailing, {**singles, **of_chunks}, again)
        chunks.cancel_the_empty(connection, mailing)
        if again is ChunkState.CANCELLED:
            singly.release(connection, mailing, {**singles, **of_chunks})
    _note_person(connection, {*singles.values(), *of_chunks.values()})
    if count and not accepted and state is MailingState.FINISHED:
        mailings.move(connection, mailing, MailingState.PAUSED, mailings.SOME_AGAIN)
    if count:
        facts: dict[str, object] = {"deliveries": count, "as": "accepted" if accepted else "not sent"}
        facts |= {"numbers": sorted({**singles, **of_chunks})[:_MOST_NAMED]} if only else {}
        audit.note(connection, Action.MAILING_RESOLVED, f"mailing {mailing}", now, **facts)
    return count


def _singles(connection: Connection, mailing: int, only: Collection[int] | None) -> dict[int, str]:
    """n -> attempt, of those that are uncertain by themselves."""
    own = t.delivery_outcomes.c
    query = select(own.n, own.attempt).where(own.mailing == mailing, own.outcome == Outcome.UNCERTAIN)
    if only is None:
        return {row.n: row.attempt for row in connection.execute(query)}
    return {
        row.n: row.attempt for some in parts(sorted(only)) for row in connection.execute(query.where(own.n.in_(some)))
    }


def _resolve_chunks(connection: Connection, mailing: int, state: ChunkState) -> int:
    """All uncertain chunks, whole; returns how many deliveries."""
    own = t.chunks.c
    doubtful = (own.mailing == mailing, own.state == ChunkState.UNCERTAIN)
    rows = connection.execute(select(t.chunks).where(*doubtful)).all()
    for row in rows:
        chunks.refuse_unless_legal(row.number, ChunkState.UNCERTAIN, state)
    count = connection.scalar(select(func.sum(tallies.rest())).where(*doubtful)) or 0
    if state is ChunkState.CANCELLED:
        singly.release_ranges(connection, mailing, ((row.first, row.last) for row in rows))
    _note_person(connection, {row.attempt for row in rows})
    connection.execute(update(t.chunks).where(*doubtful).values(state=state, not_before=None, tries=0))
    return int(count)


def _of_chunks(connection: Connection, mailing: int, only: Collection[int]) -> dict[int, str]:
    """n -> attempt, of those that are uncertain because their chunk is."""
    own, single = t.chunks.c, t.delivery_outcomes.c
    noted: set[int] = set()
    for some in parts(sorted(only)):
        noted.update(connection.scalars(select(single.n).where(single.mailing == mailing, single.n.in_(some))))
    left = sorted(set(only) - noted)
    doubtful = connection.execute(
        select(own.first, own.last, own.attempt).where(own.mailing == mailing, own.state == ChunkState.UNCERTAIN)
    )
    return {
        n: row.attempt for row in doubtful for n in left[bisect_left(left, row.first) : bisect_right(left, row.last)]
    }


def _accept(
    connection: Connection, mailing: int, singles: Mapping[int, str], of_chunks: Mapping[int, str], now: datetime
) -> None:
    own = t.delivery_outcomes.c
    for some in parts(sorted(singles)):
        connection.execute(
            update(t.delivery_outcomes)
            .where(own.mailing == mailing, own.n.in_(some))
            .values(outcome=Outcome.ACCEPTED, reason="", at=now)
        )
    for attempt in sorted({*of_chunks.values()}):
        theirs = {n: "" for n, known in of_chunks.items() if known == attempt}
        singly.write(connection, mailing, Outcome.ACCEPTED, theirs, attempt, now)


def _note_person(connection: Connection, attempts: Collection[str]) -> None:
    for some in parts(sorted(attempts)):
        connection.execute(update(t.attempts).where(t.attempts.c.id.in_(some)).values(settled_by=_PERSON))
