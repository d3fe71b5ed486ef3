"""Mailings: planning one, starting it, showing how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, insert, literal, select, update

from newsletter.errors import IllegalMove, MailingNotFound
from newsletter.model.mailing import (
    MAILING_MOVES,
    OUTCOME_OF_CHUNK,
    ChunkState,
    Exclusion,
    Mailing,
    MailingState,
    Outcome,
    Tally,
)
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.engine import Connection

#: a mailing in one of these can still send
UNFINISHED = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)


def add(
    connection: Connection,
    *,
    issue: str,
    fingerprint: str,
    lists: Sequence[int],
    sender: str,
    again: str,
    now: datetime,
) -> int:
    """Plan a mailing of stored bytes to the subscribed of these lists; returns its number."""
    serial = _next_serial(connection, issue) if again else 0
    number: int = connection.execute(
        insert(t.mailings)
        .values(
            issue=issue,
            fingerprint=fingerprint,
            state=MailingState.SCHEDULED,
            sender=sender,
            created_at=now,
            again=again,
            again_serial=serial,
        )
        .returning(t.mailings.c.number)
    ).scalar_one()
    connection.execute(insert(t.mailing_lists), [{"mailing": number, "list": entry} for entry in lists])
    return number


def _next_serial(connection: Connection, issue: str) -> int:
    highest = connection.scalar(select(func.max(t.mailings.c.again_serial)).where(t.mailings.c.issue == issue))
    return (highest or 0) + 1


def start(
    connection: Connection, number: int, ranges: Callable[[int], Iterable[tuple[int, int]]], now: datetime
) -> None:
    """scheduled -> sending: resolve the audience and write every delivery, once and for all.

    `ranges` cuts the deliveries 1..N into chunks.
    """
    move(connection, number, MailingState.SENDING)
    mailing = connection.execute(select(t.mailings).where(t.mailings.c.number == number)).one()
    _write_deliveries(connection, number)
    _exclude(connection, number, Exclusion.SUPPRESSED, _is_suppressed(), now)
    _exclude(connection, number, Exclusion.ALREADY_SENT, _has_issue(mailing.issue, mailing.again_serial), now)
    _promise(connection, number, mailing.issue, mailing.again_serial)
    audience = connection.scalar(select(func.count()).where(t.deliveries.c.mailing == number)) or 0
    rows = [
        {"mailing": number, "first": first, "last": last, "state": ChunkState.PLANNED}
        for first, last in ranges(audience)
    ]
    if rows:
        connection.execute(insert(t.chunks), rows)
    connection.execute(
        update(t.mailings).where(t.mailings.c.number == number).values(started_at=now, audience=audience)
    )


def foresee(connection: Connection, issue: str, lists: Sequence[int], *, again: bool) -> tuple[int, int, int]:
    """(subscribed, of them suppressed, of the rest those who have or are getting the issue), for lists as they are now."""
    people = audience_of(select(t.lists.c.number).where(t.lists.c.number.in_(lists))).subquery()
    suppressed = exists().where(
        t.subscribers.c.number == people.c.number, t.suppressions.c.identity_hash == t.subscribers.c.identity_hash
    )
    has_issue = exists().where(
        t.issue_readers.c.issue == issue,
        t.issue_readers.c.again_serial == 0,
        t.issue_readers.c.subscriber == people.c.number,
    )
    counted = select(func.count()).select_from(people)
    subscribed = connection.scalar(counted) or 0
    out = connection.scalar(counted.where(suppressed)) or 0
    had = 0 if again else connection.scalar(counted.where(~suppressed, has_issue)) or 0
    return subscribed, out, had


def audience_of(mailing_lists: Select[tuple[int]]) -> Select[tuple[int]]:
    """The numbers of all who are subscribed to one of the lists; pending, unsubscribed and erased people are not."""
    subscribed = exists().where(
        t.subscriptions.c.subscriber == t.subscribers.c.number,
        t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED,
        t.subscriptions.c.list.in_(mailing_lists),
    )
    return select(t.subscribers.c.number).where(subscribed, t.subscribers.c.erased_at.is_(None))


def _lists_of(number: int) -> Select[tuple[int]]:
    return select(t.mailing_lists.c.list).where(t.mailing_lists.c.mailing == number)


def _write_deliveries(connection: Connection, number: int) -> None:
    people = audience_of(_lists_of(number)).subquery()
    position = func.row_number().over(order_by=people.c.number)
    rows = select(literal(number), position, people.c.number, literal(""))
    connection.execute(insert(t.deliveries).from_select(["mailing", "n", "subscriber", "variant"], rows))


def _exclude(
    connection: Connection, number: int, reason: Exclusion, condition: ColumnElement[bool], now: datetime
) -> None:
    rows = select(
        t.deliveries.c.mailing,
        t.deliveries.c.n,
        literal(Outcome.EXCLUDED.value),
        literal(reason.value),
        literal(now, t.delivery_outcomes.c.at.type),
    ).where(t.deliveries.c.mailing == number, ~has_own_outcome(), condition)
    columns = ["mailing", "n", "outcome", "reason", "at"]
    connection.execute(insert(t.delivery_outcomes).from_select(columns, rows))


def has_own_outcome() -> ColumnElement[bool]:
    """Whether a row of `deliveries` has an outcome of its own."""
    return exists().where(
        t.delivery_outcomes.c.mailing == t.deliveries.c.mailing, t.delivery_outcomes.c.n == t.deliveries.c.n
    )


def _is_suppressed() -> ColumnElement[bool]:
    return exists().where(
        t.subscribers.c.number == t.deliveries.c.subscriber,
        t.suppressions.c.identity_hash == t.subscribers.c.identity_hash,
    )


def _has_issue(issue: str, serial: int) -> ColumnElement[bool]:
    return exists().where(
        t.issue_readers.c.issue == issue,
        t.issue_readers.c.again_serial == serial,
        t.issue_readers.c.subscriber == t.deliveries.c.subscriber,
    )


def _promise(connection: Connection, number: int, issue: str, serial: int) -> None:
    """Note everybody who is going to get the issue; the primary key refuses a second time."""
    rows = select(
        literal(issue), literal(serial), t.deliveries.c.subscriber, t.deliveries.c.mailing, t.deliveries.c.n
    ).where(t.deliveries.c.mailing == number, ~has_own_outcome())
    columns = ["issue", "again_serial", "subscriber", "mailing", "n"]
    connection.execute(insert(t.issue_readers).from_select(columns, rows))


def release(connection: Connection, mailing: int, condition: ColumnElement[bool]) -> None:
    """Take back the note of deliveries that certainly were not sent, so that another mailing may reach them."""
    connection.execute(delete(t.issue_readers).where(t.issue_readers.c.mailing == mailing, condition))


def move(connection: Connection, number: int, state: MailingState, reason: str = "") -> None:
    """Change a mailing's state by the table of legal moves.

    Raises:
        IllegalMove: the table has no such move.
    """
    before = state_of(connection, number)
    if state not in MAILING_MOVES[before]:
        raise IllegalMove(f"mailing {number}", before, state)
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(state=state, reason=reason))


def state_of(connection: Connection, number: int) -> MailingState:
    state = connection.scalar(select(t.mailings.c.state).where(t.mailings.c.number == number))
    if state is None:
        raise MailingNotFound(number)
    return MailingState(state)


def get(connection: Connection, number: int) -> Mailing:
    """Raises MailingNotFound."""
    row = connection.execute(select(t.mailings).where(t.mailings.c.number == number)).one_or_none()
    if row is None:
        raise MailingNotFound(number)
    return _mailing(connection, row)


def every(connection: Connection) -> tuple[Mailing, ...]:
    """All mailings, the newest first."""
    rows = connection.execute(select(t.mailings).order_by(t.mailings.c.number.desc())).all()
    return tuple(_mailing(connection, row) for row in rows)


def unfinished(connection: Connection, issue: str) -> Mailing | None:
    """The mailing of this issue that can still send."""
    row = connection.execute(
        select(t.mailings).where(t.mailings.c.issue == issue, t.mailings.c.state.in_(UNFINISHED))
    ).first()
    return _mailing(connection, row) if row else None


def _mailing(connection: Connection, row: Row[Any]) -> Mailing:
    names = connection.scalars(
        select(t.lists.c.name)
        .join(t.mailing_lists, t.mailing_lists.c.list == t.lists.c.number)
        .where(t.mailing_lists.c.mailing == row.number)
        .order_by(t.lists.c.name)
    )
    return Mailing(
        number=row.number,
        issue=row.issue,
        fingerprint=row.fingerprint,
        lists=tuple(names),
        state=MailingState(row.state),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        sender=row.sender,
        reason=row.reason,
        again=row.again,
    )


def tally(connection: Connection, number: int) -> Tally:
    """How every delivery of a mailing stands. Call it inside one `read()`: the sum belongs together."""
    audience = connection.scalar(select(t.mailings.c.audience).where(t.mailings.c.number == number))
    if audience is None:
        raise MailingNotFound(number)
    outcomes: dict[Outcome, int] = {}
    exclusions: dict[str, int] = {}
    for outcome, reason, count in connection.execute(_own_outcomes(number)):
        outcomes[Outcome(outcome)] = outcomes.get(Outcome(outcome), 0) + count
        if outcome == Outcome.EXCLUDED:
            exclusions[reason] = count
    for state, count in connection.execute(_rest_by_chunk(number)):
        outcome = OUTCOME_OF_CHUNK[ChunkState(state)]
        outcomes[outcome] = outcomes.get(outcome, 0) + count
    return Tally(audience=audience, outcomes={o: n for o, n in outcomes.items() if n}, exclusions=exclusions)


def _own_outcomes(number: int) -> Select[Any]:
    own = t.delivery_outcomes
    return (
        select(own.c.outcome, own.c.reason, func.count())
        .where(own.c.mailing == number)
        .group_by(own.c.outcome, own.c.reason)
    )


def _rest_by_chunk(number: int) -> Select[Any]:
    """Deliveries without an outcome of their own, by the state of their chunk."""
    own = (
        select(func.count())
        .where(
            t.delivery_outcomes.c.mailing == t.chunks.c.mailing,
            t.delivery_outcomes.c.n.between(t.chunks.c.first, t.chunks.c.last),
        )
        .correlate(t.chunks)
        .scalar_subquery()
    )
    size = t.chunks.c.last - t.chunks.c.first + 1
    return select(t.chunks.c.state, func.sum(size - own)).where(t.chunks.c.mailing == number).group_by(t.chunks.c.state)


def unsendable_now(connection: Connection, number: int, first: int, last: int, now: datetime) -> None:
    """Exclude those of a range who have left, were suppressed or erased since the mailing started."""
    in_range = and_(t.deliveries.c.n >= first, t.deliveries.c.n <= last)
    erased = exists().where(t.subscribers.c.number == t.deliveries.c.subscriber, t.subscribers.c.erased_at.is_not(None))
    still = exists().where(
        t.subscriptions.c.subscriber == t.deliveries.c.subscriber,
        t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED,
        t.subscriptions.c.list.in_(_lists_of(number)),
    )
    _exclude(connection, number, Exclusion.ERASED, and_(in_range, erased), now)
    _exclude(connection, number, Exclusion.SUPPRESSED, and_(in_range, _is_suppressed()), now)
    _exclude(connection, number, Exclusion.UNSUBSCRIBED, and_(in_range, ~still), now)
    excluded = exists().where(
        t.delivery_outcomes.c.mailing == t.issue_readers.c.mailing,
        t.delivery_outcomes.c.n == t.issue_readers.c.n,
        t.delivery_outcomes.c.outcome == Outcome.EXCLUDED,
    )
    release(connection, number, and_(t.issue_readers.c.n.between(first, last), excluded))


def refusals(connection: Connection, number: int) -> dict[str, int]:
    """Why deliveries were refused or are in doubt, in words -> how many."""
    own = t.delivery_outcomes
    singly = connection.execute(
        select(own.c.reason, func.count())
        .where(own.c.mailing == number, own.c.outcome == Outcome.REFUSED)
        .group_by(own.c.reason)
    )
    latest = (
        select(t.attempts.c.detail)
        .where(t.attempts.c.chunk == t.chunks.c.number)
        .order_by(t.attempts.c.started_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    whole = connection.execute(
        select(latest.label("detail"), t.chunks.c.last - t.chunks.c.first + 1).where(
            t.chunks.c.mailing == number, t.chunks.c.state.in_((ChunkState.REFUSED, ChunkState.UNCERTAIN))
        )
    )
    reasons: dict[str, int] = {}
    for reason, count in [*singly, *whole]:
        reasons[reason or "no reason given"] = reasons.get(reason or "no reason given", 0) + count
    return reasons
