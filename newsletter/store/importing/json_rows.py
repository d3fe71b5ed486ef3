"""Many rows handed to the database as one JSON text, and taken apart there by its own code.

A statement then runs for thousands of rows without Python, whose lock is free for another thread meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection


def as_json(rows: Sequence[object]) -> str:
    """The parameter :rows."""
    import orjson

    return orjson.dumps(rows).decode()


def _loaded(told: str) -> list[list[Any]]:
    import orjson

    rows: list[list[Any]] = orjson.loads(told)
    return rows


class JsonRows:
    """Pieces of SQL for a statement over the parameter :rows, a JSON list of lists or of texts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"

    @property
    def lists(self) -> str:
        """A FROM clause over lists; their cells are told by `cell`."""
        if self._postgresql:
            return "jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS r(value, place)"
        return "json_each(:rows) AS r"

    @property
    def values(self) -> str:
        """A FROM clause over texts or numbers, each of which is `r.value`, a text."""
        if self._postgresql:
            return "json_array_elements_text(CAST(:rows AS json)) WITH ORDINALITY AS r(value, place)"
        return "json_each(:rows) AS r"

    @property
    def join(self) -> str:
        """SQLite would also begin with the table, since it does not know how few rows there are."""
        return "JOIN" if self._postgresql else "CROSS JOIN"

    @property
    def place(self) -> str:
        """Of a row, from 0."""
        return "(r.place - 1)" if self._postgresql else "r.key"

    def fetch(self, columns: Sequence[str], rest: str, values: Mapping[str, object]) -> list[list[Any]]:
        """SELECT these columns, with all that stands behind them: every row, in no order.

        SQLite's driver takes and gives back Python's lock for each row, so there the rows come as one text.
        """
        if self._postgresql:
            query = f"SELECT {', '.join(columns)} {rest}"
            return [[*row] for row in self._connection.execute(text(query), values)]
        query = f"SELECT json_group_array(json_array({', '.join(columns)})) {rest}"
        return _loaded(self._connection.execute(text(query), values).scalar_one())

    def cell(self, number: int) -> str:
        """One cell, as a text."""
        return f"(r.value ->> {number})" if self._postgresql else f"json_extract(r.value, '$[{number}]')"

    def number(self, cell: str) -> str:
        return f"CAST({cell} AS bigint)" if self._postgresql else cell

    def moment(self, cell: str) -> str:
        """A text by model/importing.py:moment_text as a value of UtcDateTime."""
        return f"CAST({cell} || '+00' AS timestamptz)" if self._postgresql else cell
