"""Whether the database is the one that was used last, or a copy that somebody put in its place.

An older copy has forgotten who has which issue, who left and who was erased: sending from it would mail people twice.

SQLite: a random witness in `facts` and in a small file beside the database. It is renewed inside the transaction in
which a mailing is planned or changes its state, people are erased, or an import ends: never for a message or a chunk.
The file then names the old and the new one until the transaction has ended, so that a kill at any moment leaves a pair
that is recognised. Whoever holds the write lock, and nobody else, writes the file.

PostgreSQL: the number of the table `facts` itself, which pg_restore cannot bring back, and that of the server (two new
servers number their tables alike).
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter.store import facts
from newsletter.store.upkeep import private
from newsletter.store.upkeep.sqlite_file import file_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.engine import Connection

#: in `connection.info`: this transaction has renewed the witness
RENEWED = "newsletter_witness_renewed"
#: stands in the file for a database that has no witness yet
NONE = "none"
_MAY_ASK = "SELECT has_function_privilege(to_regprocedure('pg_control_system()'), 'EXECUTE')"
_ENDING = ".witness"
_HEADING = "# Tells which state of the database beside it was used last. Keep the two together.\n"
_WITNESS = re.compile(r"[0-9a-f]{32}|none")


def renew(connection: Connection) -> None:
    """Call it in a `Store.write()` that changes what a copy must not forget; a second call changes nothing more."""
    if connection.info.get(RENEWED):
        return
    if connection.dialect.name == "postgresql":
        if (here := home(connection)) != facts.get(connection, facts.HOME):
            facts.put(connection, facts.HOME, here)
    elif file := _file(connection):
        new = fresh()
        expect(file, {facts.get(connection, facts.WITNESS) or NONE, new})
        facts.put(connection, facts.WITNESS, new)
    connection.info[RENEWED] = True


def adopt(connection: Connection) -> None:
    """The database is a copy that is meant to be ours from this transaction on, and not a moment before."""
    if connection.dialect.name == "postgresql":
        facts.put(connection, facts.HOME, home(connection))
    elif file := _file(connection):
        new = fresh()
        expect(file, {*(read(file) or ()), new})
        facts.put(connection, facts.WITNESS, new)
    connection.info[RENEWED] = True


def begin_anew(connection: Connection) -> None:
    """The database was empty until now: somebody removed the one that a file beside it still names."""
    if (file := _file(connection)) and file.exists():
        expect(file, {NONE})


def names_one_that_is_gone(database: Path) -> bool:
    """Whether there is no such file, although the one that was used last had sent or imported something."""
    return not database.exists() and bool((read(beside(database)) or frozenset()) - {NONE})


def settle(connection: Connection) -> None:
    """After a transaction that has renewed it was stored, and in another one that holds the lock: the file names one."""
    if file := _file(connection):
        expect(file, {facts.get(connection, facts.WITNESS) or NONE})


def is_ours(connection: Connection) -> bool:
    """Whether this is the database that was used last; so is one that has no witness yet, with nothing beside it.

    Another process may be renewing it just now: only inside the write lock is a no a no.
    """
    if connection.dialect.name == "postgresql":
        return _is_home(facts.get(connection, facts.HOME), home(connection))
    file = _file(connection)
    if file is None:
        return True
    known = read(file)
    stored = facts.get(connection, facts.WITNESS)
    return stored is None if known is None else (stored or NONE) in known


def fresh() -> str:
    return secrets.token_hex(16)


def beside(database: Path) -> Path:
    return database.with_name(f"{database.name}{_ENDING}")


def read(file: Path) -> frozenset[str] | None:
    """What the file names, None when there is no file."""
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return frozenset(line for line in lines if _WITNESS.fullmatch(line))


def expect(file: Path, witnesses: Iterable[str]) -> None:
    database = file.with_name(file.name.removesuffix(_ENDING))
    like = database if database.exists() else file.parent
    private.replace_text(file, _HEADING + "".join(f"{one}\n" for one in sorted(witnesses)), like)


def _file(connection: Connection) -> Path | None:
    database = file_of(connection.engine.url)
    return beside(database) if database else None


def home(connection: Connection) -> str:
    """Where we are: TABLE@SERVER, or the table alone where we may not ask which server it is."""
    table = connection.scalar(text("SELECT CAST(CAST('facts' AS regclass) AS oid)"))
    if not connection.scalar(text(_MAY_ASK)):
        return str(table)
    server = connection.scalar(text("SELECT system_identifier FROM pg_control_system()"))
    return f"{table}@{server}"


def _is_home(noted: str | None, here: str) -> bool:
    """The server counts where both tell it: a note may be from before we told, or from when we might not ask."""
    if noted is None:
        return True
    (table, _, server), (table_here, _, server_here) = noted.partition("@"), here.partition("@")
    return table == table_here and (server == server_here or not server or not server_here)
