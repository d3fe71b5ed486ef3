"""A backup in the place of the tables in a PostgreSQL server, in one transaction.

The tables that were there move into a schema of their own, so nothing is lost; then the script that pg_restore makes
of the backup is run, and its end is committed only if pg_restore read the backup to its end.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from newsletter.errors import DatabaseInUse, FileUnreadable, ServiceMissing
from newsletter.store import facts
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.upkeep import postgresql_programs, restored, restoring
from newsletter.store.upkeep.restoring import Contents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsletter.store.upkeep.restoring import Circumstances, Restored

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE 'newsletter%' AND pid <> pg_backend_pid()"
)
#: what the triggers of the audit log call; pg_dump leaves it out of a dump of tables
_GUARD = (
    'CREATE OR REPLACE FUNCTION "{schema}".audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS '
    "$$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$"
)
#: how long others have to let go
_PATIENCE = 3.0


def look(file: Path) -> Contents:
    """What is in a backup.

    Raises:
        FileUnreadable: it is not one, or damaged.
        ServiceMissing: pg_restore is not installed.
    """
    known = dict(_rows(_script(file, "facts"), "facts"))
    revisions = [row[0] for row in _rows(_script(file, "alembic_version"), "alembic_version")]
    if len(revisions) != 1:
        raise FileUnreadable(file, "it is not a backup of the newsletter")
    return Contents(
        revision=revisions[0],
        fingerprint=known.get(facts.SUPPRESSION_KEY),
        taken_at=facts.moment(known.get(facts.BEGUN)),
    )


def restore(url: str, file: Path, circumstances: Circumstances) -> tuple[Restored, str | None]:
    """Returns what was done, and the schema in which the tables that were there are now."""
    for name in ("pg_restore", "psql"):
        postgresql_programs.program(name)
    with closing(Store(url, as_it_is=True, restoring=True)) as store:
        refuse_while_used(store)
        schema, known = _tables(store)
        before = restored.NO_MEMORY
        if "mailings" in known:
            with store.read() as connection:
                restoring.refuse_while_sending(connection, circumstances.is_alive, circumstances.now)
                before = restored.memory(connection)
        _refuse_other_schema(file, schema)
        kept = f"newsletter_before_restore_{circumstances.now:%Y%m%d_%H%M%S}" if known else None
        _replace(store, file, _move(schema, known, kept))
    with closing(Store(url, restoring=True)) as store:
        return restoring.tell(store, circumstances, before), kept and f"schema {kept}"


def refuse_while_used(store: Store) -> None:
    """Raises DatabaseInUse while others of us are connected, if only to look at it from time to time."""
    end = time.monotonic() + _PATIENCE
    with store.read() as connection:
        while connection.scalar(text(_OTHERS)):
            if time.monotonic() > end:
                raise DatabaseInUse(store.label)
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            time.sleep(0.05)


def _tables(store: Store) -> tuple[str, Sequence[str]]:
    """The schema, and those of our tables that are in it."""
    with store.read() as connection:
        schema = str(connection.scalar(text("SELECT current_schema()")))
        found = set(inspect(connection).get_table_names())
    return schema, [name for name in ("alembic_version", *t.metadata.tables) if name in found]


def _refuse_other_schema(file: Path, schema: str) -> None:
    """Tables are restored where they were."""
    listing = postgresql_programs.run("pg_restore", "--list", str(file)).decode("utf-8", "replace")
    if f" TABLE {schema} facts " not in listing:
        raise FileUnreadable(file, f"its tables are not in the schema {schema}, where this database has its own")


def _move(schema: str, tables: Sequence[str], kept: str | None) -> str:
    """What goes before the script. Sequences and indexes go with their table."""
    moves = [f'ALTER TABLE "{schema}"."{name}" SET SCHEMA "{kept}"' for name in tables]
    first = ["BEGIN", "SET LOCAL lock_timeout = '10s'", *([f'CREATE SCHEMA "{kept}"'] if kept else [])]
    return "".join(f"{step};\n" for step in (*first, *moves, _GUARD.format(schema=schema)))


def _replace(store: Store, file: Path, before: str) -> None:
    script = ("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file))
    run = ("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *postgresql_programs.address(store.url))
    env = postgresql_programs.environment(store.url)
    try:
        postgresql_programs.pour(script, run, env, before=before.encode(), after=b"COMMIT;\n")
    except ServiceMissing as why:
        if why.what != script[0]:
            raise
        words = f"the backup is damaged, and nothing was changed ({why.why}). Take an older one"
        raise FileUnreadable(file, words) from None


def _script(file: Path, table: str) -> str:
    """What would fill this table."""
    postgresql_programs.program("pg_restore")
    try:
        ours = ("--data-only", f"--table={table}", "--file=-", str(file))
        return postgresql_programs.run("pg_restore", *ours).decode("utf-8", "replace")
    except ServiceMissing as why:
        raise FileUnreadable(file, f"it cannot be read: {why.why}") from None


def _rows(script: str, table: str) -> Iterator[list[str]]:
    """The rows of its COPY; what we look for has no escapes in it."""
    _, _, rest = script.partition(f".{table} (")
    for line in rest.partition("FROM stdin;\n")[2].splitlines():
        if line == "\\.":
            return
        yield line.split("\t")
