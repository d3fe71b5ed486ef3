"""Mailings that are planned for a time: moved, held, taken off the schedule; and those for which there is something to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, exists, func, insert, or_, select, update

from newsletter.errors import StateForbids
from newsletter.model.audit import Action
from newsletter.model.mailing import ChunkState, MailingState
from newsletter.store import audit, mailings, witness
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Mailing, Planned


def of_issue(connection: Connection, issue: str) -> Mailing | None:
    """The mailing of this issue that is scheduled."""
    own = t.mailings.c
    query = select(own.number).where(own.issue == issue, own.state == MailingState.SCHEDULED).order_by(own.number)
    number = connection.scalar(query.limit(1))
    return mailings.get(connection, number) if number is not None else None


def every(connection: Connection) -> tuple[Mailing, ...]:
    """All that are scheduled, the next first."""
    own = t.mailings.c
    query = select(own.number).where(own.state == MailingState.SCHEDULED).order_by(own.due_at, own.number)
    return tuple(mailings.get(connection, number) for number in connection.scalars(query).all())


def ended_since(connection: Connection, since: datetime) -> tuple[Mailing, ...]:
    """Those that began, or were missed or taken off the schedule, since then; the oldest first."""
    own = t.mailings.c
    at = func.coalesce(own.started_at, own.finished_at, own.due_at)
    query = select(own.number).where(own.state != MailingState.SCHEDULED, at >= since).order_by(at, own.number)
    return tuple(mailings.get(connection, number) for number in connection.scalars(query).all())


def due(connection: Connection, now: datetime) -> tuple[Mailing, ...]:
    """Scheduled ones whose time has come, in the order of their times; then those that began and of which something is due,
    the oldest first. What a person or an alarm paused, or a person has opened again, waits for a person.
    """
    own = t.mailings.c
    begins = and_(own.state == MailingState.SCHEDULED, own.due_at <= now)
    goes_on = or_(
        own.state == MailingState.SENDING,
        and_(own.state == MailingState.PAUSED, own.paused_by == "", own.reason.not_in(mailings.OPENED_AGAIN)),
    )
    wanted = or_(begins, and_(goes_on, _has_something_due(now)))
    order = (case((own.state == MailingState.SCHEDULED, 0), else_=1), own.due_at, own.number)
    numbers = connection.scalars(select(own.number).where(wanted).order_by(*order)).all()
    return tuple(mailings.get(connection, number) for number in numbers)


#: why a mailing counts as missed that may have gone out all the same
MAY_BE_OUT = "a backup was restored after its time: nobody can say whether it went out"


def _has_something_due(now: datetime) -> ColumnElement[bool]:
    """Also where an answer never came; and where nothing is left, so that it ends."""
    own = t.chunks.c
    of_it = own.mailing == t.mailings.c.number
    left = exists().where(of_it, own.state.in_((ChunkState.PLANNED, ChunkState.SUBMITTING)))
    is_due = and_(or_(own.due_at.is_(None), own.due_at <= now), or_(own.not_before.is_(None), own.not_before <= now))
    is_now = exists().where(
        of_it, or_(own.state == ChunkState.SUBMITTING, and_(own.state == ChunkState.PLANNED, is_due))
    )
    late = and_(t.mailings.c.latest_at.is_not(None), t.mailings.c.latest_at <= now)
    return or_(is_now, ~left, late)


def plan_anew(
    connection: Connection,
    number: int,
    variants: Mapping[str, str],
    version: int | None,
    planned: Planned,
    *,
    again: str,
    real: bool | None,
    sender: str,
) -> None:
    """Another time, another version or other terms for a mailing that is scheduled; whom it goes to stays.

    Raises:
        StateForbids: it is not scheduled any more.
    """
    _hold_to_schedule(connection, number, "scheduled anew")
    known = connection.execute(select(t.mailings).where(t.mailings.c.number == number)).one()
    serial = (known.again_serial or mailings.next_serial(connection, known.issue)) if again else 0
    values = {"again": again, "again_serial": serial, "real": real, "sender": sender, **vars(planned)}
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(**values))
    rebind(connection, number, version, variants)


def rebind(connection: Connection, number: int, version: int | None, variants: Mapping[str, str]) -> None:
    """Another version goes with a mailing that is scheduled: an issue was changed, and signed off anew.

    Raises:
        StateForbids: it is not scheduled any more.
    """
    _hold_to_schedule(connection, number, "changed")
    own = t.mailings
    connection.execute(
        update(own).where(own.c.number == number).values(version=version, fingerprint=variants[""], held="")
    )
    connection.execute(delete(t.mailing_variants).where(t.mailing_variants.c.mailing == number))
    rows = [{"mailing": number, "variant": name, "fingerprint": content} for name, content in variants.items()]
    connection.execute(insert(t.mailing_variants), rows)


def hold(connection: Connection, number: int, why: str, now: datetime) -> bool:
    """Note why it does not begin; False where that was known, but for a number in it, or it is not scheduled any more."""
    mailings.lock(connection, number)
    own = t.mailings
    known = connection.execute(select(own.c.state, own.c.held).where(own.c.number == number)).one()
    if known.state != MailingState.SCHEDULED or known.held == why:
        return False
    witness.renew(connection)
    connection.execute(update(own).where(own.c.number == number).values(held=why))
    if _NUMBER.sub("", known.held) == _NUMBER.sub("", why):
        return False
    audit.note(connection, Action.MAILING_HELD, f"mailing {number}", now, why=why)
    return True


#: how many readers there are may change from minute to minute, and is no news
_NUMBER = re.compile(r"\d+")


def let_go(connection: Connection, number: int) -> None:
    """What held it is over."""
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(held=""))


def miss(connection: Connection, number: int, why: str, now: datetime) -> bool:
    """It is too late for it, for good; False where it is not scheduled any more."""
    mailings.lock(connection, number)
    if mailings.state_of(connection, number) is not MailingState.SCHEDULED:
        return False
    mailings.move(connection, number, MailingState.MISSED, why)
    _end(connection, number, now)
    audit.note(connection, Action.MAILING_MISSED, f"mailing {number}", now, why=why)
    return True


def take_off(connection: Connection, number: int, why: str, now: datetime) -> None:
    """Nobody gets it.

    Raises:
        MailingNotFound.
        StateForbids: it is not scheduled any more.
    """
    _hold_to_schedule(connection, number, "taken off the schedule")
    mailings.move(connection, number, MailingState.CANCELLED, why)
    _end(connection, number, now)
    audit.note(connection, Action.MAILING_UNSCHEDULED, f"mailing {number}", now, why=why)


def _end(connection: Connection, number: int, now: datetime) -> None:
    connection.execute(update(t.mailings).where(t.mailings.c.number == number).values(finished_at=now, held=""))


def _hold_to_schedule(connection: Connection, number: int, wish: str) -> None:
    mailings.lock(connection, number)
    state = mailings.state_of(connection, number)
    if state is not MailingState.SCHEDULED:
        raise StateForbids(number, state.value, wish)
    witness.renew(connection)


def had(connection: Connection, issue: str, lists: Sequence[int]) -> Mapping[int, str]:
    """Mailings of an issue to any of these lists, whatever became of them but those that were certainly missed: number -> state."""
    own, to = t.mailings.c, t.mailing_lists.c
    rows = connection.execute(
        select(own.number, own.state)
        .join(t.mailing_lists, to.mailing == own.number)
        .where(own.issue == issue, to.list.in_(lists))
        .where(or_(own.state != MailingState.MISSED, own.reason == MAY_BE_OUT))
        .distinct()
        .order_by(own.number)
    )
    return {row.number: row.state for row in rows}
