"""Lists that one can join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from newsletter.model.mailing import MailingState
from newsletter.model.subscriber import Archive, ConsentAction, MailingList, OptIn, SubscriptionStatus
from newsletter.store.tables import (
    consent_events,
    lists,
    mailing_lists,
    mailings,
    subscribers,
    subscriptions,
    suppressions,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping
    from sqlalchemy.engine import Connection

#: states of mailings that can still send
UNFINISHED = (MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED)
#: the columns that `list_of` needs
LIST_COLUMNS = (
    lists.c.number,
    lists.c.name,
    lists.c.title,
    lists.c.description,
    lists.c.opt_in,
    lists.c.archived_at,
    lists.c.public,
    lists.c.archive,
)


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """A mailing to a list."""

    number: int
    issue: str
    state: str
    started_at: datetime | None
    audience: int


@dataclass(frozen=True, kw_only=True)
class Growth:
    joined: int
    left: int


def list_of(row: RowMapping) -> MailingList:
    """A row that has LIST_COLUMNS."""
    fields = {column.name: row[column] for column in LIST_COLUMNS}
    return MailingList(**fields | {"opt_in": OptIn(fields["opt_in"]), "archive": Archive(fields["archive"])})


def add(
    connection: Connection,
    name: str,
    title: str,
    now: datetime,
    *,
    description: str = "",
    opt_in: OptIn = OptIn.DOUBLE,
    public: bool = False,
    archive: Archive = Archive.HIDDEN,
) -> MailingList:
    names = {"name": name, "title": title, "description": description}
    values = {**names, "opt_in": opt_in.value, "public": public, "archive": archive.value, "created_at": now}
    row = connection.execute(insert(lists).values(values).returning(*LIST_COLUMNS)).mappings().one()
    return list_of(row)


def every(connection: Connection) -> tuple[MailingList, ...]:
    """All lists by name, the archived ones too."""
    return tuple(list_of(row) for row in connection.execute(select(*LIST_COLUMNS).order_by(lists.c.name)).mappings())


def change(connection: Connection, entry: MailingList) -> None:
    """Make the list of this number be what `entry` says."""
    values = {column.name: getattr(entry, column.name) for column in LIST_COLUMNS if column is not lists.c.number}
    connection.execute(update(lists).where(lists.c.number == entry.number).values(values))


def unfinished_mailings(connection: Connection, number: int) -> tuple[int, ...]:
    """Numbers of mailings to this list that can still send."""
    query = (
        select(mailings.c.number)
        .join(mailing_lists, mailing_lists.c.mailing == mailings.c.number)
        .where(mailing_lists.c.list == number, mailings.c.state.in_(UNFINISHED))
    )
    return tuple(connection.scalars(query.order_by(mailings.c.number)))


def last_mailing(connection: Connection, number: int) -> Mailed | None:
    """The newest mailing to this list, by when it was planned."""
    query = (
        select(mailings.c.number, mailings.c.issue, mailings.c.state, mailings.c.started_at, mailings.c.audience)
        .join(mailing_lists, mailing_lists.c.mailing == mailings.c.number)
        .where(mailing_lists.c.list == number)
        .order_by(mailings.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return Mailed(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name


def pending_since(connection: Connection, number: int) -> datetime | None:
    """Since when the one waits who has waited longest; None when nobody does."""
    waiting = (subscriptions.c.list == number, subscriptions.c.status == SubscriptionStatus.PENDING)
    since: datetime | None = connection.scalar(select(func.min(subscriptions.c.changed_at)).where(*waiting))
    return since


def growth(connection: Connection, number: int, since: datetime) -> Growth:
    """How many people joined and left since then; who did both counts as both."""
    event = consent_events.c
    query = (
        select(event.action, func.count(event.subscriber.distinct()).label("people"))
        .where(event.list == number, event.at >= since)
        .group_by(event.action)
    )
    found: dict[str, int] = {row.action: row.people for row in connection.execute(query)}
    return Growth(
        joined=found.get(ConsentAction.SUBSCRIBED, 0),
        left=found.get(ConsentAction.UNSUBSCRIBED, 0),
    )


def counts(connection: Connection, only: int | None = None) -> dict[int, dict[SubscriptionStatus, int]]:
    """List number -> how many subscriptions of each status; of one list only, if it is named."""
    query = select(subscriptions.c.list, subscriptions.c.status, func.count()).group_by(
        subscriptions.c.list, subscriptions.c.status
    )
    if only is not None:
        query = query.where(subscriptions.c.list == only)
    result: dict[int, dict[SubscriptionStatus, int]] = {}
    for number, status, count in connection.execute(query):
        result.setdefault(number, {})[SubscriptionStatus(status)] = count
    return result


def suppressed(connection: Connection, only: int | None = None) -> dict[int, int]:
    """List number -> how many are subscribed and yet never mailed; found from the side of the suppressions, which are few."""
    people = subscribers.c
    never = select(people.number).where(people.identity_hash.in_(select(suppressions.c.identity_hash)))
    query = (
        select(subscriptions.c.list, func.count())
        .where(subscriptions.c.status == SubscriptionStatus.SUBSCRIBED, subscriptions.c.subscriber.in_(never))
        .group_by(subscriptions.c.list)
    )
    if only is not None:
        query = query.where(subscriptions.c.list == only)
    return {number: count for number, count in connection.execute(query)}  # noqa: C416 - rows are no pairs
