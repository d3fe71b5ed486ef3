"""Putting a backup in the place of the database, and telling it what it missed (store/upkeep/restoring.py).

What can be refused is refused before anything changes. A kill at any moment leaves the database that was there, or a
restored one; in PostgreSQL also one that was not told yet, which is noticed when it is opened (store/witness.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable
from newsletter.store import facts
from newsletter.store.database import Store
from newsletter.store.engines import checked_url
from newsletter.store.upkeep import restore_postgresql, restore_sqlite, restoring, sqlite_file

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.upkeep.restoring import Circumstances, Contents, Restored

_SQLITE, _DUMP = sqlite_file.HEADER, b"PGDMP"


def look(url: str, file: Path) -> Contents:
    """What is in a backup for the database at this URL.

    Raises:
        FileUnreadable: it is no backup, or damaged, or one of another kind of database.
        ServiceMissing: a program of PostgreSQL is not installed.
    """
    for_file = _is_file(url)
    head = _head(file)
    if head == _SQLITE and for_file:
        return restore_sqlite.look(file)
    if head.startswith(_DUMP) and not for_file:
        return restore_postgresql.look(file)
    if head == _SQLITE:
        raise FileUnreadable(file, "it is a backup of an SQLite database, and database.url names a PostgreSQL server")
    if head.startswith(_DUMP):
        raise FileUnreadable(file, "it is a backup of a PostgreSQL database, and database.url names a file")
    raise FileUnreadable(file, "it is not a backup; name a file that `newsletter db backup` wrote")


def restore(url: str, file: Path, circumstances: Circumstances) -> tuple[Restored, str | None]:
    """Put the backup in place; returns what was done, and where the database that was there is now.

    Raises:
        FileUnreadable, SecretChanged, DatabaseTooNew: this backup is not for this workspace.
        LeaseHeld, DatabaseInUse: another process is at work.
        ServiceMissing: there is no room, or a program of PostgreSQL is missing or failed.
    """
    contents = look(url, file)
    restoring.refuse_unless_ours(contents.revision, contents.fingerprint, str(file), circumstances)
    if _is_file(url):
        return restore_sqlite.restore(url, file, circumstances)
    return restore_postgresql.restore(url, file, circumstances)


def adopt(url: str, circumstances: Circumstances) -> Restored:
    """The database in place is a backup that somebody put there: from now on it is ours.

    Raises:
        SecretChanged, DatabaseTooNew: it is not for this workspace.
        LeaseHeld, DatabaseInUse: another process is at work.
        ServiceMissing: there is nothing in it.
    """
    store = Store(url, as_it_is=True, restoring=True)
    try:
        revision = store.revision()
        if revision is None:
            raise sqlite_file.unreadable(store.label)
        with store.read() as connection:
            fingerprint = facts.get(connection, facts.SUPPRESSION_KEY)
            restoring.refuse_unless_ours(revision, fingerprint, store.label, circumstances)
            restoring.refuse_while_sending(connection, circumstances.is_alive, circumstances.now)
        if not (file := sqlite_file.file_of(store.url)):
            restore_postgresql.refuse_while_used(store)
    finally:
        store.close()
    if file:
        with sqlite_file.alone(file, store.label):
            pass
        if found := sqlite_file.damage(file):
            what = f"it is damaged ({found[0]}): a log of the one before may have been mixed into it; restore the backup itself"
            raise FileUnreadable(file, f"{what}: newsletter db restore FILE")
    store = Store(url, restoring=True)
    try:
        return restoring.tell(store, circumstances)
    finally:
        store.close()


def _is_file(url: str) -> bool:
    return checked_url(url).get_backend_name() == "sqlite"


def _head(file: Path) -> bytes:
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise FileUnreadable(file, "it is not a file on a disk")
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE))
    except IsADirectoryError:
        raise FileUnreadable(file, "it is a folder; name the file") from None
    except OSError as why:
        raise FileUnreadable(file, why.strerror or str(why)) from None
