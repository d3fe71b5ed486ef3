"""A backup: one file with everything that the database holds at one moment, taken while others go on working.

It carries a witness of its own, so that one that is put in place by hand is noticed (store/witness.py).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from newsletter.errors import DatabaseReplaced, ServiceMissing
from newsletter.model.audit import Action
from newsletter.store import audit, facts, witness
from newsletter.store import tables as t
from newsletter.store.upkeep import postgresql_programs, private, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Backup:
    """What was written."""

    path: Path
    taken_at: datetime
    size: int
    readers: int
    mailings: int


def take(
    store: Store, path: Path, now: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Backup:
    """Write a new file that only we can read; it appears whole, and checked, or not at all.

    Raises:
        FileUnreadable: there is something of that name, or nothing can be written there.
        ServiceMissing: the database is damaged; or a program of PostgreSQL is missing or failed.
    """
    file = sqlite_file.file_of(store.url)
    with private.new_file(path) as unfinished:
        counts = _of_file(file, unfinished, now, progress) if file else _of_server(store, unfinished, now)
    _note(store, path, now)
    return Backup(path=path, taken_at=now, size=path.stat().st_size, readers=counts[0], mailings=counts[1])


def _of_file(file: Path, target: Path, now: datetime, progress: Callable[[int, int], None]) -> tuple[int, int]:
    try:
        sqlite_file.copy(file, target, progress)
        counts = _mark(target, now)
    except sqlite3.OperationalError as why:
        raise ServiceMissing("the backup", str(why)) from None
    except sqlite3.DatabaseError:
        raise sqlite_file.unreadable(file) from None
    if found := sqlite_file.damage(target):
        words = f"it is damaged, and no backup was made ({found[0]}). Restore the last one: newsletter db restore FILE"
        raise ServiceMissing("the database", words)
    return counts


def _mark(target: Path, now: datetime) -> tuple[int, int]:
    with closing(sqlite3.connect(target)) as connection:
        for name, value in ((facts.BEGUN, now.isoformat()), (facts.WITNESS, witness.fresh())):
            connection.execute("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))
        connection.commit()
        people = connection.execute("SELECT count(*) FROM subscribers WHERE erased_at IS NULL").fetchone()
        return people[0], connection.execute("SELECT count(*) FROM mailings").fetchone()[0]


def _note(store: Store, path: Path, now: datetime) -> None:
    """For `newsletter db check`. The backup is good without it."""
    with suppress(DatabaseReplaced, DBAPIError):
        with store.write() as connection:
            facts.put(connection, facts.BACKUP, now.isoformat())
            facts.drop(connection, facts.BEGUN)
            if audit.last_number(connection) is not None:
                audit.note(connection, Action.DATABASE_BACKED_UP, "database", now, file=path.name)
        store.empty_log()


def _of_server(store: Store, target: Path, now: datetime) -> tuple[int, int]:
    """What is said of it and what is in it are read in one snapshot."""
    postgresql_programs.program("pg_dump")
    _note_in_server(store, now)
    try:
        with store.read() as connection:
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout TO 0"))  # pg_dump takes its time
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            schema = connection.scalar(text("SELECT current_schema()"))
            tables = [f"--table={_quoted(schema)}.{name}" for name in ("alembic_version", *t.metadata.tables)]
            ours = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
            env = postgresql_programs.environment(store.url)
            postgresql_programs.run("pg_dump", *ours, *tables, *postgresql_programs.address(store.url), env=env)
            postgresql_programs.run("pg_restore", "--file=/dev/null", str(target))  # it reads all of it
            counts = _counts(connection)
    except BaseException:
        with store.write() as connection:
            facts.drop(connection, facts.BEGUN)
        raise
    return counts


def _note_in_server(store: Store, now: datetime) -> None:
    """In a dump nothing can be changed: it has to know beforehand when it was taken, and whose it is."""
    with store.write() as connection:
        witness.renew(connection)
        facts.put(connection, facts.BEGUN, now.isoformat())


def _counts(connection: Connection) -> tuple[int, int]:
    people = select(func.count()).select_from(t.subscribers).where(t.subscribers.c.erased_at.is_(None))
    mailings = select(func.count()).select_from(t.mailings)
    return connection.scalar(people) or 0, connection.scalar(mailings) or 0


def _quoted(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'
