"""Mailings: planning one, starting it, showing how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, insert, select, update

from newsletter.errors import AudienceChanged, IllegalMove, MailingNotFound
from newsletter.model.mailing import AT_ONCE, MAILING_MOVES, ChunkState, Mailing, MailingState, PausedBy
from newsletter.store import tables as t
from newsletter.store import witness
from newsletter.store.audiences import audience as audiences
from newsletter.store.audiences.segments import NO_VARIANT
from newsletter.store.tallies import in_doubt, refusals, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Planned
    from newsletter.model.segment import Audience, Sorting

__all__ = ["in_doubt", "refusals", "tally"]

#: to which a database counts mailings
_MOST = 2**31 - 1
#: why a mailing ended before everybody had it
TOO_LATE = "its latest time passed"
#: why a mailing is paused that only a person's word lets go on, though no person paused it
RESTORED = "restored"
SOME_AGAIN = "resolved: some are to be sent again"
REFUSED_AGAIN = "refused ones are to be tried again"
OPENED_AGAIN = (RESTORED, SOME_AGAIN, REFUSED_AGAIN)
#: a mailing in one of these can still send
UNFINISHED = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)


def add(
    connection: Connection,
    *,
    link_number: int,
    issue: str,
    variants: Mapping[str, str],
    audience: Audience,
    sender: str,
    again: str,
    now: datetime,
    real: bool | None = None,
    version: int | None = None,
    planned: Planned = AT_ONCE,
) -> int:
    """Plan a mailing of stored bytes to an audience; returns its number.

    `variants` are the fingerprints of all variants by name; the one for readers in no segment is "".
    """
    witness.renew(connection)
    serial = next_serial(connection, issue) if again else 0
    number: int = connection.execute(
        insert(t.mailings)
        .values(
            link_number=link_number,
            issue=issue,
            fingerprint=variants[""],
            state=MailingState.SCHEDULED,
            sender=sender,
            created_at=now,
            again=again,
            again_serial=serial,
            segments=_written(audience.narrowed),
            excepted=_written(audience.excepted),
            real=real,
            version=version,
            **vars(planned),
        )
        .returning(t.mailings.c.number)
    ).scalar_one()
    connection.execute(insert(t.mailing_lists), [{"mailing": number, "list": entry} for entry in audience.lists])
    rows = [{"mailing": number, "variant": name, "fingerprint": content} for name, content in variants.items()]
    connection.execute(insert(t.mailing_variants), rows)
    return number


def _written(names: Iterable[str]) -> str:
    return ",".join(sorted(names))


def next_serial(connection: Connection, issue: str) -> int:
    highest = connection.scalar(select(func.max(t.mailings.c.again_serial)).where(t.mailings.c.issue == issue))
    return (highest or 0) + 1


def start(
    connection: Connection,
    number: int,
    audience: Audience,
    sorting: Sorting,
    ranges: Callable[[int, int], Iterable[tuple[int, int]]],
    now: datetime,
    *,
    tracking: bool = False,
    due: Mapping[str, datetime] | None = None,
) -> int:
    """scheduled -> sending: resolve the audience and write every delivery, once and for all; returns how many.

    `audience` is the one that it was planned with; `ranges` cuts deliveries first..last, who are alike, into chunks.
    With `tracking` opens and clicks are noted of those who agreed, who stand in chunks of their own. `due`: when readers
    are due, by the names of their time zones; that of "" holds for all others.

    Raises:
        AudienceChanged: somebody is in segments together for which there is no variant.
    """
    move(connection, number, MailingState.SENDING)
    mailing = connection.execute(select(t.mailings).where(t.mailings.c.number == number)).one()
    alike = audiences.resolve(
        connection, number, mailing.issue, mailing.again_serial, audience, sorting, now, tracking=tracking, due=due
    )
    if any(one.variant == NO_VARIANT for one in alike):
        raise AudienceChanged(mailing.issue)
    rows = [
        {"mailing": number, "first": first, "last": last, "state": ChunkState.PLANNED}
        | {"variant": one.variant, "tracked": one.tracked, "due_at": one.due_at}
        for one in alike
        for first, last in ranges(one.first, one.last)
    ]
    if rows:
        connection.execute(insert(t.chunks), rows)
    people = sum(one.last - one.first + 1 for one in alike)
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(started_at=now, audience=people))
    return people


def move(
    connection: Connection, number: int, state: MailingState, reason: str = "", paused_by: PausedBy | None = None
) -> None:
    """Change a mailing's state by the table of legal moves.

    Raises:
        IllegalMove: the table has no such move.
    """
    witness.renew(connection)
    before = state_of(connection, number)
    if state not in MAILING_MOVES[before]:
        raise IllegalMove(f"mailing {number}", before, state)
    values = {"state": state, "reason": reason, "paused_by": paused_by or ""}
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(values))


def lock(connection: Connection, number: int) -> None:
    """Until this transaction ends nobody else changes how the mailing stands (SQLite has one writer anyway).

    Raises MailingNotFound for what can be no number of one.
    """
    if not 0 < number <= _MOST:
        raise MailingNotFound(number)
    connection.execute(select(t.mailings.c.number).where(t.mailings.c.number == number).with_for_update(key_share=True))


def lock_planning(connection: Connection, issue: str) -> None:
    """Until this transaction ends nobody else plans a mailing of the issue (SQLite has one writer anyway)."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(issue))))


