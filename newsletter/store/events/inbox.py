"""Reports as they came, stored before they are understood. They hold addresses: they are pruned, and emptied when a person is erased."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, insert, select, update

from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

#: as whose reports the mails to our own mailbox are kept
MAILBOX = "mailbox"
_OWN, _QUEUED = t.event_inbox.c, t.event_queue.c
#: rows that are deleted at once
_PORTION = 200


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A report that is to be handled."""

    number: int
    esp: str
    received_at: datetime
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A report that could not be understood, or not all of it."""

    number: int
    esp: str
    received_at: datetime
    fault: str


def add(connection: Connection, esp: str, body: bytes, now: datetime) -> int:
    """Keep a report, to be handled; returns its number."""
    row = insert(t.event_inbox).values(esp=esp, received_at=now, body=body)
    number: int = connection.execute(row.returning(_OWN.number)).scalar_one()
    connection.execute(insert(t.event_queue).values(report=number))
    return number


def waiting(connection: Connection, most: int, most_bytes: int, after: int = 0) -> list[Waiting]:
    """The oldest that are not handled and have a higher number: so many, and so large together, at most; one at least."""
    sizes = (
        select(_OWN.number, func.length(_OWN.body))
        .join(t.event_queue, _QUEUED.report == _OWN.number)
        .where(_QUEUED.report > after)
        .order_by(_QUEUED.report)
        .limit(most)
    )
    numbers: list[int] = []
    left = most_bytes
    for number, size in connection.execute(sizes):
        left -= size
        if numbers and left < 0:
            break
        numbers.append(number)
    rows = connection.execute(select(t.event_inbox).where(_OWN.number.in_(numbers)).order_by(_OWN.number))
    return [Waiting(number=row.number, esp=row.esp, received_at=row.received_at, body=row.body) for row in rows]


def count_waiting(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(t.event_queue)) or 0


def claim(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Of these the ones that are ours to handle until the transaction ends: nobody else has handled, or is handling, them."""
    free = select(_QUEUED.report).where(_QUEUED.report.in_(numbers)).order_by(_QUEUED.report)
    return set(connection.scalars(free.with_for_update(skip_locked=True)))


def done(connection: Connection, faults: Mapping[int, str]) -> None:
    """These are handled: number -> what of it could not be understood, "" where all was."""
    for part in parts(sorted(faults)):
        connection.execute(delete(t.event_queue).where(_QUEUED.report.in_(part)))
        once_more = update(t.event_inbox).where(_OWN.number.in_(part), _OWN.fault != "")
        connection.execute(once_more.values(fault=""))
    for number, fault in faults.items():
        if fault:
            connection.execute(update(t.event_inbox).where(_OWN.number == number).values(fault=fault))


def faulty(connection: Connection) -> Sequence[Faulty]:
    """The newest first."""
    columns = (_OWN.number, _OWN.esp, _OWN.received_at, _OWN.fault)
    rows = connection.execute(select(*columns).where(t.HAS_FAULT).order_by(_OWN.number.desc()))
    return [Faulty(**row) for row in rows.mappings()]


def body_of(connection: Connection, number: int) -> bytes | None:
    """A report as it came; None when there is no such one, or no longer."""
    return connection.scalar(select(_OWN.body).where(_OWN.number == number))


def handle_again(connection: Connection) -> int:
    """Have every report with a fault handled once more; how many there are."""
    numbers = connection.scalars(select(_OWN.number).where(t.HAS_FAULT)).all()
    insert_or_ignore(connection, t.event_queue, [{"report": number} for number in numbers])
    return len(numbers)


def is_waiting() -> ColumnElement[bool]:
    """Of a row of the inbox."""
    return exists().where(_QUEUED.report == _OWN.number)


def prune(connection: Connection, before: datetime, after: int = 0) -> tuple[int, int | None]:
    """Delete some that were handled and came before then, of those with a higher number; how many, and after which number
    to go on, None at the end.

    They came in the order of their numbers, so that the first younger one is the end.
    """
    columns = (_OWN.number, _OWN.received_at, is_waiting().label("waits"))
    query = select(*columns).where(_OWN.number > after).order_by(_OWN.number).limit(_PORTION)
    oldest = connection.execute(query).all()
    old = list(takewhile(lambda row: row.received_at < before, oldest))
    handled = [row.number for row in old if not row.waits]
    if handled:
        connection.execute(delete(t.event_inbox).where(_OWN.number.in_(handled)))
    return len(handled), old[-1].number if len(old) == _PORTION else None
