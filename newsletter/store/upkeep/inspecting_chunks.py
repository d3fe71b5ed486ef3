"""Is every delivery in one chunk, and does it agree with the note of who has, or is getting, the issue?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, literal, or_, select

from newsletter.model.mailing import ChunkState, MailingState
from newsletter.store import tables as t
from newsletter.store import tallies
from newsletter.store.ledger.singly import HAS_IT
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

_STOP = "Send nothing more, keep a backup of this state, and report it."
#: whoever is in such a chunk, and has no outcome of their own, has the issue, may have it, or is getting it
_HOLDING = (ChunkState.PLANNED, ChunkState.SUBMITTING, ChunkState.ACCEPTED, ChunkState.UNCERTAIN)


def findings(connection: Connection) -> Iterator[Finding]:
    yield from _not_in_one_chunk(connection)
    yield from _notes_differ(connection)
    yield from _without_attempt(connection)
    yield from _cancelled_in_flight(connection)
    yield from _fates_of_nobody(connection)


def _not_in_one_chunk(connection: Connection) -> Iterator[Finding]:
    own = t.chunks.c
    before = func.lag(own.last).over(partition_by=own.mailing, order_by=own.first).label("before")
    chunks = select(own.mailing, own.first, own.last, before).subquery()
    begins = func.coalesce(chunks.c.before, literal(0)) + 1
    apart = select(chunks.c.mailing).where(or_(chunks.c.first != begins, chunks.c.last < chunks.c.first)).distinct()
    for mailing in connection.scalars(apart.order_by(chunks.c.mailing)):
        what = f"some deliveries of mailing {mailing} are in no chunk, or in two"
        yield Finding(code="chunks-differ", message=what, fix=_STOP)


def _notes_differ(connection: Connection) -> Iterator[Finding]:
    """The note keeps other mailings away: who may have the issue must have it, and who certainly has not must not."""
    missing: dict[int, int] = {}
    surplus: dict[int, int] = {}
    for chunk in connection.execute(_notes()):
        holds = chunk.rest if chunk.state in _HOLDING else 0
        if chunk.notes > holds + chunk.singly:
            surplus[chunk.mailing] = surplus.get(chunk.mailing, 0) + chunk.notes - holds - chunk.singly
        elif chunk.notes < holds + chunk.singly and (count := _without_note(connection, chunk)):
            missing[chunk.mailing] = missing.get(chunk.mailing, 0) + count
    for mailing, count in missing.items():
        what = f"{count:,} readers of mailing {mailing} have its issue, or may have it, and are not noted for it"
        yield Finding(code="note-missing", message=what, fix=_STOP)
    for mailing, count in surplus.items():
        what = f"{count:,} readers of mailing {mailing} are noted for its issue, and certainly did not get it"
        yield Finding(code="note-too-many", message=what, fix="No new mailing reaches them: report it.")


def _notes() -> Any:  # noqa: ANN401 - a select
    own, single, note = t.chunks.c, t.delivery_outcomes.c, t.issue_readers.c
    singly = _count(t.delivery_outcomes.c, single.outcome.in_(HAS_IT))
    return select(t.chunks, tallies.rest().label("rest"), singly.label("singly"), _count(note).label("notes")).order_by(
        own.mailing, own.first
    )


def _count(rows: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:  # noqa: ANN401 - columns
    """Rows about deliveries of a chunk."""
    own = t.chunks.c
    theirs = (rows.mailing == own.mailing, rows.n.between(own.first, own.last), *conditions)
    counted: ColumnElement[int] = select(func.count()).where(*theirs).correlate(t.chunks).scalar_subquery()
    return counted


def _without_note(connection: Connection, chunk: Row[Any]) -> int:
    """Somebody may be noted for another mailing of the issue: what an event proves comes after that mailing."""
    planned, own, note, mailing = t.deliveries.c, t.delivery_outcomes.c, t.issue_readers.c, t.mailings.c
    noted = exists().where(
        note.issue == mailing.issue, note.again_serial == mailing.again_serial, note.subscriber == planned.subscriber
    )
    holding: ColumnElement[bool] = own.outcome.in_(HAS_IT)
    if chunk.state in _HOLDING:
        holding = or_(holding, own.outcome.is_(None))
    count = connection.scalar(
        select(func.count())
        .select_from(t.deliveries)
        .join(t.mailings, mailing.number == planned.mailing)
        .outerjoin(t.delivery_outcomes, (own.mailing == planned.mailing) & (own.n == planned.n))
        .where(planned.mailing == chunk.mailing, planned.n.between(chunk.first, chunk.last), holding, ~noted)
    )
    return count or 0


def _without_attempt(connection: Connection) -> Iterator[Finding]:
    """No next run would ask what became of it."""
    own = t.chunks.c
    there = exists().where(t.attempts.c.id == own.attempt)
    lost = select(own.mailing).where(own.state == ChunkState.SUBMITTING, ~there).distinct().order_by(own.mailing)
    for mailing in connection.scalars(lost):
        what = f"some of mailing {mailing} is under way, and there is no attempt for it"
        yield Finding(code="attempt-missing", message=what, fix=_STOP)


def _cancelled_in_flight(connection: Connection) -> Iterator[Finding]:
    own = t.mailings.c
    flying = (
        select(own.number)
        .join(t.chunks, t.chunks.c.mailing == own.number)
        .where(own.state == MailingState.CANCELLED, t.chunks.c.state == ChunkState.SUBMITTING)
        .distinct()
    )
    for mailing in connection.scalars(flying):
        what = f"some of mailing {mailing} was under way when it was cancelled, and no answer was stored yet"
        fix = f"If nobody sends it any more, say it again: newsletter mailings cancel {mailing}"
        yield Finding(code="cancelled-in-flight", message=what, fix=fix, wrong=False)


def _fates_of_nobody(connection: Connection) -> Iterator[Finding]:
    fate, planned = t.fates.c, t.deliveries.c
    there = exists().where(planned.mailing == fate.mailing, planned.n == fate.n)
    if count := connection.scalar(select(func.count()).select_from(t.fates).where(~there)):
        what = f"what became of {count:,} mails was reported whose deliveries this database does not know"
        fix = "They come from after a backup that was restored: look who has those issues."
        yield Finding(code="fate-of-nobody", message=what, fix=fix, wrong=False)
