"""Numbers for whoever watches the server: counts only, of nobody in particular. Read them inside one `read()`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from newsletter.model.mailing import MailingState
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.events import inbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: of these the deliveries are counted as well
_RECENT = timedelta(days=7)
_MOST_MAILINGS = 20
_OPEN = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)


@dataclass(frozen=True, kw_only=True)
class Figures:
    #: (list, status) -> people
    subscriptions: Mapping[tuple[str, str], int]
    #: (kind, state) -> notices
    notices: Mapping[tuple[str, str], int]
    #: reports that are not read yet, and such as could not be understood
    reports_waiting: int
    reports_faulty: int
    #: state -> mailings
    mailings: Mapping[str, int]
    #: (mailing, issue, outcome) -> deliveries, of mailings that are not through or were so lately
    deliveries: Mapping[tuple[str, str, str], int]


def figures(connection: Connection, now: datetime) -> Figures:
    return Figures(
        subscriptions=_subscriptions(connection),
        notices=_notices(connection),
        reports_waiting=inbox.count_waiting(connection),
        reports_faulty=connection.scalar(select(func.count()).select_from(t.event_inbox).where(t.HAS_FAULT)) or 0,
        mailings=_mailings(connection),
        deliveries=_deliveries(connection, now),
    )


def _subscriptions(connection: Connection) -> dict[tuple[str, str], int]:
    names = {row.number: row.name for row in connection.execute(select(t.lists.c.number, t.lists.c.name))}
    own = t.subscriptions.c
    rows = connection.execute(select(own.list, own.status, func.count()).group_by(own.list, own.status))
    return {(names[number], status): count for number, status, count in rows}


def _notices(connection: Connection) -> dict[tuple[str, str], int]:
    own = t.notices.c
    rows = connection.execute(select(own.kind, own.state, func.count()).group_by(own.kind, own.state))
    return {(kind, state): count for kind, state, count in rows}


def _mailings(connection: Connection) -> dict[str, int]:
    state = t.mailings.c.state
    found = {name: count for name, count in connection.execute(select(state, func.count()).group_by(state))}  # noqa: C416 - rows
    return {one: found.get(one, 0) for one in MailingState}


def _deliveries(connection: Connection, now: datetime) -> dict[tuple[str, str, str], int]:
    own = t.mailings.c
    rows = connection.execute(
        select(own.number, own.issue)
        .where(or_(own.state.in_(_OPEN), own.finished_at >= now - _RECENT))
        .order_by(own.number.desc())
        .limit(_MOST_MAILINGS)
    ).all()
    return {
        (str(number), issue, outcome): count
        for number, issue in rows
        for outcome, count in mailings.tally(connection, number).outcomes.items()
    }
