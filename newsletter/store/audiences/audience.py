"""Who a mailing goes to: resolved once when it starts, looked at again right before each chunk leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, func, insert, literal, select

from newsletter.model.mailing import Exclusion, Outcome
from newsletter.model.segment import WasSent
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences import segments
from newsletter.store.audiences.condition_trees import tree_of
from newsletter.store.audiences.crowds import contains, count, everybody_in, is_suppressed, tree_of_audience

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Audience, Sorting

#: what the queries here read
_JOINED = (
    *(t.subscribers, t.subscriptions, t.suppressions, t.mailing_lists),
    *(t.deliveries, t.delivery_outcomes, t.issue_readers),
)


def resolve(
    connection: Connection, number: int, issue: str, serial: int, audience: Audience, sorting: Sorting, now: datetime
) -> list[tuple[str, int, int]]:
    """Write a mailing's deliveries, exclude who must not get it, note who will.

    Returns the ranges of deliveries that are alike: (variant, first, last).
    """
    _write_deliveries(connection, number, audience, sorting)
    _refresh_statistics(connection)
    _exclude(connection, number, Exclusion.SUPPRESSED, is_suppressed(connection, t.deliveries.c.subscriber), now)
    if not serial:  # `--again` begins a round of its own
        had = _has_issue(connection, issue, t.deliveries.c.subscriber)
        _exclude(connection, number, Exclusion.ALREADY_SENT, had, now)
    _promise(connection, number, issue, serial)
    _refresh_statistics(connection)
    return _alike(connection, number)


def _alike(connection: Connection, number: int) -> list[tuple[str, int, int]]:
    n = t.deliveries.c.n
    rows = connection.execute(
        select(t.deliveries.c.variant, func.min(n), func.max(n))
        .where(t.deliveries.c.mailing == number)
        .group_by(t.deliveries.c.variant)
        .order_by(func.min(n))
    )
    return [(variant, first, last) for variant, first, last in rows]


def _refresh_statistics(connection: Connection) -> None:
    """PostgreSQL plans by statistics that know nothing of rows just written: a join over them may take hours."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in _JOINED)
        connection.exec_driver_sql(f"ANALYZE {names}")


def foresee(
    connection: Connection, issue: str, audience: Audience, sorting: Sorting, *, again: bool
) -> tuple[int, int, int, dict[str, int]]:
    """(subscribed, of them suppressed, of the rest those who have or are getting the issue, the others by variant),
    for an audience as it is now.
    """
    people = everybody_in(connection, audience, rows=bool(sorting.conditions))
    subscribed = count(connection, people.query)
    suppressed = sum(suppressed_by_reason(connection, audience).values())
    left = people.query.where(~is_suppressed(connection, people.number))
    had = 0
    if not again and _was_mailed(connection, issue):
        has_issue = _has_issue(connection, issue, people.number)
        had = count(connection, left.where(has_issue))
        left = left.where(~has_issue)
    rest = subscribed - suppressed - had
    if sorting.conditions and rest:
        return subscribed, suppressed, had, _by_variant(connection, left, sorting)
    return subscribed, suppressed, had, {sorting.variants[frozenset()]: rest} if rest else {}


def _by_variant(connection: Connection, people: Select[tuple[int]], sorting: Sorting) -> dict[str, int]:
    found = segments.sorted_readers(connection, people, sorting).subquery()
    query = select(found.c.variant, func.count().label("readers")).group_by(found.c.variant).order_by(found.c.variant)
    return {row.variant: row.readers for row in connection.execute(query)}


def suppressed_by_reason(connection: Connection, audience: Audience) -> dict[str, int]:
    """Reason -> how many of the audience are suppressed for it, found from the side of the suppressions."""
    number = t.subscribers.c.number
    rows = connection.execute(
        select(t.suppressions.c.reason, func.count().label("readers"))
        .join(t.subscribers, t.subscribers.c.identity_hash == t.suppressions.c.identity_hash)
        .where(contains(connection, audience.lists, tree_of_audience(audience), number))
        .group_by(t.suppressions.c.reason)
        .order_by(t.suppressions.c.reason)
    )
    return {row.reason: row.readers for row in rows}


def _was_mailed(connection: Connection, issue: str) -> bool:
    return connection.scalar(select(t.mailings.c.number).where(t.mailings.c.issue == issue).limit(1)) is not None


def _has_issue(connection: Connection, issue: str, number: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether somebody has, or is getting, the issue, in whatever round."""
    return segments.tree_holds(connection, tree_of(WasSent(issue=issue)), number)


def _lists_of(number: int) -> Select[tuple[int]]:
    return select(t.mailing_lists.c.list).where(t.mailing_lists.c.mailing == number)


def _write_deliveries(connection: Connection, number: int, audience: Audience, sorting: Sorting) -> None:
    """Readers of one variant stand together."""
    in_audience = everybody_in(connection, audience, rows=bool(sorting.conditions))
    people = segments.sorted_readers(connection, in_audience.query, sorting).subquery()
    position = func.row_number().over(order_by=(people.c.variant, people.c.number))
    rows = select(literal(number), position, people.c.number, people.c.variant)
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


def exclude_unsendable(connection: Connection, number: int, first: int, last: int, now: datetime) -> None:
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
