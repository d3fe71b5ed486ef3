"""How somebody stands with a list, and which of their requests to join can still be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from newsletter.errors import SubscriberNotFound
from newsletter.model.consent import Position
from newsletter.model.subscriber import ConsentAction, SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people.lists import LIST_COLUMNS, list_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def position_of(connection: Connection, subscriber: int, list_: int) -> Position:
    theirs = and_(t.subscriptions.c.list == t.lists.c.number, t.subscriptions.c.subscriber == subscriber)
    person = and_(t.subscribers.c.number == subscriber, t.subscribers.c.erased_at.is_(None))
    row = (
        connection.execute(
            select(*LIST_COLUMNS, t.subscriptions.c.status, t.suppressions.c.reason)
            .select_from(t.lists)
            .join(t.subscribers, person)
            .outerjoin(t.subscriptions, theirs)
            .outerjoin(t.suppressions, t.suppressions.c.identity_hash == t.subscribers.c.identity_hash)
            .where(t.lists.c.number == list_)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise SubscriberNotFound
    status, reason = row[t.subscriptions.c.status], row[t.suppressions.c.reason]
    return Position(
        list=list_of(row),
        status=SubscriptionStatus(status) if status else None,
        suppressed=SuppressionReason(reason) if reason else None,
        requests=open_requests(connection, subscriber, list_),
    )


def open_requests(connection: Connection, subscriber: int, list_: int) -> frozenset[int]:
    """Numbers of events in which they asked to join, and since which nothing said no: no leave, no suppression, no new address."""
    event = t.consent_events.c
    last_no = case((event.action.in_((ConsentAction.UNSUBSCRIBED, ConsentAction.ADDRESS_CHANGED)), event.number))
    of_list = and_(event.subscriber == subscriber, or_(event.list == list_, event.list.is_(None)))
    closed = connection.scalar(select(func.max(last_no)).where(of_list)) or 0
    suppressed = (
        select(func.max(t.suppression_events.c.at))
        .join(t.subscribers, t.subscribers.c.identity_hash == t.suppression_events.c.identity_hash)
        .where(t.subscribers.c.number == subscriber)
    )
    never_since = connection.scalar(suppressed)
    asked = select(event.number).where(of_list, event.action == ConsentAction.REQUESTED, event.number > closed)
    if never_since is not None:
        asked = asked.where(event.recorded_at > never_since)
    return frozenset(connection.scalars(asked))
