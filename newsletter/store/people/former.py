"""What stood in somebody's mails until it was changed, so that a mail in the browser is the one that was sent.

Only of people who stand in a mailing: of all others nothing is kept. A row holds what was in force before its `until`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from newsletter.store import tables as t
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Column, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscriber

#: what a mail can show of its reader
SHOWN = ("first_name", "last_name", "language", "address", "attributes")
#: rows that are deleted at once
_PORTION = 2_000

_INSTANT = timedelta(microseconds=1)
#: a moment further ahead than this comes of a clock that was wrong
_AHEAD = timedelta(days=1)


def _last(moment: Column[datetime]) -> Select[Any]:
    return select(func.max(moment)).where(moment <= bindparam("believed", type_=moment.type))


_LAST_ATTEMPT = _last(t.attempts.c.started_at)
_LAST_CHANGE = _last(t.former_fields.c.until)


def note(connection: Connection, subscribers: Sequence[int], now: datetime) -> None:
    """Keep what is stored of these people, in the transaction that is about to change it and before it does."""
    until = _after_every_attempt(connection, now)
    for part in parts(subscribers):
        connection.execute(_KEEP[connection.dialect.name], {"numbers": part, "until": until})


def differs(before: Subscriber, after: Subscriber) -> bool:
    """Whether a mail could show it."""
    return any(getattr(before, name) != getattr(after, name) for name in SHOWN)


def fields_at(connection: Connection, subscriber: Subscriber, when: datetime | None) -> Subscriber:
    """As the person was when a mail left; as they are today where nobody knows when, or that is no longer kept."""
    if when is None:
        return subscriber
    own = t.former_fields.c
    query = select(own.fields).where(own.subscriber == subscriber.number, own.until > when).order_by(own.until).limit(1)
    fields = connection.scalar(query)
    return with_fields(subscriber, fields) if fields else subscriber


def addresses(connection: Connection, subscriber: int) -> set[str]:
    """Those that stood in their mails before they moved, as far as that is still kept."""
    own = t.former_fields.c
    return {fields["address"] for fields in connection.scalars(select(own.fields).where(own.subscriber == subscriber))}


def with_fields(subscriber: Subscriber, fields: Mapping[str, Any]) -> Subscriber:
    """The person with what a row says."""
    return replace(subscriber, **{name: fields[name] for name in SHOWN})


def prune(connection: Connection, before: datetime) -> int:
    """Delete some that ended before then, the oldest first; how many, 0 at the end."""
    own = t.former_fields.c
    old = select(own.until, own.subscriber).where(own.until < before).order_by(own.until, own.subscriber)
    last = connection.execute(old.limit(_PORTION)).all()[-1:]
    if not last:
        return 0
    ((until, subscriber),) = last
    # an import leaves many of one moment
    gone = or_(own.until < until, and_(own.until == until, own.subscriber <= subscriber))
    return connection.execute(delete(t.former_fields).where(own.until <= until, gone)).rowcount


def _after_every_attempt(connection: Connection, now: datetime) -> datetime:
    """Mails that were claimed before this transaction show what stood before: also those claimed since `now` was read,
    as in an import that has been running for minutes.
    """
    last = connection.scalar(_LAST_ATTEMPT, {"believed": now + _AHEAD})
    return max(now, last + _INSTANT) if last else now


def not_before_a_change(connection: Connection, now: datetime) -> datetime:
    """A claim shows what stands after every change that is stored, also where it waited for one of them since `now`."""
    last = connection.scalar(_LAST_CHANGE, {"believed": now + _AHEAD})
    return max(now, last) if last else now


def _keep(dialect: str) -> Any:  # noqa: ANN401 - an INSERT of one of two dialects
    person, own = t.subscribers.c, t.former_fields.c
    made, nested = (func.json_object, func.json) if dialect == "sqlite" else (func.json_build_object, func.to_json)
    cells: list[Any] = []
    for name in SHOWN:
        value = nested(person.attributes) if name == "attributes" else person[name]
        cells += (literal_column(f"'{name}'"), value)
    mailed = exists().where(t.deliveries.c.subscriber == person.number)
    rows = select(person.number, bindparam("until", type_=own.until.type), made(*cells)).where(
        person.number.in_(bindparam("numbers", expanding=True)), person.erased_at.is_(None), mailed
    )
    insert = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(t.former_fields)
    # of two changes at one moment the first knew what the mails showed: none was claimed between them
    return insert.on_conflict_do_nothing().from_select(["subscriber", "until", "fields"], rows)


_KEEP = {dialect: _keep(dialect) for dialect in ("sqlite", "postgresql")}
