"""What each month did to a list, in people."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from newsletter.model.reporting import Growth
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

_BOUNCED = (SuppressionReason.HARD_BOUNCE, SuppressionReason.BAD_ADDRESS)


def months(connection: Connection, list_: int, edges: Sequence[datetime]) -> Mapping[datetime, Growth]:
    """Begin of each month -> what happened in it; `edges` are the begins, and the end of the last."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for told in (
        _said(connection, list_, edges),
        _suppressed(connection, list_, edges),
        _erased(connection, edges, list_),
    ):
        for month, field, people in told:
            found[month][field] += people
    return {begin: Growth(**found[place]) for place, (begin, _) in enumerate(pairwise(edges))}


def _month(moment: ColumnElement[Any], edges: Sequence[datetime]) -> ColumnElement[int]:
    """The newest first: most of what is asked about is of lately."""
    places = [(moment >= begin, place) for place, begin in reversed([*enumerate(edges[:-1])])]
    return case(*places)


def _within(moment: ColumnElement[Any], edges: Sequence[datetime]) -> ColumnElement[bool]:
    return and_(moment >= edges[0], moment < edges[-1])


def _said(connection: Connection, list_: int, edges: Sequence[datetime]) -> Iterator[tuple[int, str, int]]:
    """Each person once in a month for each way in which they said it."""
    event = t.consent_events.c
    month = _month(event.at, edges).label("month")
    query = (
        select(month, event.action, event.source, func.count(event.subscriber.distinct()))
        .where(event.list == list_, _within(event.at, edges))
        .group_by(month, event.action, event.source)
    )
    fields = {
        ConsentAction.REQUESTED: "requested",
        ConsentAction.SUBSCRIBED: "joined",
        ConsentAction.UNSUBSCRIBED: "left",
    }
    for place, action, source, people in connection.execute(query):
        if field := fields.get(action):
            yield place, field, people
        if action == ConsentAction.SUBSCRIBED and source == ConsentSource.CONFIRMATION:
            yield place, "confirmed", people


def _suppressed(connection: Connection, list_: int, edges: Sequence[datetime]) -> Iterator[tuple[int, str, int]]:
    """Who is subscribed, and is kept out all the same: who left is counted as that."""
    out, person, entry = t.suppressions.c, t.subscribers.c, t.subscriptions.c
    month = _month(out.at, edges).label("month")
    query = (
        select(month, out.reason, func.count())
        .select_from(t.suppressions)
        .join(t.subscribers, person.identity_hash == out.identity_hash)
        .join(t.subscriptions, and_(entry.subscriber == person.number, entry.list == list_))
        .where(entry.status == SubscriptionStatus.SUBSCRIBED, _within(out.at, edges))
        .group_by(month, out.reason)
    )
    for place, reason, people in connection.execute(query):
        if reason in _BOUNCED:
            yield place, "bounced", people
        else:
            yield place, "complained" if reason == SuppressionReason.COMPLAINT else "kept_out", people


def _erased(connection: Connection, edges: Sequence[datetime], list_: int) -> Iterator[tuple[int, str, int]]:
    """Who was on the list when they were erased: the last thing they said of it was yes."""
    person, event = t.subscribers.c, t.consent_events.c
    of_list = and_(event.subscriber == person.number, event.list == list_)

    def last(action: ConsentAction) -> ColumnElement[int]:
        number = select(func.max(event.number)).where(of_list, event.action == action).correlate(t.subscribers)
        return func.coalesce(number.scalar_subquery(), 0)

    month = _month(person.erased_at, edges).label("month")
    query = (
        select(month, func.count())
        .where(person.erased_at.is_not(None), _within(person.erased_at, edges))
        .where(last(ConsentAction.SUBSCRIBED) > last(ConsentAction.UNSUBSCRIBED))
        .group_by(month)
    )
    for place, people in connection.execute(query):
        yield place, "erased", people
