"""Which events are about deliveries of this database: the numbers of another one's mailings mean other people.

A delivery is ours when its attempt is one that we wrote down for that mailing. Where the report names no attempt, whoever
made the event has proved it otherwise (a signed return path). After a backup was restored, attempts since are forgotten,
so there a mailing from before is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text

from newsletter.keys import NOTICES
from newsletter.store import tables as t
from newsletter.store.events.rows import JsonRows, as_json
from newsletter.store.people.parts import parts
from newsletter.store.upkeep import restored

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.event import Event


def with_ours_alone(
    connection: Connection, events: Sequence[Event], hash_of: Callable[[str], str | None]
) -> list[Event]:
    """The same events; those that are not about a delivery or notice of ours name none any more."""
    attempts = _attempts(connection, {event.attempt for event in events if event.attempt and event.mailing})
    sizes = _sizes(connection, {event.mailing for event in events if event.mailing})
    trusted = _from_before_a_restore(connection) if any(_is_unknown(event, attempts) for event in events) else set()
    notices = _notices(connection, {event.n for event in events if event.mailing == NOTICES and event.n})

    def is_ours(event: Event) -> bool:
        if event.mailing is None or event.n is None:
            return False
        if event.mailing == NOTICES:
            theirs = notices.get(event.n)
            return bool(theirs) and (not event.address or hash_of(event.address) == theirs)
        if not 1 <= event.n <= sizes.get(event.mailing, 0):
            return False
        if _is_unknown(event, attempts):
            return event.mailing in trusted
        return not event.attempt or attempts[event.attempt] == event.mailing

    return [event if is_ours(event) or event.mailing is None else _foreign(event) for event in events]


def _is_unknown(event: Event, attempts: Collection[str]) -> bool:
    return bool(event.attempt and event.mailing) and event.attempt not in attempts


def _foreign(event: Event) -> Event:
    return event._replace(mailing=None, n=None, attempt="", proves_all=False)


def _attempts(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Attempt -> its mailing."""
    if not ids:
        return {}
    rows = JsonRows(connection)
    query = f"SELECT a.id, c.mailing FROM {rows.values} {rows.join} attempts a ON a.id = r.value JOIN chunks c ON c.number = a.chunk"  # noqa: S608
    found = connection.execute(text(query), {"rows": as_json(sorted(ids))})
    return {attempt: mailing for attempt, mailing in found}  # noqa: C416 - rows are no pairs


def _sizes(connection: Connection, numbers: Collection[int]) -> dict[int, int]:
    own = t.mailings.c
    sizes: dict[int, int] = {}
    for part in parts(sorted(numbers)):
        sizes |= {
            row.number: row.audience
            for row in connection.execute(select(own.number, own.audience).where(own.number.in_(part)))
        }
    return sizes


def _from_before_a_restore(connection: Connection) -> set[int]:
    known = restored.get(connection)
    if known is None:
        return set()
    return set(connection.scalars(select(t.mailings.c.number).where(t.mailings.c.created_at < known.at)))


def _notices(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Number -> whose it is; an erased person's is nobody's."""
    own = t.notices.c
    found: dict[int, str] = {}
    for part in parts(sorted(numbers)):
        found |= {
            row.number: row.identity_hash
            for row in connection.execute(select(own.number, own.identity_hash).where(own.number.in_(part)))
        }
    return found
