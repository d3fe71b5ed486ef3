"""People who were noted and never agreed to anything, forgotten after a time. They are not kept out: they said no to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select

from newsletter.model.subscriber import ConsentAction, SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.people.erasing import empty_notices
from newsletter.store.people.locking import hold_people_still

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

#: people in one transaction: their numbers fit one IN (...)
_AT_ONCE = 900


def count(connection: Connection, before: datetime, *, by_page: bool = False) -> int:
    """How many there are of whom nothing was heard since `before`; `by_page`: only those who came in by asking to join."""
    people = select(func.count()).select_from(t.subscribers).where(*_forgettable(before, by_page=by_page))
    return connection.scalar(people) or 0


def forget_some(connection: Connection, before: datetime, after: int = 0, *, by_page: bool = False) -> tuple[int, int]:
    """Forget some of them, to the last row, beginning behind the number `after`; one transaction of the caller.

    Returns how many, and the last number; 0 when nobody is left.
    """
    hold_people_still(connection)
    columns = t.subscribers.c
    rows = connection.execute(
        select(columns.number, columns.identity_hash)
        .where(columns.number > after, *_forgettable(before, by_page=by_page))
        .order_by(columns.number)
        .limit(_AT_ONCE)
    ).all()
    numbers, hashes = [row.number for row in rows], [row.identity_hash for row in rows]
    if not rows:
        return 0, after
    for table in (t.subscriptions, t.subscriber_tags, t.consent_events, t.leaving_reasons, t.former_fields):
        connection.execute(delete(table).where(table.c.subscriber.in_(numbers)))
    connection.execute(delete(t.subscribers).where(columns.number.in_(numbers)))
    notices = select(t.notices.c.number).where(t.notices.c.identity_hash.in_(hashes))
    empty_notices(connection, list(connection.scalars(notices)))
    return len(rows), numbers[-1]


def _forgettable(before: datetime, *, by_page: bool) -> tuple[ColumnElement[bool], ...]:
    """Known for long, never on a list, in no mailing, not suppressed, and nothing but asked for."""
    person, entry, event = t.subscribers.c, t.subscriptions.c, t.consent_events.c
    on_a_list = exists().where(entry.subscriber == person.number, entry.status != SubscriptionStatus.PENDING)
    lately = exists().where(entry.subscriber == person.number, entry.changed_at >= before)
    spoke = exists().where(event.subscriber == person.number, event.action != ConsentAction.REQUESTED)
    asked_lately = exists().where(event.subscriber == person.number, event.at >= before)
    mailed = exists().where(t.deliveries.c.subscriber == person.number)
    promised = exists().where(t.issue_readers.c.subscriber == person.number)
    seen = exists().where(t.engagements.c.subscriber == person.number)
    suppressed = exists().where(t.suppressions.c.identity_hash == person.identity_hash)
    never = (on_a_list, lately, spoke, asked_lately, mailed, promised, seen, suppressed)
    known = (person.erased_at.is_(None), person.created_at < before, *(~one for one in never))
    # whom staff brought in, by hand or from a file, staff let go: a stranger may type their address into a page later
    came_in = exists().where(event.subscriber == person.number, event.recorded_at <= person.created_at)
    return (*known, came_in) if by_page else known
