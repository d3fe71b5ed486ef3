"""Recurring schedules, and what became of each of their times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select, update

from newsletter.errors import RecurrenceNotFound
from newsletter.model.audit import Action
from newsletter.store import audit, witness
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

#: by no more, those of two machines; what is noted for later than that was noted by one that was wrong
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """`to` and `excepted` are names of lists and segments as they were typed; `local`: at that hour where each reader is."""

    number: int
    rule: str
    to: tuple[str, ...]
    excepted: tuple[str, ...] = ()
    local: bool = False
    made_by: str = ""
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    recurrence: int
    due_at: datetime
    mailing: int | None
    said: str
    at: datetime


def add(
    connection: Connection,
    *,
    rule: str,
    to: Sequence[str],
    excepted: Sequence[str],
    local: bool,
    made_by: str,
    now: datetime,
) -> int:
    witness.renew(connection)
    row = {"rule": rule, "to": list(to), "excepted": list(excepted), "local": local}
    made = insert(t.recurrences).values(**row, made_by=made_by, created_at=now).returning(t.recurrences.c.number)
    number: int = connection.execute(made).scalar_one()
    audit.note(connection, Action.RECURRENCE_ADDED, f"recurrence {number}", now, **row)
    return number


def end(connection: Connection, number: int, why: str, now: datetime) -> Recurrence:
    """It comes no more; a second time changes nothing.

    Raises:
        RecurrenceNotFound
    """
    found = get(connection, number)
    if found.ended_at is None:
        witness.renew(connection)
        own = t.recurrences
        connection.execute(update(own).where(own.c.number == number, own.c.ended_at.is_(None)).values(ended_at=now))
        audit.note(connection, Action.RECURRENCE_ENDED, f"recurrence {number}", now, why=why)
    return get(connection, number)


def get(connection: Connection, number: int) -> Recurrence:
    """Raises RecurrenceNotFound."""
    row = connection.execute(select(t.recurrences).where(t.recurrences.c.number == number)).one_or_none()
    if row is None:
        raise RecurrenceNotFound(number)
    return _recurrence(row)


def going_on(connection: Connection) -> tuple[Recurrence, ...]:
    """Those that nobody has ended, the oldest first."""
    rows = connection.execute(
        select(t.recurrences).where(t.recurrences.c.ended_at.is_(None)).order_by(t.recurrences.c.number)
    )
    return tuple(map(_recurrence, rows))


def last_time(connection: Connection, number: int, now: datetime) -> datetime | None:
    """The latest time of it that has come."""
    own = t.occurrences.c
    query = select(func.max(own.due_at)).where(own.recurrence == number, ~_is_ahead(now))
    found: datetime | None = connection.scalar(query)
    return found


def _is_ahead(now: datetime) -> ColumnElement[bool]:
    """Noted by a clock that was far ahead for a while, and is right again."""
    return t.occurrences.c.at > now + _CLOCKS_DIFFER


def claim(connection: Connection, number: int, due_at: datetime, now: datetime) -> bool:
    """Whether this time is ours to see to: it comes once, whoever else looks; and only while nobody has ended it.

    What a clock that was far ahead found missed is still to come; a mailing that was planned then is not planned again.
    """
    whole, own = t.recurrences, t.occurrences.c
    going_on = (whole.c.number == number, whole.c.ended_at.is_(None))
    # whoever else looks waits here until we are through (SQLite has one writer anyway)
    if connection.scalar(select(whole.c.number).where(*going_on).with_for_update()) is None:
        return False
    this = (own.recurrence == number, own.due_at == due_at)
    if connection.scalar(select(own.at).where(*this, or_(~_is_ahead(now), own.mailing.is_not(None)))) is not None:
        return False
    witness.renew(connection)
    connection.execute(delete(t.occurrences).where(*this))
    connection.execute(insert(t.occurrences).values(recurrence=number, due_at=due_at, at=now))
    return True


def settle(
    connection: Connection, number: int, due_at: datetime, *, mailing: int | None = None, said: str = ""
) -> None:
    """What became of a time that was claimed in this transaction."""
    own = t.occurrences
    one = (own.c.recurrence == number, own.c.due_at == due_at)
    connection.execute(update(own).where(*one).values(mailing=mailing, said=said))


def occurrences(connection: Connection, since: datetime) -> tuple[Occurrence, ...]:
    """What became of the times since a moment, the oldest first."""
    own = t.occurrences.c
    rows = connection.execute(select(t.occurrences).where(own.due_at >= since).order_by(own.due_at, own.recurrence))
    return tuple(Occurrence(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def _recurrence(row: Row[Any]) -> Recurrence:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return Recurrence(**{**values, "to": tuple(row.to), "excepted": tuple(row.excepted)})
