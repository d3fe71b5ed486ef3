"""Does the ledger add up?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from newsletter.model.mailing import ChunkState, MailingState
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.upkeep import inspecting_chunks
from newsletter.store.upkeep.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

#: nothing of these is sent any more
_OVER = (MailingState.FINISHED, MailingState.CANCELLED, MailingState.MISSED)
_NOTHING_UNDER_WAY = (MailingState.FINISHED, MailingState.MISSED)
_STOP = "Send nothing more, keep a backup of this state, and report it."


def findings(connection: Connection, outbox: Path) -> Iterator[Finding]:
    yield from of_mailings(connection)
    yield from _interrupted(connection)
    yield from _outbox_ahead(connection, outbox)


def of_mailings(connection: Connection) -> Iterator[Finding]:
    """What does not add up in the rows of mailings."""
    counts = select(t.deliveries.c.mailing, func.count()).group_by(t.deliveries.c.mailing)
    written: dict[int, int] = {mailing: count for mailing, count in connection.execute(counts)}  # noqa: C416 - rows are no pairs
    known = connection.execute(select(t.mailings).order_by(t.mailings.c.number)).all()
    for mailing in known:
        tally = mailings.tally(connection, mailing.number)
        if not tally.holds:
            what = f"mailing {mailing.number} counts {tally.total:,} of its {tally.audience:,} readers"
            yield Finding(code="sum-differs", message=what, fix=_STOP)
        if written.get(mailing.number, 0) != mailing.audience:
            what = f"mailing {mailing.number} has {written.get(mailing.number, 0):,} deliveries for {mailing.audience:,} readers"
            yield Finding(code="deliveries-differ", message=what, fix=_STOP)
    yield from _finished_with_rest(connection)
    yield from inspecting_chunks.findings(connection)


def _finished_with_rest(connection: Connection) -> Iterator[Finding]:
    # what was under way when a mailing was cancelled settles later
    in_flight = and_(t.mailings.c.state.in_(_NOTHING_UNDER_WAY), t.chunks.c.state == ChunkState.SUBMITTING)
    rest = (
        select(t.mailings.c.number)
        .join(t.chunks, t.chunks.c.mailing == t.mailings.c.number)
        .where(or_(and_(t.mailings.c.state.in_(_OVER), t.chunks.c.state == ChunkState.PLANNED), in_flight))
        .distinct()
    )
    for number in connection.scalars(rest):
        what = f"mailing {number} is over, and some of it is still planned or under way"
        yield Finding(code="finished-with-rest", message=what, fix=_STOP)


def _interrupted(connection: Connection) -> Iterator[Finding]:
    idle = select(t.mailings.c.number, t.mailings.c.issue).where(
        t.mailings.c.state == MailingState.SENDING, t.mailings.c.lease_owner == ""
    )
    for number, issue in connection.execute(idle):
        what = f"mailing {number} is not finished, and nobody is sending it"
        yield Finding(code="interrupted", message=what, fix=f"To go on: newsletter send {issue}", wrong=False)


def _outbox_ahead(connection: Connection, outbox: Path) -> Iterator[Finding]:
    """Mails of a mailing that the database has forgotten: it may be older than they are."""
    newest = connection.scalar(select(func.max(t.mailings.c.number))) or 0
    written = [int(entry.name) for entry in outbox.glob("*") if entry.name.isdecimal() and len(entry.name) < 10]
    if max(written, default=0) > newest:
        yield Finding(
            code="outbox-ahead",
            message=f"{outbox}/{max(written)} holds mails of a mailing that this database does not know",
            fix="They come from a rehearsal, or from after the backup that was restored: look who has that issue.",
            wrong=False,
        )