def state_of(connection: Connection, number: int) -> MailingState:
    query = select(t.mailings.c.state).where(t.mailings.c.number == number)
    state = connection.scalar(query) if 0 < number <= _MOST else None
    if state is None:
        raise MailingNotFound(number)
    return MailingState(state)


def get(connection: Connection, number: int) -> Mailing:
    """Raises MailingNotFound."""
    query = select(t.mailings).where(t.mailings.c.number == number)
    row = connection.execute(query).one_or_none() if 0 < number <= _MOST else None
    if row is None:
        raise MailingNotFound(number)
    return _mailing(connection, row)


def every(connection: Connection) -> tuple[Mailing, ...]:
    """All mailings, the newest first."""
    rows = connection.execute(select(t.mailings).order_by(t.mailings.c.number.desc())).all()
    return tuple(_mailing(connection, row) for row in rows)


def page(connection: Connection, *, before: int | None, limit: int) -> tuple[Mailing, ...]:
    """The newest first, from those with smaller numbers than `before`."""
    query = select(t.mailings).order_by(t.mailings.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(t.mailings.c.number < before)
    return tuple(_mailing(connection, row) for row in connection.execute(query).all())


def unfinished(connection: Connection, issue: str) -> Mailing | None:
    """The mailing of this issue that can still send."""
    row = connection.execute(
        select(t.mailings)
        .where(t.mailings.c.issue == issue, t.mailings.c.state.in_(UNFINISHED))
        .order_by(t.mailings.c.number)
        .limit(1)
    ).first()
    return _mailing(connection, row) if row else None


def _mailing(connection: Connection, row: Row[Any]) -> Mailing:
    names = connection.scalars(
        select(t.lists.c.name)
        .join(t.mailing_lists, t.mailing_lists.c.list == t.lists.c.number)
        .where(t.mailing_lists.c.mailing == row.number)
        .order_by(t.lists.c.name)
    )
    return Mailing(
        number=row.number,
        link_number=row.link_number,
        issue=row.issue,
        fingerprint=row.fingerprint,
        variants=_variants(connection, row.number),
        lists=tuple(names),
        segments=_read(row.segments),
        excepted=_read(row.excepted),
        state=MailingState(row.state),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        sender=row.sender,
        reason=row.reason,
        paused_by=PausedBy(row.paused_by) if row.paused_by else None,
        again=row.again,
        latest_at=row.latest_at,
        real=row.real,
        version=row.version,
        due_at=row.due_at,
        start_by=row.start_by,
        local_time=row.local_time,
        scheduled_by=row.scheduled_by,
        held=row.held,
        approved_version=row.approved_version,
        may_differ=row.may_differ,
        recurrence=row.recurrence,
    )


def _read(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split(",")))


def last_alike(connection: Connection, issue: str, audience: Audience) -> tuple[int, int] | None:
    """(number, size of its audience) of the last mailing of another issue to the same lists, segments and exceptions.

    Where there is none with these segments and exceptions, the last one to the same lists: a narrowing that was
    forgotten, or is new, is worth a look.
    """
    own = t.mailings
    alike = and_(own.c.segments == _written(audience.narrowed), own.c.excepted == _written(audience.excepted))
    listed = select(func.count()).where(t.mailing_lists.c.mailing == own.c.number).correlate(own)
    row = connection.execute(
        select(own.c.number, own.c.audience)
        .where(own.c.issue != issue, own.c.started_at.is_not(None))
        .where(listed.scalar_subquery() == len(audience.lists))
        .where(listed.where(t.mailing_lists.c.list.in_(audience.lists)).scalar_subquery() == len(audience.lists))
        .order_by(case((alike, 0), else_=1), own.c.started_at.desc(), own.c.number.desc())
        .limit(1)
    ).first()
    return (row.number, row.audience) if row else None


def _variants(connection: Connection, number: int) -> dict[str, str]:
    own = t.mailing_variants
    rows = connection.execute(
        select(own.c.variant, own.c.fingerprint).where(own.c.mailing == number).order_by(own.c.variant)
    )
    return {row.variant: row.fingerprint for row in rows}


def readers_by_variant(connection: Connection, number: int) -> dict[str, int]:
    """Variant -> the size of its audience, from the chunks, which cover every delivery."""
    size = func.sum(t.chunks.c.last - t.chunks.c.first + 1)
    rows = connection.execute(
        select(t.chunks.c.variant, size)
        .where(t.chunks.c.mailing == number)
        .group_by(t.chunks.c.variant)
        .order_by(t.chunks.c.variant)
    )
    return {variant: int(count) for variant, count in rows}
