"""Who opened or clicked what: the first time of each, and only of those who agree that it is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

from newsletter.model.segment import Engagement
from newsletter.store.events.rows import JsonRows, as_json, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.engine import Connection

__all__ = ["Engaged", "Engagement", "note"]


class Engaged(NamedTuple):
    subscriber: int
    mailing: int
    kind: Engagement
    at: datetime


def note(connection: Connection, engaged: Iterable[Engaged]) -> None:
    """Keep the first time of each, in whatever order they are told. Of somebody who does not agree nothing is stored.

    The caller holds these people still (events/people.py): whoever takes the consent back at the same moment waits, or
    was waited for.
    """
    first: dict[tuple[int, int, Engagement], datetime] = {}
    for one in engaged:
        key = (one.subscriber, one.mailing, one.kind)
        first[key] = min(first.get(key, one.at), one.at)
    if not first:
        return
    rows = JsonRows(connection)
    subscriber, mailing = (rows.number(rows.cell(place)) for place in (0, 1))
    connection.execute(
        text(
            f"INSERT INTO engagements (subscriber, mailing, kind, at) SELECT s.number, {mailing}, {rows.cell(2)}, "  # noqa: S608
            f"{rows.moment(rows.cell(3))} FROM {rows.lists} {rows.join} subscribers s ON s.number = {subscriber} "
            "WHERE s.tracking "
            "ON CONFLICT (subscriber, mailing, kind) DO UPDATE SET at = excluded.at WHERE excluded.at < engagements.at"
        ),
        {"rows": as_json([(*key, moment_text(first[key])) for key in sorted(first)])},
    )
