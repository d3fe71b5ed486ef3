"""One reader with everything that is known; many of them page by page are in paging.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from newsletter.model.mailing import OUTCOME_OF_CHUNK, ChunkState, Outcome
from newsletter.model.subscriber import (
    ConsentAction,
    ConsentRecord,
    ConsentSource,
    PlannedMail,
    Subscription,
    SubscriptionStatus,
    Suppression,
    SuppressionReason,
)
from newsletter.store import tables as t
from newsletter.store.people.lists import LIST_COLUMNS, list_of
from newsletter.store.people.paging import page
from newsletter.store.people.parts import parts
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from sqlalchemy import RowMapping
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscriber

__all__ = [
    "by_number",
    "find",
    "history_of",
    "mail_of",
    "page",
    "parts",
    "subscriptions_of",
    "suppression_of",
]

#: a wording and a ground are kept in one table
_GROUNDS = t.wordings.alias("grounds")
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


def by_number(connection: Connection, number: int) -> Subscriber:
    row = connection.execute(select(*READER_COLUMNS).where(t.subscribers.c.number == number)).mappings().one()
    return subscriber_of(row)


def subscriptions_of(connection: Connection, number: int) -> tuple[Subscription, ...]:
    status, changed_at = t.subscriptions.c.status, t.subscriptions.c.changed_at
    rows = connection.execute(
        select(*LIST_COLUMNS, status, changed_at)
        .join(t.subscriptions, t.lists.c.number == t.subscriptions.c.list)
        .where(t.subscriptions.c.subscriber == number)
        .order_by(t.lists.c.name)
    ).mappings()
    return tuple(
        Subscription(list=list_of(row), status=SubscriptionStatus(row[status]), changed_at=row[changed_at])
        for row in rows
    )


def suppression_of(connection: Connection, identity_hash: str) -> Suppression | None:
    query = select(t.suppressions).where(t.suppressions.c.identity_hash == identity_hash)
    row = connection.execute(query).one_or_none()
    return Suppression(reason=SuppressionReason(row.reason), source=row.source, at=row.at) if row else None


def history_of(connection: Connection, number: int) -> tuple[ConsentRecord, ...]:
    """What somebody agreed to and took back, in the order in which it was recorded."""
    rows = connection.execute(
        select(*t.consent_events.c, *LIST_COLUMNS, t.wordings.c.text, _GROUNDS.c.text)
        .select_from(t.consent_events)
        .outerjoin(t.lists, t.lists.c.number == t.consent_events.c.list)
        .outerjoin(t.wordings, t.wordings.c.hash == t.consent_events.c.wording)
        .outerjoin(_GROUNDS, _GROUNDS.c.hash == t.consent_events.c.ground)
        .where(t.consent_events.c.subscriber == number)
        .order_by(t.consent_events.c.number)
    ).mappings()
    return tuple(_consent_record(row) for row in rows)


def _consent_record(row: RowMapping) -> ConsentRecord:
    event = t.consent_events.c
    return ConsentRecord(
        list=list_of(row) if row[event.list] is not None else None,
        action=ConsentAction(row[event.action]),
        source=ConsentSource(row[event.source]),
        at=row[event.at],
        wording=row[t.wordings.c.text] or "",
        ground=row[_GROUNDS.c.text] or "",
        mailing=row[event.mailing],
        ip=row[event.ip] or "",
        user_agent=row[event.user_agent] or "",
        recorded_at=row[event.recorded_at],
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
