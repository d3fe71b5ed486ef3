"""Texts in which an erased person may be named: answers of providers, reasons, what consent rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select, tuple_, update

from newsletter.model.erasure import redacted
from newsletter.model.event import EventKind
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, Select
    from sqlalchemy.engine import Connection


def clear_ledger(connection: Connection, number: int, addresses: Sequence[str]) -> None:
    """Take the addresses out of everything that was noted about this person's mailings. No delivery changes."""
    planned, attempt = t.deliveries.c, t.attempts.c
    mailings = select(planned.mailing).where(planned.subscriber == number)
    chunks = select(t.chunks.c.number).where(t.chunks.c.mailing.in_(mailings))
    for told in (t.delivery_outcomes.c.reason, t.fates.c.reason, t.events.c.detail):
        own = told.table.c
        same = and_(planned.mailing == own.mailing, planned.n == own.n)
        theirs = (
            select(*told.table.primary_key.columns, told).join(t.deliveries, same).where(planned.subscriber == number)
        )
        _redact(connection, told, theirs, addresses)
    _redact(connection, attempt.detail, _rows(attempt.detail).where(attempt.chunk.in_(chunks)), addresses)
    for told in (t.mailings.c.reason, t.mailings.c.again, t.mailing_waivers.c.reason):
        _redact(connection, told, _rows(told).where(told != ""), addresses)


def clear_seen(connection: Connection, number: int) -> None:
    """What this person opened and clicked, as events tell it."""
    planned, event = t.deliveries.c, t.events.c
    same = and_(planned.mailing == event.mailing, planned.n == event.n)
    seen = event.kind.in_((EventKind.OPENED, EventKind.CLICKED))
    theirs = select(event.at, event.id).join(t.deliveries, same).where(planned.subscriber == number, seen)
    connection.execute(delete(t.events).where(tuple_(event.at, event.id).in_(theirs)))


def _rows(column: Column[str]) -> Select[Any]:
    return select(*column.table.primary_key.columns, column)


def _redact(connection: Connection, column: Column[str], rows: Select[Any], addresses: Sequence[str]) -> None:
    """Few texts have an @ in them; those are looked at one by one."""
    keys = list(column.table.primary_key.columns)
    with_at = or_(*(column.contains(at, autoescape=True) for at in ("@", "%40", "&#", "\uff20")))
    for row in connection.execute(rows.where(with_at)).mappings().all():
        after = redacted(row[column], addresses)
        if after != row[column]:
            this = and_(*(key == row[key] for key in keys))
            connection.execute(update(column.table).where(this).values({column: after}))


def clear_consent(connection: Connection, number: int) -> None:
    """Of the history of consent stay list, action, source and times; and words that other people agreed to as well."""
    events = t.consent_events
    theirs = events.c.subscriber == number
    connection.execute(update(events).where(theirs).values(ip=None, user_agent=None))
    used = {events.c.wording: set[str](), events.c.ground: set[str]()}
    for column, hashes in used.items():
        hashes.update(connection.scalars(select(column).where(theirs, column.is_not(None)).distinct()))
    for hash_ in sorted(set().union(*used.values())):
        if not _is_shared(connection, hash_, number):
            for column in used:
                connection.execute(update(events).where(theirs, column == hash_).values({column: None}))
            connection.execute(delete(t.wordings).where(t.wordings.c.hash == hash_))


def _is_shared(connection: Connection, hash_: str, number: int) -> bool:
    """Whether somebody else's consent rests on these words too; then they cannot be about one person."""
    events = t.consent_events.c
    others = select(events.number).where(
        events.subscriber != number, or_(events.wording == hash_, events.ground == hash_)
    )
    return connection.scalar(others.limit(1)) is not None
