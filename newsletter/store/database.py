"""The way to the database: one Store per process, with a `read()` for snapshots and a `write()` for changes.

SQLite: WAL, BEGIN IMMEDIATE for writers (a deferred BEGIN that reads and then writes fails at once under load), one
read transaction for reports, busy time-out 30 s. PostgreSQL: REPEATABLE READ for reports, else READ COMMITTED.
No transaction may be open while the network is used.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, OperationalError

from newsletter.errors import DatabaseGone, DatabaseReplaced, SecretChanged, ServiceMissing
from newsletter.store import audit, facts, tables, upgrade, witness
from newsletter.store.engines import checked_url, engine_for
from newsletter.store.upkeep import sqlite_file
from newsletter.store.upkeep.sqlite_file import file_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.engine import URL, Connection


class Store:
    """An open database whose schema is current; an older one is upgraded, and of a file a copy is kept.

    A database that somebody put in the place of the one that was used last can be read, and is never written to.
    `as_it_is`: the schema stays what it is. `restoring`: whatever lies there is meant to be ours from now on.

    Raises:
        ServiceMissing: the database cannot be reached or opened, is damaged or another program's; or its driver is
            not installed.
        DatabaseTooNew: a newer version of the program upgraded it.
        DatabaseReplaced: it is another one, and older than this version.
        DatabaseGone: the file that was used last is not there any more.
    """

    def __init__(self, url: str | URL, *, as_it_is: bool = False, restoring: bool = False) -> None:
        self.url = checked_url(url)
        #: who works with it, for the audit log: whoever opens it says so
        self.actor = "newsletter"
        #: whether it is not the database that was used last
        self.replaced = False
        #: what opening it has changed
        self.upgraded: upgrade.Upgrade | None = None
        self._file = file_of(self.url)
        if self._file and not restoring and witness.names_one_that_is_gone(self._file):
            raise DatabaseGone(self.label, witness.beside(self._file).name)
        self._engine = engine_for(self.url)
        # SQLite has one writer, and who finds it busy sleeps longer and longer: threads wait for their turn here instead
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self._engine.dialect.name == "sqlite" else nullcontext()
        )
        self._inode = _inode(self._file)
        try:
            with _in_words(self.label):
                self._open(as_it_is=as_it_is, restoring=restoring)
        except BaseException:
            self.close()
            raise

    def _open(self, *, as_it_is: bool, restoring: bool) -> None:
        revision = self.revision()
        upgrade.refuse_foreign(self._engine, revision, self.label)
        self.replaced = revision is not None and not restoring and not self._is_ours()
        if revision != upgrade.HEAD and not as_it_is:
            self.upgrade(keep_copy=not restoring)

    def revision(self) -> str | None:
        """What its schema is; None when it is empty."""
        return upgrade.current_revision(self._engine)

    def upgrade(self, *, keep_copy: bool = True) -> upgrade.Upgrade:
        """Bring the schema up to date."""
        if self.replaced:
            raise DatabaseReplaced(self.label)
        with _in_words(self.label):
            done = upgrade.upgrade(self._engine, keep_copy=keep_copy)
        self.upgraded = done if done.before != done.after else None  # another process may have been quicker
        return done

    @property
    def label(self) -> str:
        """What people are told: the file, or server and database; never a password."""
        if self.url.get_backend_name() == "sqlite":
            return str(self.url.database)
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One snapshot: everything read inside belongs together."""
        options: dict[str, Any] = {}
        if self._engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, actor: str = "") -> Iterator[Connection]:
        """One change: all of it is stored, or none, and last what was noted for the audit log.

        Raises:
            DatabaseReplaced: this is not the database that was used last.
        """
        self.refuse_if_replaced()
        with self._turn, self._engine.connect().execution_options(newsletter_write=True) as connection:
            connection.info.pop(witness.RENEWED, None)
            audit.begin(connection, actor or self.actor)
            with connection.begin():
                yield connection
                audit.write_noted(connection)
            if connection.info.pop(witness.RENEWED, False):
                _settle(connection)
                self._empty_log(connection)

    def refuse_if_replaced(self) -> None:
        """Also when the file was moved away after it was opened: what we wrote would go into the old one.

        Raises:
            DatabaseReplaced: this is not the database that was used last.
        """
        self._inode = self._inode or _inode(self._file)
        if self.replaced or self._inode != _inode(self._file):
            raise DatabaseReplaced(self.label)

    def empty_log(self) -> None:
        """After a fact was stored: SQLite's log lies over any file that is put beneath it, which would seem to be ours."""
        with self._engine.connect() as connection:
            self._empty_log(connection)

    def _empty_log(self, connection: Connection) -> None:
        if self._file:
            sqlite_file.empty_log(connection.connection.dbapi_connection)

    def close(self) -> None:
        self._engine.dispose()
        self._inode = None

    def hold_to_secret(self, fingerprint: str) -> None:
        """Bind the database to the secret at first use, and refuse any other one later.

        Raises:
            SecretChanged: the database was made with another secret.
        """
        with self.read() as connection:
            stored = facts.get(connection, facts.SUPPRESSION_KEY)
        if stored is None:
            with self.write() as connection:
                insert_or_ignore(connection, tables.facts, [{"name": facts.SUPPRESSION_KEY, "value": fingerprint}])
                stored = facts.get(connection, facts.SUPPRESSION_KEY)
        if stored != fingerprint:
            raise SecretChanged

    def knows_a_secret(self) -> bool:
        """Whether this database is already bound to a secret."""
        with self.read() as connection:
            return facts.get(connection, facts.SUPPRESSION_KEY) is not None

    def _is_ours(self) -> bool:
        with self.read() as connection:
            if witness.is_ours(connection):
                return True
        with self._engine.connect().execution_options(newsletter_write=True) as connection, connection.begin():
            return witness.is_ours(connection)


def _settle(connection: Connection) -> None:
    """In its own write lock; where that is not to be had, or the disk is full, the file goes on naming two witnesses."""
    with suppress(DBAPIError, OSError), connection.begin():
        witness.settle(connection)


def _inode(file: Path | None) -> tuple[int, int] | None:
    try:
        known = file.stat() if file else None
    except OSError:
        return None
    return (known.st_dev, known.st_ino) if known else None


@contextmanager
def _in_words(label: str) -> Iterator[None]:
    """What the driver says while a database is opened or upgraded."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as why:
        of_file = isinstance(getattr(why, "orig", why), sqlite3.OperationalError)
        words = (
            f"{label}: {_first_line(why)}; is the disk full, or the folder read-only?" if of_file else _first_line(why)
        )
        raise ServiceMissing("the database", words) from None
    except (DBAPIError, sqlite3.DatabaseError) as why:
        if isinstance(getattr(why, "orig", why), sqlite3.DatabaseError):
            raise sqlite_file.unreadable(label) from None
        raise ServiceMissing("the database", _first_line(why)) from None


def insert_or_ignore(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; one that breaks a unique key is left out."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def insert_if_new(connection: Connection, table: Table, row: dict[str, Any]) -> int | None:
    """Insert one row and return its number; None where it breaks a unique key."""
    made = _insert(connection, table).on_conflict_do_nothing().values(row).returning(table.c.number)
    number: int | None = connection.execute(made).scalar_one_or_none()
    return number


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgresql_insert(table)


def _first_line(why: Exception) -> str:
    return (str(getattr(why, "orig", why)).strip() or type(why).__name__).splitlines()[0]
