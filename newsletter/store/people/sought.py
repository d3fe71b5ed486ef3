"""What tells that a report is about somebody who is to be erased, as far as this database knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from newsletter.keys import NOTICES
from newsletter.store import tables as t
from newsletter.store.events.erasing import NOT_LOOKED, Sought, look_through
from newsletter.store.events.inbox import MAILBOX
from newsletter.store.people import former
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.store.events.erasing import Looked


def look_ahead(connection: Connection, identity_hash: str, address: str | None, tokens: Collection[str] = ()) -> Looked:
    """The slow part of erasing, which changes nothing. `tokens` stand for the person's deliveries (keys.py:texts_of)."""
    sought = sought_for(connection, identity_hash, address)
    return look_through(connection, sought._replace(tokens=frozenset(tokens)))


def look_for_all(connection: Connection, hashes: Collection[str]) -> Looked:
    sought = Sought()
    for one in hashes:
        sought |= sought_for(connection, one, None)
    return look_through(connection, sought) if hashes else NOT_LOOKED


def sought_for(connection: Connection, identity_hash: str, address: str | None) -> Sought:
    reader, suppressed, notice = t.subscribers.c, t.suppressions.c, t.notices.c
    row = connection.execute(
        select(reader.number, reader.address).where(reader.identity_hash == identity_hash)
    ).one_or_none()
    known = connection.scalar(select(suppressed.identity).where(suppressed.identity_hash == identity_hash))
    notices = connection.execute(
        select(notice.number, notice.address).where(notice.identity_hash == identity_hash)
    ).all()
    addresses = (address, row.address if row else None, known, *(one.address for one in notices))
    moved_from = former.addresses(connection, row.number) if row else ()
    mails = _events_of_mails(connection, row.number if row else None, [one.number for one in notices])
    return Sought(addresses=frozenset(filter(None, (*addresses, *moved_from))), events=mails)


def _events_of_mails(connection: Connection, number: int | None, notices: Sequence[int]) -> frozenset[str]:
    """Of events that mails to our mailbox told of somebody's deliveries and notices."""
    planned, event = t.deliveries.c, t.events.c
    same = and_(planned.mailing == event.mailing, planned.n == event.n)
    queries = [
        select(event.id).join(t.deliveries, same).where(planned.subscriber == number),
        *(select(event.id).where(event.mailing == NOTICES, event.n.in_(part)) for part in parts(notices)),
    ]
    return frozenset(one for query in queries for one in connection.scalars(query.where(event.esp == MAILBOX)))


def link_numbers(connection: Connection, mailings: Collection[int]) -> dict[int, int]:
    """Number -> what tokens call it."""
    own = t.mailings.c
    found: dict[int, int] = {}
    for part in parts(sorted(mailings)):
        rows = connection.execute(select(own.number, own.link_number).where(own.number.in_(part)))
        found |= {row.number: row.link_number for row in rows}
    return found
