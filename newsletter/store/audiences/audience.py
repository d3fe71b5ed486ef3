"""Who a mailing goes to: resolved once when it starts. The ledger looks again right before each chunk leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, exists, func, insert, literal, select

from newsletter.model.mailing import Exclusion, Outcome
from newsletter.model.segment import WasSent
from newsletter.store import tables as t
from newsletter.store.audiences import segments
from newsletter.store.audiences.condition_trees import tree_of
from newsletter.store.audiences.crowds import contains, count, everybody_in, is_suppressed, tree_of_audience

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Audience, Sorting


class Alike(NamedTuple):
    """The deliveries `first`..`last`, who may be in one chunk."""

    variant: str
    tracked: bool
    #: by plan not handed over before
    due_at: datetime | None
    first: int
    last: int


#: what is written here. Of other tables everybody else has need: ANALYZE would keep them until the mailing is planned
_WRITTEN = (t.deliveries, t.delivery_outcomes, t.issue_readers)


def resolve(
    connection: Connection,
    number: int,
    issue: str,
    serial: int,
    audience: Audience,
    sorting: Sorting,
    now: datetime,
    *,
    tracking: bool = False,
    due: Mapping[str, datetime] | None = None,
) -> list[Alike]:
    """Write a mailing's deliveries, exclude who must not get it, note who will.

    With `tracking` opens and clicks are noted of those who agreed. `due` says by the name of a reader's zone when they are
    due; where a name is not in it, that of "" holds. Returns the ranges of deliveries that are alike.
    """
    _write_deliveries(connection, number, audience, sorting, tracking=tracking, due=due)
    _refresh_statistics(connection)
    _exclude(connection, number, Exclusion.SUPPRESSED, is_suppressed(connection, t.deliveries.c.subscriber), now)
    if not serial:  # `--again` begins a round of its own
        had = _has_issue(connection, issue, t.deliveries.c.subscriber)
        _exclude(connection, number, Exclusion.ALREADY_SENT, had, now)
    _promise(connection, number, issue, serial)
    _refresh_statistics(connection)
    return _alike(connection, number)


def _alike(connection: Connection, number: int) -> list[Alike]:
    planned = t.deliveries.c
    rows = connection.execute(
        select(planned.variant, planned.tracked, planned.due_at, func.min(planned.n), func.max(planned.n))
        .where(planned.mailing == number)
        .group_by(planned.variant, planned.tracked, planned.due_at)
        .order_by(func.min(planned.n))
    )
    return [Alike(*row) for row in rows]


def _refresh_statistics(connection: Connection) -> None:
    """PostgreSQL plans by statistics that know nothing of rows just written: a join over them may take hours."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in _WRITTEN)
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


def readers_by_zone(connection: Connection, issue: str, audience: Audience, *, again: bool) -> dict[str, int]:
    """Name of a time zone, as it stands with the reader -> how many would get the issue now; "" where none is known."""
    people = everybody_in(connection, audience, rows=True)
    zone = t.subscribers.c.timezone
    query = people.query.add_columns(zone.label("zone")).where(~is_suppressed(connection, people.number))
    if not again and _was_mailed(connection, issue):
        query = query.where(~_has_issue(connection, issue, people.number))
    found = query.subquery()
    rows = connection.execute(select(found.c.zone, func.count()).group_by(found.c.zone).order_by(found.c.zone))
    return {name: count for name, count in rows}  # noqa: C416 - rows are no pairs


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


def _write_deliveries(
    connection: Connection,
    number: int,
    audience: Audience,
    sorting: Sorting,
    *,
    tracking: bool,
    due: Mapping[str, datetime] | None,
) -> None:
    """Readers who are due together stand together, among them those of one variant, and among those the ones whose opens
    and clicks are noted after the others.
    """
    in_audience = everybody_in(connection, audience, rows=bool(sorting.conditions))
    people = segments.sorted_readers(connection, in_audience.query, sorting).subquery()
    more: dict[str, ColumnElement[Any]] = {}
    if due:
        more["due_at"] = _when(due)
    if tracking:
        more["tracked"] = t.subscribers.c.tracking
    first = [more["due_at"]] if due else []
    then = [more["tracked"]] if tracking else []
    order = (*first, people.c.variant, *then, people.c.number)
    rows = select(literal(number), func.row_number().over(order_by=order), people.c.number, people.c.variant)
    if more:
        rows = rows.add_columns(*more.values())
        rows = rows.join(t.subscribers, t.subscribers.c.number == people.c.number)
    columns = ["mailing", "n", "subscriber", "variant", *more]
    connection.execute(insert(t.deliveries).from_select(columns, rows))


def _when(due: Mapping[str, datetime]) -> ColumnElement[datetime]:
    """When a reader is due, by the zone in their row of `subscribers`."""
    kind = t.deliveries.c.due_at.type
    zones: dict[datetime, list[str]] = {}
    for name, moment in due.items():
        if moment != due[""]:
            zones.setdefault(moment, []).append(name)
    home = literal(due[""], kind)
    if not zones:
        return home
    cases = [(t.subscribers.c.timezone.in_(names), literal(moment, kind)) for moment, names in zones.items()]
    return case(*cases, else_=home)


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


def _promise(connection: Connection, number: int, issue: str, serial: int) -> None:
    """Note everybody who is going to get the issue; the primary key refuses a second time."""
    rows = select(
        literal(issue), literal(serial), t.deliveries.c.subscriber, t.deliveries.c.mailing, t.deliveries.c.n
    ).where(t.deliveries.c.mailing == number, ~has_own_outcome())
    columns = ["issue", "again_serial", "subscriber", "mailing", "n"]
    connection.execute(insert(t.issue_readers).from_select(columns, rows))
