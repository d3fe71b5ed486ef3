"""Who is on a list today, counted: how they joined, their languages, who can be reached, who does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, select

from newsletter.model.event import Fate
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

_GONE = (SuppressionReason.HARD_BOUNCE, SuppressionReason.BAD_ADDRESS)
_NOT_TAKEN = (Fate.SOFT_BOUNCE, Fate.DEFERRED, Fate.DROPPED)


def _on(list_: int, subscriber: ColumnElement[Any]) -> ColumnElement[bool]:
    entry = t.subscriptions.c
    return and_(entry.subscriber == subscriber, entry.list == list_, entry.status == SubscriptionStatus.SUBSCRIBED)


def sources(connection: Connection, list_: int) -> dict[ConsentSource, int]:
    """How those who are subscribed said yes the last time."""
    event = t.consent_events.c
    last = (
        select(func.max(event.number).label("number"), event.subscriber)
        .where(event.list == list_, event.action == ConsentAction.SUBSCRIBED)
        .group_by(event.subscriber)
        .subquery()
    )
    query = (
        select(event.source, func.count())
        .select_from(last)
        .join(t.subscriptions, _on(list_, last.c.subscriber))
        .join(t.consent_events, event.number == last.c.number)
        .group_by(event.source)
    )
    return {ConsentSource(source): people for source, people in connection.execute(query)}


def languages(connection: Connection, list_: int) -> dict[str, int]:
    """Those of whom none is known stand under an empty text."""
    person = t.subscribers.c
    query = (
        select(person.language, func.count())
        .select_from(t.subscriptions)
        .join(t.subscribers, _on(list_, person.number))
        .group_by(person.language)
    )
    return {language: people for language, people in connection.execute(query)}  # noqa: C416 - rows are no pairs


def tracked(connection: Connection, list_: int, mailings: Sequence[int]) -> tuple[int, int]:
    """How many agreed that opens and clicks are noted; and of them those who did either in one of these mailings."""
    person, did = t.subscribers.c, t.engagements.c
    agreed = select(func.count()).select_from(t.subscribers).join(t.subscriptions, _on(list_, person.number))
    agreed = agreed.where(person.tracking)
    active = exists().where(did.subscriber == person.number, did.mailing.in_(mailings))
    return connection.scalar(agreed) or 0, connection.scalar(agreed.where(active)) or 0


def gone(connection: Connection, list_: int) -> int:
    """Subscribed, and a hard bounce or a bad address is known of them."""
    out, person = t.suppressions.c, t.subscribers.c
    query = (
        select(func.count())
        .select_from(t.suppressions)
        .join(t.subscribers, person.identity_hash == out.identity_hash)
        .join(t.subscriptions, _on(list_, person.number))
        .where(out.reason.in_(_GONE))
    )
    return connection.scalar(query) or 0


def silent(connection: Connection, list_: int, mailings: Sequence[int]) -> int:
    """Subscribed and not kept out, and not one of these mailings was taken by their server."""
    fate, planned, person = t.fates.c, t.deliveries.c, t.subscribers.c
    each = (
        select(planned.subscriber)
        .select_from(t.fates)
        .join(t.deliveries, and_(planned.mailing == fate.mailing, planned.n == fate.n))
        .where(fate.mailing.in_(mailings), fate.fate.in_(_NOT_TAKEN))
        .group_by(planned.subscriber)
        .having(func.count() == len(mailings))
        .subquery()
    )
    query = (
        select(func.count())
        .select_from(each)
        .join(t.subscriptions, _on(list_, each.c.subscriber))
        .join(t.subscribers, person.number == each.c.subscriber)
        .where(~exists().where(t.suppressions.c.identity_hash == person.identity_hash))
    )
    return connection.scalar(query) or 0
