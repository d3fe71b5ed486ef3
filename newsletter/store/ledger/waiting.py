"""When sending goes on, and what was handed over lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, or_, select

from newsletter.model.mailing import ChunkState, MailingState
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection


def next_due(connection: Connection, mailing: int) -> datetime | None:
    """When the earliest planned chunk may be tried, or the mailing's latest time, which ends it.

    None when there is none, or the mailing is not `sending`.
    """
    row = connection.execute(select(t.mailings).where(t.mailings.c.number == mailing)).one()
    if row.state != MailingState.SENDING:
        return None
    own = t.chunks.c
    planned = (own.mailing == mailing, own.state == ChunkState.PLANNED)
    count, at_once, due = connection.execute(
        select(func.count(), func.count(case((_due().is_(None), 1))), func.min(_due())).where(*planned)
    ).one()
    if not count:
        return None
    earliest: datetime = (row.started_at or row.created_at) if at_once else due
    return min(earliest, row.latest_at) if row.latest_at else earliest


def _due() -> ColumnElement[datetime]:
    """The later of the two times of a chunk; NULL where it has none."""
    own = t.chunks.c
    planned_is_later = and_(own.due_at.is_not(None), or_(own.not_before.is_(None), own.due_at > own.not_before))
    return case((planned_is_later, own.due_at), else_=own.not_before)


def handed_over(connection: Connection, sender: str, since: datetime) -> Sequence[tuple[datetime, int]]:
    """(when, how many readers), of all mailings' attempts through a sender, the oldest first."""
    own = t.attempts.c
    rows = connection.execute(
        select(own.started_at, own.size).where(own.started_at >= since, own.sender == sender).order_by(own.started_at)
    )
    return [(row.started_at, row.size) for row in rows]
