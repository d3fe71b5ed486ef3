"""A database that is a file: where it lies, whether nobody else has it open, a whole copy of it.

Never open the file itself beside a connection to it: closing any handle of a file gives up all locks that the process
holds on it, SQLite's too.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.errors import DatabaseInUse, ServiceMissing
from newsletter.store.upkeep import private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import URL

#: pages that are copied in one step: 8 MB, between two of which others may get at the disk
_STEP = 2048
#: how each of its files begins
HEADER = b"SQLite format 3\x00"
#: how long we wait for others to let go
_PATIENCE = 3.0


def file_of(url: URL) -> Path | None:
    """The file of a database, links followed; None for PostgreSQL and for a database in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database).resolve()


def copy(source: Path, target: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """A copy as of one moment, into a file that was made already. Whoever writes meanwhile is not held up.

    The read transaction keeps the moment: without it, each change by others would begin the copying anew.
    """
    with closing(_source(source)) as there, closing(sqlite3.connect(target)) as here:
        there.isolation_level = None
        there.execute(f"PRAGMA busy_timeout={int(_PATIENCE * 1000)}")
        there.execute("BEGIN")
        there.execute("SELECT count(*) FROM sqlite_master").fetchone()
        there.backup(here, pages=_STEP, progress=lambda _code, left, total: progress(total - left, total))
        here.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it


def empty_log(connection: Any) -> None:  # noqa: ANN401 - a DB-API connection, whatever SQLAlchemy calls it
    """Write SQLite's log into the database itself, if nobody reads or writes just now; nobody is waited for."""
    with closing(connection.cursor()) as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
        with suppress(sqlite3.Error):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={patience}")


def size(path: Path) -> int:
    """Bytes on the disk, with what was not written into the database itself yet."""
    files = (path.with_name(path.name + name) for name in ("", *private.COMPANIONS))
    return sum(file.stat().st_size for file in files if file.exists())


@contextmanager
def alone(path: Path, label: str) -> Iterator[sqlite3.Connection]:
    """A connection that has the database for itself, until the block ends. Whoever else wants it waits, or is told so.

    Raises:
        DatabaseInUse: another process has it open, if only to look at it from time to time.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays
        except sqlite3.OperationalError as why:
            if why.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            raise DatabaseInUse(label) from None
        yield connection


def damage(path: Path) -> list[str]:
    """What SQLite finds wrong with a file, in its words; nothing where all is well."""
    try:
        with closing(looking_at(path)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(10)
    except sqlite3.DatabaseError as why:
        return [str(why)]
    return [line for line in found if line != "ok"] + [f"a row of {row[0]} refers to one of {row[2]}" for row in broken]


def looking_at(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing.

    SQLite wants to make files beside a database that has a log; on a read-only disk it must be told that nobody writes.
    """
    how = "immutable=1" if _is_still(path) else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=_PATIENCE)


def _is_still(path: Path) -> bool:
    """Nothing can be made beside it, nobody has it open, and no log lies there."""
    log, memory = (path.with_name(path.name + name) for name in ("-wal", "-shm"))
    in_use = memory.exists() or (log.exists() and log.stat().st_size)
    return not in_use and not os.access(path.parent, os.W_OK)


def _source(path: Path) -> sqlite3.Connection:
    return looking_at(path) if _is_still(path) else sqlite3.connect(path)


def may_have_been_one(path: Path) -> bool:
    """Whether a file that SQLite cannot read begins as its files do, or is empty. It must not be open (see above)."""
    with path.open("rb") as opened:
        return opened.read(len(HEADER)) in {HEADER, b""}


def unreadable(path: Path | str) -> ServiceMissing:
    why = f"{path} is not a database, or it is damaged. Put a backup in its place: newsletter db restore FILE"
    return ServiceMissing("the database", why)
