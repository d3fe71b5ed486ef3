"""Which people a file has named already, and on which line: on disk, so that memory stays flat whatever the file.

SQLite keeps a database without a name in a private temporary file; it holds keyed hashes and line numbers only.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Seen:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    def first_line(self, identity_hash: str, line: int) -> int | None:
        """The line of an earlier row of the same person; None, and the line is noted, when this is the first."""
        self._cursor.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (identity_hash, line))
        if self._cursor.rowcount == 1:
            return None
        self._cursor.execute("SELECT line FROM seen WHERE person = ?", (identity_hash,))
        earlier: int = self._cursor.fetchone()[0]
        return earlier


@contextmanager
def nobody_seen() -> Iterator[Seen]:
    """An empty Seen that is gone at the end."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE seen (person TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        connection.execute("BEGIN")
        yield Seen(connection)
