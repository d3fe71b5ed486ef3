"""Texts in which an erased person may be named: answers of providers, reasons, what consent rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, update

from newsletter.model.erasure import redacted
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement, Table
    from sqlalchemy.engine import Connection


def clear_ledger(connection: Connection, number: int, addresses: Sequence[str]) -> None:
    """Take the addresses out of everything that was noted about this person's mailings. No delivery changes."""
    planned, own, attempt = t.deliveries.c, t.delivery_outcomes.c, t.attempts.c
    mailings = select(planned.mailing).where(planned.subscriber == number)
    theirs = and_(planned.mailing == own.mailing, planned.n == own.n, planned.subscriber == number)
    outcomes = select(planned.n).where(theirs).exists()
    chunks = select(t.chunks.c.number).where(t.chunks.c.mailing.in_(mailings))
    _redact(connection, t.delivery_outcomes, own.reason, outcomes, addresses)
    _redact(connection, t.attempts, attempt.detail, attempt.chunk.in_(chunks), addresses)
    for column in (t.mailings.c.reason, t.mailings.c.again):
        _redact(connection, t.mailings, column, column != "", addresses)
    waived = t.mailing_waivers.c.reason
    _redact(connection, t.mailing_waivers, waived, waived != "", addresses)


def _redact(
    connection: Connection, table: Table, column: Column[str], where: ColumnElement[bool], addresses: Sequence[str]
) -> None:
    """Few texts have an @ in them; those are looked at one by one."""
    keys = list(table.primary_key.columns)
    with_at = or_(*(column.contains(at, autoescape=True) for at in ("@", "%40", "&#", "\uff20")))
    for row in connection.execute(select(*keys, column).where(where, with_at)).mappings().all():
        after = redacted(row[column], addresses)
        if after != row[column]:
            this = and_(*(key == row[key] for key in keys))
            connection.execute(update(table).where(this).values({column: after}))


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
