"""A backup in the place of an SQLite file: made ready beside it, then given its name in one step.

The database that was there is never without a name: it is kept aside.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, suppress
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from newsletter.errors import DatabaseTooNew, FileUnreadable, ServiceMissing
from newsletter.store import facts, witness
from newsletter.store.database import Store
from newsletter.store.engines import checked_url
from newsletter.store.upkeep import private, restored, restoring, sqlite_file
from newsletter.store.upkeep.restoring import Contents

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsletter.store.upkeep.restored import Memory
    from newsletter.store.upkeep.restoring import Circumstances, Restored

_DAMAGED = "it is not a backup of the newsletter, or it is damaged"


def look(file: Path) -> Contents:
    """What is in a backup.

    Raises:
        FileUnreadable: it is not one, or damaged.
    """
    try:
        with closing(sqlite_file.looking_at(file)) as connection:
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            known = dict(connection.execute("SELECT name, value FROM facts").fetchall())
            readers = connection.execute("SELECT count(*) FROM subscribers WHERE erased_at IS NULL").fetchone()[0]
            mailings = connection.execute("SELECT count(*) FROM mailings").fetchone()[0]
    except (sqlite3.Error, TypeError):
        raise FileUnreadable(file, _DAMAGED) from None
    if found := sqlite_file.damage(file):
        raise FileUnreadable(file, f"{_DAMAGED} ({found[0]})")
    return Contents(
        revision=revision,
        fingerprint=known.get(facts.SUPPRESSION_KEY),
        taken_at=facts.moment(known.get(facts.BEGUN)),
        readers=readers,
        mailings=mailings,
    )


def restore(url: str, file: Path, circumstances: Circumstances) -> tuple[Restored, str | None]:
    """Returns what was done, and the file that the database that was there is now."""
    live = sqlite_file.file_of(checked_url(url))
    if live is None:
        raise ServiceMissing("the database", "it lives in memory only; let database.url name a file")
    if live.exists() and live.samefile(file):
        why = "it is the database itself. If you put it there by hand, say so: newsletter db restore --here"
        raise FileUnreadable(file, why)
    before = _refuse_while_sending(url, live, circumstances)
    with ExitStack() as until_then:
        held = _held(live, until_then)
        ready, done, named = _made_ready(file, live, circumstances, before)
        try:
            kept = _swap(live, ready, named, held, circumstances.now)
        except BaseException:
            private.remove(ready)
            raise
    return done, str(kept) if kept else None


def _refuse_while_sending(url: str, live: Path, circumstances: Circumstances) -> Memory:
    """Returns what it knows, as far as it can be read.

    Where the database is damaged nobody can send from it either; what is not ours to read or replace stays.
    """
    if not live.exists():
        return restored.NO_MEMORY
    try:
        with closing(Store(url, as_it_is=True, restoring=True)) as store:
            if store.revision() is not None:
                with store.read() as connection:
                    restoring.refuse_while_sending(connection, circumstances.is_alive, circumstances.now)
                    return restored.memory(connection)
    except DatabaseTooNew:
        return restored.NO_MEMORY
    except (ServiceMissing, DBAPIError):
        if not (live.is_file() and os.access(live, os.R_OK | os.W_OK) and sqlite_file.damage(live)):
            raise
        if not sqlite_file.may_have_been_one(live):
            why = f"{live} is not a database, and it stays where it is; let database.url name another file"
            raise ServiceMissing("the database", why) from None
    return restored.NO_MEMORY


def _held(live: Path, until_then: ExitStack) -> sqlite3.Connection | None:
    """The database for us alone. Everything is written into the file itself, and nothing of SQLite's stays beside it.

    None where there is none, or where it is damaged: that may be why it is restored.
    """
    if not live.exists():
        return None
    try:
        held = until_then.enter_context(sqlite_file.alone(live, str(live)))
        # MEMORY: when this connection is closed it must not remove a file that belongs to the new database by then
        for mode in ("DELETE", "MEMORY"):
            held.execute(f"PRAGMA journal_mode={mode}")
    except sqlite3.DatabaseError:
        return None
    return held


def _made_ready(file: Path, live: Path, circumstances: Circumstances, before: Memory) -> tuple[Path, Restored, str]:
    """A restored database that nobody knows yet: upgraded, told everything, on the disk; and its witness."""
    ready = live.with_name(f".{live.name}.restoring")
    private.remove(ready)  # left by a restore that was killed
    try:
        private.make(ready)
        private.hand_over(ready, live if live.exists() else live.parent)
        sqlite_file.copy(file, ready)
        with closing(Store(URL.create("sqlite", database=str(ready)), restoring=True)) as store:
            done = restoring.tell(store, circumstances, before)
            with store.read() as connection:
                named = facts.get(connection, facts.WITNESS) or witness.NONE
        with closing(sqlite3.connect(ready)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        private.flush_file(ready)
    except sqlite3.Error as why:
        private.remove(ready)
        raise ServiceMissing("the restored database", str(why)) from None
    except BaseException:
        private.remove(ready)
        raise
    finally:
        witness.beside(ready).unlink(missing_ok=True)
    return ready, done, named


def _swap(live: Path, ready: Path, named: str, held: sqlite3.Connection | None, now: datetime) -> Path | None:
    """The file of witnesses names both until it is done."""
    known = witness.read(witness.beside(live))
    witness.expect(witness.beside(live), {*(known if known is not None else {witness.NONE}), named})
    kept = _keep(live, held, now) if live.exists() else None
    ready.replace(live)
    private.flush_folder(live.parent)
    witness.expect(witness.beside(live), {named})
    return kept


def _keep(live: Path, held: sqlite3.Connection | None, now: datetime) -> Path:
    kept = _free(live.with_name(f"{live.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"))
    if held is None:  # damaged: what lies beside it belongs to it, and must not be taken for a part of the new one
        for name in private.COMPANIONS:
            with suppress(FileNotFoundError):
                live.with_name(live.name + name).replace(kept.with_name(kept.name + name))
    try:
        os.link(live, kept)
    except OSError:  # no hard links here: for a moment there is none of that name
        live.replace(kept)
    return kept


def _free(path: Path) -> Path:
    """A name that nothing has yet: two restores within a second keep two databases."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return path if not path.exists() else next(name for name in names if not name.exists())
