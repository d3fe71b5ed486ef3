"""Which links were followed, counted without saying by whom."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter.store.events.rows import JsonRows, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from newsletter.model.recording import Clicks


def count(connection: Connection, clicks: Iterable[Clicks]) -> None:
    """Add these; each mailing and link once, in an order that is the same for all who do so."""
    told = sorted((one.mailing, _hash(one.url), one.url, one.people, one.machines) for one in clicks)
    if not told:
        return
    rows = JsonRows(connection)
    number, people, machines = (rows.number(rows.cell(place)) for place in (0, 3, 4))
    connection.execute(
        text(
            "INSERT INTO link_clicks (mailing, url_hash, url, people, machines) "  # noqa: S608
            f"SELECT {number}, {rows.cell(1)}, {rows.cell(2)}, {people}, {machines} FROM {rows.lists} WHERE true "
            "ON CONFLICT (mailing, url_hash) DO UPDATE SET people = link_clicks.people + excluded.people, "
            "machines = link_clicks.machines + excluded.machines"
        ),
        {"rows": as_json(told)},
    )


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
