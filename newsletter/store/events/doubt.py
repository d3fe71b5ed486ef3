"""Attempts that events prove to have been taken, where that was not known.

Nearly all events are about what is accepted already. So the few that may change something are found with one statement,
and only those go to the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter.model.mailing import ChunkState, Outcome
from newsletter.store.events.rows import JsonRows, as_json
from newsletter.store.ledger import settle_by_event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.event import Event

_OPEN = "', '".join(state for state in ChunkState if state is not ChunkState.ACCEPTED)


def settle(connection: Connection, events: Iterable[Event], now: datetime) -> int:
    """The locks on people and suppressions are taken already. Returns how many deliveries that changed."""
    told: dict[tuple[str, int], set[int]] = defaultdict(set)
    whole: set[tuple[str, int]] = set()
    for event in events:
        if event.mailing and event.n:
            told[event.attempt, event.mailing].add(event.n)
            if event.proves_all:
                whole.add((event.attempt, event.mailing))
    settled = 0
    for key in sorted(_in_doubt(connection, told)):
        attempt, mailing = key
        numbers = None if key in whole else told[key]
        settled += settle_by_event(connection, attempt, numbers, now, mailing=mailing, named=told[key])
    return settled


def _in_doubt(connection: Connection, told: dict[tuple[str, int], set[int]]) -> set[tuple[str, int]]:
    """Those with a chunk or a delivery that is not accepted; and all that no attempt of ours is known for."""
    if not told:
        return set()
    rows = JsonRows(connection)
    chunk = f"p.mailing = c.mailing AND p.first BETWEEN a.first AND a.last AND p.state IN ('{_OPEN}')"
    single = f"o.mailing = c.mailing AND o.n BETWEEN a.first AND a.last AND o.outcome = '{Outcome.UNCERTAIN}'"
    query = (
        f"SELECT a.id, EXISTS (SELECT 1 FROM chunks p WHERE {chunk}) OR EXISTS "  # noqa: S608
        f"(SELECT 1 FROM delivery_outcomes o WHERE {single}) FROM {rows.values} {rows.join} attempts a ON a.id = r.value "
        "JOIN chunks c ON c.number = a.chunk"
    )
    attempts = sorted({attempt for attempt, _ in told})
    open_ = {row[0]: bool(row[1]) for row in connection.execute(text(query), {"rows": as_json(attempts)})}
    doubtful = {key for key in told if open_.get(key[0], True)}
    return doubtful | _with_another_outcome(connection, told)


def _with_another_outcome(connection: Connection, told: dict[tuple[str, int], set[int]]) -> set[tuple[str, int]]:
    """Deliveries that were taken, whatever their own row says."""
    rows = JsonRows(connection)
    mailing, n = (rows.number(rows.cell(place)) for place in (1, 2))
    query = (
        f"SELECT {rows.cell(0)}, o.mailing FROM {rows.lists} {rows.join} delivery_outcomes o ON o.mailing = {mailing} "  # noqa: S608
        f"AND o.n = {n} AND o.outcome <> '{Outcome.ACCEPTED}'"
    )
    named = [(attempt, of, number) for (attempt, of), numbers in told.items() for number in numbers]
    return {(row[0], row[1]) for row in connection.execute(text(query), {"rows": as_json(named)})}
