"""Mailings beside each other: earlier ones to the same audience, and those of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from newsletter.model.mailing import Outcome
from newsletter.model.reporting import Fared
from newsletter.store import tables as t
from newsletter.store import tallies
from newsletter.store.events.fates import fates
from newsletter.store.reporting.left import left
from newsletter.store.reporting.noted import noted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection


def earlier(connection: Connection, mailing: int, most: int) -> list[int]:
    """Numbers of the last ones before it that went to the same lists, segments and exceptions; the newest first.

    A rehearsal is not put beside what reached people.
    """
    own, other = t.mailings.c, t.mailings.alias().c
    this = connection.execute(select(t.mailings).where(own.number == mailing)).one()
    entry = t.mailing_lists.c
    lists = connection.scalars(select(entry.list).where(entry.mailing == mailing)).all()
    listed = select(func.count()).where(entry.mailing == other.number)
    query = (
        select(other.number)
        .where(other.number < mailing, other.started_at.is_not(None))
        .where(other.segments == this.segments, other.excepted == this.excepted)
        .where(listed.scalar_subquery() == len(lists))
        .where(listed.where(entry.list.in_(lists)).scalar_subquery() == len(lists))
        .order_by(other.started_at.desc(), other.number.desc())
        .limit(most)
    )
    if this.real is not None:
        query = query.where(or_(other.real.is_(None), other.real == this.real))
    return [*connection.scalars(query)]


def of_list(connection: Connection, list_: int, since: datetime, until: datetime, most: int) -> list[int]:
    """Numbers of the newest mailings to a list that began in that time; the newest first."""
    own, entry = t.mailings.c, t.mailing_lists.c
    query = (
        select(own.number)
        .join(t.mailing_lists, entry.mailing == own.number)
        .where(entry.list == list_, own.started_at >= since, own.started_at < until)
        .order_by(own.started_at.desc(), own.number.desc())
        .limit(most)
    )
    return [*connection.scalars(query)]


def fared(connection: Connection, numbers: Sequence[int]) -> list[Fared]:
    """In the order of the numbers."""
    own = t.mailings.c
    rows = {row.number: row for row in connection.execute(select(t.mailings).where(own.number.in_(numbers)))}
    gone = left(connection, numbers)
    return [_fared(connection, rows[number], gone[number].people) for number in numbers]


def _fared(connection: Connection, row: Row[tuple[object, ...]], gone: int) -> Fared:
    return Fared(
        number=row.number,
        issue=row.issue,
        started_at=row.started_at,
        accepted=tallies.tally(connection, row.number)[Outcome.ACCEPTED],
        fates=fates(connection, row.number),
        left=gone,
        noted=noted(connection, row.number),
    )
