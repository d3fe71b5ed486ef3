"""Readers found by a piece of their address or name, or by their public id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from newsletter.store import tables as t
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscriber

_LOOKED_AT = (t.subscribers.c.address, t.subscribers.c.first_name, t.subscribers.c.last_name)
#: words of a search that count
_MOST_WORDS = 8


def search(connection: Connection, words: str, limit: int) -> tuple[Subscriber, ...]:
    """People in whose address or name all of these words are found, by number; nobody for no words."""
    if not words.split():
        return ()
    query = select(*READER_COLUMNS).where(t.subscribers.c.erased_at.is_(None), *has_words(words))
    rows = connection.execute(query.order_by(t.subscribers.c.number).limit(limit)).mappings()
    return tuple(subscriber_of(row) for row in rows)


def has_words(words: str) -> list[ColumnElement[bool]]:
    """For rows of `subscribers`: each word is found somewhere. No words, no condition."""
    wanted = words.split()[:_MOST_WORDS]
    return [or_(*(column.icontains(word, autoescape=True) for column in _LOOKED_AT)) for word in wanted]


def by_public_id(connection: Connection, public_id: str) -> Subscriber | None:
    """The reader of this public id, unless erased."""
    columns = t.subscribers.c
    query = select(*READER_COLUMNS).where(columns.public_id == public_id, columns.erased_at.is_(None))
    row = connection.execute(query).mappings().one_or_none()
    return subscriber_of(row) if row else None
