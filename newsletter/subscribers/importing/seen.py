"""Which people a file has named already, and on which line: on disk, so that memory stays flat whatever the file.

SQLite keeps a database without a name in a private temporary file; it holds keyed hashes and line numbers only.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Seen:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._cursor = connection.cursor()

    def first_line(self, identity_hash: str, line: int) -> int | None:
        """The line of an earlier row of the same person; None, and the line is noted, when this is the first."""
        self._cursor.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (identity_hash, line))
        if self._cursor.rowcount == 1:
            return None
        return self.lines_of([identity_hash])[identity_hash]

    def lines_of(self, identity_hashes: Sequence[str]) -> dict[str, int]:
        """The lines on which these people were named; those who were not are left out."""
        import orjson

        told = orjson.dumps(identity_hashes).decode()
        query = "SELECT person, line FROM json_each(?) CROSS JOIN seen ON person = value"
        return dict(self._cursor.execute(query, (told,)))

    def note(self, people: Sequence[tuple[str, int]]) -> None:
        """Many hashes with their lines, quickest in their order; an earlier line stays."""
        import orjson

        told = orjson.dumps(people).decode()
        self._cursor.execute(
            "INSERT OR IGNORE INTO seen SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)",
            (told,),
        )


@contextmanager
def nobody_seen() -> Iterator[Seen]:
    """An empty Seen that is gone at the end."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE seen (person TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        connection.execute("BEGIN")
        yield Seen(connection)
