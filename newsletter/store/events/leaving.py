"""Somebody told their provider that they want no more. What they joined after that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.people import consent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.recording import Leaving


def leave(connection: Connection, leaving: Leaving, now: datetime) -> None:
    """Their row is held already (people.py)."""
    of = leaving.mailing or None
    lists = None if leaving.everything else [one.number for one in consent.lists_of_mailing(connection, of or 0)]
    entry = t.subscriptions.c
    theirs = select(entry.list).where(entry.subscriber == leaving.subscriber)
    joined_since = set(
        connection.scalars(theirs.where(entry.status == SubscriptionStatus.SUBSCRIBED, entry.changed_at > leaving.at))
    )
    if lists is None:
        lists = list(connection.scalars(theirs))
    old = [one for one in lists if one not in joined_since]
    consent.leave(connection, leaving.subscriber, old, ConsentSource.PROVIDER, of, now)


def joined_since(connection: Connection, leaving: Leaving) -> bool:
    """Whether they joined anything after they said so: then their address is not suppressed."""
    entry = t.subscriptions.c
    later = select(entry.list).where(
        entry.subscriber == leaving.subscriber,
        entry.status == SubscriptionStatus.SUBSCRIBED,
        entry.changed_at > leaving.at,
    )
    return connection.scalar(later.limit(1)) is not None
