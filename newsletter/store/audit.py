"""The audit log in the database: appended to, in the transaction of what is logged, and never changed.

An entry is added last in its transaction: whoever adds one holds the log until the transaction ends, and waits for nothing
any more.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from newsletter.model.audit import BEGINNING, Entry
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.audit import Action

#: PostgreSQL: the lock of whoever adds an entry, until its transaction ends
_LOCK = "SELECT pg_advisory_xact_lock(20261130, 7)"
_AT_ONCE = 1_000


def append(
    connection: Connection,
    actor: str,
    action: Action,
    subject: str,
    now: datetime,
    **facts: Any,  # noqa: ANN401 - anything that JSON can say
) -> Entry:
    """Add an entry. `facts` hold numbers, names of ours, reasons: never an address or a name of a reader."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_LOCK))
    last = connection.execute(
        select(t.audit_log.c.number, t.audit_log.c.hash).order_by(t.audit_log.c.number.desc()).limit(1)
    ).first()
    entry = Entry(
        number=last.number + 1 if last else 1,
        at=now.astimezone(UTC),
        actor=actor,
        action=action.value,
        subject=subject,
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str),
        previous=last.hash if last else BEGINNING,
    )
    row = {name: getattr(entry, name) for name in ("number", "at", "actor", "action", "subject", "facts", "previous")}
    connection.execute(insert(t.audit_log).values(hash=entry.hashed(), **row))
    return entry


def entries(connection: Connection, *, subject: str | None = None) -> Iterator[Entry]:
    """All entries, the oldest first; with a subject those about it. Read in pieces: the log may be long."""
    own, last = t.audit_log.c, 0
    while True:
        query = select(t.audit_log).where(own.number > last).order_by(own.number).limit(_AT_ONCE)
        rows = connection.execute(query if subject is None else query.where(own.subject == subject)).all()
        if not rows:
            return
        yield from map(_entry, rows)
        last = rows[-1].number


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
