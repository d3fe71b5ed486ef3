"""Is the file, or the server, in order?"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter.store import witness
from newsletter.store.upkeep import private, sqlite_file
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsletter.store.database import Store

_RESTORE = "Keep the file as it is, and restore the last backup: newsletter db restore FILE"
#: settings of a server that lose what was stored when the machine stops: then mail goes out twice
_MUST_BE_ON = ("fsync", "full_page_writes")


def findings(store: Store, others: Iterable[Path]) -> Iterator[Finding]:
    """`others` are files of the workspace that must be private too."""
    file = sqlite_file.file_of(store.url)
    if store.url.get_backend_name() == "postgresql":
        yield from _server(store)
    elif file:
        yield from (
            Finding(code="damaged", message=f"SQLite says: {line}", fix=_RESTORE) for line in sqlite_file.damage(file)
        )
        yield from _journal(store)
        yield from _space(file)
        yield from _copies(file)
    beside = [file.with_name(file.name + name) for name in ("", *private.COMPANIONS)] if file else []
    yield from _rights([*beside, *([witness.beside(file)] if file else []), *others])


def backups_beside(file: Path) -> Path:
    return file.parent / "backups"


def _journal(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar()
    if mode not in {"wal", "memory"}:
        yield Finding(
            code="journal-mode",
            message=f"its journal mode is {mode}, not WAL: readers and writers hinder each other",
            fix="Put the workspace on a local disk; a network disk is not safe for SQLite.",
        )


def _space(file: Path) -> Iterator[Finding]:
    free, need = shutil.disk_usage(file.parent).free, sqlite_file.size(file)
    if free < need:
        yield Finding(
            code="disk-nearly-full",
            message=f"{file.parent} has {free // 1_000_000:,} MB free, less than the database has ({need // 1_000_000:,} MB)",
            fix="Make room: a backup or an upgrade needs as much once more.",
        )


def _copies(file: Path) -> Iterator[Finding]:
    folder = backups_beside(file)
    left = [*file.parent.glob(f"{file.name}.before-*"), *file.parent.glob(f".{file.name}.*"), *folder.glob(".*.part")]
    if left:
        names = ", ".join(sorted(str(path.relative_to(file.parent)) for path in left))
        yield Finding(
            code="copies",
            message=f"older copies lie beside it, which hold people who may have been erased since: {names}",
            fix="Delete those that you do not need any more.",
            wrong=False,
        )
    yield from _rights(folder.glob("*"))


def _rights(files: Iterable[Path]) -> Iterator[Finding]:
    if os.name == "nt":
        return
    for file in files:
        if file.is_file() and file.stat().st_mode & 0o077:
            yield Finding(
                code="file-mode",
                message=f"{file} can be read or changed by other users of this machine",
                fix=f"Run: chmod 600 {file}",
            )


def _server(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        settings = {
            name: connection.execute(text(f"SHOW {name}")).scalar() for name in (*_MUST_BE_ON, "server_encoding")
        }
    for name in _MUST_BE_ON:
        if settings[name] != "on":
            yield Finding(
                code="server-unsafe",
                message=f"the server runs with {name} = {settings[name]}: when it stops, it may forget what was sent",
                fix=f"Set {name} = on in postgresql.conf and restart the server.",
            )
    if settings["server_encoding"] != "UTF8":
        yield Finding(
            code="server-encoding",
            message=f"the database's encoding is {settings['server_encoding']}: it cannot hold every name",
            fix="Make a database with encoding UTF8, and move the data by pg_dump and pg_restore.",
        )
