"""Does anything refer to what is not there? SQLite is asked by itself; PostgreSQL has no such keys on some tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.store import tables as t
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ForeignKey
    from sqlalchemy.engine import Connection

#: table -> one of its rows, and several, in words
_ROWS = {
    "subscriptions": ("subscription", "subscriptions"),
    "consent_events": ("record of consent", "records of consent"),
    "deliveries": ("delivery", "deliveries"),
    "delivery_outcomes": ("outcome of a delivery", "outcomes of deliveries"),
    "issue_readers": ("note of who has an issue", "notes of who has an issue"),
}
#: what a column refers to, in words
_REFERRED = {"ground": "ground of consent"}


def findings(connection: Connection) -> Iterator[Finding]:
    for table in t.metadata.sorted_tables:
        if not t.keys_are_made(table, connection.dialect.name):
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
                yield from _strays(connection, key)


def _strays(connection: Connection, key: ForeignKey) -> Iterator[Finding]:
    """A column that is empty refers to nothing, and is no stray."""
    column, table = key.parent, key.parent.table
    there = select(key.column).where(key.column == column).correlate(table).exists()
    if count := connection.scalar(select(func.count()).select_from(table).where(column.is_not(None), ~there)):
        one, several = _ROWS[table.name]
        rows = f"1 {one} belongs" if count == 1 else f"{count:,} {several} belong"
        yield Finding(
            code="stray",
            message=f"{rows} to a {_REFERRED.get(column.name, column.name)} that is not there",
            fix="Put back what was deleted by hand, or restore a backup: newsletter db restore FILE",
        )
