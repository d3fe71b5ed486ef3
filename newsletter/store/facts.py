"""What the database knows of itself: one row for each fact."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: the fingerprint of the key that identity hashes are made with
SUPPRESSION_KEY = "suppression key"
#: a random text that changes whenever it would matter that an older copy took our place (store/witness.py)
WITNESS = "witness"
#: in PostgreSQL: which table of which server this very row stood in when it was written
HOME = "home"
#: when the last backup was taken, of those that were finished
BACKUP = "backup taken"
#: in a backup: when it was taken; also in a server while a backup of it is written, whose dump cannot be changed later
BEGUN = "backup begun"
#: that a backup was put in place (store/upkeep/restored.py)
RESTORED = "restored"
#: how far the mailbox was read (esp/mailbox/imap.py)
MAILBOX = "mailbox"


def get(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(t.facts.c.value).where(t.facts.c.name == name))


def put(connection: Connection, name: str, value: str, *, replace: bool = True) -> None:
    """Note a fact; one that is there already stays what it is unless it is to be replaced."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    row = insert(t.facts).values(name=name, value=value)
    changed = row.on_conflict_do_update(index_elements=["name"], set_={"value": value})
    connection.execute(changed if replace else row.on_conflict_do_nothing())


def change(connection: Connection, name: str, before: str | None, after: str) -> bool:
    """Note a fact if it is still what it was (None: not noted); whether it was. Who does the same at once waits for us."""
    if before is not None:
        own = t.facts.c
        changed = update(t.facts).where(own.name == name, own.value == before).values(value=after)
        return connection.execute(changed).rowcount == 1
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    row = insert(t.facts).values(name=name, value=after).on_conflict_do_nothing().returning(t.facts.c.name)
    return connection.execute(row).first() is not None


def drop(connection: Connection, name: str) -> None:
    connection.execute(delete(t.facts).where(t.facts.c.name == name))


def moment(text: str | None) -> datetime | None:
    """What a fact tells of a time."""
    return datetime.fromisoformat(text) if text else None
