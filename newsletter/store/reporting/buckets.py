"""Moments counted by the interval that they fall in, alike on SQLite and PostgreSQL: a text such as 2026-12-01 09:00."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, func, type_coerce

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

#: how many letters of the text stand for an interval
MINUTE, HOUR = 16, 13
LENGTHS = {MINUTE: timedelta(minutes=1), HOUR: timedelta(hours=1)}
_ZERO = "0000-01-01 00:00"


def bucket(connection: Connection, moment: ColumnElement[Any], letters: int) -> ColumnElement[str]:
    """In UTC. SQLite keeps moments as such texts."""
    if connection.dialect.name == "sqlite":
        return func.substr(type_coerce(moment, String), 1, letters)
    return func.substr(func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24:MI"), 1, letters)


def begin(text: str) -> datetime:
    """When such an interval begins."""
    return datetime.strptime(text + _ZERO[len(text) :], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
