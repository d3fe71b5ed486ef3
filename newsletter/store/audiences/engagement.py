"""Who opened or clicked what: the first time of each, and only of those who agree that it is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.model.segment import Engagement
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

__all__ = ["Engagement", "note"]


def note(connection: Connection, subscriber: int, mailing: int, kind: Engagement, now: datetime) -> bool:
    """Whether it was noted just now. Of somebody who does not agree to tracking nothing is stored."""
    agrees = select(t.subscribers.c.tracking).where(t.subscribers.c.number == subscriber)
    # locked: whoever takes the consent back at the same moment is waited for
    if not connection.scalar(agrees.with_for_update()):
        return False
    own = t.engagements.c
    known = select(own.at).where(own.subscriber == subscriber, own.mailing == mailing, own.kind == kind)
    if connection.scalar(known) is not None:
        return False
    row = {"subscriber": subscriber, "mailing": mailing, "kind": kind, "at": now}
    insert_or_ignore(connection, t.engagements, [row])
    return True
