"""What the database knows of itself: one row for each fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from newsletter.store import tables as t

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: the fingerprint of the key that identity hashes are made with
SUPPRESSION_KEY = "suppression key"
#: a random text that changes whenever it would matter that an older copy took our place (store/witness.py)
WITNESS = "witness"
#: in PostgreSQL: which table this very row stood in when it was written
HOME = "home"
#: in a backup: when it was taken; else: when the last one was
BACKUP = "backup taken"
#: when a backup was put in place
RESTORED = "restored"


def get(connection: Connection, name: str) -> str | None:
    return connection.scalar(select(t.facts.c.value).where(t.facts.c.name == name))


def put(connection: Connection, name: str, value: str, *, replace: bool = True) -> None:
    """Note a fact; one that is there already stays what it is unless it is to be replaced."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    row = insert(t.facts).values(name=name, value=value)
    changed = row.on_conflict_do_update(index_elements=["name"], set_={"value": value})
    connection.execute(changed if replace else row.on_conflict_do_nothing())
