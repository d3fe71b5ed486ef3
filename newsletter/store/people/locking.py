"""The lock that whoever needs people and subscriptions to stay as they are takes first, before that of the suppressions.

Else two could wait for one another for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def hold_people_still(connection: Connection) -> None:
    """Until this transaction ends nobody else adds people or moves subscriptions. In SQLite a writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE subscribers, subscriptions IN SHARE ROW EXCLUSIVE MODE"))
