"""How the database and the work in it stand, for `newsletter doctor`: a few quick questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, text

from newsletter.model.mailing import ChunkState, MailingState
from newsletter.store import tables as t
from newsletter.store.upkeep import sqlite_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store

_MOST = 20


@dataclass(frozen=True, kw_only=True)
class WaitingMailing:
    """One that was to begin, and does not. `why` is for people."""

    number: int
    issue: str
    state: str
    why: str


def quick_check(store: Store) -> list[str]:
    """What SQLite finds wrong at a quick look; a server looks after itself."""
    from contextlib import closing
    from sqlite3 import DatabaseError

    file = sqlite_file.file_of(store.url)
    if file is None:
        return []
    try:
        with closing(sqlite_file.looking_at(file)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except DatabaseError as why:
        return [str(why)]
    return [line for line in found if line != "ok"]


def size(store: Store) -> int | None:
    """Bytes; None where the server does not say."""
    if file := sqlite_file.file_of(store.url):
        return sqlite_file.size(file)
    if store.url.get_backend_name() != "postgresql":
        return None
    with store.read() as connection:
        found: int | None = connection.scalar(text("SELECT pg_database_size(current_database())"))
    return found


def readers(connection: Connection) -> int:
    own = t.subscribers.c
    return connection.scalar(select(func.count()).select_from(t.subscribers).where(own.erased_at.is_(None))) or 0


def approvers(connection: Connection) -> list[frozenset[str]]:
    """The roles of each person who has a passphrase and has not left."""
    own = t.staff.c
    rows = connection.scalars(select(own.roles).where(own.removed_at.is_(None), own.passphrase != ""))
    return [frozenset(roles.split()) for roles in rows]


def has_work(connection: Connection) -> bool:
    """Whether something waits for a machine: a planned mailing, or one that comes again and again."""
    own = t.mailings.c
    open_ = select(own.number).where(own.state.in_((MailingState.SCHEDULED, MailingState.SENDING))).limit(1)
    again = select(t.recurrences.c.number).where(t.recurrences.c.ended_at.is_(None)).limit(1)
    return connection.scalar(open_) is not None or connection.scalar(again) is not None


def stuck_mailings(connection: Connection, since: datetime) -> list[WaitingMailing]:
    """Held ones, those that were missed since a moment, and those that stopped half-way."""
    own = t.mailings.c
    held = (own.state == MailingState.SCHEDULED) & (own.held != "")
    missed = (own.state == MailingState.MISSED) & (func.coalesce(own.due_at, own.created_at) >= since)
    rows = connection.execute(
        select(own.number, own.issue, own.state, own.held, own.reason)
        .where(or_(held, missed, own.state == MailingState.PAUSED))
        .order_by(own.number.desc())
        .limit(_MOST)
    )
    return [
        WaitingMailing(number=row.number, issue=row.issue, state=row.state, why=row.held or row.reason) for row in rows
    ]


def open_doubts(connection: Connection) -> Sequence[int]:
    """Numbers of mailings with chunks of which nobody knows whether they went out."""
    own = t.chunks.c
    query = select(own.mailing).where(own.state == ChunkState.UNCERTAIN).distinct().order_by(own.mailing).limit(_MOST)
    return list(connection.scalars(query))


def notices_waiting(connection: Connection, before: datetime) -> tuple[int, int]:
    """Mails to single people that should have gone out before a moment, and those of which nobody knows."""
    own = t.notices.c
    late = select(func.count()).select_from(t.notices).where(own.state == ChunkState.PLANNED, own.created_at < before)
    doubtful = select(func.count()).select_from(t.notices).where(own.state == ChunkState.UNCERTAIN)
    return connection.scalar(late) or 0, connection.scalar(doubtful) or 0


def faulty_reports(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(t.event_inbox).where(t.HAS_FAULT)) or 0
