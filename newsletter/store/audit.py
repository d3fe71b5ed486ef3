"""The audit log in the database: appended to, in the transaction of what is logged, and never changed.

`note` may be called anywhere in a `Store.write()`, which adds the entry last, in the name of the store's actor. An entry
has to be the last statement of its transaction: whoever adds one holds the log until that ends, and waits for nothing
any more.
"""

from __future__ import annotations

import json
import re
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, inspect, or_, select, text

from newsletter.errors import LogDamaged
from newsletter.model.audit import BEGINNING, Entry, Head
from newsletter.store import audit_rows
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.audit import Action, Wanted

#: PostgreSQL: the lock of whoever adds an entry, until its transaction ends
_LOCK = "SELECT pg_advisory_xact_lock(20261130, 7)"
_AT_ONCE = 1_000
#: in `connection.info`: who works with the store, and what is to be added when the transaction ends
_ACTOR, _NOTED = "newsletter_audit_actor", "newsletter_audit_noted"
#: as people write one, and as a link does; the part before the @ may be quoted (RFC 5321)
_ADDRESS = re.compile(r"""(?:"[^"\n]{1,64}"|[^\s<>",;:()]+)(?:@|%40|\uff20)[^\s<>"',;:()]+""")
_NO_ADDRESS = "[address]"
_LONGEST_ACTOR = 120
#: that a database can hold
_LAST_NUMBER = 2**63 - 1


def begin(connection: Connection, actor: str) -> None:
    """A transaction begins; what an earlier one that failed had noted is forgotten."""
    connection.info[_ACTOR], connection.info[_NOTED] = actor, []


def note(
    connection: Connection,
    action: Action,
    subject: str,
    now: datetime,
    **facts: Any,  # noqa: ANN401 - anything that JSON can say
) -> None:
    """Log it when this transaction ends, as done by whoever works with the store. Facts are those of `append`."""
    connection.info[_NOTED].append((action, subject, now, facts))


def write_noted(connection: Connection) -> None:
    """Add what was noted: the last statements of the transaction."""
    for action, subject, now, facts in connection.info[_NOTED]:
        append(connection, connection.info[_ACTOR], action, subject, now, **facts)
    connection.info[_NOTED] = []


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
    number, previous = _end(connection)
    told = _safe(json.loads(json.dumps(facts, default=str)))
    entry = Entry(
        number=number + 1,
        at=now.astimezone(UTC),
        actor=_storable(actor)[:_LONGEST_ACTOR],
        action=action.value,
        subject=_safe(subject),
        facts=json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        previous=previous,
    )
    row = {name: getattr(entry, name) for name in ("number", "at", "actor", "action", "subject", "facts", "previous")}
    connection.execute(insert(t.audit_log).values(hash=entry.hashed(), **row))
    return entry


def _safe(told: Any) -> Any:  # noqa: ANN401 - what JSON can say
    """Without any address: one may stand in the words that somebody typed or a provider answered."""
    if isinstance(told, str):
        return _ADDRESS.sub(_NO_ADDRESS, _storable(told))
    if isinstance(told, list):
        return [_safe(one) for one in told]
    if isinstance(told, dict):
        return {_safe(name): _safe(one) for name, one in told.items()}
    return told


def _storable(words: str) -> str:
    """What is typed, or the name of an account, may be bytes that are no text."""
    return words.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _end(connection: Connection) -> tuple[int, str]:
    """Number and hash of the entry to add to, whatever else somebody made of it: what is done next is logged all the same."""
    own = t.audit_log.c
    row = connection.execute(select(own.number, own.hash).order_by(own.number.desc()).limit(1)).first()
    if row is None or row.number < 1:
        return 0, BEGINNING
    if row.number >= _LAST_NUMBER:
        why = "it was added, and no other entry can follow on it"
        raise LogDamaged(f"entry {row.number}: {why}", row.number)
    return row.number, str(row.hash)


def head(connection: Connection) -> Head | None:
    """The last entry, which stands for all before it; None where there is none."""
    own = t.audit_log.c
    row = connection.execute(select(own.number, own.hash, own.at).order_by(own.number.desc()).limit(1)).first()
    return Head(number=row.number, hash=row.hash, at=row.at) if row else None


def last_number(connection: Connection) -> int | None:
    """Of any database of ours; None where it is from before there was a log."""
    if not inspect(connection).has_table(t.audit_log.name):
        return None
    return connection.scalar(select(func.max(t.audit_log.c.number))) or 0


def entries(connection: Connection, *, subject: str | None = None) -> Iterator[Entry]:
    """All entries, the oldest first; with a subject those about it. Read in pieces: the log may be long."""
    own = t.audit_log.c
    query = select(t.audit_log).order_by(own.number).limit(_AT_ONCE)
    query = query if subject is None else query.where(own.subject == subject)
    told = audit_rows.found(connection, query)  # from wherever it begins: ours begin with 1
    while told:
        yield from told
        told = audit_rows.found(connection, query.where(own.number > told[-1].number))


def newest(connection: Connection, wanted: Wanted, limit: int) -> Sequence[Entry]:
    """The last `limit` of those that are wanted, the oldest first."""
    query = select(t.audit_log).where(and_(True, *_conditions(wanted)))
    rows = audit_rows.found(connection, query.order_by(t.audit_log.c.number.desc()).limit(limit))
    return rows[::-1]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    own = t.audit_log.c
    if wanted.subject:
        begins = own.subject.startswith(f"{wanted.subject} ", autoescape=True)
        yield or_(own.subject == wanted.subject, begins)
    if wanted.actor:
        yield own.actor == wanted.actor
    if wanted.action:
        yield own.action == wanted.action
    if wanted.since:
        yield own.at >= wanted.since


def guarded(connection: Connection) -> bool:
    """Whether the database itself refuses to change or delete entries, as the migration set it up."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
        return bool(connection.scalar(text(asked)) == len(_SQLITE_TRIGGERS))
    asked = "SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST('audit_log' AS regclass) AND tgenabled IN ('O', 'A')"
    return bool(connection.scalar(text(asked)))


#: as the migration calls them
_SQLITE_TRIGGERS = ("audit_log_is_not_changed", "audit_log_is_not_deleted")
