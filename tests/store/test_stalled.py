"""A process that falls asleep in the middle of a change does not keep everybody else waiting for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from newsletter.store.database import Store


def test_the_database_gives_up_on_a_change_that_does_not_go_on(store: Store) -> None:
    """On SQLite others give up after their busy time-out, and the file is theirs when the sleeper is killed."""
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2min"
        else:
            assert connection.scalar(text("PRAGMA busy_timeout")) == 30_000
