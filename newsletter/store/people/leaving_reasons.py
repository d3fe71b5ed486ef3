"""Why people left, where they wanted to say so: one reason for each mail that they left by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, insert, select

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.people import consent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

_ROW = t.leaving_reasons.c


@dataclass(frozen=True, kw_only=True)
class Reason:
    """`mailing` is None where they left by the link of a mail outside mailings."""

    mailing: int | None
    code: str
    words: str
    at: datetime


def keep(connection: Connection, subscriber: int, lists: Sequence[int], reason: Reason) -> bool:
    """In the place of what they said of this mail before; whether they have left one of these lists, as they must.

    Without lists any will do.
    """
    consent.hold(connection, subscriber)
    if not _has_left(connection, subscriber, lists):
        return False
    same = (_ROW.subscriber == subscriber, _ROW.mailing.is_not_distinct_from(reason.mailing))
    connection.execute(delete(t.leaving_reasons).where(*same))
    connection.execute(insert(t.leaving_reasons).values(subscriber=subscriber, **asdict(reason)))
    return True


def _has_left(connection: Connection, subscriber: int, lists: Sequence[int]) -> bool:
    entry = t.subscriptions.c
    off = (entry.subscriber == subscriber, entry.status == SubscriptionStatus.UNSUBSCRIBED)
    chosen = (entry.list.in_(lists),) if lists else ()
    return bool(connection.scalar(select(exists().where(*off, *chosen))))


def of_person(connection: Connection, subscriber: int) -> tuple[Reason, ...]:
    """The oldest first."""
    rows = connection.execute(select(t.leaving_reasons).where(_ROW.subscriber == subscriber).order_by(_ROW.number))
    return tuple(Reason(mailing=row.mailing, code=row.code, words=row.words, at=row.at) for row in rows)


def counts(connection: Connection, list_: int) -> dict[str, int]:
    """Reason -> how many who left by a mail that went to this list gave it, the most frequent first."""
    query = (
        select(_ROW.code, func.count().label("people"))
        .join(t.mailing_lists, t.mailing_lists.c.mailing == _ROW.mailing)
        .where(t.mailing_lists.c.list == list_)
        .group_by(_ROW.code)
        .order_by(func.count().desc(), _ROW.code)
    )
    return {row.code: row.people for row in connection.execute(query)}
