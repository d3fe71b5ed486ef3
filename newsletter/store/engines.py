"""From a URL to an engine: which databases there are, and how each connection is prepared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from newsletter.errors import ServiceMissing
from newsletter.store.upkeep import private

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine

_BUSY_TIMEOUT_MS = 30_000


def checked_url(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ServiceMissing("the database", "database.url is not a URL such as sqlite:///newsletter.db") from None
    if parsed.get_backend_name() == "postgresql":
        _refuse_unescaped(parsed)
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise ServiceMissing("the database", "database.url must begin with sqlite:/// or postgresql://")
    if parsed.query or (parsed.database or "").startswith("file:"):
        raise ServiceMissing("the database", "database.url must name a file and nothing else: sqlite:///newsletter.db")
    return parsed


def _refuse_unescaped(url: URL) -> None:
    """A part of a password that is taken for the name of the server or the database would stand in its messages."""
    if any("@" in part for part in (url.host or "", url.database or "", *url.query)):
        why = "database.url has signs in its user or password that mean something in a URL: write @ as %40, / as %2F, ? as %3F"
        raise ServiceMissing("the database", why)


def _options(url: URL) -> dict[str, Any]:
    """For PostgreSQL: the name by which a restore sees that others are at work, and a connection for each thread of the pages."""
    if url.get_backend_name() != "postgresql":
        return {}
    # libpq waits for ever for a server that says neither yes nor no
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    names = {"fallback_application_name": "newsletter"}
    return {"connect_args": names | patience, "pool_size": 20, "max_overflow": 20}


def engine_for(url: URL) -> Engine:
    try:
        engine = create_engine(url, json_deserializer=_read_json, **_options(url))
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


def _read_json(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """At a fifth of the price; what only Python takes for JSON is left to Python."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _create_private_file(url: URL) -> None:
    """Readers' data: the file is made readable for its owner only. One that is there is not touched (sqlite_file.py)."""
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    if path.is_dir() or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        why = "it is a folder" if path.is_dir() else "we may not read and write it"
        raise ServiceMissing("the database", f"{path}: {why}")
    try:
        if not path.exists():
            private.make(path.resolve())
    except FileExistsError:  # another process was quicker
        return
    except OSError as why:
        raise ServiceMissing("the database", f"{path}: {why.strerror}") from None


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # secure_delete: what is deleted or changed leaves no trace in the file's free places
    kept = ("journal_mode=WAL", "synchronous=FULL", "main.secure_delete=ON")
    for pragma in (*kept, "foreign_keys=ON", f"busy_timeout={_BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection
    # an attempt that a crash of the server forgets is a second mail, so a server set to "off" is not followed
    connection.execute("SET synchronous_commit TO on")
    # compiling a statement to machine code costs more than ours take: up to half a minute for a large segment
    connection.execute("SET jit TO off")
    # a machine that falls asleep in the middle of a change keeps its locks: nobody could take over what it was sending
    connection.execute("SET idle_in_transaction_session_timeout TO '2min'")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("newsletter_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
