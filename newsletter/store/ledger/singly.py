"""What is known of single deliveries beside their chunk, and the notes of who has, or is getting, the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, select

from newsletter.model.mailing import ChunkState, Exclusion, Outcome
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

#: whoever fared so has the issue, or may have it: their note stays
HAS_IT = (Outcome.ACCEPTED, Outcome.UNCERTAIN)


def write(
    connection: Connection, mailing: int, outcome: Outcome, reasons: Mapping[int, str], attempt: str, now: datetime
) -> None:
    """Note how deliveries fared. One that is noted already stays so: what an event proved holds."""
    common = {"mailing": mailing, "outcome": outcome, "attempt": attempt, "at": now}
    insert_or_ignore(
        connection, t.delivery_outcomes, [common | {"n": n, "reason": reason} for n, reason in reasons.items()]
    )


def between(connection: Connection, mailing: int, first: int, last: int) -> dict[int, Row[Any]]:
    """n -> what is noted of it."""
    own = t.delivery_outcomes
    rows = connection.execute(select(own).where(own.c.mailing == mailing, own.c.n.between(first, last)))
    return {row.n: row for row in rows}


def forget(connection: Connection, mailing: int, numbers: Collection[int]) -> None:
    """Take back what is noted of these: they fare as their chunk does."""
    own = t.delivery_outcomes.c
    for some in parts(sorted(numbers)):
        connection.execute(delete(t.delivery_outcomes).where(own.mailing == mailing, own.n.in_(some)))


def release(connection: Connection, mailing: int, numbers: Collection[int]) -> None:
    """These certainly did not get the issue: another mailing may reach them. Who has it, or may have it, stays noted."""
    for some in parts(sorted(numbers)):
        _release(connection, mailing, t.issue_readers.c.n.in_(some))


def release_ranges(connection: Connection, mailing: int, ranges: Iterable[tuple[int, int]]) -> None:
    """The same for whole ranges."""
    for first, last in ranges:
        _release(connection, mailing, t.issue_readers.c.n.between(first, last))


def _release(connection: Connection, mailing: int, condition: ColumnElement[bool]) -> None:
    note, own = t.issue_readers.c, t.delivery_outcomes.c
    has_it = exists().where(own.mailing == note.mailing, own.n == note.n, own.outcome.in_(HAS_IT))
    connection.execute(delete(t.issue_readers).where(note.mailing == mailing, condition, ~has_it))


def note_again(connection: Connection, mailing: int, numbers: Sequence[int], now: datetime) -> None:
    """They have the issue after all. Another mailing that was to bring it to them leaves them out, if it is in time."""
    planned, row = t.deliveries.c, t.mailings.c
    for some in parts(numbers):
        people = connection.execute(
            select(row.issue, row.again_serial, planned.subscriber, planned.mailing, planned.n)
            .join(t.mailings, row.number == planned.mailing)
            .where(planned.mailing == mailing, planned.n.in_(some))
        ).mappings()
        notes = [dict(person) for person in people]
        for note in notes:
            _leave_out_elsewhere(connection, note, now)
        insert_or_ignore(connection, t.issue_readers, notes)


def _leave_out_elsewhere(connection: Connection, note: Mapping[str, Any], now: datetime) -> None:
    """What is planned there is excluded; what is in flight, or through, stays as it is and keeps the note."""
    theirs, own, chunk = t.issue_readers.c, t.delivery_outcomes.c, t.chunks.c
    same = (theirs[name] == note[name] for name in ("issue", "again_serial", "subscriber"))
    planned = connection.execute(
        select(theirs.mailing, theirs.n)
        .join(t.chunks, (chunk.mailing == theirs.mailing) & theirs.n.between(chunk.first, chunk.last))
        .outerjoin(t.delivery_outcomes, (own.mailing == theirs.mailing) & (own.n == theirs.n))
        .where(*same, theirs.mailing != note["mailing"], chunk.state == ChunkState.PLANNED, own.n.is_(None))
        .with_for_update(of=t.chunks, key_share=True)  # whoever claims it just now was quicker, or waits (claiming.py)
    ).one_or_none()
    if planned is not None:
        write(connection, planned.mailing, Outcome.EXCLUDED, {planned.n: Exclusion.ALREADY_SENT}, "", now)
        release(connection, planned.mailing, [planned.n])
