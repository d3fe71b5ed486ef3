"""Rows of the audit log, also those that somebody's hand left so that they are no entry any more.

One row that cannot be read must not hide all others, nor keep anybody from finding it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from newsletter.model.audit import Entry
from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

#: a database takes moments that no clock of ours can tell
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_TEXTS = tuple(field.name for field in fields(Entry) if field.type == "str")
#: what reading a row raises that holds something else than it should
_FAULTS = (ValueError, TypeError, OverflowError, DBAPIError)


def found(connection: Connection, query: Select[Any]) -> list[Entry]:
    """What a query for whole rows finds, in its order. What cannot be read comes as an entry whose hash does not hold."""
    try:
        return [_entry(row) for row in connection.execute(query)]
    except _FAULTS:
        own = t.audit_log.c.number
        numbers = connection.scalars(query.with_only_columns(own, maintain_column_froms=True)).all()
        return [_alone(connection, query, number) for number in numbers]


def _alone(connection: Connection, query: Select[Any], number: int) -> Entry:
    try:
        return _entry(connection.execute(query.where(t.audit_log.c.number == number)).one())
    except _FAULTS:
        gone = dict.fromkeys(_TEXTS, "unreadable") | {"facts": "{}", "previous": "", "hash": ""}
        return Entry(number=number, at=datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC), **gone)


def _entry(row: Row[Any]) -> Entry:
    entry = Entry(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    if not all(isinstance(getattr(entry, name), str) for name in _TEXTS):
        msg = "SQLite keeps anything in any column"
        raise TypeError(msg)
    if not _FIRST_YEAR <= entry.at.year <= _LAST_YEAR:
        raise ValueError(entry.at)
    return entry
