"""Lists that one can join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from newsletter.model.subscriber import MailingList, SubscriptionStatus
from newsletter.store.tables import lists, subscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection


def add(connection: Connection, name: str, title: str, now: datetime) -> MailingList:
    number = connection.execute(
        insert(lists).values(name=name, title=title, created_at=now).returning(lists.c.number)
    ).scalar_one()
    return MailingList(number=number, name=name, title=title)


def every(connection: Connection) -> tuple[MailingList, ...]:
    rows = connection.execute(select(lists.c.number, lists.c.name, lists.c.title).order_by(lists.c.name))
    return tuple(MailingList(number=row.number, name=row.name, title=row.title) for row in rows)


def counts(connection: Connection) -> dict[int, dict[SubscriptionStatus, int]]:
    """List number -> how many subscriptions of each status."""
    query = select(subscriptions.c.list, subscriptions.c.status, func.count()).group_by(
        subscriptions.c.list, subscriptions.c.status
    )
    result: dict[int, dict[SubscriptionStatus, int]] = {}
    for number, status, count in connection.execute(query):
        result.setdefault(number, {})[SubscriptionStatus(status)] = count
    return result
