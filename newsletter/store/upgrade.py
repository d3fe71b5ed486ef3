"""Bring a database to the current schema, through the Alembic migrations beside this file."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, literal, select, text

from newsletter.errors import DatabaseTooNew, ServiceMissing
from newsletter.store import tables as t
from newsletter.store import witness
from newsletter.store.upkeep import private, sqlite_file

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection, Engine

#: all migrations; a test compares them with the files, so that opening a current database need not import Alembic
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
HEAD = REVISIONS[-1]
#: PostgreSQL: the lock that one upgrade holds; two numbers, so that no lock on an issue is ever the same
_LOCK = "SELECT pg_advisory_xact_lock(20261129, 6)"
#: what nobody could get back: where these are empty, no copy is worth its place
_WORTH_A_COPY = (t.lists, t.subscribers, t.suppressions, t.mailings)


@dataclass(frozen=True, kw_only=True)
class Upgrade:
    """What was done; `before` is None when the database was empty."""

    before: str | None
    after: str
    copy: Path | None = None


def current_revision(engine: Engine) -> str | None:
    """The revision a database is at, None when it is empty."""
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def refuse_foreign(engine: Engine, revision: str | None, label: str) -> None:
    """Raises DatabaseTooNew, or ServiceMissing when the tables are another program's."""
    if revision is not None:
        refuse_unknown(revision, label)
        return
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    # a file is for us alone; in a server others may live beside us
    if found if engine.dialect.name == "sqlite" else found & set(t.metadata.tables):
        raise _of_others(label)


def refuse_unknown(revision: str, label: str) -> None:
    """Raises DatabaseTooNew, or ServiceMissing for what was never a revision of ours."""
    if revision not in REVISIONS:
        if re.fullmatch(r"[0-9]{4}", revision) and revision > HEAD:
            raise DatabaseTooNew(label, revision)
        raise _of_others(label)


def _of_others(label: str) -> ServiceMissing:
    why = f"{label} holds the tables of another program; let database.url name another database"
    return ServiceMissing("the database", why)


def upgrade(engine: Engine, revision: str = HEAD, *, keep_copy: bool = False) -> Upgrade:
    """Run migrations up to a revision, in one transaction: all of it is done, or nothing.

    Of two processes that come at once one waits, and finds it done. `keep_copy`: of an SQLite file with rows in it a
    copy stays beside it, taken while nobody can write.

    Raises:
        ServiceMissing: there is no room for the copy.
    """
    from alembic import command

    copy = None
    with engine.connect().execution_options(newsletter_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(_LOCK))
        before = _revision(connection)
        if before != revision:
            copy = _copy(connection, revision) if keep_copy and before else None
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            if before is None:
                witness.begin_anew(connection)
    if copy:
        _keep_newest(copy)
    return Upgrade(before=before, after=revision, copy=copy)


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _copy(connection: Connection, revision: str) -> Path | None:
    """The way back to the version of the program that was there before."""
    path = sqlite_file.file_of(connection.engine.url)
    if path is None or not _is_worth_it(connection):
        return None
    need, free = sqlite_file.size(path), shutil.disk_usage(path.parent).free
    if free < 2 * need:  # the upgrade itself may write as much once more
        why = (
            f"{path.parent} has {free // 1_000_000:,} MB free, and {2 * need // 1_000_000:,} MB are needed for a copy and "
            "the upgrade. Make room; or, with a backup elsewhere, go without the copy: newsletter db upgrade --no-copy"
        )
        raise ServiceMissing("room for the upgrade of the database", why)
    copy = path.with_name(f"{path.name}.before-{revision}")
    private.remove(copy)  # left by an upgrade that failed after this
    with private.new_file(copy) as unfinished:
        sqlite_file.copy(path, unfinished)
    return copy


def _is_worth_it(connection: Connection) -> bool:
    return any(connection.execute(select(literal(1)).select_from(table).limit(1)).first() for table in _WORTH_A_COPY)


def _keep_newest(copy: Path) -> None:
    """Each older copy holds people who may have been erased since."""
    stem = copy.name.rpartition("-")[0]
    for older in copy.parent.glob(f"{stem}-[0-9][0-9][0-9][0-9]"):
        if older != copy:
            older.unlink(missing_ok=True)
