"""Old events go: a delivery's fate, who opened and clicked first, and the counts of links stay without them.

An event is needed so that one that is told again counts once (providers do so for days), for soft bounces (thirty days), and
by people who look. What a mailbox that is read anew tells long after changes nothing: a fate that stands, stands, and who was
let back in or joined since is not suppressed or taken off by something older.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from newsletter.model.event import NO_TIME
from newsletter.store import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: rows that are deleted at once
_PORTION = 2_000


def prune(connection: Connection, before: datetime) -> int:
    """Delete some that happened before then, the oldest first; how many, 0 at the end.

    Those without a time stay: nobody knows how old they are.
    """
    own = t.events.c
    old = select(own.at, own.id).where(own.at > NO_TIME, own.at < before).order_by(own.at, own.id)
    last = connection.execute(old.limit(_PORTION)).all()[-1:]
    if not last:
        return 0
    ((at, id_),) = last
    gone = delete(t.events).where(own.at > NO_TIME, own.at <= at, or_(own.at < at, own.id <= id_))
    return connection.execute(gone).rowcount
