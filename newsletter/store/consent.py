"""What somebody agreed to and took back: every change leaves an event that is never altered."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from newsletter.model.identity import identity
from newsletter.model.subscriber import (
    ConsentAction,
    MailingList,
    SubscriptionStatus,
    SuppressionReason,
)
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import ConsentSource


def keep_wording(connection: Connection, text: str) -> str:
    """Store the exact words somebody agreed to; returns their hash."""
    key = hashlib.sha256(text.encode()).hexdigest()
    insert_or_ignore(connection, t.wordings, [{"hash": key, "text": text}])
    return key


def lists_of_mailing(connection: Connection, mailing: int) -> tuple[MailingList, ...]:
    rows = connection.execute(
        select(t.lists.c.number, t.lists.c.name, t.lists.c.title)
        .join(t.mailing_lists, t.mailing_lists.c.list == t.lists.c.number)
        .where(t.mailing_lists.c.mailing == mailing)
        .order_by(t.lists.c.title)
    )
    return tuple(MailingList(number=row.number, name=row.name, title=row.title) for row in rows)


def leave(
    connection: Connection,
    subscriber: int,
    lists: Sequence[int],
    source: ConsentSource,
    mailing: int | None,
    now: datetime,
) -> int:
    """Unsubscribe from these lists; returns how many were left just now (a second time changes nothing)."""
    left = connection.scalars(
        update(t.subscriptions)
        .where(t.subscriptions.c.subscriber == subscriber, t.subscriptions.c.list.in_(lists))
        .where(t.subscriptions.c.status != SubscriptionStatus.UNSUBSCRIBED)
        .values(status=SubscriptionStatus.UNSUBSCRIBED, changed_at=now)
        .returning(t.subscriptions.c.list)
    ).all()
    events = [
        {
            "subscriber": subscriber,
            "list": entry,
            "action": ConsentAction.UNSUBSCRIBED,
            "source": source,
            "mailing": mailing,
            "at": now,
            "recorded_at": now,
        }
        for entry in left
    ]
    if events:
        connection.execute(insert(t.consent_events), events)
    return len(left)


def leave_everything(
    connection: Connection, subscriber: int, source: ConsentSource, mailing: int | None, now: datetime
) -> None:
    """Unsubscribe from every list and suppress the address: nothing is ever sent there again."""
    every = connection.scalars(select(t.subscriptions.c.list).where(t.subscriptions.c.subscriber == subscriber)).all()
    leave(connection, subscriber, every, source, mailing, now)
    row = connection.execute(
        select(t.subscribers.c.identity_hash, t.subscribers.c.address).where(t.subscribers.c.number == subscriber)
    ).one()
    if row.identity_hash is not None:
        person = identity(row.address)
        suppressions.add(connection, row.identity_hash, person, SuppressionReason.LEFT_EVERYTHING, source, now)
