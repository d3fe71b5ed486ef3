"""How the deliveries of a mailing stand: its sum, and what is not accepted in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from newsletter.errors import MailingNotFound
from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState, MailingState, Outcome, Tally
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

#: what stands for an empty reason
NO_REASON = "no reason given"
#: what people want to know the reason of
_TROUBLE = (Outcome.REFUSED, Outcome.UNCERTAIN)


def tally(connection: Connection, number: int) -> Tally:
    """How every delivery of a mailing stands. Call it inside one `read()`: the sum belongs together."""
    people = connection.scalar(select(t.mailings.c.audience).where(t.mailings.c.number == number))
    if people is None:
        raise MailingNotFound(number)
    outcomes: dict[Outcome, int] = {}
    exclusions: dict[str, int] = {}
    for outcome, reason, count in connection.execute(_own_outcomes(number)):
        outcomes[Outcome(outcome)] = outcomes.get(Outcome(outcome), 0) + count
        if outcome == Outcome.EXCLUDED:
            exclusions[reason] = count
    for state, count in connection.execute(_rest_by_chunk(number)):
        outcome = OUTCOME_OF_CHUNK[ChunkState(state)]
        outcomes[outcome] = outcomes.get(outcome, 0) + int(count)  # PostgreSQL sums to Decimal
    return Tally(audience=people, outcomes={o: n for o, n in outcomes.items() if n}, exclusions=exclusions)


def _own_outcomes(number: int) -> Select[Any]:
    own = t.delivery_outcomes
    return (
        select(own.c.outcome, own.c.reason, func.count())
        .where(own.c.mailing == number)
        .group_by(own.c.outcome, own.c.reason)
    )


def _rest_by_chunk(number: int) -> Select[Any]:
    """Deliveries without an outcome of their own, by the state of their chunk."""
    return select(t.chunks.c.state, func.sum(rest())).where(t.chunks.c.mailing == number).group_by(t.chunks.c.state)


def rest() -> ColumnElement[int]:
    """How many deliveries of a chunk have no outcome of their own."""
    own = (
        select(func.count())
        .where(
            t.delivery_outcomes.c.mailing == t.chunks.c.mailing,
            t.delivery_outcomes.c.n.between(t.chunks.c.first, t.chunks.c.last),
        )
        .correlate(t.chunks)
        .scalar_subquery()
    )
    return t.chunks.c.last - t.chunks.c.first + 1 - own


def in_doubt(connection: Connection, issue: str) -> dict[int, int]:
    """Mailing -> how many of its deliveries are uncertain, over all mailings of an issue that have such."""
    own, single, mailing = t.chunks.c, t.delivery_outcomes.c, t.mailings.c
    whole = connection.execute(
        select(own.mailing, func.sum(rest()))
        .join(t.mailings, mailing.number == own.mailing)
        .where(mailing.issue == issue, or_(own.state == ChunkState.UNCERTAIN, _left_in_flight()))
        .group_by(own.mailing)
    )
    singly = connection.execute(
        select(single.mailing, func.count())
        .join(t.mailings, mailing.number == single.mailing)
        .where(mailing.issue == issue, single.outcome == Outcome.UNCERTAIN)
        .group_by(single.mailing)
    )
    return _summed((number, int(count)) for number, count in [*whole, *singly])


def _left_in_flight() -> ColumnElement[bool]:
    """Under way when its mailing was cancelled: no answer may ever come (ledger/stopping.py:doubt_interrupted)."""
    return and_(t.chunks.c.state == ChunkState.SUBMITTING, t.mailings.c.state == MailingState.CANCELLED)


def _summed(counts: Iterable[tuple[int, int]]) -> dict[int, int]:
    made: dict[int, int] = {}
    for number, count in sorted(counts):
        if count:
            made[number] = made.get(number, 0) + count
    return made


def refusals(connection: Connection, number: int, outcomes: Collection[Outcome] = _TROUBLE) -> dict[str, int]:
    """Why deliveries were refused or are in doubt, or one of the two, in words -> how many."""
    states = [state for state, outcome in OUTCOME_OF_CHUNK.items() if outcome in outcomes]
    own = t.delivery_outcomes.c
    singly = connection.execute(
        select(own.reason, func.count())
        .where(own.mailing == number, own.outcome.in_(outcomes))
        .group_by(own.reason)
        .order_by(own.reason)
    )
    whole = connection.execute(
        select(t.attempts.c.detail, rest())
        .select_from(t.chunks)
        .outerjoin(t.attempts, t.attempts.c.id == t.chunks.c.attempt)
        .where(t.chunks.c.mailing == number, t.chunks.c.state.in_(states))
        .order_by(t.chunks.c.first)
    )
    reasons: dict[str, int] = {}
    for reason, count in [*singly, *whole]:
        if count:
            reasons[reason or NO_REASON] = reasons.get(reason or NO_REASON, 0) + count
    return reasons
