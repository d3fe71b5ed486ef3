"""Readers as staff look them up: many of them page by page, or one with everything that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, select

from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState, Outcome
from newsletter.model.subscriber import (
    ConsentAction,
    ConsentRecord,
    ConsentSource,
    ListedSubscriber,
    MailingList,
    PlannedMail,
    Subscription,
    SubscriptionStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.store import tables as t
from newsletter.store.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, RowMapping
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscriber

#: values in one IN (...): the oldest SQLite takes 999 parameters
_IN = 900

_LIST_COLUMNS = (t.lists.c.number, t.lists.c.name, t.lists.c.title)
_MAIL_COLUMNS = (
    t.deliveries.c.mailing,
    t.deliveries.c.n,
    t.mailings.c.issue,
    t.mailings.c.started_at,
    t.delivery_outcomes.c.outcome,
    t.delivery_outcomes.c.reason,
    t.chunks.c.state,
)


def find(connection: Connection, identity_hash: str) -> Subscriber | None:
    query = select(*READER_COLUMNS).where(t.subscribers.c.identity_hash == identity_hash)
    row = connection.execute(query).mappings().one_or_none()
    return subscriber_of(row) if row else None


def page(
    connection: Connection, *, list_name: str | None, status: str | None, limit: int, after: int = 0
) -> tuple[ListedSubscriber, ...]:
    """People by number, `after` that of the last one seen; only those with a subscription to that list, of that status.

    Erased people are not people any more.
    """
    query = (
        select(*READER_COLUMNS, t.suppressions.c.reason)
        .select_from(t.subscribers)
        .outerjoin(t.suppressions, t.suppressions.c.identity_hash == t.subscribers.c.identity_hash)
        .where(t.subscribers.c.number > after, t.subscribers.c.erased_at.is_(None))
        .order_by(t.subscribers.c.number)
        .limit(limit)
    )
    if list_name is not None or status is not None:
        query = query.where(_has_subscription(list_name, status))
    rows = connection.execute(query).mappings().all()
    statuses = _statuses(connection, [row[t.subscribers.c.number] for row in rows])
    return tuple(_listed(row, statuses) for row in rows)


def _listed(row: RowMapping, statuses: Mapping[int, Mapping[str, SubscriptionStatus]]) -> ListedSubscriber:
    person = subscriber_of(row)
    reason = row[t.suppressions.c.reason]
    suppressed = SuppressionReason(reason) if reason else None
    return ListedSubscriber(subscriber=person, statuses=statuses.get(person.number, {}), suppressed=suppressed)


def _has_subscription(list_name: str | None, status: str | None) -> ColumnElement[bool]:
    subscription = exists().where(
        t.subscriptions.c.subscriber == t.subscribers.c.number, t.lists.c.number == t.subscriptions.c.list
    )
    if list_name is not None:
        subscription = subscription.where(t.lists.c.name == list_name)
    if status is not None:
        subscription = subscription.where(t.subscriptions.c.status == status)
    return subscription


def _statuses(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, SubscriptionStatus]]:
    """Number of a subscriber -> list name -> status."""
    query = (
        select(t.subscriptions.c.subscriber, t.lists.c.name, t.subscriptions.c.status)
        .join(t.lists, t.lists.c.number == t.subscriptions.c.list)
        .order_by(t.lists.c.name)
    )
    statuses: dict[int, dict[str, SubscriptionStatus]] = {}
    for part in parts(numbers):
        for row in connection.execute(query.where(t.subscriptions.c.subscriber.in_(part))):
            statuses.setdefault(row.subscriber, {})[row.name] = SubscriptionStatus(row.status)
    return statuses


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Values in portions that fit an IN (...)."""
    return (values[start : start + _IN] for start in range(0, len(values), _IN))


def subscriptions_of(connection: Connection, number: int) -> tuple[Subscription, ...]:
    status, changed_at = t.subscriptions.c.status, t.subscriptions.c.changed_at
    rows = connection.execute(
        select(*_LIST_COLUMNS, status, changed_at)
        .join(t.subscriptions, t.lists.c.number == t.subscriptions.c.list)
        .where(t.subscriptions.c.subscriber == number)
        .order_by(t.lists.c.name)
    ).mappings()
    return tuple(
        Subscription(list=_list(row), status=SubscriptionStatus(row[status]), changed_at=row[changed_at])
        for row in rows
    )


def suppression_of(connection: Connection, identity_hash: str) -> Suppression | None:
    query = select(t.suppressions).where(t.suppressions.c.identity_hash == identity_hash)
    row = connection.execute(query).one_or_none()
    return Suppression(reason=SuppressionReason(row.reason), source=row.source, at=row.at) if row else None


def history_of(connection: Connection, number: int) -> tuple[ConsentRecord, ...]:
    """What somebody agreed to and took back, in order."""
    rows = connection.execute(
        select(*t.consent_events.c, *_LIST_COLUMNS, t.wordings.c.text)
        .select_from(t.consent_events)
        .outerjoin(t.lists, t.lists.c.number == t.consent_events.c.list)
        .outerjoin(t.wordings, t.wordings.c.hash == t.consent_events.c.wording)
        .where(t.consent_events.c.subscriber == number)
        .order_by(t.consent_events.c.number)
    ).mappings()
    return tuple(_consent_record(row) for row in rows)


def _consent_record(row: RowMapping) -> ConsentRecord:
    event = t.consent_events.c
    return ConsentRecord(
        list=_list(row) if row[event.list] is not None else None,
        action=ConsentAction(row[event.action]),
        source=ConsentSource(row[event.source]),
        at=row[event.at],
        wording=row[t.wordings.c.text] or "",
        mailing=row[event.mailing],
    )


def mail_of(connection: Connection, number: int) -> tuple[PlannedMail, ...]:
    """The mailings that somebody was planned in, the newest first, and what became of each copy."""
    planned, own, chunk = t.deliveries.c, t.delivery_outcomes.c, t.chunks.c
    rows = connection.execute(
        select(*_MAIL_COLUMNS)
        .select_from(t.deliveries)
        .join(t.mailings, t.mailings.c.number == planned.mailing)
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .outerjoin(t.chunks, and_(chunk.mailing == planned.mailing, planned.n.between(chunk.first, chunk.last)))
        .where(planned.subscriber == number)
        .order_by(planned.mailing.desc())
    ).mappings()
    return tuple(_planned_mail(row) for row in rows)


def _planned_mail(row: RowMapping) -> PlannedMail:
    outcome = row[t.delivery_outcomes.c.outcome] or OUTCOME_OF_CHUNK[ChunkState(row[t.chunks.c.state])]
    return PlannedMail(
        mailing=row[t.deliveries.c.mailing],
        issue=row[t.mailings.c.issue],
        n=row[t.deliveries.c.n],
        outcome=Outcome(outcome),
        reason=row[t.delivery_outcomes.c.reason] or "",
        started_at=row[t.mailings.c.started_at],
    )


def _list(row: RowMapping) -> MailingList:
    return MailingList(number=row[t.lists.c.number], name=row[t.lists.c.name], title=row[t.lists.c.title])
