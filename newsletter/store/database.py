"""The way to the database: one Store per process, with a `read()` for snapshots and a `write()` for changes.

SQLite: WAL, BEGIN IMMEDIATE for writers (a deferred BEGIN that reads and then writes fails at once under load), one
read transaction for reports, busy time-out 30 s. PostgreSQL: REPEATABLE READ for reports, else READ COMMITTED.
No transaction may be open while the network is used.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from newsletter.errors import SecretChanged, ServiceMissing
from newsletter.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.engine import URL, Connection, Engine

_BUSY_TIMEOUT_MS = 30_000


class Store:
    """An open database whose schema is current.

    Raises:
        ServiceMissing: the database cannot be reached or opened, or its driver is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = _checked_url(url)
        self._engine = _engine(self.url)
        self._migrate()

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
    def write(self) -> Iterator[Connection]:
        """One change: all of it is stored, or none."""
        with self._engine.connect().execution_options(newsletter_write=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    def hold_to_secret(self, fingerprint: str) -> None:
        """Bind the database to the secret at first use, and refuse any other one later.

        Raises:
            SecretChanged: the database was made with another secret.
        """
        with self.write() as connection:
            insert_or_ignore(connection, tables.facts, [{"name": "suppression key", "value": fingerprint}])
            stored = connection.scalar(select(tables.facts.c.value).where(tables.facts.c.name == "suppression key"))
        if stored != fingerprint:
            raise SecretChanged

    def knows_a_secret(self) -> bool:
        """Whether this database is already bound to a secret."""
        with self.read() as connection:
            return connection.scalar(select(tables.facts.c.value)) is not None

    def _migrate(self) -> None:
        from newsletter.store.upgrade import upgrade_if_needed

        try:
            upgrade_if_needed(self._engine)
        except OperationalError as why:
            raise ServiceMissing("the database", _first_line(why)) from None


def insert_or_ignore(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows; one that breaks a unique key is left out."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    return sqlite_insert(table) if connection.dialect.name == "sqlite" else postgresql_insert(table)


def _checked_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ServiceMissing("the database", "database.url is not a URL such as sqlite:///newsletter.db") from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise ServiceMissing("the database", "database.url must begin with sqlite:/// or postgresql://")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url)
    except (ModuleNotFoundError, NoSuchModuleError):
        why = "psycopg is not installed; run: pip install 'newsletter-pipeline[postgresql]'"
        raise ServiceMissing("PostgreSQL", why) from None
    if engine.dialect.name == "sqlite":
        _create_private_file(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _create_private_file(url: URL) -> None:
    """Readers' data: the file is made readable for its owner only."""
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as why:
        raise ServiceMissing("the database", f"{path}: {why.strerror}") from None


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
    # an attempt that a crash of the server forgets is a second mail, so a server set to "off" is not followed
    connection.execute("SET synchronous_commit TO on")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("newsletter_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _first_line(why: OperationalError) -> str:
    return str(why.orig).strip().splitlines()[0]
