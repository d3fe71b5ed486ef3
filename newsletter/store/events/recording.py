"""Writing events down, each once, and telling which were new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from newsletter.store.events.rows import JsonRows, as_json, moment_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.event import Event

#: moment and id
Key = tuple[str, str]
_COLUMNS = "at, id, kind, mailing, n, attempt, detail, machine, esp, recorded_at"
#: in KB: events that come in any order touch pages all over the table, and SQLite's 2 MB hold too few of them
_CACHE = "PRAGMA cache_size=-32000"
#: rows for one statement: its text is a megabyte at most
_AT_ONCE = 5_000


def keep(connection: Connection, events: Sequence[Event], esp: str, now: datetime) -> list[Event]:
    """Store them, and return those that were not known, in the order of the table: so two that store the same events
    at once wait for one another, and never for ever.
    """
    keyed = {(moment_text(event.at), event.id): event for event in reversed(events)}  # of two alike the first
    in_order = sorted(keyed)
    new: list[Event] = []
    for start in range(0, len(in_order), _AT_ONCE):
        part = in_order[start : start + _AT_ONCE]
        new += [keyed[key] for key in _insert(connection, part, [keyed[key] for key in part], esp, now)]
    return new


def _insert(
    connection: Connection, keys: Sequence[Key], events: Sequence[Event], esp: str, now: datetime
) -> Sequence[Key]:
    """Returns the keys of those that were new."""
    if connection.dialect.name == "sqlite":
        return _insert_alone(connection, keys, events, (esp, moment_text(now)))
    rows = JsonRows(connection)
    cells = (
        *(rows.moment(rows.cell(0)), *(rows.cell(place) for place in (1, 2)), rows.number(rows.cell(3))),
        *(f"CAST({rows.cell(4)} AS integer)", rows.cell(5), rows.cell(6), f"CAST({rows.cell(7)} AS boolean)"),
    )
    told = connection.execute(
        text(
            f"INSERT INTO events ({_COLUMNS}) SELECT {', '.join(cells)}, :esp, {rows.moment(':now')} FROM {rows.lists} "  # noqa: S608
            "ON CONFLICT DO NOTHING RETURNING at, id"
        ),
        {"rows": as_json(_rows(keys, events)), "esp": esp, "now": moment_text(now)},
    )
    return sorted((moment_text(at), id_) for at, id_ in told)


def _insert_alone(
    connection: Connection, keys: Sequence[Key], events: Sequence[Event], common: tuple[str, str]
) -> Sequence[Key]:
    """In SQLite nobody else writes meanwhile, so what is known can be asked first, which is quicker than being told of each
    row that was new; and the driver takes the rows as they are.
    """
    connection.exec_driver_sql(_CACHE)
    rows = JsonRows(connection)
    theirs = f"{rows.join} events e ON e.at = {rows.cell(0)} AND e.id = {rows.cell(1)}"
    known = {place for (place,) in rows.fetch([rows.place], f"FROM {rows.lists} {theirs}", {"rows": as_json(keys)})}
    new = [place for place in range(len(keys)) if place not in known]
    told = _rows([keys[place] for place in new], [events[place] for place in new])
    if told:
        insert = f"INSERT INTO events ({_COLUMNS}) VALUES ({', '.join('?' * 10)})"  # noqa: S608
        connection.exec_driver_sql(insert, [(*row, *common) for row in told])
    return [keys[place] for place in new]


def _rows(keys: Sequence[Key], events: Sequence[Event]) -> list[tuple[object, ...]]:
    return [
        (*key, event.kind.value, event.mailing, event.n, event.attempt, event.detail, int(event.machine))
        for key, event in zip(keys, events, strict=True)
    ]
