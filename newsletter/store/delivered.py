"""One delivery, as its links know it: which mailing, to whom, what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, select

from newsletter.store import tables as t
from newsletter.store.people import former
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscriber


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """`subscriber` is None once its person was erased."""

    mailing: int
    n: int
    subscriber: Subscriber | None
    fingerprint: str


def mailing_of(connection: Connection, link_number: int) -> int | None:
    """The mailing that tokens call so."""
    return connection.scalar(select(t.mailings.c.number).where(t.mailings.c.link_number == link_number))


def find(connection: Connection, link_number: int, n: int) -> Delivered | None:
    """The delivery that a token stands for, with the variant that it was."""
    variant = t.mailing_variants
    row = (
        connection.execute(
            select(*READER_COLUMNS, t.subscribers.c.erased_at, t.mailings.c.number, variant.c.fingerprint)
            .select_from(t.deliveries)
            .join(t.subscribers, t.subscribers.c.number == t.deliveries.c.subscriber)
            .join(t.mailings, t.mailings.c.number == t.deliveries.c.mailing)
            .join(variant, (variant.c.mailing == t.mailings.c.number) & (variant.c.variant == t.deliveries.c.variant))
            .where(t.mailings.c.link_number == link_number, t.deliveries.c.n == n)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    erased = row[t.subscribers.c.erased_at] is not None
    return Delivered(
        mailing=row[t.mailings.c.number],
        n=n,
        subscriber=None if erased else subscriber_of(row),
        fingerprint=row[variant.c.fingerprint],
    )


def as_sent(connection: Connection, mailing: int, n: int, subscriber: Subscriber) -> Subscriber:
    """The reader as the mail shows them, whatever was changed since."""
    return former.fields_at(connection, subscriber, left_at(connection, mailing, n))


def left_at(connection: Connection, mailing: int, n: int) -> datetime | None:
    """When it was claimed for the last attempt that it was in: then its reader was read. None before that."""
    when: datetime | None = connection.scalar(_LEFT_AT, {"mailing": mailing, "n": n})
    return when


def _left_at() -> Select[Any]:
    """By its own attempt where one is noted, else by that of its chunk."""
    planned, own, chunk = t.deliveries.c, t.delivery_outcomes.c, t.chunks.c
    singly, whole = t.attempts.alias(), t.attempts.alias()
    of_chunk = and_(chunk.mailing == planned.mailing, planned.n.between(chunk.first, chunk.last))
    return (
        select(func.coalesce(singly.c.started_at, whole.c.started_at))
        .select_from(t.deliveries)
        .outerjoin(t.delivery_outcomes, and_(own.mailing == planned.mailing, own.n == planned.n))
        .outerjoin(singly, singly.c.id == own.attempt)
        .outerjoin(t.chunks, of_chunk)
        .outerjoin(whole, whole.c.id == chunk.attempt)
        .where(planned.mailing == bindparam("mailing"), planned.n == bindparam("n"))
    )


_LEFT_AT = _left_at()
